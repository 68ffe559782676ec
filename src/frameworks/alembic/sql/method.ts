import type { Value, ValueOf } from '../python/value.js'
import { parameters, sqlalchemyName, textOf, type Translation } from '../translation.js'
import { BOOLEAN, INTEGER, NO_TYPE, STRING, typeOfSql, type DataType } from './data-type.js'
import { dataType } from './value-type.js'
import { binary, element, grouped, parenthesized, verbatim, type Element, readBy } from './element.js'
import { constantSide, operatorElement } from './comparison.js'
import { expressionOf, literalOf } from './expression.js'
import { cast } from './made.js'
import { callOf, windowOf } from './function.js'
import { identifier } from './identifier.js'
import { literal } from './literal.js'
import * as operators from './operators.js'
import { queryOf } from './query.js'

type Pair = readonly [operators.Operator, operators.Operator]

const LIKES: Readonly<Record<string, Pair | undefined>> = {
  like: [operators.LIKE, operators.NOT_LIKE],
  not_like: [operators.NOT_LIKE, operators.LIKE],
  notlike: [operators.NOT_LIKE, operators.LIKE],
  ilike: [operators.ILIKE, operators.NOT_ILIKE],
  not_ilike: [operators.NOT_ILIKE, operators.ILIKE],
  notilike: [operators.NOT_ILIKE, operators.ILIKE],
}

const ORDERINGS: Readonly<Record<string, string | undefined>> = {
  asc: 'ASC',
  desc: 'DESC',
  nulls_first: 'NULLS FIRST',
  nullsfirst: 'NULLS FIRST',
  nulls_last: 'NULLS LAST',
  nullslast: 'NULLS LAST',
}

/** Methods that put a plain operator between an expression and their argument. */
const PLAIN: Readonly<Record<string, Pair | operators.Operator | undefined>> = {
  is_distinct_from: [operators.DISTINCT_FROM, operators.NOT_DISTINCT_FROM],
  isnot_distinct_from: [operators.NOT_DISTINCT_FROM, operators.DISTINCT_FROM],
  is_not_distinct_from: [operators.NOT_DISTINCT_FROM, operators.DISTINCT_FROM],
  bitwise_and: operators.BIT_AND,
  bitwise_or: operators.BIT_OR,
  bitwise_xor: operators.BIT_XOR,
  bitwise_lshift: operators.SHIFT_LEFT,
  bitwise_rshift: operators.SHIFT_RIGHT,
  has_key: operators.custom('?', 5, true),
  has_all: operators.custom('?&', 5, true),
  has_any: operators.custom('?|', 5, true),
  contained_by: operators.custom('<@', 5, true),
  overlap: operators.custom('&&', 5, true),
  overlaps: operators.custom('&&', 5, true),
  adjacent_to: operators.custom('-|-', 5, true),
  strictly_left_of: operators.custom('<<', 5, true),
  strictly_right_of: operators.custom('>>', 5, true),
  not_extend_right_of: operators.custom('&<', 5, true),
  not_extend_left_of: operators.custom('&>', 5, true),
  delete_path: operators.custom('#-', 15),
  path_exists: operators.custom('@?', 5, true),
  path_match: operators.custom('@@', 5, true),
}

const CONTAINS = operators.custom('@>', 5, true)

/** A method of an expression, such as `column.is_(None)`; null for one that is not understood. */
export function methodOf(value: ValueOf<'method'>, translation: Translation): Element | null {
  const { name, receiver, positional } = value
  if (name === '__call__') return called(value, translation)
  if (name === 'op' || name === 'bool_op') return null
  const [first] = positional
  const plain = PLAIN[name]
  if (plain !== undefined && first !== undefined && positional.length === 1 && value.keywords.size === 0) {
    const [operator, opposite] = Array.isArray(plain) ? (plain as Pair) : [plain as operators.Operator, null]
    return operatorElement(receiver, operator, opposite, first, translation)
  }
  if (name === 'any_' || name === 'all_') {
    const query = queryOf(receiver, translation)
    const inner = query === null ? expressionOf(receiver, translation) : null
    const write = inner === null ? expressionOf(receiver, translation).write : parenthesized(inner).write
    return element((scope) => `${name === 'any_' ? 'ANY' : 'ALL'} ${write(scope)}`, {
      reads: inner?.reads ?? [],
      collects: true,
    })
  }
  const inner = expressionOf(receiver, translation)
  const window = windowOf(value, inner, translation)
  if (window !== null) return window
  const likes = LIKES[name]
  if (likes !== undefined) return likeOf(value, inner, likes, translation)
  const ordering = ORDERINGS[name]
  if (ordering !== undefined && positional.length === 0) {
    return element((scope) => `${inner.write(scope)} ${ordering}`, { reads: inner.reads, title: inner.title })
  }
  switch (name) {
    case 'is_':
    case 'is_not':
    case 'isnot': {
      if (first === undefined) return null
      const pair =
        name === 'is_' ? ([operators.IS, operators.IS_NOT] as const) : ([operators.IS_NOT, operators.IS] as const)
      const right = constantSide(first) ?? expressionOf(first, translation)
      return binary(inner, pair[0], right, BOOLEAN, pair[1])
    }
    case 'in_':
    case 'not_in':
    case 'notin_':
      if (first?.kind === 'list' && first.items.length === 0 && sqlalchemyName(value.receiver) === 'tuple_')
        return verbatim(translation.problem('in_() of tuples and an empty list is not understood'))
      return first === undefined ? null : membership(inner, first, name !== 'in_', translation)
    case 'between': {
      const given = parameters(value, { order: ['cleft', 'cright'] }, translation)
      const sides = [given.value('cleft'), given.value('cright')].map((side) =>
        side === undefined
          ? verbatim(translation.problem('a side of between() is missing'))
          : expressionOf(side, translation, inner.type),
      )
      const pair = element((scope) => sides.map((side) => side.write(scope)).join(' AND '), {
        reads: readBy(sides),
      })
      return binary(inner, operators.BETWEEN, pair, BOOLEAN, operators.NOT_BETWEEN)
    }
    case 'startswith':
    case 'endswith':
    case 'contains':
    case 'istartswith':
    case 'iendswith':
    case 'icontains':
      return partly(value, inner, translation)
    case 'concat':
      return first === undefined
        ? null
        : binary(inner, operators.CONCAT, expressionOf(first, translation, STRING), STRING)
    case 'collate': {
      const collation =
        first === undefined ? translation.problem('the collation is missing') : textOf(first, translation)
      // A collation is a name of its own, quoted unless it is all lower case.
      return binary(inner, operators.COLLATE, verbatim(identifier(collation)), inner.type)
    }
    case 'distinct':
      return element((scope) => `DISTINCT ${inner.write(scope)}`, {
        operator: operators.DISTINCT,
        reads: inner.reads,
        type: inner.type,
        title: inner.title,
      })
    case 'label': {
      const label = first === undefined ? translation.problem('the label is missing') : textOf(first, translation)
      const own = { write: inner.write, operator: inner.operator, reads: inner.reads, type: inner.type }
      return { ...own, title: { kind: 'label', name: label } }
    }
    case 'cast':
      return first === undefined ? null : cast(inner, known(dataType(first, translation), translation))
    case 'match':
      return first === undefined || value.keywords.size > 0
        ? null
        : binary(inner, operators.TEXT_SEARCH, searched(first, translation), BOOLEAN)
    case 'regexp_match':
      return pattern(value, inner, translation)
    case 'regexp_replace': {
      const given = parameters(value, { order: ['pattern', 'replacement', 'flags'] }, translation)
      const parts = ['pattern', 'replacement', 'flags'].flatMap((part) => {
        const part_ = given.value(part)
        return part_ === undefined ? [] : [expressionOf(part_, translation)]
      })
      return element((scope) => `REGEXP_REPLACE(${[inner, ...parts].map((part) => part.write(scope)).join(', ')})`, {
        type: STRING,
        reads: readBy([inner, ...parts]),
      })
    }
    case 'any':
    case 'all': {
      if (first === undefined || inner.type.kind !== 'array') return null
      const item = expressionOf(first, translation, inner.type.item ?? NO_TYPE)
      const collection = element((scope) => `${name.toUpperCase()} (${inner.write(scope)})`, { reads: inner.reads })
      return binary(item, operators.EQUAL, collection, BOOLEAN)
    }
    case 'astext':
      return asText(inner)
    case 'as_string':
      return inner.item === undefined ? null : cast(asText(inner) ?? inner, STRING)
    case 'as_integer':
      return castText(inner, INTEGER)
    case 'as_float':
      return castText(inner, typeOfSql('FLOAT'))
    case 'as_boolean':
      return castText(inner, BOOLEAN)
    case 'as_json':
      return inner
    case 'scalar_subquery':
    case 'as_scalar':
      return null
    case 'self_group':
      return grouped(inner, null)
    case 'desc_op':
      return null
    default:
      return callOf(value, translation)
  }
}

/** `column.op('~')(other)`. */
function called(value: ValueOf<'method'>, translation: Translation): Element | null {
  const { receiver: op, positional } = value
  const [other] = positional
  if (op.kind !== 'method' || (op.name !== 'op' && op.name !== 'bool_op') || other === undefined) return null
  const order = ['opstring', 'precedence', 'is_comparison', 'return_type', 'python_impl']
  const given = parameters(op, { order }, translation)
  const precedence = given.value('precedence')
  const compares = op.name === 'bool_op' || given.flag('is_comparison') === true
  const number = precedence?.kind === 'number' ? Number(precedence.text) : 0
  const left = expressionOf(op.receiver, translation)
  const right = expressionOf(
    other,
    translation,
    left.type.kind === 'json' || left.type.kind === 'jsonb' ? NO_TYPE : left.type,
  )
  const type = given.has('return_type')
    ? dataType(given.value('return_type'), translation)
    : compares
      ? BOOLEAN
      : NO_TYPE
  return binary(left, operators.custom(given.string('opstring'), number, compares), right, type)
}

function known(type: DataType, translation: Translation): DataType {
  if (type.unknown !== null) translation.problem(type.unknown)
  return type
}

function likeOf(
  value: ValueOf<'method'>,
  inner: Element,
  [operator, opposite]: Pair,
  translation: Translation,
): Element {
  const given = parameters(value, { order: ['other'], keywords: ['escape'] }, translation)
  const other = given.value('other')
  const escape = given.optionalString('escape')
  const right =
    other === undefined
      ? verbatim(translation.problem('the pattern is missing'))
      : expressionOf(other, translation, STRING)
  return escaped(binary(inner, operator, right, BOOLEAN, opposite), escape)
}

function escaped(inner: Element, escape: string | null): Element {
  if (escape === null) return inner
  const { opposite } = inner
  return {
    ...inner,
    write: (scope) => `${inner.write(scope)} ESCAPE ${literal(escape)}`,
    ...(opposite === undefined ? {} : { opposite: () => escaped(opposite(), escape) }),
  }
}

/** `startswith` and its kin: LIKE with `%` on the other side; of arrays and JSON, `contains` is `@>`. */
function partly(value: ValueOf<'method'>, inner: Element, translation: Translation): Element | null {
  const { name } = value
  const given = parameters(value, { order: ['other'], keywords: ['autoescape', 'escape'] }, translation)
  const other = given.value('other')
  if (other === undefined) return null
  if (name === 'contains' && ['array', 'json', 'jsonb', 'hstore'].includes(inner.type.kind))
    return binary(inner, CONTAINS, expressionOf(other, translation, inner.type), BOOLEAN)
  const auto = given.flag('autoescape') === true
  const escape = given.optionalString('escape') ?? (auto ? '/' : null)
  const text =
    auto && other.kind === 'string'
      ? { ...other, text: other.text.replace(/[%_/]/g, (mark) => `${escape ?? '/'}${mark}`) }
      : other
  const percent = verbatim(literal('%'), { type: STRING })
  const middle = grouped(expressionOf(text, translation, STRING), operators.CONCAT)
  const parts = [
    ...(name.endsWith('startswith') ? [] : [percent]),
    middle,
    ...(name.endsWith('endswith') ? [] : [percent]),
  ]
  const right = element((scope) => parts.map((part) => part.write(scope)).join(' || '), {
    reads: middle.reads,
    type: STRING,
  })
  const [operator, opposite] = name.startsWith('i')
    ? ([operators.ILIKE, operators.NOT_ILIKE] as const)
    : ([operators.LIKE, operators.NOT_LIKE] as const)
  return escaped(binary(inner, operator, right, BOOLEAN, opposite), escape)
}

/**
 * `in_` a list or a query. Of an empty list SQLAlchemy writes a condition that is true or false by itself
 * (https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.ColumnOperators.in_).
 */
function membership(inner: Element, of: Value, not: boolean, translation: Translation): Element | null {
  const list = of.kind === 'list' ? of.items : null
  const query = list === null ? queryOf(of, translation) : null
  const isEmpty = list?.length === 0
  const right =
    list === null
      ? query === null
        ? inBind(of, translation)
        : { ...expressionOf(of, translation), operator: null }
      : items(list, inner.type, translation)
  if (right === null) return null
  const make = (is: boolean): Element => {
    const side = isEmpty ? verbatim(is ? '(NULL) AND (1 != 1)' : '(NULL) OR (1 = 1)') : right
    const made = binary(inner, is ? operators.IN : operators.NOT_IN, side, BOOLEAN)
    const shown = is ? made : { ...parenthesized(made) }
    return { ...shown, opposite: () => make(!is) }
  }
  return make(!not)
}

function inBind(of: Value, translation: Translation): Element | null {
  if (of.kind === 'unknown') return verbatim(translation.problem(of.reason))
  return null
}

function items(list: readonly Value[], type: DataType, translation: Translation): Element | null {
  const parts = list.map((item) => {
    if (item.kind !== 'list') return item.kind === 'none' ? verbatim('NULL') : expressionOf(item, translation, type)
    const cells = item.items.map((cell) => expressionOf(cell, translation))
    return element((scope) => `(${cells.map((cell) => cell.write(scope)).join(', ')})`)
  })
  return element((scope) => `(${parts.map((part) => part.write(scope)).join(', ')})`, {
    reads: readBy(parts),
  })
}

function searched(value: Value, translation: Translation): Element {
  const inner = expressionOf(value, translation, STRING)
  return element((scope) => `plainto_tsquery(${inner.write(scope)})`, { reads: inner.reads })
}

function pattern(value: ValueOf<'method'>, inner: Element, translation: Translation): Element | null {
  const given = parameters(value, { order: ['pattern', 'flags'] }, translation)
  const text = given.value('pattern')
  const flags = given.optionalString('flags')
  if (text === undefined || (flags !== null && flags !== 'i')) return null
  const right = expressionOf(text, translation, STRING)
  return flags === null
    ? binary(inner, operators.MATCHES, right, BOOLEAN, operators.NOT_MATCHES)
    : binary(inner, operators.MATCHES_ANY_CASE, right, BOOLEAN, operators.NOT_MATCHES_ANY_CASE)
}

/** `json["key"]`, `array[1]`; null for an item of anything else. */
export function itemOf(of: Element, key: Value, translation: Translation): Element | null {
  const { type } = of
  if (type.kind === 'array') {
    const index = expressionOf(key, translation)
    return element((scope) => `${of.write(scope)}[${index.write(scope)}]`, {
      reads: of.reads,
      type: type.item ?? NO_TYPE,
    })
  }
  if (type.kind !== 'json' && type.kind !== 'jsonb') return null
  const path = key.kind === 'list'
  const steps = path ? key.items.map((step) => (step.kind === 'number' ? step.text : textOf(step, translation))) : []
  const index = path ? verbatim(literal(`{${steps.join(', ')}}`)) : literalOf(key, NO_TYPE, translation)
  const item = { of, key: index, path }
  const more = {
    operator: operators.ARROW,
    reads: of.reads,
    type,
    item,
    title: { kind: 'made-up', base: 'anon' } as const,
  }
  const side = of.operator === null ? of : parenthesized(of)
  if (path) return element((scope) => `${side.write(scope)} #> ${index.write(scope)}`, more)
  return type.kind === 'jsonb'
    ? element((scope) => `${side.write(scope)}[${index.write(scope)}]`, more)
    : element((scope) => `${side.write(scope)} -> ${index.write(scope)}`, more)
}

/** An item of JSON as text. */
function asText({ item, reads }: Element): Element | null {
  if (item === undefined) return null
  const { of, key, path } = item
  const side = of.operator === null ? of : parenthesized(of)
  return element((scope) => `${side.write(scope)} ${path ? '#>>' : '->>'} ${key.write(scope)}`, {
    operator: operators.ARROW,
    reads,
    type: STRING,
  })
}

function castText(inner: Element, type: DataType): Element | null {
  const text = asText(inner)
  return text === null ? null : cast(parenthesized(text), type)
}
