import type { ListedFile } from './trees.js'

/** What was read of repositories, by what it holds, so that it never goes stale. Keys begin with the repository's number. */
export interface SnapshotCache {
  readonly trees: Cache<readonly ListedFile[]>
  readonly blobs: Cache<Buffer>
  /** The tree of each commit. */
  readonly commits: Cache<string>
}

export interface Cache<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
}

/** A cache in memory; the longest unused goes first. Bytes are estimates. */
export function memoryCache(
  most: { readonly trees: number; readonly blobs: number } = { trees: 128 << 20, blobs: 128 << 20 },
): SnapshotCache {
  return {
    trees: limited(most.trees, (files) => files.reduce((sum, { path }) => sum + 2 * path.length + 160, 160)),
    blobs: limited(most.blobs, (bytes) => bytes.length + 200),
    commits: limited(16 << 20, () => 300),
  }
}

function limited<Value>(most: number, sizeOf: (value: Value) => number): Cache<Value> {
  const kept = new Map<string, { readonly value: Value; readonly size: number }>()
  let total = 0
  const drop = (key: string): void => {
    total -= kept.get(key)?.size ?? 0
    kept.delete(key)
  }
  return {
    get: (key) => {
      const found = kept.get(key)
      if (found === undefined) return undefined
      kept.delete(key)
      kept.set(key, found)
      return found.value
    },
    set: (key, value) => {
      const size = sizeOf(value)
      if (size > most) return
      drop(key)
      kept.set(key, { value, size })
      total += size
      for (const oldest of kept.keys()) {
        if (total <= most) break
        drop(oldest)
      }
    },
  }
}
