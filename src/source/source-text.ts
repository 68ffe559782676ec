import type { Position, Span } from './span.js'

/**
 * Three rulers measure the same text, and only this type converts between them: the SQL parser counts UTF-8 bytes,
 * PostgreSQL's errors count code points, JavaScript counts UTF-16 code units. People want lines and columns.
 */
export interface SourceText {
  readonly path: string
  readonly text: string
  /** Length in UTF-8 bytes. */
  readonly bytes: number
  /** Zero-based byte offsets, as parse trees and scanner tokens give them; `end` is exclusive. */
  spanOfBytes(start: number, end: number): Span
  /** Zero-based UTF-16 offsets, as JavaScript strings have them; `end` is exclusive. */
  spanOfUnits(start: number, end: number): Span
  /** Zero-based code point index, as the parser's error cursor gives it (PostgreSQL's own `position` is one more). */
  positionOfCodePoint(index: number): Position
  /** The text between two byte offsets. */
  sliceBytes(start: number, end: number): string
  /** The text of a span of this file. */
  slice(span: Span): string
  /** The whole lines that a span touches, joined by line feeds. */
  wholeLines(span: Pick<Span, 'start' | 'end'>): string
  /** The text of a one-based line, without its line end. */
  line(number: number): string
  readonly lines: number
}

/** Why a file was not read as text; `line` is where, one-based. */
export interface Refusal {
  readonly reason: string
  readonly line: number
}

/**
 * The largest file that is read: 2 MiB, of SQL such as a history that was squashed into one file. Reading more takes longer than a
 * file is given.
 */
export const LARGEST_FILE = 2 << 20
/** The largest that is read of what is not SQL. */
const LARGEST_OTHER = 1 << 20

/** Why a file of this size is not read. */
export function tooLarge(size: number, most = LARGEST_FILE): { readonly reason: string } {
  return { reason: `file has ${size} bytes; the most that is read is ${most}` }
}

function largestOf(path: string): number {
  return path.endsWith('.sql') ? LARGEST_FILE : LARGEST_OTHER
}

/** Decodes a file's bytes strictly: anything but plain UTF-8 text without NUL is refused with the reason, and so is a byte order mark outside Python and XML. */
export function decode(path: string, bytes: Uint8Array): SourceText | Refusal {
  const most = largestOf(path)
  if (bytes.length > most) return { ...tooLarge(bytes.length, most), line: 1 }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { reason: 'file is UTF-16, not UTF-8', line: 1 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { reason: 'file is UTF-16, not UTF-8', line: 1 }
  // Python passes over the mark (https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations), and so does
  // XML (https://www.w3.org/TR/xml/#charencoding).
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf && !/\.(py|xml)$/.test(path)) {
    return { reason: 'file begins with a byte order mark, which PostgreSQL does not accept', line: 1 }
  }
  const nul = bytes.indexOf(0)
  if (nul >= 0) return { reason: 'file holds a NUL byte, which hides what follows it', line: lineOfByte(bytes, nul) }
  try {
    return sourceText(path, new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return { reason: 'file is not valid UTF-8', line: lineOfByte(bytes, firstInvalidByte(bytes)) }
  }
}

/** Whether `decode` refused. */
export function isRefusal(value: SourceText | Refusal): value is Refusal {
  return 'reason' in value
}

/** A source text from a JavaScript string; line ends may be LF, CRLF or CR. */
export function sourceText(path: string, text: string): SourceText {
  const starts = lineStarts(text)
  // Most migrations are pure ASCII, where all three rulers agree.
  const ascii = /^[\x00-\x7f]*$/.test(text)
  const buffer = ascii ? undefined : Buffer.from(text, 'utf8')
  let index: ((offset: number) => number) | null = buffer ? null : (offset) => offset
  // Made when it is first asked for: much is read that is no SQL.
  const unitOfByte = (offset: number): number => (index ??= byteIndex(text, buffer?.length ?? 0))(offset)

  const positionOfUnit = (offset: number): Position => {
    const at = Math.max(0, Math.min(offset, text.length))
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 }
  }
  const unitOf = ({ line, column }: Position): number => (starts[line - 1] ?? text.length) + column - 1
  const spanOfUnits = (start: number, end: number): Span => ({
    path,
    start: positionOfUnit(start),
    end: positionOfUnit(end),
  })

  const line = (number: number): string =>
    text.slice(starts[number - 1] ?? text.length, starts[number] ?? text.length).replace(/[\r\n]+$/, '')

  return {
    path,
    text,
    bytes: buffer?.length ?? text.length,
    lines: starts.length,
    spanOfUnits,
    spanOfBytes: (start, end) => spanOfUnits(unitOfByte(start), unitOfByte(end)),
    positionOfCodePoint: (index) => positionOfUnit(ascii ? index : unitOfCodePoint(text, index)),
    sliceBytes: (start, end) => text.slice(unitOfByte(start), unitOfByte(end)),
    slice: (span) => text.slice(unitOf(span.start), unitOf(span.end)),
    wholeLines: ({ start, end }) => {
      const last = Math.min(end.line, starts.length)
      return Array.from({ length: Math.max(0, last - start.line + 1) }, (_, i) => line(start.line + i)).join('\n')
    },
    line,
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
  }
  return starts
}

/** A table from byte offset to UTF-16 offset; an offset inside a character maps to the character's start. */
function byteIndex(text: string, bytes: number): (offset: number) => number {
  const table = new Uint32Array(bytes + 1)
  let byte = 0
  for (let unit = 0; unit < text.length;) {
    const point = text.codePointAt(unit) ?? 0
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    table.fill(unit, byte, byte + size)
    byte += size
    unit += point < 0x10000 ? 1 : 2
  }
  table[bytes] = text.length
  return (offset) => table[Math.max(0, Math.min(offset, bytes))] ?? text.length
}

function unitOfCodePoint(text: string, index: number): number {
  let unit = 0
  for (let i = 0; i < index && unit < text.length; i++) unit += (text.codePointAt(unit) ?? 0) < 0x10000 ? 1 : 2
  return unit
}

function lineOfByte(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let i = 0; i < offset; i++) if (bytes[i] === 10) line++
  return line
}

/** The first byte that no UTF-8 text could have there; the end when only the last character is cut off. */
function firstInvalidByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for (let i = 0; i < bytes.length; i++) {
    try {
      decoder.decode(bytes.subarray(i, i + 1), { stream: true })
    } catch {
      return i
    }
  }
  return bytes.length
}
