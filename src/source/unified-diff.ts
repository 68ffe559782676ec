import { createTwoFilesPatch, diffArrays } from 'diff'

/** A run of lines of the head's text; `start` is one-based. Length 0: lines before `start` were taken out. */
export interface LineRange {
  readonly start: number
  readonly length: number
}

/** Beyond this many edits the exact answer costs more than it tells: then all lines from the first difference to the last count as changed. */
const MOST_EDITS = 2_000

/** The lines of `head` that `base` does not have, in order; an undefined base is a new file, all of whose lines are changed. */
export function changedLines(base: string | undefined, head: string): readonly LineRange[] {
  const after = linesOf(head)
  if (base === undefined) return after.length === 0 ? [] : [{ start: 1, length: after.length }]
  const before = linesOf(base)
  const edits = diffArrays(before, after, { maxEditLength: MOST_EDITS })
  if (edits === undefined) return [outerRange(before, after)]

  const ranges: LineRange[] = []
  let line = 1
  let open: { start: number; length: number } | undefined
  for (const { added, removed, count } of edits) {
    if (!added && !removed) {
      line += count
      open = undefined
      continue
    }
    // A replaced run arrives as one removal and one addition, which are one range.
    if (open === undefined) ranges.push((open = { start: line, length: 0 }))
    if (added) {
      open.length += count
      line += count
    }
  }
  return ranges.map((range) => (range.length > 0 ? range : { ...range, start: within(range.start, after) }))
}

/** Lines with their ends, counted as `SourceText` counts them: LF, CRLF and a lone CR each end a line. */
function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
}

/** Lines removed from the end of a file have no line after them to point at. */
function within(line: number, lines: readonly string[]): number {
  return Math.max(1, Math.min(line, lines.length))
}

function outerRange(before: readonly string[], after: readonly string[]): LineRange {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  let tail = 0
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const length = after.length - head - tail
  return { start: length > 0 ? head + 1 : within(head + 1, after), length }
}

/** What changes in a file, as `patch` and `git apply` take it. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, { context: 3 })
  return patch.replace(/^=+\n/, '')
}
