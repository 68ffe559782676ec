import type { Foreign } from '../model/note.js'
import type { Token } from './tokens.js'

/** A stretch of a text that is no SQL, or cannot be read as such; byte offsets. */
export interface Hole {
  readonly start: number
  readonly end: number
  readonly reason: string
  /** Whether it ends the statement before it, as `\g` does. */
  readonly ends: boolean
  readonly foreign: Foreign
}

/** A statement's tokens, up to its semicolon, as far as they can be told apart without a parser. */
export interface Piece {
  readonly tokens: readonly Token[]
  readonly start: number
  readonly end: number
}

/** What is no SQL by its form alone: psql's meta-commands and the data lines of COPY. */
export function foreignLines(tokens: readonly Token[]): readonly Hole[] {
  const foreign = tokens.filter(({ kind }) => kind === 'copy-data' || kind === 'meta-command')
  return foreign.map(({ kind, start, end, text }) => {
    if (kind === 'copy-data') {
      const reason = 'data lines of COPY FROM stdin are not SQL and are not reviewed'
      return { start, end, reason, ends: false, foreign: { kind: 'copy-rows' } }
    }
    const name = shorten(/^\\\S*/.exec(text)?.[0] ?? '')
    const reason = `psql meta-command ${name} is not SQL and is not reviewed`
    return { start, end, reason, ends: ENDS.test(text), foreign: { kind: 'meta-command', text: name } }
  })
}

/** psql sends what it has collected so far at these. */
const ENDS = /^\\(?:g|gx|gexec|gset|gdesc|crosstabview|watch|bind|bind_named|parse|;)(?![a-z])/i

/** Pieces that hold a template placeholder: `certain` ones cannot be SQL as they stand, others may be. */
export function templated(pieces: readonly Piece[]): readonly { readonly certain: boolean; readonly hole: Hole }[] {
  return pieces.flatMap((piece) => {
    const found = placeholder(piece.tokens)
    if (!found) return []
    const text = shorten(found.text)
    const reason = `template placeholder ${text} has no value here, so the statement cannot be read`
    const foreign = { kind: 'placeholder', text } as const
    return [{ certain: found.certain, hole: { start: piece.start, end: piece.end, reason, ends: true, foreign } }]
  })
}

function placeholder(tokens: readonly Token[]): { readonly text: string; readonly certain: boolean } | null {
  let possible: string | null = null
  for (const [i, { kind, text, end }] of tokens.entries()) {
    if (kind === 'placeholder') return { text, certain: true }
    if (possible !== null) continue
    const next = tokens[i + 1]
    if (!next || next.start !== end) continue
    if (text === ':' && next.kind !== 'number' && next.kind !== 'punctuation') possible = `:${next.text}`
    if (text === '%' && next.text === '(' && tokens[i + 2]?.kind === 'word' && tokens[i + 3]?.text === ')') {
      possible = `%(${tokens[i + 2]?.text})s`
    }
    if (text === '%' && next.kind === 'word') possible = `%${next.text}`
    if (kind === 'stray' && (text === '{' || text === '}')) possible = text
  }
  return possible === null ? null : { text: possible, certain: false }
}

/**
 * Cuts at the semicolons at which psql would send a statement: outside brackets and outside a function's BEGIN ATOMIC body.
 * Only for texts that do not parse as a whole: the parser knows better.
 */
export function pieces(tokens: readonly Token[]): readonly Piece[] {
  const found: Piece[] = []
  let current: Token[] = []
  let brackets = 0
  let begins = 0
  let words: string[] = []
  const finish = (): void => {
    const first = current.find(({ kind }) => kind !== 'comment')
    const last = current.at(-1)
    if (first && last) found.push({ tokens: current, start: first.start, end: last.end })
    current = []
    words = []
    brackets = begins = 0
  }
  for (const token of tokens) {
    const { kind, text } = token
    if (kind === 'copy-data' || (kind === 'meta-command' && ENDS.test(text))) {
      finish()
      continue
    }
    if (kind === 'meta-command') continue
    if (kind === 'punctuation') {
      if (text === '(') brackets++
      else if (text === ')' && brackets > 0) brackets--
      else if (text === ';' && brackets === 0 && begins === 0) {
        finish()
        continue
      }
    } else if (kind === 'word') {
      const word = text.toLowerCase()
      if (words.length < 4) words.push(word)
      if (word === 'begin' && createsRoutine(words)) begins++
      else if (begins > 0 && word === 'case') begins++
      else if (begins > 0 && word === 'end') begins--
    }
    current.push(token)
  }
  finish()
  return found
}

function createsRoutine(words: readonly string[]): boolean {
  const [first, ...rest] = words
  const routine = rest[0] === 'or' && rest[1] === 'replace' ? rest[2] : rest[0]
  return first === 'create' && (routine === 'function' || routine === 'procedure')
}

/** The text with its holes blanked, byte for byte, so that every offset outside them stays what it was. */
export function fill(sql: string, holes: readonly Hole[]): string {
  if (holes.length === 0) return sql
  const bytes = Buffer.from(sql, 'utf8')
  for (const { start, end, ends } of holes) {
    bytes.fill(' ', start, end)
    if (ends && end > start) bytes.write(';', start)
  }
  return bytes.toString('utf8')
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
