import type picocolors from 'picocolors'
import { fit, widthOf } from './width.js'

interface Pen {
  readonly paint: ReturnType<typeof picocolors.createColors>
  readonly width: number
}

/** A column that may be shortened keeps at least so much of its text. */
const LEAST = 16
const GAP = 2

/**
 * Lines of a table whose columns line up. Where the terminal is too narrow the `elastic` columns are shortened, the widest
 * first; where that is not enough, each row is written as a list of its cells.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  elastic: readonly number[],
  { paint, width }: Pen,
): readonly string[] {
  // What cannot be seen in one line is not measured either.
  const cells = rows.map((row) => row.map((cell) => fit(cell, width)))
  const widths = head.map((title, i) => Math.max(widthOf(title), ...cells.map((row) => widthOf(row[i] ?? ''))))
  if (!shrink(widths, elastic, width)) return cells.flatMap((row) => list(head, row, { paint, width }))
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, i) => padded(cell, widths[i] ?? 0)).join(' '.repeat(GAP))}`.trimEnd()
  return [paint.dim(line(head)), ...cells.map(line)]
}

/** Takes columns off the widest elastic one until the table fits; false when it cannot. */
function shrink(widths: number[], elastic: readonly number[], width: number): boolean {
  const excess = (): number => widths.reduce((sum, columns) => sum + columns + GAP, 0) - width
  while (excess() > 0) {
    const widest = elastic.reduce((best, i) => ((widths[i] ?? 0) > (widths[best] ?? 0) ? i : best), elastic[0] ?? 0)
    if ((widths[widest] ?? 0) <= LEAST) return false
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return true
}

function list(head: readonly string[], row: readonly string[], { paint, width }: Pen): readonly string[] {
  return row.map((cell, i) => {
    const title = head[i] ?? ''
    return i === 0
      ? `  ${fit(cell, width - 2)}`
      : `    ${paint.dim(`${title}:`)} ${fit(cell, width - title.length - 6)}`
  })
}

function padded(cell: string, columns: number): string {
  const shown = fit(cell, columns)
  return shown + ' '.repeat(Math.max(0, columns - widthOf(shown)))
}
