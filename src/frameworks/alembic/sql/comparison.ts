import type { Value, ValueOf } from '../python/value.js'
import { sqlalchemyName, type Translation } from '../translation.js'
import { typeOfSql } from './data-type.js'
import { binary, element, FALSE, grouped, negation, NULL, TRUE, type Element } from './element.js'
import { expressionOf, joined } from './expression.js'
import { constant } from './literal.js'
import { cast } from './made.js'
import * as operators from './operators.js'

const BINARY: Readonly<Record<string, readonly [operators.Operator, operators.Operator | null] | undefined>> = {
  '==': [operators.EQUAL, operators.UNEQUAL],
  '!=': [operators.UNEQUAL, operators.EQUAL],
  '<': [operators.LESS, operators.AT_LEAST],
  '>': [operators.GREATER, operators.AT_MOST],
  '<=': [operators.AT_MOST, operators.GREATER],
  '>=': [operators.AT_LEAST, operators.LESS],
  '+': [operators.ADD, null],
  '-': [operators.SUBTRACT, null],
  '*': [operators.MULTIPLY, null],
  '/': [operators.DIVIDE, null],
  '%': [operators.MODULO, null],
}
/** What a comparison becomes when its sides change places. */
const MIRRORED: Readonly<Record<string, string | undefined>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }

/** What an operator of Python makes; null for one that is not understood. */
export function operated(value: ValueOf<'operator'>, translation: Translation): Element | null {
  const [left, right] = value.operands
  if (left === undefined) return null
  if (right === undefined) return unary(value.operator, left, translation)
  if (value.operator === '&') return joined([left, right], operators.AND, translation)
  if (value.operator === '|') return joined([left, right], operators.OR, translation)
  const plain = constant(left) !== null || left.kind === 'instance'
  const [first, second, name] =
    plain && (MIRRORED[value.operator] !== undefined || value.operator === '==' || value.operator === '!=')
      ? [right, left, MIRRORED[value.operator] ?? value.operator]
      : [left, right, value.operator]
  if (name === '//')
    return binary(expressionOf(first, translation), operators.DIVIDE, expressionOf(second, translation))
  const [operator, opposite] = BINARY[name] ?? [null, null]
  if (operator === null) return null
  return operatorElement(first, operator, opposite, second, translation)
}

function unary(operator: string, operand: Value, translation: Translation): Element | null {
  const inner = expressionOf(operand, translation)
  if (operator === '~' || operator === 'not') return negation(inner)
  if (operator !== '-') return null
  const side = grouped(inner, operators.MINUS)
  return element((scope) => `-${side.write(scope)}`, {
    type: inner.type,
    operator: operators.MINUS,
    reads: inner.reads,
    title: inner.title,
  })
}

/** Two operands with an operator between them; None, True and False have forms of their own. */
export function operatorElement(
  first: Value,
  operator: operators.Operator,
  opposite: operators.Operator | null,
  second: Value,
  translation: Translation,
): Element {
  const left = expressionOf(first, translation)
  if (left.collects === true) {
    const other = expressionOf(second, translation)
    return binary(other, operators.mirrored(operator), left, typeOfSql('BOOLEAN'))
  }
  if (operator === operators.EQUAL || operator === operators.UNEQUAL) {
    const right = constantSide(second)
    if (right?.constant === 'null') {
      const [is, not] =
        operator === operators.EQUAL ? [operators.IS, operators.IS_NOT] : [operators.IS_NOT, operators.IS]
      return binary(left, is, NULL, typeOfSql('BOOLEAN'), not)
    }
    if (right !== null) return binary(left, operator, right, typeOfSql('BOOLEAN'), opposite)
  }
  const right = expressionOf(second, translation, left.type)
  // A literal on the left takes the type of what stands on the right.
  const first_ = constant(first) === null ? left : expressionOf(first, translation, right.type)
  if (operator === operators.DIVIDE) return binary(first_, operator, dividing(right), typeOfSql('NUMERIC'))
  if (operator === operators.ADD && concatenates(first_, right))
    return binary(first_, operators.CONCAT, right, first_.type.kind === 'none' ? right.type : first_.type)
  const type = operator.compares ? typeOfSql('BOOLEAN') : first_.type.kind === 'none' ? right.type : first_.type
  return binary(first_, operator, right, type, opposite)
}

/** SQLAlchemy divides by a NUMERIC, so that nothing is cut off. */
function dividing(right: Element): Element {
  return cast(grouped(right, operators.DIVIDE), right.type.kind === 'number' ? right.type : typeOfSql('NUMERIC'))
}

function concatenates(left: Element, right: Element): boolean {
  const joins = ({ type }: Element): boolean => type.kind === 'string' || type.kind === 'array'
  const may = (side: Element): boolean => joins(side) || side.type.kind === 'none'
  return may(left) && may(right) && (joins(left) || joins(right))
}

/** `sa.true()`, `sa.null()`, True, False and None; null for anything else. */
export function constantSide(value: Value): Element | null {
  if (value.kind === 'none') return NULL
  if (value.kind === 'boolean') return value.is ? TRUE : FALSE
  if (value.kind !== 'call' || !/^(true|false|null)$/.test(sqlalchemyName(value) ?? '')) return null
  return { true: TRUE, false: FALSE }[sqlalchemyName(value) ?? ''] ?? NULL
}
