import { decode, type Refusal, type SourceText } from '../source/source-text.js'
import { fileSet } from './file-set.js'
import type { FileSet, PullRequest } from './pull-request.js'
import type { TreeEntry } from './tree-entry.js'

/** One side of a comparison: its paths are known, its texts are read for those who ask. */
export interface Side {
  readonly paths: readonly string[]
  has(path: string): boolean
  /** Names a file's content and mode: what has one name on both sides is the same. null where nobody has named it, as on disk. */
  identity(path: string): string | null
  /** The file set of the whole side, with the texts of the asked paths; what is not there is passed over. */
  load(paths: readonly string[]): Promise<FileSet>
}

/** Both sides of a comparison, ready to be read. */
export interface OpenSnapshot {
  readonly pull: PullRequest
  /**
   * The base branch as it is now: only the policy is read from it. `base` is the commit at which the head left it, which the
   * author chooses and could choose from before the policy became what it is.
   */
  readonly policy: Side
  readonly base: Side
  readonly head: Side
  /** `true`, or why the lists of files may be short; then no review passes. */
  readonly complete: true | { readonly incomplete: string }
}

/** A file's bytes, or why they are not there. */
export type Blob = Buffer | { readonly reason: string }

/** A side over the files that are listed; `contentsOf` gives the bytes of those that may be read and are asked for, by path. */
export function sideOf(
  entries: readonly TreeEntry[],
  contentsOf: (asked: readonly TreeEntry[]) => Promise<ReadonlyMap<string, Blob>>,
): Side {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]))
  return {
    paths: [...byPath.keys()].sort(),
    has: (path) => byPath.has(path),
    identity: (path) => {
      const entry = byPath.get(path)
      return entry?.object && entry.mode ? `${entry.mode} ${entry.object}` : null
    },
    load: async (paths) => {
      const asked = [...new Set(paths)].flatMap((path) => byPath.get(path) ?? [])
      const contents = await contentsOf(asked.filter(({ refused }) => refused === null))
      const files = new Map<string, SourceText | Refusal | null>([...byPath.keys()].map((path) => [path, null]))
      for (const { path, refused } of asked) files.set(path, textOf(path, refused, contents.get(path)))
      return fileSet(files)
    },
  }
}

const LFS_POINTER = /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\//

function textOf(path: string, refused: string | null, content: Blob | undefined): SourceText | Refusal {
  if (refused !== null) return { reason: refused, line: 1 }
  if (content === undefined) return { reason: 'file cannot be read', line: 1 }
  if (!Buffer.isBuffer(content)) return { reason: content.reason, line: 1 }
  if (LFS_POINTER.test(content.toString('latin1', 0, 60))) {
    return { reason: 'file is a Git LFS pointer, not the text itself', line: 1 }
  }
  return decode(path, content)
}
