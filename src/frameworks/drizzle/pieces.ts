import type { SourceText } from '../../source/source-text.js'
import type { ByteRange, Part } from '../sql/dialect.js'

const BREAKPOINT = '--> statement-breakpoint'

/** A migration as Drizzle sends it: cut wherever the text of a breakpoint stands, all pieces in the tool's transaction. */
export function piecesOf(source: SourceText): Part {
  const sent: ByteRange[] = []
  let start = 0
  for (const piece of source.text.split(BREAKPOINT)) {
    const end = start + Buffer.byteLength(piece)
    sent.push({ start, end })
    start = end + BREAKPOINT.length
  }
  const range = { start: 0, end: source.bytes }
  const cuts = `at "${BREAKPOINT}", which it looks for inside strings and comments too`
  return { kind: 'sql', range, wrapped: true, sent, cuts, gaps: [] }
}
