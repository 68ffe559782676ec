import type { Direction } from '../../model/finding.js'
import type { SourceText } from '../../source/source-text.js'
import type { Part } from './dialect.js'

/**
 * The part of a file that node-pg-migrate runs in one direction: from the first line that says `-- Up Migration` or `-- Down
 * Migration` to the first that says the other one, or to the end. Without either the file is the up
 * (https://github.com/salsita/node-pg-migrate/blob/main/src/sqlMigration.ts).
 */
export function nodePgMigrateSection(source: SourceText, direction: Direction): Part {
  const { text } = source
  const up = markerOf(text, 'up')
  const down = markerOf(text, 'down')
  if (direction === 'down' && down < 0) return { kind: 'absent' }
  const [own, other] = direction === 'up' ? [up, down] : [down, up]
  const start = Math.max(own, 0)
  // An up without a marker is the whole file, whatever the down's marker says.
  const end = own >= 0 && other > own ? other : text.length
  const byte = (unit: number): number => Buffer.byteLength(text.slice(0, unit))
  return { kind: 'sql', range: { start: byte(start), end: byte(end) }, wrapped: true, sent: 'whole', gaps: [] }
}

/** Whether a file holds one of the markers. */
export function hasSections({ text }: SourceText): boolean {
  return markerOf(text, 'up') >= 0 || markerOf(text, 'down') >= 0
}

/** Where the first line begins that is `--`, then dashes and white space, then the words; below zero where none does. */
function markerOf(text: string, direction: Direction): number {
  for (const { index } of text.matchAll(new RegExp(`${direction}\\s+migration`, 'gi'))) {
    let start = index
    while (start > 0 && /[\s-]/.test(text[start - 1] ?? '')) start--
    const lines = text.slice(start, index).split('\n')
    let at = start
    for (const [number, line] of lines.entries()) {
      const begins = number > 0 || start === 0
      if (begins && line.trimStart().startsWith('--')) return at
      at += line.length + 1
    }
  }
  return -1
}
