import type { SourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'
import type { ByteRange } from './dialect.js'

// Follows https://github.com/ariga/atlas/blob/v1.2.3/sql/migrate/lex.go as the driver of PostgreSQL sets it, character by
// character: Atlas knows strings, dollar quotes, comments and parentheses, and nothing of E'', of comments in comments, or of Unicode.

/** The pieces in which Atlas sends a stretch of a file, or why it refuses the file. */
export type Cuts =
  | { readonly kind: 'pieces'; readonly pieces: readonly ByteRange[] }
  | { readonly kind: 'refused'; readonly reason: string; readonly at: Span }

const DOLLAR_QUOTE = /\$(?:[A-Za-zÈ-ÿ_][0-9A-Za-z_È-ÿ]*)?\$/y
const BEGIN_ATOMIC = /[\t\n\f\r ]*BEGIN[\t\n\f\r ]+ATOMIC[\t\n\f\r ]+/iy
const BEGIN = /[\t\n\f\r ]*BEGIN[\t\n\f\r ]+/iy
const END = /^[\t\n\f\r ]*END[\t\n\f\r ]*/i
const SPACES = /[\s\u0085]*/y

/** Where a statement begins and ends, in UTF-16 units. */
interface Found {
  readonly from: number
  readonly to: number
}

class Refusal extends Error {
  readonly reason: string
  readonly at: number

  constructor(reason: string, at: number) {
    super(reason)
    this.reason = reason
    this.at = at
  }
}

/** Blocks in blocks that are looked into. */
const DEEPEST = 20

/** How many times its length a text may be read in search of the ends of its blocks. */
const PATIENCE = 20

/** Cuts the bytes of a range where a delimiter stands outside of what Atlas takes for quoted. */
export function cutsOf(source: SourceText, { start, end }: ByteRange, delimiter: string): Cuts {
  const text = Buffer.from(source.text).subarray(start, end).toString()
  const cutter = new Cutter(text)
  const pieces: ByteRange[] = []
  let [units, bytes] = [0, start]
  const byteOf = (unit: number): number => {
    bytes += Buffer.byteLength(text.slice(units, unit))
    units = unit
    return bytes
  }
  try {
    for (let found = cutter.next(0, delimiter); found !== null; found = cutter.next(found.to, delimiter)) {
      pieces.push({ start: byteOf(found.from), end: byteOf(found.to) })
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const at = start + Buffer.byteLength(text.slice(0, error.at))
    return { kind: 'refused', reason: error.reason, at: source.spanOfBytes(at, at + 1) }
  }
  return { kind: 'pieces', pieces }
}

class Cutter {
  private readonly text: string
  private depth = 0
  private patience: number

  constructor(text: string) {
    this.text = text
    this.patience = text.length * PATIENCE
  }

  /** The statement that follows a place; null when none does. */
  next(place: number, delimiter: string): Found | null {
    const { text } = this
    const open: number[] = []
    let from = skip(SPACES, text, place)
    let at = from
    while (at < text.length) {
      const char = text.charAt(at)
      if (char === '(') open.push(at)
      else if (char === ')') {
        if (open.pop() === undefined) throw new Refusal('Atlas refuses the file: the parenthesis was not opened', at)
      } else if (char === "'" || char === '"' || char === '`') at = this.closing(at, char)
      else if (open.length === 0 && text.startsWith(delimiter, at)) return { from, to: at + delimiter.length }
      else if (char === '$' && skip(DOLLAR_QUOTE, text, at) > at) {
        const quote = text.slice(at, skip(DOLLAR_QUOTE, text, at))
        const end = text.indexOf(quote, at + quote.length)
        at = end < 0 ? text.length : end + quote.length
        continue
      } else if (text.startsWith('--', at) || text.startsWith('/*', at)) {
        const end = char === '-' ? after('\n', text, at + 2) : after('*/', text, at + 2)
        const leads = at === from && end !== null
        // A comment that never ends is none to Atlas.
        at = end ?? at + 2
        if (leads) at = from = skip(SPACES, text, at)
        continue
      } else if (delimiter === ';') {
        const end = this.block(at, from)
        if (end !== null) return { from, to: end }
      }
      at += 1
    }
    const [first] = open
    if (first !== undefined) throw new Refusal('Atlas refuses the file: the parenthesis is not closed', first)
    return at > from ? { from, to: text.length } : null
  }

  /** The end of a block that begins here; null where none does, or none that ends. */
  private block(at: number, from: number): number | null {
    const { text } = this
    if (!/[\sBb]/.test(text.charAt(at))) return null
    const atomic = skip(BEGIN_ATOMIC, text, at)
    if (atomic > at) return this.blockEnd(atomic, true)
    const begun = skip(BEGIN, text, at)
    const stands = at === from || skip(BEGIN, text, at - 1) > at - 1
    return stands && begun > at ? this.blockEnd(begun, false) : null
  }

  /** The end of the statement that ends a block: it begins with END, and is nothing else where the block is not atomic. */
  private blockEnd(place: number, atomic: boolean): number | null {
    if (this.depth >= DEEPEST) throw new TooMuch(place)
    this.depth += 1
    try {
      for (let found = this.next(place, ';'); found !== null; found = this.next(found.to, ';')) {
        this.patience -= found.to - found.from
        if (this.patience < 0) throw new TooMuch(place)
        const statement = this.text.slice(found.from, found.to).trim()
        const end = END.exec(statement)?.[0]
        if (end !== undefined && (atomic || ['', ';'].includes(statement.slice(end.length)))) return found.to
      }
    } catch (error) {
      if (!(error instanceof Refusal) || error instanceof TooMuch) throw error
    } finally {
      this.depth -= 1
    }
    return null
  }

  /** The place of the quote that closes the one here: a doubled one closes and opens. */
  private closing(at: number, quote: string): number {
    const end = this.text.indexOf(quote, at + 1)
    if (end < 0) throw new Refusal('Atlas refuses the file: the quote is not closed', at)
    return end
  }
}

class TooMuch extends Refusal {
  constructor(at: number) {
    super('its blocks could not be followed: there are too many', at)
  }
}

/** Where a text that is searched from a place ends; null when it is not there. */
function after(what: string, text: string, place: number): number | null {
  const at = text.indexOf(what, place)
  return at < 0 ? null : at + what.length
}

/** Where a pattern that stands at a place ends; the place itself when it does not. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
