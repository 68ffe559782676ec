import type { Span } from '../../source/span.js'
import type { StatementPlace, Token } from '../tokens.js'

/** A run of a statement's tokens, by index; `to` is exclusive. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** The place without comments and semicolons: what all functions here and all readers work on. */
export function bare(place: StatementPlace): StatementPlace {
  const tokens = place.tokens.filter(({ kind, text }) => kind !== 'comment' && kind !== 'copy-data' && text !== ';')
  return { ...place, tokens, start: tokens[0]?.start ?? place.start, end: tokens.at(-1)?.end ?? place.end }
}

/** The place of a part of the statement that is a statement itself. */
export function inside(place: StatementPlace, stretch: Stretch): StatementPlace {
  return bare({ ...place, tokens: place.tokens.slice(stretch.from, stretch.to) })
}

/** All of a statement. */
export function wholeOf(place: StatementPlace): Stretch {
  return { from: 0, to: place.tokens.length }
}

/** Where the whole statement stands, from its first keyword to its last token. */
export function spanOfAll(place: StatementPlace): Span {
  return place.locate(place.start, place.end)
}

/** Where a stretch stands in the file; an empty one stands for the whole statement. */
export function spanOf(place: StatementPlace, stretch: Stretch): Span {
  const bytes = bytesOf(place, stretch)
  return place.locate(bytes.start, bytes.end)
}

/** What a stretch says, as written. */
export function textOf(place: StatementPlace, stretch: Stretch): string {
  const bytes = bytesOf(place, stretch)
  return stretch.to > stretch.from ? place.text(bytes.start, bytes.end) : ''
}

function bytesOf(place: StatementPlace, { from, to }: Stretch): { readonly start: number; readonly end: number } {
  const first = place.tokens[from]
  const last = place.tokens[to - 1]
  return first === undefined || last === undefined || to <= from ? place : { start: first.start, end: last.end }
}

/** Whether a token is one of these keywords; a word after a dot is a name whatever it says. */
export function isWord(place: StatementPlace, index: number, ...words: readonly string[]): boolean {
  const token = place.tokens[index]
  return token?.kind === 'word' && words.includes(token.text.toLowerCase()) && place.tokens[index - 1]?.text !== '.'
}

/** Index of the first token that begins at or after a byte offset of the parse tree. */
export function indexAt(place: StatementPlace, byte: number): number {
  let low = 0
  let high = place.tokens.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((place.tokens[middle]?.start ?? 0) < byte) low = middle + 1
    else high = middle
  }
  return low
}

/** The list element that begins at a byte offset: up to the next comma or closing bracket on its own level. */
export function elementAt(place: StatementPlace, byte: number): Stretch {
  const from = indexAt(place, byte)
  let to = from
  for (let depth = 0; to < place.tokens.length; to++) {
    const token = place.tokens[to]
    depth += step(token)
    if (depth < 0 || (depth === 0 && token?.text === ',')) break
  }
  return { from, to }
}

/** The pieces of a stretch between its top-level commas. */
export function split(place: StatementPlace, { from, to }: Stretch): readonly Stretch[] {
  const pieces: Stretch[] = []
  let start = from
  let depth = 0
  for (let i = from; i < to; i++) {
    depth += step(place.tokens[i])
    if (depth > 0 || place.tokens[i]?.text !== ',') continue
    pieces.push({ from: start, to: i })
    start = i + 1
  }
  return [...pieces, { from: start, to }]
}

/** Index of the first of these keywords on the stretch's own level, or -1. */
export function findWord(place: StatementPlace, { from, to }: Stretch, ...words: readonly string[]): number {
  let depth = 0
  for (let i = from; i < to; i++) {
    depth += step(place.tokens[i])
    if (depth === 0 && isWord(place, i, ...words)) return i
  }
  return -1
}

/** What stands between the first opening bracket of the stretch and its partner; null when there is none. */
export function bracketed(place: StatementPlace, { from, to }: Stretch): Stretch | null {
  let open = from
  while (open < to && step(place.tokens[open]) !== 1) open++
  let depth = 0
  for (let i = open; i < to; i++) {
    depth += step(place.tokens[i])
    if (depth === 0) return { from: open + 1, to: i }
  }
  return null
}

/** The possibly qualified name that begins at a byte offset. */
export function nameAt(place: StatementPlace, byte: number): Stretch {
  const from = indexAt(place, byte)
  let to = from + 1
  while (place.tokens[to]?.text === '.') to += 2
  return { from, to }
}

/** The possibly qualified name, with the argument list a function may have, that ends a stretch. */
export function nameBefore(place: StatementPlace, { from, to }: Stretch): Stretch {
  let start = to - 1
  for (let depth = 0; start > from; start--) {
    depth += step(place.tokens[start])
    if (depth === 0) break
  }
  if (place.tokens[start]?.text === '(') start--
  while (place.tokens[start - 1]?.text === '.') start -= 2
  return { from: Math.max(from, start), to }
}

/** +1 for a bracket that opens, -1 for one that closes. */
function step(token: Token | undefined): number {
  if (token?.kind !== 'punctuation') return 0
  if (token.text === '(' || token.text === '[') return 1
  return token.text === ')' || token.text === ']' ? -1 : 0
}
