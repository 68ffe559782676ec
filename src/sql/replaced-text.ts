import type { SourceText } from '../source/source-text.js'
import type { Span } from '../source/span.js'

/** Words that a tool puts in place of a stretch of a file, by its offsets in UTF-16 code units; `end` is exclusive. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A file's text with stretches of it replaced; offsets are in bytes of the new text. */
export interface ReplacedText {
  readonly sql: string
  /** The place in the file of a stretch of the new text; of words that were put in, the place of what they replace. */
  locate(start: number, end: number): Span
  /** The bytes of the file that a stretch is, where nothing in it was replaced. */
  bytes(start: number, end: number): { readonly start: number; readonly end: number } | null
}

/** A stretch of the new text, and the one of the file that it is or replaces; in bytes and in code units. */
interface Piece {
  readonly from: number
  readonly to: number
  readonly source: number
  readonly units: { readonly start: number; readonly end: number }
  readonly replaced: boolean
}

/** The text of a file after its replacements, which are in order and do not overlap. */
export function replacedText(source: SourceText, replacements: readonly Replacement[]): ReplacedText {
  const pieces: Piece[] = []
  const words: string[] = []
  let [at, byte, unit] = [0, 0, 0]
  const add = (text: string, start: number, end: number, replaced: boolean): void => {
    const length = Buffer.byteLength(text)
    pieces.push({ from: at, to: at + length, source: byte, units: { start, end }, replaced })
    words.push(text)
    at += length
    byte += replaced ? Buffer.byteLength(source.text.slice(start, end)) : length
    unit = end
  }
  for (const { start, end, text } of replacements) {
    add(source.text.slice(unit, start), unit, start, false)
    add(text, start, end, true)
  }
  add(source.text.slice(unit), unit, source.text.length, false)

  /** The piece that holds an offset; of two that meet there, the one that is not empty and begins there. */
  const pieceAt = (offset: number): Piece | undefined =>
    pieces.find(({ from, to }) => offset >= from && offset < to) ?? pieces.at(-1)
  const unitOf = (offset: number, edge: 'start' | 'end'): number => {
    // An end belongs to the piece before it.
    const piece = edge === 'start' || offset === 0 ? pieceAt(offset) : pieceAt(offset - 1)
    if (piece === undefined) return source.text.length
    if (piece.replaced) return piece.units[edge]
    const text = source.text.slice(piece.units.start, piece.units.end)
    return (
      piece.units.start +
      Buffer.from(text)
        .subarray(0, offset - piece.from)
        .toString().length
    )
  }
  return {
    sql: words.join(''),
    locate: (start, end) => {
      const first = unitOf(start, 'start')
      return source.spanOfUnits(first, end <= start ? first : Math.max(first, unitOf(end, 'end')))
    },
    bytes: (start, end) => {
      const piece = pieceAt(start)
      const whole = piece !== undefined && !piece.replaced && end <= piece.to
      return whole ? { start: piece.source + start - piece.from, end: piece.source + end - piece.from } : null
    },
  }
}
