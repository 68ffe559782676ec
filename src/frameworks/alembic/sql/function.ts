import { describe, type Value, type ValueOf } from '../python/value.js'
import { parameters, type Translation } from '../translation.js'
import { INTEGER, NO_TYPE, OTHER, STRING, type DataType } from './data-type.js'
import { dataType } from './value-type.js'
import { element, grouped, verbatim, type Element, type Scope, readBy } from './element.js'
import { condition, expressionOf, expressionsOf } from './expression.js'
import { COMMA } from './operators.js'

/** The functions of the standard that are written without parentheses. */
const BARE = [
  'current_date',
  'current_time',
  'current_timestamp',
  'current_user',
  'localtime',
  'localtimestamp',
  'session_user',
  'user',
]

const NAME = /^sqlalchemy(?:\.\w+)*?\.func(?:tions)?\.(?:func\.)?(\w+(?:\.\w+)*)$/

/** The name of a function that `sa.func` calls; null for anything else. */
export function functionName(value: Value): string | null {
  return value.kind === 'call' ? (NAME.exec(value.path)?.[1] ?? null) : null
}

/** `sa.func.f(…)`; null for anything else. */
export function callOf(value: Value, translation: Translation): Element | null {
  const name = functionName(value)
  if (name === null || value.kind !== 'call') return null
  const given = parameters(value, { rest: true, keywords: ['type_', 'order_by'], ignored: /^_/ }, translation)
  if (given.has('order_by')) translation.problem(`the parameter order_by of ${name}() is not understood`)
  const declared = given.value('type_')
  const parts = given.rest.map((part) => grouped(expressionOf(part, translation), COMMA))
  const short = name.slice(name.lastIndexOf('.') + 1)
  const type = declared === undefined ? resultOf(name.toLowerCase(), parts) : dataType(declared, translation)
  const write = writing(name, parts)
  return element(write, {
    type,
    reads: readBy(parts),
    title: { kind: 'made-up', base: BARE.includes(short.toLowerCase()) ? short.toLowerCase() : short },
  })
}

function writing(name: string, parts: readonly Element[]): (scope: Scope) => string {
  const lower = name.toLowerCase()
  const list = (scope: Scope): string => parts.map((part) => part.write(scope)).join(', ')
  if (BARE.includes(lower))
    return (scope) => (parts.length === 0 ? lower.toUpperCase() : `${lower.toUpperCase()}(${list(scope)})`)
  if (lower === 'count' && parts.length === 0) return () => `${name}(*)`
  if (lower === 'pow') return (scope) => `power(${list(scope)})`
  if (lower === 'aggregate_strings') return (scope) => `string_agg(${list(scope)})`
  const [text, from, length] = parts
  if (lower === 'substring' && text !== undefined && from !== undefined && parts.length <= 3) {
    return (scope) =>
      `SUBSTRING(${text.write(scope)} FROM ${from.write(scope)}${length === undefined ? '' : ` FOR ${length.write(scope)}`})`
  }
  return (scope) => `${name}(${list(scope)})`
}

/** The type of what a function gives back, where SQLAlchemy knows it. */
function resultOf(name: string, parts: readonly Element[]): DataType {
  switch (name) {
    case 'count':
    case 'char_length':
      return INTEGER
    case 'concat':
    case 'aggregate_strings':
      return STRING
    case 'coalesce':
    case 'max':
    case 'min':
    case 'sum':
      return parts.find(({ type }) => type.kind !== 'none')?.type ?? NO_TYPE
    case 'now':
    case 'current_timestamp':
    case 'current_date':
      return OTHER
    default:
      return NO_TYPE
  }
}

/** What may follow a function: OVER, FILTER, WITHIN GROUP; null for any other method. */
export function windowOf(value: ValueOf<'method'>, inner: Element, translation: Translation): Element | null {
  switch (value.name) {
    case 'over': {
      const order = ['partition_by', 'order_by', 'range_', 'rows', 'groups']
      const given = parameters(value, { order }, translation)
      const list = (name: string): readonly Element[] => listed(given.value(name), translation)
      const [partition, sorted] = [list('partition_by'), list('order_by')]
      const frames = (['rows', 'range_', 'groups'] as const).flatMap((name) => {
        const frame = given.value(name)
        return frame === undefined
          ? []
          : [`${name.replace('_', '').toUpperCase()} BETWEEN ${frameSql(frame, translation)}`]
      })
      const write = (scope: Scope): string => {
        const all = (parts: readonly Element[]): string => parts.map((part) => part.write(scope)).join(', ')
        const clauses = [
          ...(partition.length === 0 ? [] : [`PARTITION BY ${all(partition)}`]),
          ...(sorted.length === 0 ? [] : [`ORDER BY ${all(sorted)}`]),
          ...frames,
        ]
        return `${inner.write(scope)} OVER (${clauses.join(' ')})`
      }
      return derivedFrom(inner, write, [...partition, ...sorted])
    }
    case 'filter': {
      const where = condition(value.positional, translation)
      return derivedFrom(inner, (scope) => `${inner.write(scope)} FILTER (WHERE ${where.write(scope)})`, [where])
    }
    case 'within_group': {
      const sorted = expressionsOf(value.positional, translation)
      const write = (scope: Scope): string =>
        `${inner.write(scope)} WITHIN GROUP (ORDER BY ${sorted.map((part) => part.write(scope)).join(', ')})`
      return { ...derivedFrom(inner, write, sorted), title: inner.title }
    }
    default:
      return null
  }
}

function derivedFrom(inner: Element, write: Element['write'], more: readonly Element[]): Element {
  return element(write, {
    type: inner.type,
    reads: readBy([inner, ...more]),
    title: { kind: 'made-up', base: 'anon' },
  })
}

function listed(value: Value | undefined, translation: Translation): readonly Element[] {
  if (value === undefined) return []
  return expressionsOf(value.kind === 'list' ? value.items : [value], translation)
}

/** `(None, 0)`: from the beginning to the current row. */
function frameSql(value: Value, translation: Translation): string {
  const [from, to, more] = value.kind === 'list' ? value.items : []
  if (from === undefined || to === undefined || more !== undefined) return translation.problem(describe(value))
  const bound = (side: Value, open: string): string => {
    if (side.kind === 'none') return `UNBOUNDED ${open}`
    if (side.kind !== 'number' || !/^-?\d+$/.test(side.text)) return translation.problem(describe(side))
    const count = Number(side.text)
    return count === 0 ? 'CURRENT ROW' : `${Math.abs(count)} ${count < 0 ? 'PRECEDING' : 'FOLLOWING'}`
  }
  return `${bound(from, 'PRECEDING')} AND ${bound(to, 'FOLLOWING')}`
}

/** `sequence.next_value()`. */
export function nextValue(sequence: string): Element {
  return verbatim(`nextval('${sequence.replaceAll("'", "''")}')`, { title: { kind: 'made-up', base: 'next_value' } })
}
