import type { Value, ValueOf } from '../python/value.js'
import { sqlalchemyName, type Translation } from '../translation.js'
import { BOOLEAN, NO_TYPE, type DataType } from './data-type.js'
import { element, mayWrite, type Element, type Scope } from './element.js'
import { condition } from './expression.js'
import { identifier } from './identifier.js'
import * as operators from './operators.js'
import { remembering } from './remember.js'
import { selectOf } from './select.js'

/** Where a query stands: alone, in FROM, behind LATERAL, or inside an expression. */
export type Place = 'alone' | 'from' | 'lateral' | 'inside'

/** A SELECT, or several of them in a UNION. */
export interface Query {
  readonly key: object
  readonly write: (scope: Scope, place: Place) => string
  /** What it gives, by the names under which a statement around it finds them. */
  readonly columns: readonly { readonly name: string; readonly type: DataType }[]
  /** Whether it needs parentheses inside a UNION. */
  readonly ends: boolean
}

const UNIONS: Readonly<Record<string, string | undefined>> = {
  union: 'UNION',
  union_all: 'UNION ALL',
  intersect: 'INTERSECT',
  intersect_all: 'INTERSECT ALL',
  except_: 'EXCEPT',
  except_all: 'EXCEPT ALL',
}

/** Reads a SELECT or a UNION; null for anything else. */
export const queryOf = remembering((value, translation): Query | null => {
  if (
    value.kind === 'method' &&
    (value.name === 'scalar_subquery' || value.name === 'as_scalar' || value.name === 'self_group')
  )
    return queryOf(value.receiver, translation)
  return unionOf(value, translation) ?? selectOf(value, translation)
})

function unionOf(value: Value, translation: Translation): Query | null {
  if (value.kind !== 'call' && value.kind !== 'method') return null
  const name = value.kind === 'call' ? sqlalchemyName(value) : value.name
  const word = name === null ? undefined : UNIONS[name]
  if (word === undefined) {
    if (value.kind !== 'method') return null
    const inner = unionOf(value.receiver, translation)
    return inner === null ? null : sorted(inner, value, translation)
  }
  const parts = [...(value.kind === 'method' ? [value.receiver] : []), ...value.positional]
  const queries = parts.flatMap((part) => queryOf(part, translation) ?? [])
  const [first] = queries
  if (first === undefined || queries.length !== parts.length) return null
  return {
    key: value.keywords,
    columns: first.columns,
    ends: true,
    write: (scope, place) => {
      if (!mayWrite(scope)) return ''
      return queries
        .map((query) => (query.ends ? `(${query.write(scope, place)})` : query.write(scope, place)))
        .join(` ${word} `)
    },
  }
}

/** ORDER BY, LIMIT and OFFSET of a UNION. */
function sorted(inner: Query, { name, positional }: ValueOf<'method'>, translation: Translation): Query | null {
  const texts = positional.map((part) => {
    if (name === 'order_by' && part.kind === 'string') return identifier(part.text)
    if ((name === 'limit' || name === 'offset') && part.kind === 'number') return part.text
    return null
  })
  if (texts.length === 0 || texts.includes(null)) return null
  const word = { order_by: 'ORDER BY', limit: 'LIMIT', offset: 'OFFSET' }[name]
  if (word === undefined) {
    translation.problem(`the method ${name} of a UNION is not understood`)
    return null
  }
  return { ...inner, ends: true, write: (scope, place) => `${inner.write(scope, place)} ${word} ${texts.join(', ')}` }
}

/** A query as an expression, without its parentheses. */
export function scalar(query: Query): Element {
  return element((scope) => query.write(scope, 'inside'), {
    type: query.columns[0]?.type ?? NO_TYPE,
    title: { kind: 'made-up', base: 'anon' },
  })
}

/** `sa.exists(…)`, `sa.exists().where(…)` and `select(…).exists()`; null for anything else. */
export function exists(value: Value, translation: Translation): Element | null {
  if (value.kind === 'method') {
    if (value.name === 'exists') {
      const query = queryOf(value.receiver, translation)
      return query === null ? null : existsOf((scope) => query.write(scope, 'inside'))
    }
    const chain: ValueOf<'method'>[] = []
    let root: Value = value
    while (root.kind === 'method') {
      chain.unshift(root)
      root = root.receiver
    }
    if (root.kind !== 'call' || sqlalchemyName(root) !== 'exists') return null
    return existsIn(root, chain, translation)
  }
  if (value.kind !== 'call' || sqlalchemyName(value) !== 'exists') return null
  return existsIn(value, [], translation)
}

/** The query that `exists` is about: what it is given, or a new one with the methods that follow. */
function existsIn(
  root: ValueOf<'call'>,
  chain: readonly ValueOf<'method'>[],
  translation: Translation,
): Element | null {
  const [first] = root.positional
  const given = first === undefined ? null : queryOf(first, translation)
  const methods = chain.filter(({ name }) => name !== 'self_group')
  if (given !== null && methods.length === 0) return existsOf((scope) => given.write(scope, 'inside'))
  let query: Value = given === null || first === undefined ? selecting(root) : first
  for (const method of methods) query = { ...method, receiver: query }
  const read = queryOf(query, translation)
  return read === null ? null : existsOf((scope) => read.write(scope, 'inside'))
}

function selecting(root: ValueOf<'call'>): Value {
  const star: Value = {
    kind: 'call',
    path: 'sqlalchemy.text',
    positional: [{ kind: 'string', text: '*' }],
    keywords: new Map(),
  }
  return { ...root, path: 'sqlalchemy.select', positional: root.positional.length === 0 ? [star] : root.positional }
}

function existsOf(write: (scope: Scope) => string): Element {
  return element((scope) => `EXISTS (${write(scope)})`, {
    operator: operators.EXISTS,
    type: BOOLEAN,
    title: { kind: 'made-up', base: 'anon' },
  })
}

/** What `where` and `having` say, joined with AND. */
export function allOf(conditions: readonly Value[], translation: Translation): Element | null {
  return conditions.length === 0 ? null : condition(conditions, translation)
}
