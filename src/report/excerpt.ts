import type { Span } from '../source/span.js'
import { type Glyph, glyphsOf } from './width.js'

/** A source line as it is shown, with the columns to underline: from `from`, `length` many. */
export interface Marked {
  readonly line: number
  readonly text: string
  readonly from: number
  readonly length: number
}

/** Lines of a span beyond these are counted, not shown. */
const MOST_LINES = 3

/**
 * The lines of a span with what to underline in each; `source` is those lines' whole text, `most` the columns there are.
 * A long line is shown from where its marked part can be seen.
 */
export function mark(
  span: Span,
  source: string,
  most: number,
): { readonly lines: readonly Marked[]; readonly more: number } {
  const lines = source.split(/\r\n|\r|\n/)
  const shown = lines.slice(0, MOST_LINES).map((text, i) => {
    const line = span.start.line + i
    const from = i === 0 ? span.start.column - 1 : text.search(/\S|$/)
    const to = line === span.end.line ? span.end.column - 1 : text.trimEnd().length
    return markLine(line, text, from, Math.max(from, to), most)
  })
  return { lines: shown, more: Math.max(0, lines.length - MOST_LINES) }
}

function markLine(line: number, text: string, from: number, to: number, most: number): Marked {
  const window = windowOf(glyphsOf(text.slice(0, from + LONGEST)), from, most)
  const before = columns(window.glyphs.filter(({ end }) => end <= from))
  const within = columns(window.glyphs.filter(({ start, end }) => end > from && start < to))
  const lead = window.cutBefore ? 1 : 0
  return {
    line,
    text: `${window.cutBefore ? '…' : ''}${window.glyphs.map((glyph) => glyph.text).join('')}${window.cutAfter ? '…' : ''}`.trimEnd(),
    from: lead + before,
    // An empty span is a place between characters: one mark shows where.
    length: Math.max(1, within),
  }
}

/** Far more than a terminal is wide; a line of a megabyte need not be measured. */
const LONGEST = 2_000

interface Window {
  readonly glyphs: readonly Glyph[]
  readonly cutBefore: boolean
  readonly cutAfter: boolean
}

function windowOf(glyphs: readonly Glyph[], from: number, most: number): Window {
  if (columns(glyphs) <= most) return { glyphs, cutBefore: false, cutAfter: false }
  const start = glyphs.findIndex(({ end }) => end > from)
  const lead = columns(glyphs.slice(0, start < 0 ? glyphs.length : start))
  // Some context is left in front of the mark when the line has to be cut there.
  let first = 0
  if (lead > most / 2)
    for (let rest = lead; rest > most / 4 && first < glyphs.length; first++) rest -= glyphs[first]?.columns ?? 0
  const room = most - (first > 0 ? 2 : 1)
  let last = first
  for (let used = 0; last < glyphs.length; last++) {
    used += glyphs[last]?.columns ?? 0
    if (used > room) break
  }
  return { glyphs: glyphs.slice(first, last), cutBefore: first > 0, cutAfter: last < glyphs.length }
}

function columns(glyphs: readonly Glyph[]): number {
  return glyphs.reduce((sum, glyph) => sum + glyph.columns, 0)
}
