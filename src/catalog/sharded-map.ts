/** A map whose `fork` costs the same whatever its size: both sides share shards and copy one only when they write to it. */
export interface ShardedMap<Value> {
  get(key: string): Value | undefined
  has(key: string): boolean
  set(key: string, value: Value): void
  delete(key: string): boolean
  /** In no particular order; safe while the map is written to. */
  entries(): readonly (readonly [string, Value])[]
  values(): readonly Value[]
  fork(): ShardedMap<Value>
  /** What only this map has under a key; for maps forked from one another at the cost of the shards that were written to. */
  valuesNotIn(other: ShardedMap<Value>): readonly Value[]
  readonly shards: readonly (ReadonlyMap<string, Value> | undefined)[]
}

const SHARDS = 64

/** An empty map, or one over shards that somebody else may still read. */
export function shardedMap<Value>(shards: (Map<string, Value> | undefined)[] = new Array(SHARDS)): ShardedMap<Value> {
  let owned = new Uint8Array(SHARDS)

  const own = (key: string): Map<string, Value> => {
    const at = shardOf(key)
    const shard = shards[at]
    if (shard !== undefined && owned[at] === 1) return shard
    owned[at] = 1
    return (shards[at] = new Map(shard))
  }
  // Written as loops because most maps are nearly empty and asked after every file.
  const entries = (): [string, Value][] => {
    const found: [string, Value][] = []
    for (const shard of shards) if (shard !== undefined) for (const entry of shard) found.push(entry)
    return found
  }
  const valuesNotIn = (other: ShardedMap<Value>): Value[] => {
    const found: Value[] = []
    for (const [at, shard] of shards.entries()) {
      const theirs = other.shards[at]
      if (shard === undefined || shard === theirs) continue
      for (const [key, value] of shard) if (theirs?.get(key) !== value) found.push(value)
    }
    return found
  }

  return {
    get: (key) => shards[shardOf(key)]?.get(key),
    has: (key) => shards[shardOf(key)]?.has(key) ?? false,
    set: (key, value) => void own(key).set(key, value),
    delete: (key) => (shards[shardOf(key)]?.has(key) ? own(key).delete(key) : false),
    entries,
    values: () => shards.flatMap((shard) => (shard === undefined ? [] : [...shard.values()])),
    fork() {
      owned = new Uint8Array(SHARDS)
      return shardedMap(shards.slice())
    },
    valuesNotIn,
    shards,
  }
}

/** FNV-1a over the key's code units. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % SHARDS
}
