/** What stands between two braces of a configuration in HCL, or in the whole of it. */
export interface HclBody {
  readonly attributes: ReadonlyMap<string, HclValue>
  readonly blocks: readonly HclBlock[]
}

/** `type "label" { … }` */
export interface HclBlock extends HclBody {
  readonly type: string
  readonly labels: readonly string[]
  /** One-based. */
  readonly line: number
}

/** What an attribute is set to: `text` where that is one quoted text or one bare word, null where it is computed. */
export interface HclValue {
  readonly text: string | null
  /** One-based. */
  readonly line: number
}

/** Why a text is not read, and in which line, from 1. */
export interface HclProblem {
  readonly problem: string
  readonly line: number
}

const LONGEST = 256 * 1024
const DEEPEST = 20

interface Token {
  readonly kind: 'word' | 'text' | 'sign' | 'line'
  /** Of a text: what it says, null where it holds a template. */
  readonly text: string | null
  readonly line: number
}

class Unread extends Error {
  readonly line: number

  constructor(problem: string, line: number) {
    super(problem)
    this.line = line
  }
}

/**
 * Reads blocks and attributes as https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md has them, and of expressions those
 * alone that are one literal. Nothing is computed.
 */
export function readHcl(text: string): HclBody | HclProblem {
  try {
    if (text.length > LONGEST) throw new Unread('it is too long', 1)
    const tokens = tokensOf(text)
    const [body, end] = bodyAt(tokens, 0, 0)
    const rest = tokens[end]
    if (rest !== undefined) throw new Unread('a brace is closed that was not opened', rest.line)
    return body
  } catch (error) {
    if (!(error instanceof Unread)) throw error
    return { problem: error.message, line: error.line }
  }
}

/** The body from a token on, and the place of the brace that ends it, or the end. */
function bodyAt(tokens: readonly Token[], from: number, depth: number): readonly [HclBody, number] {
  const attributes = new Map<string, HclValue>()
  const blocks: HclBlock[] = []
  let at = from
  for (let token = tokens[at]; token !== undefined && !isSign(token, '}'); token = tokens[at]) {
    if (token.kind === 'line') {
      at += 1
      continue
    }
    if (token.kind !== 'word') throw new Unread('a name is missing', token.line)
    const name = token.text ?? ''
    if (isSign(tokens[at + 1], '=')) {
      const end = endOfValue(tokens, at + 2)
      const [first, more] = tokens.slice(at + 2, end)
      if (first === undefined) throw new Unread('a value is missing', token.line)
      const literal = more === undefined && (first.kind === 'text' || first.kind === 'word')
      if (attributes.has(name)) throw new Unread(`${name} is set twice`, token.line)
      attributes.set(name, { text: literal ? first.text : null, line: token.line })
      at = end
      continue
    }
    let brace = at + 1
    while (tokens[brace]?.kind === 'text' || tokens[brace]?.kind === 'word') brace += 1
    if (!isSign(tokens[brace], '{')) throw new Unread('a brace or an equals sign is missing', token.line)
    if (depth >= DEEPEST) throw new Unread('it is nested too deep', token.line)
    const [body, end] = bodyAt(tokens, brace + 1, depth + 1)
    if (tokens[end] === undefined) throw new Unread('a brace is not closed', token.line)
    const labels = tokens.slice(at + 1, brace).map((label) => label.text ?? '')
    blocks.push({ ...body, type: name, labels, line: token.line })
    at = end + 1
  }
  return [{ attributes, blocks }, at]
}

/** Where a value ends: at the end of its line or of the block around it, but for what its own brackets hold. */
function endOfValue(tokens: readonly Token[], from: number): number {
  let open = 0
  let at = from
  for (let token = tokens[at]; token !== undefined; token = tokens[++at]) {
    if (open === 0 && (token.kind === 'line' || isSign(token, '}'))) break
    if (token.kind !== 'sign') continue
    if ('([{'.includes(token.text ?? '')) open += 1
    else if (')]}'.includes(token.text ?? '')) open -= 1
  }
  return at
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign
}

const PATTERNS = {
  blank: /[ \t\r]+|#[^\n]*|\/\/[^\n]*/y,
  line: /\n/y,
  word: /[\p{L}_][\p{L}\p{N}_-]*|\d[\w.]*/uy,
  text: /"(?:[^"\\\n]|\\[^\n])*"/y,
  heredoc: /<<-?([A-Za-z_]\w*)[ \t]*\r?\n/y,
  sign: /[^\s"]/uy,
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let [at, line] = [0, 1]
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  while (at < text.length) {
    const begun = line
    if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2)
      if (end < 0) throw new Unread('a comment is not ended', line)
      line += count(text.slice(at, end))
      at = end + 2
      continue
    }
    const blank = take(PATTERNS.blank)
    const heredoc = blank === null ? take(PATTERNS.heredoc) : null
    const quoted = blank === null && heredoc === null ? take(PATTERNS.text) : null
    if (blank !== null) line += count(blank[0])
    else if (heredoc !== null) {
      const end = new RegExp(`^[ \\t]*${heredoc[1]}[ \\t]*\\r?$`, 'm').exec(text.slice(at))
      if (end === null) throw new Unread('a heredoc is not ended', line)
      line += 1 + count(text.slice(at, at + end.index))
      at += end.index + end[0].length
      tokens.push({ kind: 'text', text: null, line: begun })
    } else if (quoted !== null) tokens.push({ kind: 'text', text: said(quoted[0]), line })
    else if (take(PATTERNS.line) !== null) tokens.push({ kind: 'line', text: null, line: line++ })
    else {
      const word = take(PATTERNS.word)
      const sign = word === null ? take(PATTERNS.sign) : null
      const [found = null] = word ?? sign ?? []
      if (found === null) throw new Unread('a quote is not closed in its line', line)
      tokens.push({ kind: word === null ? 'sign' : 'word', text: found, line })
    }
  }
  return tokens
}

/** What a quoted text says; null where it holds a template or an escape that is more than a quote or a backslash. */
function said(quoted: string): string | null {
  const inner = quoted.slice(1, -1)
  return /[$%]\{|\\[^"\\]/.test(inner) ? null : inner.replace(/\\(.)/g, '$1')
}

function count(text: string): number {
  return text.split('\n').length - 1
}
