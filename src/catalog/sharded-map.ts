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
  readonly shards: Shards<Value>
}

const SHARDS = 64

type Shards<Value> = readonly (ReadonlyMap<string, Value> | undefined)[]

/** An empty map. */
export function shardedMap<Value>(): ShardedMap<Value> {
  return new Forkable<Value>([])
}

/** A class, since a review forks some ten thousand of them, and most are never written to. */
class Forkable<Value> implements ShardedMap<Value> {
  shards: Shards<Value>
  /** This map's own copy of the list, and which shards in it are its own; null until the first writing. */
  #own: { readonly shards: (ReadonlyMap<string, Value> | undefined)[]; readonly at: Set<number> } | null = null

  constructor(shards: Shards<Value>) {
    this.shards = shards
  }

  get(key: string): Value | undefined {
    return this.shards[shardOf(key)]?.get(key)
  }

  has(key: string): boolean {
    return this.shards[shardOf(key)]?.has(key) ?? false
  }

  set(key: string, value: Value): void {
    this.#writable(key).set(key, value)
  }

  delete(key: string): boolean {
    return this.has(key) && this.#writable(key).delete(key)
  }

  // Written as loops because most maps are nearly empty and asked after every file.
  entries(): (readonly [string, Value])[] {
    const found: (readonly [string, Value])[] = []
    for (const shard of this.shards) if (shard !== undefined) for (const entry of shard) found.push(entry)
    return found
  }

  values(): Value[] {
    const found: Value[] = []
    for (const shard of this.shards) if (shard !== undefined) for (const value of shard.values()) found.push(value)
    return found
  }

  fork(): ShardedMap<Value> {
    // From here on both read the same, and each copies what it writes to.
    this.#own = null
    return new Forkable(this.shards)
  }

  valuesNotIn(other: ShardedMap<Value>): Value[] {
    const found: Value[] = []
    if (this.shards === other.shards) return found
    for (const [at, shard] of this.shards.entries()) {
      const theirs = other.shards[at]
      if (shard === undefined || shard === theirs) continue
      for (const [key, value] of shard) if (theirs?.get(key) !== value) found.push(value)
    }
    return found
  }

  #writable(key: string): Map<string, Value> {
    if (this.#own === null) this.shards = (this.#own = { shards: this.shards.slice(), at: new Set() }).shards
    const at = shardOf(key)
    const shard = this.shards[at]
    // What is its own was made here.
    if (shard !== undefined && this.#own.at.has(at)) return shard as Map<string, Value>
    const copy = new Map(shard)
    this.#own.at.add(at)
    this.#own.shards[at] = copy
    return copy
  }
}

/** FNV-1a over the key's code units. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % SHARDS
}
