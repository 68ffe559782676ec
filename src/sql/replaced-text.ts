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

/** A stretch of the new text, and the one of the file that it is or replaces, in bytes; `end` and `to` are exclusive. */
interface Piece {
  readonly from: number
  readonly to: number
  readonly start: number
  readonly end: number
  readonly replaced: boolean
}

/** The text of a file after its replacements, which are in order and do not overlap. */
export function replacedText(source: SourceText, replacements: readonly Replacement[]): ReplacedText {
  const pieces: Piece[] = []
  const words: string[] = []
  let unit = 0
  const add = (text: string, end: number, replaced: boolean): void => {
    const before = pieces.at(-1)
    const [from, start] = [before?.to ?? 0, before?.end ?? 0]
    const length = Buffer.byteLength(text)
    const covered = replaced ? Buffer.byteLength(source.text.slice(unit, end)) : length
    pieces.push({ from, to: from + length, start, end: start + covered, replaced })
    words.push(text)
    unit = end
  }
  for (const { start, end, text } of replacements) {
    add(source.text.slice(unit, start), start, false)
    add(text, end, true)
  }
  add(source.text.slice(unit), source.text.length, false)

  /** The last piece that begins at an offset or before it, and so the one that holds it. */
  const pieceAt = (offset: number): Piece => {
    let low = 0
    let high = pieces.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((pieces[middle]?.from ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    const piece = pieces[low]
    if (piece === undefined) throw new Error('a text has pieces')
    return piece
  }
  const startOf = (offset: number): number => {
    const piece = pieceAt(offset)
    return piece.replaced ? piece.start : Math.min(piece.end, piece.start + offset - piece.from)
  }
  const endOf = (offset: number): number => {
    // An end belongs to what stands before it.
    const piece = pieceAt(offset - 1)
    return piece.replaced ? piece.end : Math.min(piece.end, piece.start + offset - piece.from)
  }
  return {
    sql: words.join(''),
    locate: (start, end) => {
      const first = startOf(start)
      return source.spanOfBytes(first, end <= start ? first : Math.max(first, endOf(end)))
    },
    bytes: (start, end) => {
      const piece = pieceAt(start)
      if (piece.replaced || end > piece.to) return null
      return { start: piece.start + start - piece.from, end: piece.start + end - piece.from }
    },
  }
}
