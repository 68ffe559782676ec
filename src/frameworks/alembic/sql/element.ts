import type { Translation } from '../translation.js'
import type { Value } from '../python/value.js'
import type { DataType } from './data-type.js'
import { NO_TYPE, BOOLEAN } from './data-type.js'
import type { From } from './from.js'
import { ARROW, COMMA, isWrapped, NOT, type Operator } from './operators.js'

/** Where an expression is written. */
export interface Scope {
  /** Whether columns are written with their table. */
  readonly qualified: boolean
  /** Tables of the statement that stands directly around this one. */
  readonly around: readonly From[]
  /** Tables of every statement around. */
  readonly outer: readonly From[]
  readonly statement: StatementNames
  readonly translation: Translation
}

/** Names that SQLAlchemy makes up while it writes one statement, and what the statement has asked for so far. */
export interface StatementNames {
  readonly counters: Map<string, number>
  readonly given: Map<object, string>
  /** Common table expressions, to be written in front of the statement. */
  readonly ctes: Map<object, string>
  /** Values for `:name` and `bindparam('name')`. */
  readonly parameters: ReadonlyMap<string, Value>
  /** How many more parts the statement may have: what speaks of itself twice, again and again, has no end that anybody reads. */
  left: number
}

/** More parts than anybody writes into one statement. */
const MOST_PARTS = 50_000

/** Counts one part of a statement; false when there are too many. */
export function mayWrite({ statement, translation }: Scope): boolean {
  statement.left -= 1
  if (statement.left === -1) translation.problem('the statement is too large')
  return statement.left >= 0
}

/** Tables, each of them once. */
export function readBy(elements: readonly { readonly reads: readonly From[] }[]): readonly From[] {
  const keys = new Set<object>()
  return elements.flatMap(({ reads }) =>
    reads.filter(({ key }) => {
      if (keys.has(key)) return false
      keys.add(key)
      return true
    }),
  )
}

/** More operands than anybody writes in a row; what is longer is nested. */
const LONGEST_CHAIN = 1_000

/** How a SELECT names a column. */
export type Title =
  | { readonly kind: 'none' }
  /** A column that keeps its name. */
  | { readonly kind: 'column' | 'label' | 'wrapped'; readonly name: string }
  | { readonly kind: 'made-up'; readonly base: string }

/** An SQL expression. */
export interface Element {
  readonly write: (scope: Scope) => string
  readonly type: DataType
  /** null for what never stands in parentheses. */
  readonly operator: Operator | null
  /** Tables whose columns it reads, in order. */
  readonly reads: readonly From[]
  readonly title: Title
  /** How its opposite is written, where it has an own form. */
  readonly opposite?: () => Element
  /** Operands of an operator that may go on. */
  readonly chain?: readonly Element[]
  /** Whether it is `ANY (…)` or `ALL (…)`, which stands on the right. */
  readonly collects?: true
  readonly constant?: 'true' | 'false' | 'null'
  /** For an item of JSON: of what, and which. */
  readonly item?: { readonly of: Element; readonly key: Element; readonly path: boolean }
}

const MADE_UP: Title = { kind: 'made-up', base: 'anon' }

/** An expression with the usual properties. */
export function element(write: Element['write'], more: Partial<Element> = {}): Element {
  const counted = (scope: Scope): string => (mayWrite(scope) ? write(scope) : '')
  return { write: counted, type: NO_TYPE, operator: null, reads: [], title: MADE_UP, ...more }
}

/** SQL that stands as it is. */
export function verbatim(sql: string, more: Partial<Element> = {}): Element {
  return element(() => sql, { title: { kind: 'none' }, ...more })
}

/** The expression as it stands beside an operator; null for one that stands alone. */
export function grouped(inner: Element, beside: Operator | null): Element {
  const { operator } = inner
  if (operator === null || (operator === ARROW && beside === COMMA)) return inner
  const negated = beside === NOT && !operator.compares
  if (!negated && !isWrapped(operator, beside)) return inner
  return parenthesized(inner)
}

/** The expression in parentheses. */
export function parenthesized(inner: Element): Element {
  const { type, reads, title, item } = inner
  return {
    ...{ type, reads, title, operator: null, write: (scope) => `(${inner.write(scope)})` },
    ...(item === undefined ? {} : { item }),
  }
}

/** Two expressions and what stands between them. */
export function binary(
  left: Element,
  operator: Operator,
  right: Element,
  type: DataType = NO_TYPE,
  opposite: Operator | null = null,
): Element {
  const length = (left.chain?.length ?? 1) + (right.chain?.length ?? 1)
  const operands =
    operator.natural && length <= LONGEST_CHAIN
      ? [left, right].flatMap((side) => (side.operator === operator ? (side.chain ?? [side]) : [side]))
      : [left, right]
  const sides = operands.map((side) => grouped(side, operator))
  return element((scope) => sides.map((side) => side.write(scope)).join(operator.sql), {
    type,
    operator,
    reads: readBy([left, right]),
    ...(operator.natural ? { chain: sides } : {}),
    ...(opposite === null ? {} : { opposite: () => binary(left, opposite, right, type, operator) }),
  })
}

/** NOT, or the operator that says the opposite. */
export function negation(inner: Element): Element {
  if (inner.opposite !== undefined) return inner.opposite()
  const operand = grouped(inner, NOT)
  return element((scope) => `NOT ${operand.write(scope)}`, {
    type: BOOLEAN,
    operator: NOT,
    reads: inner.reads,
    title: inner.title.kind === 'column' ? inner.title : MADE_UP,
    opposite: () => operand,
  })
}

/** A name that SQLAlchemy makes up: the base and a number, the same for the same thing in one statement. */
export function madeUp(of: object, base: string, { counters, given }: StatementNames): string {
  const known = given.get(of)
  if (known !== undefined) return known
  const count = (counters.get(base) ?? 0) + 1
  counters.set(base, count)
  const name = `${base}_${count}`
  given.set(of, name)
  return name
}

/** The beginning of a statement: nothing around it, and no names made up. */
export function newScope(
  translation: Translation,
  qualified: boolean,
  parameters: ReadonlyMap<string, Value> = new Map(),
): Scope {
  const statement = { counters: new Map(), given: new Map(), ctes: new Map(), parameters, left: MOST_PARTS }
  return { qualified, around: [], outer: [], statement, translation }
}

/** NULL, which compares with IS. */
export const NULL: Element = verbatim('NULL', { constant: 'null', title: { kind: 'made-up', base: 'anon' } })
export const TRUE: Element = verbatim('true', { constant: 'true', title: { kind: 'made-up', base: 'anon' } })
export const FALSE: Element = verbatim('false', { constant: 'false', title: { kind: 'made-up', base: 'anon' } })
