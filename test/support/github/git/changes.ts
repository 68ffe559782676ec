import { structuredPatch, type StructuredPatchHunk } from 'diff'
import type { Files, GitObjects, Leaf } from './objects.js'

export interface Change {
  readonly path: string
  readonly previousPath: string | null
  readonly status: 'added' | 'removed' | 'modified' | 'renamed'
  /** The blob at the head, or at the base for a file that was removed. */
  readonly sha: string
  readonly additions: number
  readonly deletions: number
  /** Empty for binary files. */
  readonly hunks: readonly StructuredPatchHunk[]
  /** Absent where GitHub leaves it out: binary, too long, nothing changed in a rename. */
  readonly patch: string | null
}

/** GitHub shows no patch for a file whose diff is longer than this. */
const PATCH_LINES = 3_000
/** How many removed or added files are still compared to find renames whose content changed. */
const RENAME_LIMIT = 200
const SIMILAR = 0.5

/** What differs between two trees as GitHub lists it: by path, renames found by content. */
export function changesBetween(objects: GitObjects, base: string, head: string): readonly Change[] {
  const [before, after] = [objects.files(base), objects.files(head)]
  const removed = missing(before, after)
  const added = missing(after, before)
  const renames = renamesOf(objects, before, after, removed, added)
  const moved = new Set(renames.values())
  const paths = [...after.keys(), ...removed.filter((path) => !moved.has(path))]
  return paths
    .map((path) => changeOf(objects, path, before.get(renames.get(path) ?? path), after.get(path), renames.get(path)))
    .filter((change) => change !== null)
    .sort((one, other) => (one.path < other.path ? -1 : 1))
}

/** Which lines GitHub lets a comment stand on, each with the hunk that it is in. */
export function commentable(change: Change, side: 'LEFT' | 'RIGHT'): ReadonlyMap<number, number> {
  const lines = new Map<number, number>()
  change.hunks.forEach((hunk, index) => {
    let [left, right] = [hunk.oldStart, hunk.newStart]
    for (const line of hunk.lines) {
      if (line.startsWith('\\')) continue
      if (side === 'LEFT' && !line.startsWith('+')) lines.set(left, index)
      if (side === 'RIGHT' && !line.startsWith('-')) lines.set(right, index)
      if (!line.startsWith('+')) left++
      if (!line.startsWith('-')) right++
    }
  })
  return lines
}

const missing = (from: Files, other: Files): readonly string[] => [...from.keys()].filter((path) => !other.has(path))

function renamesOf(
  objects: GitObjects,
  before: Files,
  after: Files,
  removed: readonly string[],
  added: readonly string[],
): ReadonlyMap<string, string> {
  const renames = new Map<string, string>()
  const free = new Set(removed)
  const bySha = new Map(removed.map((path) => [before.get(path)?.sha, path]))
  for (const path of added) {
    const old = bySha.get(after.get(path)?.sha)
    if (old === undefined || !free.has(old)) continue
    renames.set(path, old)
    free.delete(old)
  }
  if (free.size > RENAME_LIMIT || added.length > RENAME_LIMIT) return renames
  for (const path of added.filter((candidate) => !renames.has(candidate))) {
    const [best] = [...free]
      .map((old) => [old, similarity(textOf(objects, before.get(old)), textOf(objects, after.get(path)))] as const)
      .filter(([, alike]) => alike >= SIMILAR)
      .sort(([, one], [, other]) => other - one)
    if (!best) continue
    renames.set(path, best[0])
    free.delete(best[0])
  }
  return renames
}

function changeOf(
  objects: GitObjects,
  path: string,
  before: Leaf | undefined,
  after: Leaf | undefined,
  previousPath: string | undefined,
): Change | null {
  const same = before?.sha === after?.sha && before?.mode === after?.mode
  if (same && previousPath === undefined) return null
  const hunks = before?.sha === after?.sha ? [] : hunksOf(textOf(objects, before), textOf(objects, after))
  const lines = hunks.flatMap((hunk) => hunk.lines)
  const count = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length
  return {
    path,
    previousPath: previousPath ?? null,
    status: previousPath !== undefined ? 'renamed' : !before ? 'added' : !after ? 'removed' : 'modified',
    sha: (after ?? before)?.sha ?? '',
    additions: count('+'),
    deletions: count('-'),
    hunks,
    patch: lines.length === 0 || lines.length > PATCH_LINES ? null : hunks.map(printed).join('\n'),
  }
}

function hunksOf(before: string | null, after: string | null): readonly StructuredPatchHunk[] {
  if (before === null || after === null) return []
  return structuredPatch('a', 'b', before, after, undefined, undefined, { context: 3 }).hunks
}

const printed = ({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk): string =>
  [`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...lines].join('\n')

const range = (start: number, lines: number): string => (lines === 1 ? `${start}` : `${start},${lines}`)

/** The text of a leaf, null where it is binary; a missing file is empty. */
function textOf(objects: GitObjects, leaf: Leaf | undefined): string | null {
  if (!leaf) return ''
  if (leaf.mode === '160000') return `Subproject commit ${leaf.sha}\n`
  const bytes = objects.blob(leaf.sha)
  return !bytes || bytes.subarray(0, 8_000).includes(0) ? null : bytes.toString('utf8')
}

function similarity(one: string | null, other: string | null): number {
  if (!one || !other) return 0
  const lines = new Map<string, number>()
  for (const line of one.split('\n')) lines.set(line, (lines.get(line) ?? 0) + 1)
  let kept = 0
  for (const line of other.split('\n')) {
    const left = lines.get(line) ?? 0
    if (left === 0) continue
    lines.set(line, left - 1)
    kept += line.length + 1
  }
  return kept / Math.max(one.length, other.length)
}
