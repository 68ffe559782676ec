import { describe, NONE, type Value, type ValueOf } from '../python/value.js'
import { parameters, sqlalchemyName, textOf, type Translation } from '../translation.js'
import { INTEGER, NO_TYPE, typeOfSql, type DataType } from './data-type.js'
import { dataType } from './value-type.js'
import {
  element,
  FALSE,
  grouped,
  negation,
  NULL,
  parenthesized,
  TRUE,
  verbatim,
  type Element,
  readBy,
} from './element.js'
import { conditionOf, expressionOf, typed, expressionsOf, joined, literalOf, ownType } from './expression.js'
import { callOf } from './function.js'
import { identifier } from './identifier.js'
import { constantOr } from './literal.js'
import { methodOf } from './method.js'
import * as operators from './operators.js'
import { exists, queryOf, scalar } from './query.js'
import { textElement } from './text.js'

/** Calls of `sa.…` that make an expression. */
export function made(value: ValueOf<'call'>, translation: Translation): Element | null {
  const { positional } = value
  const [first, second] = positional
  const only = first !== undefined && second === undefined ? first : undefined
  switch (sqlalchemyName(value)) {
    case 'text':
    case 'TextClause':
      return textElement(value, translation)
    case 'literal_column': {
      const given = parameters(value, { order: ['text', 'type_'] }, translation)
      const text = given.string('text')
      return verbatim(text, { type: dataType(given.value('type_'), translation) })
    }
    case 'column': {
      const given = parameters(value, { order: ['text', 'type_', 'is_literal'] }, translation)
      const name = given.string('text')
      const sql = given.flag('is_literal') === true ? name : identifier(name)
      return verbatim(sql, { type: dataType(given.value('type_'), translation), title: { kind: 'column', name } })
    }
    case 'Column':
      return first === undefined ? null : verbatim(identifier(textOf(first, translation)))
    case 'literal':
    case 'bindparam': {
      const order = sqlalchemyName(value) === 'literal' ? ['value', 'type_'] : ['key', 'value', 'type_']
      const keywords = ['literal_execute', 'unique', 'expanding', 'required']
      const given = parameters(value, { order, keywords }, translation)
      const type = dataType(given.value('type_'), translation)
      return element(
        (scope) => {
          const key = given.value('key')
          const set = key?.kind === 'string' ? scope.statement.parameters.get(key.text) : undefined
          const written = set ?? (given.has('value') ? (given.value('value') ?? NONE) : undefined)
          if (written === undefined) return translation.problem('a value is asked for that is not there')
          return constantOr(written, type, translation)
        },
        { type: given.has('type_') ? type : ownType(given.value('value') ?? value) },
      )
    }
    case 'inline_literal':
      return null
    case 'true':
      return TRUE
    case 'false':
      return FALSE
    case 'null':
      return NULL
    case 'and_':
      return joined(positional, operators.AND, translation)
    case 'or_':
      return joined(positional, operators.OR, translation)
    case 'not_':
      return only === undefined ? null : negation(conditionOf(only, translation))
    case 'cast':
    case 'try_cast':
      return castOf(value, translation)
    case 'type_coerce': {
      const given = parameters(value, { order: ['expression', 'type_'] }, translation)
      const type = dataType(given.value('type_'), translation)
      const inner = given.value('expression')
      return inner === undefined ? null : { ...expressionOf(inner, translation, type), type }
    }
    case 'extract': {
      const given = parameters(value, { order: ['field', 'expr'] }, translation)
      const of = given.value('expr')
      if (of === undefined) return null
      const inner = expressionOf(of, translation)
      return element((scope) => `EXTRACT(${given.string('field')} FROM ${inner.write(scope)})`, {
        reads: inner.reads,
        type: INTEGER,
      })
    }
    case 'case':
      return caseOf(value, translation)
    case 'tuple_': {
      const parts = expressionsOf(positional, translation)
      return element((scope) => `(${parts.map((part) => part.write(scope)).join(', ')})`, {
        reads: readBy(parts),
      })
    }
    case 'array':
      return arrayOf(value, translation)
    case 'exists':
      return exists(value, translation)
    case 'aggregate_order_by': {
      const [target, ...order] = positional.map((part) => expressionOf(part, translation))
      if (target === undefined || order.length === 0) return null
      return element(
        (scope) => `${target.write(scope)} ORDER BY ${order.map((part) => part.write(scope)).join(', ')}`,
        { reads: readBy([target, ...order]) },
      )
    }
    case 'array_agg':
      return callOf({ ...value, path: 'sqlalchemy.func.array_agg' }, translation)
    case 'Any':
    case 'All':
    case 'any_':
    case 'all_':
    case 'desc':
    case 'asc':
    case 'nulls_first':
    case 'nullsfirst':
    case 'nulls_last':
    case 'nullslast':
    case 'distinct':
    case 'between':
    case 'collate': {
      if (first === undefined) return null
      const name = (sqlalchemyName(value) ?? '').replace(/^(Any|All)$/, (word) => `${word.toLowerCase()}_`)
      return methodOf({ ...value, kind: 'method', receiver: first, name, positional: positional.slice(1) }, translation)
    }
    case 'select':
    case 'union':
    case 'union_all':
    case 'intersect':
    case 'except_': {
      const query = queryOf(value, translation)
      return query === null ? null : parenthesized(scalar(query))
    }
    default:
      break
  }
  return value.path === 'alembic.op.inline_literal' ? inlineLiteral(value, translation) : null
}

/** `op.inline_literal(value, type_)`. */
export function inlineLiteral(value: ValueOf<'call' | 'method'>, translation: Translation): Element {
  const given = parameters(value, { order: ['value', 'type_'] }, translation)
  return literalOf(given.value('value') ?? NONE, dataType(given.value('type_'), translation), translation)
}

function castOf(value: ValueOf<'call'>, translation: Translation): Element | null {
  const given = parameters(value, { order: ['expression', 'type_'] }, translation)
  const [of, type] = [given.value('expression'), given.value('type_')]
  const target = dataType(type, translation)
  if (type === undefined) return null
  if (target.unknown !== null) translation.problem(target.unknown)
  return cast(of === undefined ? NULL : typed(of, target, translation), target)
}

/** `CAST(… AS type)`. */
export function cast(inner: Element, type: DataType): Element {
  const { title } = inner
  const named = title.kind === 'column' || title.kind === 'label' || title.kind === 'wrapped'
  return element((scope) => `CAST(${inner.write(scope)} AS ${type.sql})`, {
    type,
    reads: inner.reads,
    title: named
      ? { kind: 'wrapped', name: title.name }
      : title.kind === 'none'
        ? { kind: 'made-up', base: 'anon' }
        : title,
  })
}

/** `sa.case((condition, result), …, else_=…)`, in its old form with a list, and with a dictionary. */
function caseOf(value: ValueOf<'call'>, translation: Translation): Element | null {
  const given = parameters(value, { rest: true, keywords: ['value', 'else_', 'whens'] }, translation)
  const whensGiven = given.value('whens')
  const all = whensGiven === undefined ? given.rest : [whensGiven]
  const [first] = all
  const subject = given.value('value')
  const pairs: (readonly [Value, Value])[] = []
  const nested = first?.kind === 'list' && first.items.every(({ kind }) => kind === 'list') && all.length === 1
  const whens = nested ? first.items : all
  if (first?.kind === 'dict') pairs.push(...first.entries.map(({ key, value }) => [key, value] as const))
  else
    for (const when of whens) {
      const [test, result, more] = when.kind === 'list' ? when.items : []
      if (test === undefined || result === undefined || more !== undefined)
        return verbatim(translation.problem(describe(when)))
      pairs.push([test, result])
    }
  const on = subject === undefined ? null : expressionOf(subject, translation)
  const results = pairs.map(([, result]) => expressionOf(result, translation))
  const tests = pairs.map(([test]) => {
    const inner = on === null ? conditionOf(test, translation) : expressionOf(test, translation, on.type)
    return grouped(inner, null)
  })
  const otherwise = given.value('else_')
  const last = otherwise === undefined ? null : expressionOf(otherwise, translation)
  const parts = [...(on === null ? [] : [on]), ...tests, ...results, ...(last === null ? [] : [last])]
  return element(
    (scope) =>
      [
        `CASE${on === null ? '' : ` ${on.write(scope)}`}`,
        ...tests.map((test, index) => `WHEN ${test.write(scope)} THEN ${results[index]?.write(scope) ?? ''}`),
        ...(last === null ? [] : [`ELSE ${last.write(scope)}`]),
        'END',
      ].join(' '),
    {
      type: results.find(({ type }) => type.kind !== 'none')?.type ?? NO_TYPE,
      reads: readBy(parts),
    },
  )
}

/** `postgresql.array([…])`. */
function arrayOf(value: ValueOf<'call'>, translation: Translation): Element | null {
  const given = parameters(value, { order: ['clauses'], keywords: ['type_'] }, translation)
  const list = given.value('clauses')
  if (list?.kind !== 'list') return null
  const parts = expressionsOf(list.items, translation)
  const declared = given.value('type_')
  const item = declared === undefined ? (parts[0]?.type ?? NO_TYPE) : dataType(declared, translation)
  const type = typeOfSql(`${item.sql}[]`)
  return element(
    (scope) =>
      `ARRAY[${parts.map((part) => part.write(scope)).join(', ')}]${parts.length === 0 && item.sql !== '' ? `::${type.sql}` : ''}`,
    { type, reads: readBy(parts) },
  )
}
