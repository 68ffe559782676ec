import { LARGEST_FILE } from '../source/source-text.js'
import { nesting } from './nesting.js'
import { scan, type Scan, type Token } from './tokens.js'

/** A text that a parser may be given, with its tokens; or why not, and where (byte offsets). */
export type Guarded = { readonly kind: 'safe'; readonly scan: Scan } | Rejected
/** `syntax`: PostgreSQL itself would reject it. `refused`: it was not attempted. */
export interface Rejected {
  readonly kind: 'syntax' | 'refused'
  readonly reason: string
  readonly start: number
  readonly end: number
}

const DEEPEST_COMMENT = 64
const DEEPEST_BRACKET = 500
const MOST_TERMS = 5_000
const MOST_STATEMENTS = 10_000
const LONGEST_TOKEN = 256 * 1024

/** Looks at a text in linear time before any parser does, for parsers take hours or die on some texts. */
export function guard(sql: string): Guarded {
  if (sql.length > LARGEST_FILE) {
    return refuse(`the text has more than ${LARGEST_FILE} characters, the most that is read`, { start: 0, end: 0 })
  }
  const scanned = scan(sql)
  const { tokens, error, deepestComment } = scanned
  if (deepestComment.depth > DEEPEST_COMMENT && deepestComment.token) {
    const { start } = deepestComment.token
    return refuse(`comments nest ${deepestComment.depth} deep; the most that is read is ${DEEPEST_COMMENT}`, {
      start,
      end: start + '/*'.length,
    })
  }
  if (error) return { kind: 'syntax', reason: error.message, start: error.token.start, end: error.token.end }
  return tooLarge(tokens) ?? tooDeep(tokens) ?? hidden(sql, tokens) ?? { kind: 'safe', scan: scanned }
}

function tooLarge(tokens: readonly Token[]): Rejected | null {
  let statements = 0
  for (const token of tokens) {
    if (token.text === ';' && ++statements > MOST_STATEMENTS) {
      return refuse(`the text has more than ${MOST_STATEMENTS} statements, the most that is read`, token)
    }
    const size = token.end - token.start
    if (
      size > LONGEST_TOKEN &&
      (token.kind === 'string' || token.kind === 'quoted-identifier' || token.kind === 'word')
    ) {
      const what = token.kind === 'string' ? 'a literal' : 'an identifier'
      return refuse(`${what} has ${size} bytes; the most that is read is ${LONGEST_TOKEN}`, token)
    }
  }
  return null
}

function tooDeep(tokens: readonly Token[]): Rejected | null {
  const { depth, terms } = nesting(tokens)
  if (depth.most > DEEPEST_BRACKET && depth.at) {
    return refuse(`brackets or CASE nest ${depth.most} deep; the most that is read is ${DEEPEST_BRACKET}`, depth.at)
  }
  if (terms.most > MOST_TERMS && terms.at) {
    return refuse(`an expression has ${terms.most} terms; the most that is read is ${MOST_TERMS}`, terms.at)
  }
  return null
}

/** Format characters (bidirectional controls, zero-width ones, tags) and blanks that PostgreSQL takes for letters. */
const HIDDEN = /[\p{Cf}\p{Cs}\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]|(?! )\p{Z}/u
const HIDDEN_EVERYWHERE = new RegExp(HIDDEN.source, 'gu')
/** Emoji and several scripts need joiners and variation selectors, and prose its wider blanks. */
const PROSE_MAY_HOLD = /(?<=[\u0590-\u{10ffff}#*\d\u00a9\u00ae])[\u200c\u200d\ufe00-\ufe0f]|[\u00a0\u202f\u3000]/gu

/** What a person does not see, but PostgreSQL does, or the other way round. Plain strings are data and are left alone. */
function hidden(sql: string, tokens: readonly Token[]): Rejected | null {
  if (!HIDDEN.test(sql)) return null
  for (const token of tokens) {
    const prose = token.kind === 'comment' || (token.kind === 'string' && token.text.startsWith('$'))
    if (!prose && token.kind !== 'word' && token.kind !== 'quoted-identifier' && token.kind !== 'stray') {
      if (token.kind === 'string' && /\p{Cs}/u.test(token.text)) return loneSurrogate(token)
      continue
    }
    const text = prose ? token.text.replace(PROSE_MAY_HOLD, '') : token.text
    const found = text.match(HIDDEN_EVERYWHERE)?.[0]
    if (found === undefined) continue
    if (/\p{Cs}/u.test(found)) return loneSurrogate(token)
    const point = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    const where = prose ? (token.kind === 'comment' ? 'a comment' : 'a quoted body') : 'a name'
    return refuse(
      `the character U+${point} is hidden in ${where}, so that people and PostgreSQL read different things`,
      token,
    )
  }
  return null
}

function loneSurrogate(token: Token): Rejected {
  return refuse('the text holds half of a surrogate pair, which is no character', token)
}

function refuse(reason: string, { start, end }: { start: number; end: number }): Rejected {
  return { kind: 'refused', reason, start, end }
}
