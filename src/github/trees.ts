import type { Api } from './api.js'
import type { SnapshotCache } from './cache.js'
import { pooled } from './pool.js'
import { shapeOf, type Shape } from './shape.js'
import { type Listed, provesTree } from './tree-proof.js'

/** A file, link or submodule of a commit. */
export type ListedFile = Pick<Listed, 'path' | 'mode' | 'sha' | 'size'>

/** All files below a tree. */
export interface TreeListing {
  readonly files: readonly ListedFile[]
  /** `true`, or why files may be missing. */
  readonly complete: true | { readonly incomplete: string }
}

const TREE = 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}'
/** Requests for one tree that is too large to be listed at once. */
const MOST_REQUESTS = 100
const WIDTH = 4

/**
 * Lists the files of a tree. Each listing is proven by the tree's id; one that GitHub cuts off (100,000 entries, 7 MB) is
 * listed folder by folder. Kept by id: a folder that did not change is not listed again.
 */
export async function listTree(api: Api, id: string, cache: SnapshotCache): Promise<TreeListing> {
  let requests = 0
  const read = async (tree: string, deep: boolean): Promise<Page> => {
    requests++
    return readTree(api, tree, deep)
  }

  const list = async (tree: string): Promise<TreeListing> => {
    const key = `${api.repository.id}/${tree}`
    const kept = cache.trees.get(key)
    if (kept !== undefined) return { files: kept, complete: true }
    if (requests >= MOST_REQUESTS) return { files: [], complete: TOO_LARGE }
    const whole = await read(tree, true)
    const found = whole.truncated ? await descend(tree) : proven(tree, whole.entries, true)
    if (found.complete === true) cache.trees.set(key, found.files)
    return found
  }
  const descend = async (tree: string): Promise<TreeListing> => {
    const { truncated, entries } = await read(tree, false)
    if (truncated) return { files: [], complete: TOO_LARGE }
    const level = proven(tree, entries, false)
    const folders = entries.filter(({ type }) => type === 'tree')
    const below = await pooled(folders, WIDTH, async ({ path, sha }) => {
      const { files, complete } = await list(sha)
      return { complete, files: files.map((file) => ({ ...file, path: `${path}/${file.path}` })) }
    })
    return {
      files: [...level.files, ...below.flatMap(({ files }) => files)],
      complete: [level, ...below].map(({ complete }) => complete).find((complete) => complete !== true) ?? true,
    }
  }
  return list(id)
}

const TOO_LARGE = { incomplete: 'the repository has more files than GitHub lists' }

function proven(tree: string, entries: readonly Listed[], deep: boolean): TreeListing {
  const files = entries.flatMap(({ path, mode, type, sha, size }) =>
    type === 'tree' ? [] : [{ path, mode, sha, size }],
  )
  if (provesTree(tree, entries, deep)) return { files, complete: true }
  return {
    files,
    complete: { incomplete: `the files that GitHub lists are not those of the tree ${tree.slice(0, 7)}` },
  }
}

interface Page {
  readonly truncated: boolean
  readonly entries: readonly Listed[]
}

async function readTree(api: Api, tree: string, deep: boolean): Promise<Page> {
  const { data } = await api.request(TREE, { tree_sha: tree, ...(deep ? { recursive: '1' } : {}) }, { exists: true })
  const shape = shapeOf(TREE)
  const found = shape.members(data)
  return {
    truncated: shape.flag(found['truncated']),
    entries: shape.list(found['tree']).map((entry) => entryOf(entry, shape)),
  }
}

function entryOf(value: unknown, shape: Shape): Listed {
  const { path, mode, type, sha, size } = shape.members(value)
  return {
    path: shape.text(path),
    mode: shape.text(mode),
    type: shape.text(type) as Listed['type'],
    sha: shape.object(sha),
    size: type === 'blob' ? shape.number(size) : null,
  }
}
