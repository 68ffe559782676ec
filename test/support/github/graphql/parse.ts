/** A field of a query, with what is asked of it. */
export interface Field {
  readonly alias: string
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
  /** Null for a leaf. */
  readonly fields: readonly Field[] | null
  /** The type that a fragment limits it to. */
  readonly on: string | null
}

export interface Operation {
  readonly kind: 'query' | 'mutation'
  readonly fields: readonly Field[]
}

/** The words are not GraphQL, or more of it than is understood here: named fragments and directives are not. */
export class SyntaxProblem extends Error {}

const TOKEN = /\s*(?:#.*\n\s*)*("(?:[^"\\]|\\.)*"|\.\.\.|\$?\w+|-?\d+|[{}()[\]:,!=])\s*,?/y

/** Reads one operation, with its variables put in. */
export function parseOperation(text: string, variables: Readonly<Record<string, unknown>>): Operation {
  const tokens = new Tokens(text)
  const named = ['query', 'mutation'].includes(tokens.next ?? '')
  const kind = named ? (tokens.take() as Operation['kind']) : 'query'
  // The operation's own name says nothing.
  if (named && !['{', '('].includes(tokens.next ?? '')) tokens.take()
  const values = tokens.next === '(' ? declared(tokens, variables) : {}
  const operation = { kind, fields: selection(tokens, values, null) }
  if (tokens.next !== null) throw new SyntaxProblem(`unexpected ${tokens.next}`)
  return operation
}

class Tokens {
  readonly #tokens: string[] = []
  #at = 0

  constructor(text: string) {
    const pattern = new RegExp(TOKEN)
    const end = text.trimEnd().length
    while (pattern.lastIndex < end) {
      const from = pattern.lastIndex
      const token = pattern.exec(text)?.[1]
      if (token === undefined) throw new SyntaxProblem(`cannot read ${text.slice(from, from + 20)}`)
      this.#tokens.push(token)
    }
  }

  get next(): string | null {
    return this.#tokens[this.#at] ?? null
  }

  take(expected?: string): string {
    const token = this.#tokens[this.#at++]
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new SyntaxProblem(`expected ${expected ?? 'more'}, found ${token ?? 'the end'}`)
    }
    return token
  }
}

function declared(tokens: Tokens, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  tokens.take('(')
  while (tokens.next !== ')') {
    const name = tokens.take().slice(1)
    tokens.take(':')
    const required = type(tokens)
    const fallback = tokens.next === '=' ? (tokens.take('='), value(tokens, {})) : undefined
    values[name] = given[name] ?? fallback ?? null
    if (required && values[name] === null) throw new SyntaxProblem(`Variable $${name} was provided invalid value`)
  }
  tokens.take(')')
  return values
}

/** Reads a type; whether it may not be null. */
function type(tokens: Tokens): boolean {
  if (tokens.take() === '[') {
    type(tokens)
    tokens.take(']')
  }
  if (tokens.next !== '!') return false
  tokens.take('!')
  return true
}

function selection(tokens: Tokens, values: Readonly<Record<string, unknown>>, on: string | null): readonly Field[] {
  const fields: Field[] = []
  tokens.take('{')
  while (tokens.next !== '}') {
    if (tokens.next === '...') {
      tokens.take('...')
      tokens.take('on')
      fields.push(...selection(tokens, values, tokens.take()))
      continue
    }
    const first = tokens.take()
    const name = tokens.next === ':' ? (tokens.take(':'), tokens.take()) : first
    const args = tokens.next === '(' ? object(tokens, values, '(', ')') : {}
    fields.push({ alias: first, name, args, on, fields: tokens.next === '{' ? selection(tokens, values, null) : null })
  }
  tokens.take('}')
  return fields
}

function object(
  tokens: Tokens,
  values: Readonly<Record<string, unknown>>,
  open: string,
  close: string,
): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  tokens.take(open)
  while (tokens.next !== close) {
    const name = tokens.take()
    tokens.take(':')
    found[name] = value(tokens, values)
  }
  tokens.take(close)
  return found
}

function value(tokens: Tokens, values: Readonly<Record<string, unknown>>): unknown {
  if (tokens.next === '{') return object(tokens, values, '{', '}')
  const token = tokens.take()
  if (token === '[') {
    const list: unknown[] = []
    while (tokens.next !== ']') list.push(value(tokens, values))
    tokens.take(']')
    return list
  }
  if (token.startsWith('$')) {
    if (!(token.slice(1) in values)) throw new SyntaxProblem(`Variable ${token} is not declared`)
    return values[token.slice(1)]
  }
  if (token.startsWith('"')) return JSON.parse(token) as string
  if (/^-?\d+$/.test(token)) return Number(token)
  return { true: true, false: false, null: null }[token] ?? token
}
