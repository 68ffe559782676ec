import { type Blob, type OpenSnapshot, type Side, sideOf } from '../model/open-snapshot.js'
import { treeEntry, type TreeEntry } from '../model/tree-entry.js'
import type { Api } from './api.js'
import { type BlobReader, openBlobs } from './blobs.js'
import type { SnapshotCache } from './cache.js'
import { failedWith } from './errors.js'
import { type Shape, shapeOf } from './shape.js'
import { UNREADABLE } from './tree-proof.js'
import { listTree, type ListedFile, type TreeListing } from './trees.js'

/** Why there is nothing to compare, as a sentence that says what to do. */
export interface NothingToCompare {
  readonly problem: string
}

/**
 * Opens the comparison of a head with the commit at which it left its base, without a checkout. All is asked for by commit id,
 * so that nothing can move meanwhile; the lists of files are proven by the ids of their trees, and what cannot be proven makes
 * the snapshot incomplete.
 */
export async function openSnapshot(
  api: Api,
  asked: {
    /** Commit ids. */
    readonly base: string
    readonly head: string
    /** The pull request's number; null for a merge group. */
    readonly number: number | null
    /** How many commits the head is ahead, where that is known: it saves a request. */
    readonly commits?: number
  },
  cache: SnapshotCache,
): Promise<OpenSnapshot | NothingToCompare> {
  const { base, head, number } = asked
  const compared = await compare(api, asked)
  if ('problem' in compared) return compared
  const keep = ({ sha, tree }: Commit): void => cache.commits.set(`${api.repository.id}/${sha}`, tree)
  compared.commits.forEach(keep)

  const blobs = openBlobs(api, cache)
  const listing = async (commit: string): Promise<TreeListing> => listTree(api, await treeOf(api, commit, cache), cache)
  const [left, right] = await Promise.all([listing(compared.mergeBase), listing(head)])
  const policy = compared.mergeBase === base ? left : await listing(base)
  const { owner, name } = api.repository
  return {
    pull: { repository: `${owner}/${name}`, number, base: compared.mergeBase, head },
    policy: side(policy, blobs),
    base: side(left, blobs),
    head: side(right, blobs),
    complete: [left, right, policy].map(({ complete }) => complete).find((complete) => complete !== true) ?? true,
  }
}

/** One commit on its own. */
export async function openCommit(
  api: Api,
  commit: string,
  cache: SnapshotCache,
): Promise<{ readonly side: Side; readonly complete: OpenSnapshot['complete'] }> {
  const listing = await listTree(api, await treeOf(api, commit, cache), cache)
  return { side: side(listing, openBlobs(api, cache)), complete: listing.complete }
}

interface Commit {
  readonly sha: string
  readonly tree: string
}

const COMPARE = 'GET /repos/{owner}/{repo}/compare/{basehead}'
const COMMIT = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}'

/**
 * The comparison lists commits from the oldest to the newest, the head last: its page tells the head's tree as well. Pages after
 * the first leave out the changed files, of which nobody here has need.
 */
async function compare(
  api: Api,
  { base, head, commits = 1 }: { readonly base: string; readonly head: string; readonly commits?: number },
): Promise<{ readonly mergeBase: string; readonly commits: readonly Commit[] } | NothingToCompare> {
  try {
    const basehead = `${base}...${head}`
    const { data } = await api.request(COMPARE, { basehead, per_page: 1, page: Math.max(1, commits) }, { exists: true })
    const shape = shapeOf(COMPARE)
    const found = shape.members(data)
    const mergeBase = commitOf(found['merge_base_commit'], shape)
    const listed = shape.list(found['commits']).map((commit) => commitOf(commit, shape))
    return { mergeBase: mergeBase.sha, commits: [mergeBase, commitOf(found['base_commit'], shape), ...listed] }
  } catch (error) {
    // GitHub's words for unrelated histories; any other 404 is a commit that is gone.
    if (!failedWith(error, 'not-found') || !/common ancestor/i.test(error.message)) throw error
    return {
      problem: `The branch has no history in common with its base (${base.slice(0, 7)}): rebase it onto the base branch.`,
    }
  }
}

function commitOf(value: unknown, shape: Shape): Commit {
  const commit = shape.members(value)
  const tree = shape.members(shape.members(commit['commit'])['tree'])
  return { sha: shape.object(commit['sha']), tree: shape.object(tree['sha']) }
}

async function treeOf(api: Api, commit: string, cache: SnapshotCache): Promise<string> {
  const key = `${api.repository.id}/${commit}`
  const kept = cache.commits.get(key)
  if (kept !== undefined) return kept
  const shape = shapeOf(COMMIT)
  const found = shape.members((await api.request(COMMIT, { commit_sha: commit }, { exists: true })).data)
  const tree = shape.object(shape.members(found['tree'])['sha'])
  cache.commits.set(key, tree)
  return tree
}

function side({ files }: TreeListing, blobs: BlobReader): Side {
  const byPath = new Map<string, ListedFile>()
  const entries = files.map((file): TreeEntry => {
    const entry = treeEntry(Buffer.from(file.path), file.mode, file.sha)
    byPath.set(entry.path, file)
    const unreadable = file.path.includes(UNREADABLE)
    return unreadable ? { ...entry, refused: 'the name of the file is not valid UTF-8' } : entry
  })
  return sideOf(entries, async (asked) => {
    const wanted = asked.flatMap(({ path }) => byPath.get(path) ?? [])
    const contents = await blobs.read(wanted)
    return new Map<string, Blob>(
      wanted.flatMap(({ path, sha }) => {
        const content = contents.get(sha)
        return content === undefined ? [] : [[path, content] as const]
      }),
    )
  })
}
