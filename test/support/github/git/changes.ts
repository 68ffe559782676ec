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
/** Files with more bytes than this are told of without a diff. */
const LARGEST = 1_048_576
/** Files that differ in more lines than this are taken to have nothing in common. */
const MOST_EDITS = 1_000

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
  const old = textOf(objects, before)
  const hunks = before?.sha === after?.sha ? [] : hunksOf(old, textOf(objects, after))
  const lines = hunks.flatMap((hunk) => hunk.lines)
  const count = (sign: string, leaf: Leaf | undefined): number =>
    isLarge(objects, leaf) ? linesOf(objects, leaf) : lines.filter((line) => line.startsWith(sign)).length
  return {
    path,
    previousPath: previousPath ?? null,
    status: previousPath !== undefined ? 'renamed' : !before ? 'added' : !after ? 'removed' : 'modified',
    sha: (after ?? before)?.sha ?? '',
    additions: count('+', after),
    deletions: count('-', before),
    hunks,
    patch: lines.length === 0 || lines.length > PATCH_LINES ? null : printed(hunks, old ?? ''),
  }
}

function hunksOf(before: string | null, after: string | null): readonly StructuredPatchHunk[] {
  if (before === null || after === null) return []
  const options = { context: 3, maxEditLength: MOST_EDITS }
  const patch = structuredPatch('a', 'b', before, after, undefined, undefined, options)
  return patch?.hunks ?? [replacement(before, after)]
}

/** All of one text goes, all of the other comes. */
function replacement(before: string, after: string): StructuredPatchHunk {
  const lines = (text: string, sign: string): readonly string[] =>
    text === ''
      ? []
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => sign + line)
  const ending = (text: string): readonly string[] =>
    text === '' || text.endsWith('\n') ? [] : ['\\ No newline at end of file']
  const [old, now] = [lines(before, '-'), lines(after, '+')]
  return {
    oldStart: 1,
    oldLines: old.length,
    newStart: 1,
    newLines: now.length,
    lines: [...old, ...ending(before), ...now, ...ending(after)],
  }
}

const isLarge = (objects: GitObjects, leaf: Leaf | undefined): boolean =>
  leaf !== undefined && (objects.blob(leaf.sha)?.length ?? 0) > LARGEST

function linesOf(objects: GitObjects, leaf: Leaf | undefined): number {
  let count = 0
  for (const byte of objects.blob(leaf?.sha ?? '') ?? []) if (byte === 10) count++
  return count
}

function printed(hunks: readonly StructuredPatchHunk[], before: string): string {
  const old = before.split('\n')
  return hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) => {
      const heading = headingAbove(old, oldStart)
      return [`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@${heading}`, ...lines].join('\n')
    })
    .join('\n')
}

/** An empty side is said to be after the line before it. */
const range = (start: number, lines: number): string =>
  lines === 1 ? `${start}` : lines === 0 ? `${start - 1},0` : `${start},${lines}`

/** The last line above a part that begins with a letter: git writes it after the numbers, for a reader to know where he is. */
function headingAbove(old: readonly string[], start: number): string {
  const above = old.slice(0, Math.max(0, start - 1)).findLast((line) => /^[A-Za-z_$]/.test(line))
  return above === undefined ? '' : ` ${above.slice(0, 80).trimEnd()}`
}

/** The text of a leaf, null where it is binary or large; a missing file is empty. */
function textOf(objects: GitObjects, leaf: Leaf | undefined): string | null {
  if (!leaf) return ''
  if (leaf.mode === '160000') return `Subproject commit ${leaf.sha}\n`
  const bytes = objects.blob(leaf.sha)
  return !bytes || bytes.length > LARGEST || bytes.subarray(0, 8_000).includes(0) ? null : bytes.toString('utf8')
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
