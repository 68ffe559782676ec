import { iterated } from './builtins.js'
import { attributeOf } from './attribute.js'
import { assignTo } from './assign.js'
import { isQuietValue } from './effects.js'
import { formatted, percent, represent } from './format.js'
import type { Machine } from './machine.js'
import { filled, setItem } from './methods.js'
import { arithmetic, compare, floating, itemOf, LONGEST, tooLong, truth, unary } from './operators.js'
import { assign, innerScope, lookUp, type Scope } from './scope.js'
import { writtenAs, type Argument, type Clause, type Expression } from './tree.js'
import {
  describe,
  notKnown,
  isSymbolic,
  string,
  unknown,
  type Arguments,
  type Entry,
  type Value,
  type ValueOf,
} from './value.js'

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>

/** What an expression is, as far as it can be told without running it. */
export function evaluate(expression: Expression, scope: Scope, machine: Machine): Value {
  machine.spend()
  const inner = (part: Expression): Value => evaluate(part, scope, machine)
  switch (expression.kind) {
    case 'string':
    case 'number':
      return plain(expression)
    case 'boolean':
      return { kind: 'boolean', is: expression.is }
    case 'none':
      return { kind: 'none' }
    case 'ellipsis':
      return { kind: 'name', path: 'builtins.Ellipsis' }
    case 'joined':
      return joined(expression.parts, scope, machine)
    case 'replacement':
      return replaced(expression, scope, machine)
    case 'name':
      return named(expression.id, scope)
    case 'attribute':
      return attributeOf(inner(expression.object), expression.name, machine)
    case 'subscript':
      return subscript(inner(expression.object), expression.index, scope, machine)
    case 'slice':
    case 'starred':
      return unknown('unsupported call', 'a slice or * stands where none is understood')
    case 'call':
      return call(expression, scope, machine)
    case 'sequence': {
      const items = spread(expression.items, scope, machine)
      if (!Array.isArray(items)) return items as Value
      return expression.form === 'list' ? { kind: 'list', items } : { kind: 'list', form: expression.form, items }
    }
    case 'dict':
      return dictionary(expression, scope, machine)
    case 'unary':
      return expression.operator === 'not'
        ? unary('not', condition(expression.operand, scope, machine))
        : unary(expression.operator, inner(expression.operand))
    case 'binary':
      return expression.rest.reduce(
        (left, { operator, operand }) => binary(operator, left, inner(operand)),
        inner(expression.first),
      )
    case 'boolean-chain':
      return logical(expression, inner, machine, 'value')
    case 'compare':
      return comparison(expression, inner)
    case 'conditional': {
      const test = condition(expression.test, scope, machine)
      const is = truth(test)
      if (is === null) return undecided(test, [expression.then, expression.otherwise], machine)
      return inner(is ? expression.then : expression.otherwise)
    }
    case 'lambda':
      return {
        ...{ kind: 'function', name: 'lambda', parameters: expression.parameters, scope, binding: 'plain' },
        defaults: defaultsOf(expression.parameters, scope, machine),
        body: () => expression.body,
      }
    case 'comprehension':
      return comprehension(expression, scope, machine)
    case 'walrus': {
      const value = inner(expression.value)
      assign(scope, expression.name, value)
      return value
    }
    case 'yield': {
      const value = expression.value === null ? { kind: 'none' as const } : inner(expression.value)
      return yielded(value, expression.from_, scope)
    }
    case 'await':
      return unknown('unsupported call', 'await is not followed')
    case 'other':
      return unknown('unsupported call', expression.what)
  }
}

/** A number in decimals, as Python would show it. */
function plain(expression: Of<'string'> | Of<'number'>): Value {
  if (expression.kind === 'string') return string(expression.text)
  const { text } = expression
  if (/^0[xob]/i.test(text)) return { kind: 'number', text: String(BigInt(text)) }
  if (/[jJ]$/.test(text)) return unknown('unsupported call', `the number ${text} is not followed`)
  return { kind: 'number', text: /^\d+$/.test(text) ? text : floating(Number(text)) }
}

/** Names of Python's own, when nothing else has them. */
function named(id: string, scope: Scope): Value {
  const known = lookUp(scope, id)
  if (known !== undefined) return known
  if (OWN.test(id)) return { kind: 'name', path: `builtins.${id}` }
  return unknown('unsupported call', `${id} is a variable whose value is not known`)
}

const OWN =
  /^(?:abs|all|any|bool|bytes|callable|compile|delattr|dict|dir|enumerate|eval|exec|filter|float|frozenset|getattr|globals|hasattr|hash|id|input|int|isinstance|issubclass|iter|len|list|locals|map|max|min|next|object|open|ord|chr|print|property|staticmethod|classmethod|range|repr|reversed|round|set|setattr|sorted|str|sum|super|tuple|type|vars|zip|__import__|__file__|__name__|BaseException|NotImplemented|[A-Z]\w*(?:Error|Exception|Warning)|Exception|StopIteration)$/

function joined(parts: readonly Expression[], scope: Scope, machine: Machine): Value {
  const values = parts.map((part) => evaluate(part, scope, machine))
  const isWhole = values.every(({ kind }) => kind === 'string')
  return filled(isWhole ? values.map((value) => (value.kind === 'string' ? value.text : '')).join('') : null, values)
}

function replaced({ value, conversion, spec, label }: Of<'replacement'>, scope: Scope, machine: Machine): Value {
  const of = evaluate(value, scope, machine)
  const how = joined(spec, scope, machine)
  if (how.kind !== 'string') return how
  const isShown = conversion === 'r' || (label !== null && conversion === '' && how.text === '')
  const text = isShown ? represent(of) : conversion === 'a' ? null : formatted(of, how.text)
  return filled(text === null ? null : (label ?? '') + text, [of])
}

function subscript(object: Value, index: Expression, scope: Scope, machine: Machine): Value {
  if (index.kind === 'slice') {
    const bounds = [index.lower, index.upper, index.step].map((part) =>
      part === null ? undefined : evaluate(part, scope, machine),
    )
    return sliced(object, bounds)
  }
  const key = evaluate(index, scope, machine)
  if (object.kind === 'unknown') return object
  if (isSymbolic(object)) return { kind: 'item', receiver: object, key }
  if (object.kind === 'dict') {
    const found = itemOf(object, key)
    return (
      found ??
      unknown('unsupported call', key.kind === 'unknown' ? key.reason : 'the item of a dictionary is not known')
    )
  }
  if (object.kind === 'class' && key.kind === 'string') return attributeOf(object, key.text, machine)
  const items = object.kind === 'string' || object.kind === 'list' ? iterated(object) : null
  const found = key.kind === 'number' ? items?.at(Number(key.text)) : undefined
  return found ?? unknown('unsupported call', key.kind === 'unknown' ? key.reason : 'an item is not known')
}

function sliced(object: Value, bounds: readonly (Value | undefined)[]): Value {
  const [lower, upper, step] = bounds.map((bound) =>
    bound === undefined || bound.kind === 'none' ? undefined : bound.kind === 'number' ? Number(bound.text) : NaN,
  )
  const isPlain = [lower, upper].every((bound) => bound === undefined || Number.isInteger(bound))
  if (isPlain && (step === undefined || step === 1)) {
    if (object.kind === 'string') return string([...object.text].slice(lower, upper).join(''))
    if (object.kind === 'list') return { ...object, items: object.items.slice(lower, upper) }
  }
  if (step === -1 && lower === undefined && upper === undefined && object.kind === 'list')
    return { ...object, items: [...object.items].reverse() }
  return object.kind === 'unknown' ? object : unknown('unsupported call', 'a slice is not followed')
}

function binary(operator: string, left: Value, right: Value): Value {
  if (operator !== '%' || left.kind !== 'string') return arithmetic(operator, left, right)
  return filled(percent(left.text, right), right.kind === 'list' ? right.items : [right])
}

/** What an expression is where nothing counts but whether it holds. */
export function condition(expression: Expression, scope: Scope, machine: Machine): Value {
  if (expression.kind !== 'boolean-chain') return evaluate(expression, scope, machine)
  return logical(expression, (part) => condition(part, scope, machine), machine, 'truth')
}

/** Whatever is not known, one that decides alone decides whether it holds, and not which of them it is. */
function logical(
  { operator, operands }: Of<'boolean-chain'>,
  inner: (part: Expression) => Value,
  machine: Machine,
  wanted: 'value' | 'truth',
): Value {
  let last: Value = { kind: 'none' }
  let unsure: Value | null = null
  for (const [index, operand] of operands.entries()) {
    // Whether it is evaluated at all is not known.
    if (unsure !== null && !isQuietValue(operand)) return undecided(unsure, operands.slice(index), machine)
    last = inner(operand)
    const is = truth(last)
    if (is === (operator === 'or'))
      return unsure === null ? last : wanted === 'truth' ? { kind: 'boolean', is } : unsure
    if (is === null) unsure ??= notKnown(last)
  }
  return unsure ?? last
}

/** What depends on a value that is not known: where it would do something, that is a gap. */
function undecided(test: Value, parts: readonly Expression[], machine: Machine): Value {
  const value = notKnown(test)
  if (!parts.every(isQuietValue))
    machine.host.gap(value.cause, `which way a condition goes is not known: ${value.reason}`, machine.site)
  return value
}

function comparison({ first, rest }: Of<'compare'>, inner: (part: Expression) => Value): Value {
  let left = inner(first)
  let result: Value = { kind: 'boolean', is: true }
  for (const { operator, operand } of rest) {
    const right = inner(operand)
    result = compare(operator, left, right)
    if (truth(result) !== true) return result
    left = right
  }
  return result
}

/** Items with those behind a `*` spread out; the reason when these are not known. */
function spread(items: readonly Expression[], scope: Scope, machine: Machine): readonly Value[] | Value {
  const result: Value[] = []
  for (const item of items) {
    if (item.kind !== 'starred') {
      result.push(evaluate(item, scope, machine))
      continue
    }
    const value = evaluate(item.value, scope, machine)
    const more = iterated(value)
    if (more === null) return value.kind === 'unknown' ? value : unknown('unsupported call', `* of ${describe(value)}`)
    if (result.length + more.length > LONGEST) return tooLong()
    for (const part of more) result.push(part)
  }
  return result
}

function dictionary({ entries }: Of<'dict'>, scope: Scope, machine: Machine): Value {
  const result: Value & { kind: 'dict' } = { kind: 'dict', entries: [] }
  for (const { key, value } of entries) {
    const of = evaluate(value, scope, machine)
    const more: readonly Entry[] | null =
      key !== null ? [{ key: evaluate(key, scope, machine), value: of }] : of.kind === 'dict' ? of.entries : null
    if (more === null) return of.kind === 'unknown' ? of : unknown('unsupported call', `** of ${describe(of)}`)
    for (const entry of more) if (!setItem(result, entry.key, entry.value)) (result.entries as Entry[]).push(entry)
  }
  return result
}

/** What a call is given; the reason when some of it stands behind a * or ** that is not known. */
export function givenTo(given: readonly Argument[], scope: Scope, machine: Machine): Arguments | ValueOf<'unknown'> {
  const positional: Value[] = []
  const keywords = new Map<string, Value>()
  for (const { star, keyword, value } of given) {
    const of = evaluate(value, scope, machine)
    if (star === '*') {
      const more = iterated(of)
      if (more === null) return of.kind === 'unknown' ? of : unknown('unsupported call', `* of ${describe(of)}`)
      positional.push(...more)
    } else if (star === '**') {
      const entries = of.kind === 'dict' ? of.entries : null
      const plainKeys = entries?.every(({ key }) => key.kind === 'string')
      if (entries === null || plainKeys !== true)
        return of.kind === 'unknown' ? of : unknown('unsupported call', `** of ${describe(of)}`)
      for (const entry of entries) if (entry.key.kind === 'string') keywords.set(entry.key.text, entry.value)
    } else if (keyword !== null) keywords.set(keyword, of)
    else positional.push(of)
  }
  return { positional, keywords }
}

function call(expression: Of<'call'>, scope: Scope, machine: Machine): Value {
  const { callee, given } = expression
  const before = machine.site
  const isHere = scope.path === machine.home
  try {
    const called = evaluate(callee, scope, machine)
    const values = givenTo(given, scope, machine)
    // Only now: what the arguments do happens at their own places.
    if (isHere) machine.site = expression
    if ('kind' in values) {
      machine.host.gap(
        values.cause,
        `${writtenAs(callee)}() is given what is not known: ${describe(values)}`,
        machine.site,
      )
      return values
    }
    return machine.call(called, values, writtenAs(callee))
  } finally {
    machine.site = before
  }
}

/** Defaults by parameter. */
export function defaultsOf(
  parameters: readonly { readonly name: string; readonly default: Expression | null }[],
  scope: Scope,
  machine: Machine,
): ReadonlyMap<string, Value> {
  return new Map(
    parameters.flatMap(({ name, default: value }) =>
      value === null ? [] : [[name, evaluate(value, scope, machine)] as const],
    ),
  )
}

function comprehension({ form, element, value, clauses }: Of<'comprehension'>, outer: Scope, machine: Machine): Value {
  const scope = innerScope(outer)
  const items: Value[] = []
  const entries: Entry[] = []
  let failed: Value | null = null
  const follow = ([clause, ...rest]: readonly Clause[]): void => {
    if (clause === undefined) {
      const key = evaluate(element, scope, machine)
      if (value !== null) entries.push({ key, value: evaluate(value, scope, machine) })
      else items.push(key)
      return
    }
    const over = evaluate(clause.iterable, scope, machine)
    const all = iterated(over)
    if (all === null) {
      failed ??= undecided(over, value === null ? [element] : [element, value], machine)
      return
    }
    for (const item of all) {
      machine.spend()
      assignTo(clause.target, item, scope, machine)
      const tests = clause.conditions.map((test) => condition(test, scope, machine))
      const answers = tests.map(truth)
      if (answers.includes(false)) continue
      const unsure = answers.indexOf(null)
      const test = tests[unsure]
      if (test !== undefined) failed ??= undecided(test, [element], machine)
      if (failed !== null) return
      follow(rest)
    }
  }
  follow(clauses)
  if (failed !== null) return failed
  if (form === 'dict') return { kind: 'dict', entries: [...entries] }
  if (form !== 'set') return { kind: 'list', items }
  return machine.call(
    { kind: 'name', path: 'builtins.set' },
    { positional: [{ kind: 'list', items }], keywords: new Map() },
    'set',
  )
}

/** What a generator yields is gathered in its scope, to be iterated over when it has run. */
function yielded(value: Value, isFrom: boolean, scope: Scope): Value {
  const gathered = lookUp(scope, YIELDED)
  if (gathered?.kind !== 'list') return unknown('unsupported call', 'yield is not followed here')
  const more = isFrom ? iterated(value) : [value]
  ;(gathered.items as Value[]).push(...(more ?? [unknown('unsupported call', describe(value))]))
  return { kind: 'none' }
}

/** The name, which no Python has, under which a generator's values are gathered. */
export const YIELDED = ' yielded'
