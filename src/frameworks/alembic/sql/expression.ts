import { describe, type Value, type ValueOf } from '../python/value.js'
import { argumentsOf, type Translation } from '../translation.js'
import { operated } from './comparison.js'
import { INTEGER, NO_TYPE, STRING, typeOfSql, type DataType } from './data-type.js'
import { binary, FALSE, grouped, newScope, NULL, parenthesized, TRUE, verbatim, type Element } from './element.js'
import { columnOfFrom, fromOf } from './from.js'
import { callOf, nextValue } from './function.js'
import { identifier } from './identifier.js'
import { constantOr } from './literal.js'
import { made } from './made.js'
import { itemOf, methodOf } from './method.js'
import * as operators from './operators.js'
import { exists, queryOf, scalar } from './query.js'
import { remembering } from './remember.js'
import { sequenceName } from './sequence.js'
import { textElement } from './text.js'

/** SQL of an expression that speaks of no table: a default, a condition, a key of an index. */
export function bareSql(inner: Element, translation: Translation): string {
  return inner.write(newScope(translation, false))
}

/** An expression in SQLAlchemy's terms; a plain value becomes a literal of the type beside it. */
export function expressionOf(value: Value, translation: Translation, beside: DataType = NO_TYPE): Element {
  if (value.kind === 'none') return NULL
  const known = elementOf(value, translation)
  if (known !== null) return known
  if (value.kind === 'list' && beside.kind !== 'array' && beside.kind !== 'json' && beside.kind !== 'jsonb')
    return failed(value, translation)
  return literalOf(value, coerced(value, beside), translation)
}

export function expressionsOf(values: readonly Value[], translation: Translation): readonly Element[] {
  return values.map((value) => expressionOf(value, translation))
}

/** A literal: the type is that of its neighbour where SQLAlchemy takes it over. */
export function literalOf(value: Value, type: DataType, translation: Translation): Element {
  const sql = constantOr(value, type, translation)
  return verbatim(sql, { type: type.kind === 'none' ? ownType(value) : type, title: { kind: 'made-up', base: 'anon' } })
}

/** The type that a plain value has by itself. */
export function ownType(value: Value): DataType {
  if (value.kind === 'string') return STRING
  if (value.kind === 'number') return /^[-+]?\d+$/.test(value.text) ? INTEGER : typeOfSql('NUMERIC')
  return NO_TYPE
}

/** JSON, arrays and unknown types take a list or a dictionary in; whatever has a type of its own keeps it. */
function coerced(value: Value, beside: DataType): DataType {
  if (beside.unknown !== null || beside.members !== undefined) return beside
  return ['json', 'jsonb', 'array'].includes(beside.kind) && (value.kind === 'list' || value.kind === 'dict')
    ? beside
    : NO_TYPE
}

/** An expression where a plain value is one of a type. */
export function typed(value: Value, type: DataType, translation: Translation): Element {
  const known = elementOf(value, translation)
  const exact = ['json', 'jsonb', 'array'].includes(type.kind) || type.unknown !== null || type.members !== undefined
  return known ?? (exact ? literalOf(value, type, translation) : expressionOf(value, translation))
}

/** What fills a column of a type. */
export function filling(value: Value, type: DataType, translation: Translation): Element {
  return grouped(typed(value, type, translation), null)
}

function failed(value: Value, translation: Translation): Element {
  return verbatim(translation.problem(describe(value)))
}

/** Conditions joined with AND, as `where(…)` joins them. */
export function condition(values: readonly Value[], translation: Translation): Element {
  return joined(values, operators.AND, translation)
}

/** Conditions with one operator between them. */
export function joined(values: readonly Value[], operator: operators.Operator, translation: Translation): Element {
  const [skips, ends] = operator === operators.AND ? (['true', 'false'] as const) : (['false', 'true'] as const)
  const all = values.map((value) =>
    value.kind === 'boolean' ? (value.is ? TRUE : FALSE) : conditionOf(value, translation),
  )
  const end = all.find(({ constant }) => constant === ends)
  const rest = all.filter(({ constant }) => constant !== skips)
  const [first, ...more] = rest
  if (end !== undefined || first === undefined) return end ?? all[0] ?? failedEmpty(translation)
  return more.reduce((left, right) => binary(left, operator, right, typeOfSql('BOOLEAN')), first)
}

function failedEmpty(translation: Translation): Element {
  return verbatim(translation.problem('a condition is empty'))
}

/** A condition; a string is none, as SQLAlchemy refuses it. */
export function conditionOf(value: Value, translation: Translation): Element {
  return value.kind === 'string' || value.kind === 'number'
    ? failed(value, translation)
    : expressionOf(value, translation)
}

/** An expression that is no plain value; null for plain values and whatever is not understood. */
const elementOf = remembering((value, translation): Element | null => {
  switch (value.kind) {
    case 'call':
      return callOf(value, translation) ?? made(value, translation)
    case 'attribute':
      return attribute(value, translation)
    case 'item': {
      const column = memberOf(value.receiver, value.key.kind === 'string' ? value.key.text : null, translation)
      return column ?? itemOf(expressionOf(value.receiver, translation), value.key, translation)
    }
    case 'operator':
      return operated(value, translation)
    case 'method':
      return method(value, translation)
    default:
      return null
  }
})

function method(value: ValueOf<'method'>, translation: Translation): Element | null {
  const text = textElement(value, translation)
  if (text !== null) return text
  const query = queryOf(value, translation)
  if (query !== null) return parenthesized(scalar(query))
  const existing = exists(value, translation)
  if (existing !== null) return existing
  if (value.name === 'next_value') {
    const sequence = sequenceName(value.receiver, translation)
    return sequence === null ? null : nextValue(sequence)
  }
  return methodOf(value, translation)
}

/** `table.c.name`, `insert.excluded.name`, `json["key"].astext`. */
function attribute(value: ValueOf<'attribute'>, translation: Translation): Element | null {
  const column = memberOf(value.receiver, value.name, translation)
  if (column !== null) return column
  if (value.name === 'astext') return methodOf({ ...value, kind: 'method', ...argumentsOf(value) }, translation)
  return null
}

/** A column by the collection that holds it, such as `table.c`; null when the value is no such collection. */
function memberOf(holder: Value, name: string | null, translation: Translation): Element | null {
  if (holder.kind !== 'attribute' || name === null) return null
  if (holder.name === 'c' || holder.name === 'columns') {
    const from = fromOf(holder.receiver, translation)
    return from === null ? null : columnOfFrom(from, name, translation)
  }
  if (holder.name === 'excluded') return verbatim(`excluded.${identifier(name)}`, { title: { kind: 'column', name } })
  return null
}
