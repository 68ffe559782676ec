import type { Span } from '../source/span.js'

/**
 * The last four are no SQL: a psql meta-command up to its line's end, the data lines of a COPY, a template placeholder,
 * and any other character that PostgreSQL has no use for.
 */
export type TokenKind =
  | 'word'
  | 'quoted-identifier'
  | 'string'
  | 'number'
  | 'parameter'
  | 'operator'
  | 'punctuation'
  | 'comment'
  | 'meta-command'
  | 'copy-data'
  | 'placeholder'
  | 'stray'

/** A token as PostgreSQL's scanner cuts it; byte offsets, `end` exclusive. Dollar-quoted text is a `string`. */
export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Where a statement stands, handed to its reader: its own tokens, and the ways from parse tree offsets to the file. */
export interface StatementPlace {
  /** The statement's tokens in order, comments included. */
  readonly tokens: readonly Token[]
  /** Byte offsets of the statement in the parsed text. */
  readonly start: number
  readonly end: number
  /** The place in the file of a stretch of the parsed text. */
  locate(startByte: number, endByte: number): Span
  /** The parsed text between two byte offsets. */
  text(startByte: number, endByte: number): string
}

/** All that one pass over a text tells. */
export interface Scan {
  readonly tokens: readonly Token[]
  /** A quote or comment that never ends, in PostgreSQL's words; its token reaches to the end of the text. */
  readonly error: { readonly message: string; readonly token: Token } | null
  /** The comment with the deepest nesting: 0 when there is no block comment. */
  readonly deepestComment: { readonly depth: number; readonly token: Token | null }
}

/** The tokens of a text, comments included. */
export function tokens(sql: string): readonly Token[] {
  return scan(sql).tokens
}

const TAB = 9
const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const QUOTE = 39
const DOUBLE_QUOTE = 34
const DOLLAR = 36
const STAR = 42
const MINUS = 45
const DOT = 46
const SLASH = 47
const COLON = 58
const BACKSLASH = 92
const LEFT_BRACE = 123

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const NUMBER =
  /0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|\d(?:_?\d)*(?=\.\.)|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][-+]?\d(?:_?\d)*)?/y
const OPERATOR = /[-~!@#^&|`?+*/%<>=]+/y
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const PARAMETER = /\$\d+/y
const COPIES_FROM_STDIN = /^\\copy\b.*\bfrom\s+p?stdin\b/i
const CLOSERS: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}', '${': '}' }
const LONGEST_PLACEHOLDER = 500

/** One linear pass with PostgreSQL's own rules for where each token ends. */
export function scan(sql: string): Scan {
  const found: Token[] = []
  const byteOf = byteCursor(sql)
  const length = sql.length
  let error: Scan['error'] = null
  let deepest: Scan['deepestComment'] = { depth: 0, token: null }
  const statement = statementStart()
  /** Where the data lines of a COPY begin; they are looked for at the first token boundary past it. */
  let copyData = Infinity

  const push = (kind: TokenKind, from: number, to: number): Token => {
    const token = { kind, start: byteOf(from), end: byteOf(to), text: sql.slice(from, to) }
    found.push(token)
    return token
  }
  const quoted = (kind: TokenKind, from: number, end: number, what: string): number => {
    const token = push(kind, from, end < 0 ? length : end)
    if (end < 0) error = { message: `unterminated ${what}`, token }
    return end < 0 ? length : end
  }

  let at = 0
  while (at < length) {
    const unit = sql.charCodeAt(at)
    if (at >= copyData) {
      const end = endOfCopyData(sql, copyData)
      push('copy-data', copyData, end)
      copyData = Infinity
      at = end
    } else if (unit === SPACE || (unit >= TAB && unit <= RETURN)) {
      at++
    } else if (isWordStart(unit)) {
      const next = sql.charCodeAt(at + 1)
      const quote = next === QUOTE && 'eEbBxX'.includes(sql[at] ?? '') ? at + 1 : unicodeQuote(sql, at)
      if (quote < 0) {
        const end = matchEnd(WORD, sql, at)
        statement.word(push('word', at, end).text)
        at = end
      } else if (sql.charCodeAt(quote) === DOUBLE_QUOTE) {
        at = quoted('quoted-identifier', at, endOfQuoted(sql, quote, DOUBLE_QUOTE), 'quoted identifier')
      } else {
        const form = STRING_FORMS[(sql[at] ?? '').toLowerCase()] ?? PLAIN_STRING
        at = quoted('string', at, endOfString(sql, quote, form), form.name)
      }
    } else if (unit === QUOTE) {
      at = quoted('string', at, endOfString(sql, at, PLAIN_STRING), PLAIN_STRING.name)
    } else if (unit === DOUBLE_QUOTE) {
      at = quoted('quoted-identifier', at, endOfQuoted(sql, at, DOUBLE_QUOTE), 'quoted identifier')
    } else if (unit === MINUS && sql.charCodeAt(at + 1) === MINUS) {
      const end = endOfLine(sql, at)
      push('comment', at, end)
      at = end
    } else if (unit === SLASH && sql.charCodeAt(at + 1) === STAR) {
      const comment = endOfComment(sql, at)
      at = quoted('comment', at, comment.end, '/* comment')
      if (comment.depth > deepest.depth) deepest = { depth: comment.depth, token: found[found.length - 1] ?? null }
    } else if (isDigit(unit) || (unit === DOT && isDigit(sql.charCodeAt(at + 1)))) {
      const end = matchEnd(NUMBER, sql, at)
      push('number', at, end)
      at = end
    } else if (unit === BACKSLASH) {
      const end = endOfLine(sql, at)
      const command = push('meta-command', at, end)
      if (COPIES_FROM_STDIN.test(command.text)) copyData = nextLine(sql, end)
      at = end
    } else if (unit === LEFT_BRACE || unit === DOLLAR) {
      at = afterDollarOrBrace(sql, at, push, quoted)
    } else if (OPERATOR_START[unit] === 1) {
      const end = at + operatorLength(sql.slice(at, matchEnd(OPERATOR, sql, at)))
      push('operator', at, end)
      at = end
    } else {
      const pair = sql.slice(at, at + 2)
      const double = (unit === COLON && (pair === '::' || pair === ':=')) || pair === '..'
      const kind = double ? 'operator' : ',()[];.:'.includes(pair[0] ?? '') ? 'punctuation' : 'stray'
      push(kind, at, at + (double ? 2 : 1))
      if (pair[0] === ';' && statement.ends() && copyData === Infinity) copyData = nextLine(sql, at)
      at += double ? 2 : 1
    }
  }
  return { tokens: found, error, deepestComment: deepest }
}

/** Follows the words of a statement to know, at its semicolon, whether data lines follow. */
function statementStart(): { word(text: string): void; ends(): boolean } {
  let first = ''
  let previous = ''
  let fromStdin = false
  return {
    word(text) {
      if (first === '') first = text.toLowerCase()
      if (first !== 'copy') return
      const word = text.toLowerCase()
      if (word === 'stdin' && previous === 'from') fromStdin = true
      previous = word
    },
    ends() {
      const copies = fromStdin
      first = previous = ''
      fromStdin = false
      return copies
    },
  }
}

function afterDollarOrBrace(
  sql: string,
  at: number,
  push: (kind: TokenKind, from: number, to: number) => Token,
  quoted: (kind: TokenKind, from: number, end: number, what: string) => number,
): number {
  const closer = CLOSERS[sql.slice(at, at + 2)]
  if (closer !== undefined) {
    const inner = sql.slice(at + 2, at + 2 + LONGEST_PLACEHOLDER).indexOf(closer)
    if (inner >= 0) {
      const end = at + 2 + inner + closer.length
      push('placeholder', at, end)
      return end
    }
  }
  const tag = matchEnd(DOLLAR_TAG, sql, at)
  if (tag > at) {
    const close = sql.indexOf(sql.slice(at, tag), tag)
    return quoted('string', at, close < 0 ? -1 : close + tag - at, 'dollar-quoted string')
  }
  const parameter = matchEnd(PARAMETER, sql, at)
  push(parameter > at ? 'parameter' : 'stray', at, Math.max(parameter, at + 1))
  return Math.max(parameter, at + 1)
}

interface StringForm {
  readonly name: string
  readonly doubles: boolean
  readonly escapes: boolean
}
const PLAIN_STRING: StringForm = { name: 'quoted string', doubles: true, escapes: false }
const STRING_FORMS: Readonly<Record<string, StringForm>> = {
  e: { name: 'quoted string', doubles: true, escapes: true },
  b: { name: 'bit string literal', doubles: false, escapes: false },
  x: { name: 'hexadecimal string literal', doubles: false, escapes: false },
}

/** The end of a string whose opening quote is at `open`, or -1. A string goes on after a line end, in the same form. */
function endOfString(sql: string, open: number, form: StringForm): number {
  let at = open + 1
  for (;;) {
    const quote = form.escapes ? nextUnescapedQuote(sql, at) : sql.indexOf("'", at)
    if (quote < 0) return -1
    if (form.doubles && sql.charCodeAt(quote + 1) === QUOTE) {
      at = quote + 2
      continue
    }
    const next = continuation(sql, quote + 1)
    if (next < 0) return quote + 1
    at = next + 1
  }
}

function nextUnescapedQuote(sql: string, from: number): number {
  for (let at = from; at < sql.length; at++) {
    const unit = sql.charCodeAt(at)
    if (unit === QUOTE) return at
    if (unit === BACKSLASH) at++
  }
  return -1
}

/** The quote that continues a string: only white space with a line end, or line comments, may stand between. */
function continuation(sql: string, from: number): number {
  let lines = 0
  for (let at = from; at < sql.length; at++) {
    const unit = sql.charCodeAt(at)
    if (unit === NEWLINE || unit === RETURN) lines++
    else if (unit === QUOTE) return lines > 0 ? at : -1
    else if (unit === MINUS && sql.charCodeAt(at + 1) === MINUS) at = endOfLine(sql, at) - 1
    else if (unit !== SPACE && !(unit >= TAB && unit <= RETURN)) return -1
  }
  return -1
}

function endOfQuoted(sql: string, open: number, quote: number): number {
  const mark = String.fromCharCode(quote)
  for (let at = sql.indexOf(mark, open + 1); at >= 0; at = sql.indexOf(mark, at + 2)) {
    if (sql.charCodeAt(at + 1) !== quote) return at + 1
  }
  return -1
}

/** Block comments nest. */
function endOfComment(sql: string, open: number): { readonly end: number; readonly depth: number } {
  let depth = 0
  let deepest = 0
  for (let at = open; at < sql.length; at++) {
    const unit = sql.charCodeAt(at)
    if (unit === SLASH && sql.charCodeAt(at + 1) === STAR) {
      deepest = Math.max(deepest, ++depth)
      at++
    } else if (unit === STAR && sql.charCodeAt(at + 1) === SLASH) {
      at++
      if (--depth === 0) return { end: at + 1, depth: deepest }
    }
  }
  return { end: -1, depth: deepest }
}

/** How much of a run of operator characters is one operator: none holds a comment's start, few end in a sign. */
function operatorLength(run: string): number {
  const comment = run.search(/\/\*|--/)
  let length = comment < 0 ? run.length : comment
  if (length > 1 && !/[~!@#^&|`?%]/.test(run.slice(0, length))) {
    while (length > 1 && /[-+]/.test(run[length - 1] ?? '')) length--
  }
  return length
}

/** Data lines end with a line of their own that holds `\.`, which belongs to them, or with the text. */
function endOfCopyData(sql: string, from: number): number {
  const END_OF_DATA = /^\\\.\r?$/gm
  END_OF_DATA.lastIndex = from
  const found = END_OF_DATA.exec(sql)
  return found === null ? sql.length : found.index + found[0].length
}

function endOfLine(sql: string, from: number): number {
  let at = from
  while (at < sql.length && sql.charCodeAt(at) !== NEWLINE && sql.charCodeAt(at) !== RETURN) at++
  return at
}

function nextLine(sql: string, from: number): number {
  const end = sql.indexOf('\n', from)
  return end < 0 ? sql.length : end + 1
}

/** The quote of `U&'…'` or `U&"…"` that begins at `at`, or -1. */
function unicodeQuote(sql: string, at: number): number {
  const unit = sql.charCodeAt(at)
  if ((unit !== 85 && unit !== 117) || sql[at + 1] !== '&') return -1
  const quote = sql.charCodeAt(at + 2)
  return quote === QUOTE || quote === DOUBLE_QUOTE ? at + 2 : -1
}

function isWordStart(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || unit >= 128
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57
}

const OPERATOR_START = new Uint8Array(65536)
for (const sign of '-~!@#^&|`?+*/%<>=') OPERATOR_START[sign.charCodeAt(0)] = 1

function matchEnd(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(sql) ? pattern.lastIndex : at
}

/** UTF-16 offsets to byte offsets, for questions that only ever go forward. */
function byteCursor(sql: string): (unit: number) => number {
  if (/^[\x00-\x7f]*$/.test(sql)) return (unit) => unit
  let at = 0
  let byte = 0
  return (unit) => {
    for (; at < unit; at++) {
      const code = sql.charCodeAt(at)
      // Each half of a surrogate pair stands for two of the four bytes.
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code <= 0xdfff ? 2 : 3
    }
    return byte
  }
}
