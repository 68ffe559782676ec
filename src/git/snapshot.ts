import { realpath } from 'node:fs/promises'
import { sideOf, type Blob, type OpenSnapshot, type Side } from '../model/open-snapshot.js'
import type { TreeEntry } from '../model/tree-entry.js'
import { readBlobs } from './blobs.js'
import { runGit } from './command.js'
import { conversions, withLineFeeds } from './line-ends.js'
import { indexEntries, treeEntries, pathEntries } from './listing.js'
import { type GitProblem, isProblem, mergeBase, type Repository, resolveCommit } from './repository.js'
import { readWorkingFile } from './working-tree.js'

/** Stands for the files as they are on disk, in place of a commit. */
export const WORKTREE = 'worktree'

/**
 * Opens the comparison of `head` with the commit at which it left `base`. `head` is a ref, or `worktree` for the files on
 * disk: tracked and new ones, without what is ignored.
 */
export async function openSnapshot(asked: {
  readonly repository: Repository
  readonly base: string
  readonly head: string
}): Promise<OpenSnapshot | GitProblem> {
  const { repository } = asked
  const onDisk = asked.head === WORKTREE
  if (onDisk && repository.bare) {
    return { problem: `${repository.root} is bare and has no working tree; name the branch to review (--head).` }
  }
  const base = await resolveCommit(repository, asked.base)
  if (isProblem(base)) return base
  const head = await resolveCommit(repository, onDisk ? 'HEAD' : asked.head)
  if (isProblem(head)) return head
  const parted = await mergeBase(repository, base, head)
  if (isProblem(parted)) return parted

  const left = commitSide(repository, await treeOf(repository, parted))
  return {
    pull: { repository: repository.name, number: null, base: parted, head: onDisk ? WORKTREE : head },
    policy: parted === base ? left : commitSide(repository, await treeOf(repository, base)),
    base: left,
    head: onDisk ? await workingSide(repository) : commitSide(repository, await treeOf(repository, head)),
    complete: true,
  }
}

async function treeOf(repository: Repository, commit: string): Promise<readonly TreeEntry[]> {
  return treeEntries(await listed(repository, ['ls-tree', '-r', '-z', '--full-tree', commit]))
}

async function listed({ root, environment }: Repository, args: readonly string[]): Promise<Buffer> {
  const answer = await runGit(root, environment, args)
  if (answer.code !== 0) throw new Error(`git ${args[0]} failed: ${answer.error}`)
  return answer.out
}

function commitSide(repository: Repository, entries: readonly TreeEntry[]): Side {
  return sideOf(entries, (asked) => blobsOf(repository, asked))
}

async function workingSide(repository: Repository): Promise<Side> {
  const top = await realpath(repository.root)
  const index = indexEntries(await listed(repository, ['ls-files', '-z', '--stage', '-t']))
  const deleted = new Set(
    pathEntries(await listed(repository, ['ls-files', '-z', '--deleted'])).map(({ path }) => path),
  )
  const others = pathEntries(await listed(repository, ['ls-files', '-z', '--others', '--exclude-standard']))

  const entries = [...index.entries.filter(({ path }) => !deleted.has(path)), ...others]
  const side = sideOf(entries, async (asked) => {
    // A sparse checkout leaves files out of the tree that are part of the branch all the same.
    const contents = new Map(
      await blobsOf(
        repository,
        asked.filter(({ path }) => index.sparse.has(path)),
      ),
    )
    for (const { path } of asked) if (!contents.has(path)) contents.set(path, readWorkingFile(top, path))
    return asCommitted(repository, asked, contents)
  })
  // What the index names may have been changed on disk since.
  return { ...side, identity: () => null }
}

/**
 * On disk a text may have other line ends than its commit because git converts them on checkout. Whoever compares the two
 * must not see an edit, so a text that git would convert back is read as git would commit it.
 */
async function asCommitted(
  repository: Repository,
  asked: readonly TreeEntry[],
  contents: ReadonlyMap<string, Blob>,
): Promise<ReadonlyMap<string, Blob>> {
  const suspects = asked.filter(({ path }) => hasCrlf(contents.get(path)))
  const staged = await blobsOf(repository, suspects)
  const conversion = await conversions(
    repository.root,
    repository.environment,
    suspects.map(({ path }) => path),
  )
  const result = new Map(contents)
  for (const { path } of suspects) {
    const bytes = contents.get(path)
    const before = staged.get(path)
    const converted = conversion.get(path)
    if (!Buffer.isBuffer(bytes) || converted === undefined) continue
    if (converted === 'unless-committed' && hasCrlf(before)) continue
    if (Buffer.isBuffer(before) && before.equals(bytes)) continue
    result.set(path, withLineFeeds(bytes))
  }
  return result
}

function hasCrlf(content: Blob | undefined): boolean {
  return Buffer.isBuffer(content) && content.includes('\r\n')
}

async function blobsOf(
  { root, environment }: Repository,
  entries: readonly TreeEntry[],
): Promise<ReadonlyMap<string, Blob>> {
  const blobs = await readBlobs(
    root,
    environment,
    entries.flatMap(({ object }) => object ?? []),
  )
  return new Map(
    entries.flatMap(({ path, object }) => {
      const blob = object === null ? undefined : blobs.get(object)
      return blob === undefined ? [] : [[path, blob] as const]
    }),
  )
}
