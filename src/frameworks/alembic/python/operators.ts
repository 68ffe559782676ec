import { burn, fuel } from './fuel.js'
import { boolean, notKnown, describe, isOpen, isSymbolic, string, unknown, type Value, type ValueOf } from './value.js'

/** The longest text or list that is made. */
export const LONGEST = 1 << 20

/** Whether Python takes a value for true; null when that is not known. */
export function truth(value: Value): boolean | null {
  switch (value.kind) {
    case 'boolean':
      return value.is
    case 'none':
      return false
    case 'string':
      return value.text !== ''
    case 'number':
      return Number(value.text) !== 0
    case 'list':
      return value.items.length === 0
        ? false
        : value.items.every(({ kind }) => kind === 'unknown') && isOpen(value)
          ? null
          : true
    case 'dict':
      return value.entries.length === 0 ? false : value.entries.every(({ key }) => key.kind === 'unknown') ? null : true
    case 'function':
    case 'class':
    case 'instance':
      return true
    case 'call':
      // A connection, a type, a table: objects, which are true.
      return /^(sqlalchemy\.|alembic\.op\.get_(bind|context)$)/.test(value.path) ? true : null
    default:
      return null
  }
}

/** Whether two values are equal; null when that is not known. */
export function equal(a: Value, b: Value, tank = fuel()): boolean | null {
  burn(tank)
  const [left, right] = [numeric(a), numeric(b)]
  if (left !== null && right !== null) return left === right
  if (a.kind === 'list' && b.kind === 'list') {
    if (isOpen(a) || isOpen(b)) return null
    if ((a.form ?? 'list') !== (b.form ?? 'list') || a.form === 'set') return a.form === 'set' ? null : false
    if (a.items.length !== b.items.length) return false
    return all(a.items.map((item, index) => equal(item, b.items[index] ?? item, tank)))
  }
  if (a.kind === 'dict' && b.kind === 'dict') {
    if (a.entries.length !== b.entries.length) return false
    const pairs = a.entries.map(({ key, value }) => {
      const other = itemOf(b, key, tank)
      return other === null ? null : other === undefined ? false : equal(value, other, tank)
    })
    return all(pairs)
  }
  if (isPlain(a) && isPlain(b)) return a.kind === b.kind && (a.kind === 'string' ? a.text === textOf(b) : true)
  if (a.kind === 'name' && b.kind === 'name' && a.path === b.path) return true
  if (a.kind === 'instance' && b.kind === 'instance' && a === b) return true
  if (a.kind === 'instance' || b.kind === 'instance') return mixed(a, b)
  // An object of a library is none of Python's plain values.
  if (truth(a) === true && truth(b) !== null && a.kind === 'call' && b.kind === 'none') return false
  return null
}

/** Members of enums that are strings equal their text. */
function mixed(a: Value, b: Value): boolean | null {
  // Two members of one enum.
  if (a.kind === 'instance' && b.kind === 'instance' && a.of === b.of && a.of.members.get(nameOf(a)) === a) return false
  const [x, y] = [plainOf(a), plainOf(b)]
  return x === a && y === b ? null : equal(x, y)
}

function nameOf({ attributes }: ValueOf<'instance'>): string {
  const name = attributes.get('name')
  return name?.kind === 'string' ? name.text : ''
}

/** A member of an enum that is also a string or a number, as that. */
export function plainOf(value: Value): Value {
  if (value.kind !== 'instance') return value
  const isText = value.of.bases.some(
    (base) => base.kind === 'name' && /^(builtins\.(str|int)|enum\.(StrEnum|IntEnum))$/.test(base.path),
  )
  return isText ? (value.attributes.get('value') ?? value) : value
}

function isPlain({ kind }: Value): boolean {
  return ['string', 'number', 'boolean', 'none', 'list', 'dict'].includes(kind)
}

function textOf(value: Value): string | null {
  return value.kind === 'string' ? value.text : null
}

function numeric(value: Value): number | null {
  if (value.kind === 'boolean') return Number(value.is)
  return value.kind === 'number' && !value.text.endsWith('j') ? Number(value.text) : null
}

function all(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false
  return answers.includes(null) ? null : true
}

/** The value under a key; undefined when there is none, null when that is not known. */
export function itemOf(dict: ValueOf<'dict'>, key: Value, tank = fuel()): Value | undefined | null {
  let unsure = false
  for (let i = dict.entries.length - 1; i >= 0; i--) {
    const entry = dict.entries[i]
    const same = entry === undefined ? false : equal(entry.key, key, tank)
    if (same === true && entry !== undefined) return unsure ? null : entry.value
    if (same === null) unsure = true
  }
  return unsure ? null : undefined
}

/** `needle in haystack`; null when that is not known. */
export function contains(haystack: Value, needle: Value): boolean | null {
  if (haystack.kind === 'string') return needle.kind === 'string' ? haystack.text.includes(needle.text) : null
  if (haystack.kind === 'dict') {
    const found = itemOf(haystack, needle)
    return found === null ? null : found !== undefined
  }
  if (haystack.kind !== 'list') return null
  const answers = haystack.items.map((item) => equal(item, needle))
  return answers.includes(true) ? true : answers.includes(null) ? null : false
}

/** What is not known of a list of which something depends on what else it may hold; null where nothing does. */
function restOf(haystack: Value, needle: Value): Value | null {
  if (haystack.kind !== 'list' || contains(haystack, needle) !== null) return null
  const rest = haystack.items.find((item) => item.kind === 'unknown' && item.open === true)
  return rest?.kind === 'unknown' ? unknown(rest.cause, rest.reason) : null
}

/** What a comparison gives. */
export function compare(operator: string, left: Value, right: Value): Value {
  const bad = [left, right].find(({ kind }) => kind === 'unknown')
  if (bad !== undefined) return bad
  const answer = (is: boolean | null, negative: boolean): Value =>
    is === null ? unknown('unsupported call', `whether ${operator} holds is not known`) : boolean(is !== negative)
  switch (operator) {
    case 'is':
    case 'is not': {
      const singleton = [left, right].some(({ kind }) => kind === 'none' || kind === 'boolean')
      const same = singleton && left.kind !== right.kind && ![left, right].some(isAnything) ? false : equal(left, right)
      return answer(same, operator === 'is not')
    }
    case 'in':
    case 'not in':
      return restOf(right, left) ?? answer(contains(right, left), operator === 'not in')
    case '==':
    case '!=': {
      const same = equal(left, right)
      if (same === null && [left, right].some(isSymbolic))
        return { kind: 'operator', operator, operands: [left, right] }
      return answer(same, operator === '!=')
    }
  }
  const [a, b] = [plainOf(left), plainOf(right)]
  if ([a, b].some(isSymbolic)) return { kind: 'operator', operator, operands: [a, b] }
  if (a.kind === 'string' && b.kind === 'string')
    return answer(ordered(operator, a.text < b.text ? -1 : Number(a.text > b.text)), false)
  const [x, y] = [numeric(a), numeric(b)]
  return answer(x === null || y === null ? null : ordered(operator, x - y), false)
}

/** Whether a value could turn out to be anything. */
function isAnything({ kind }: Value): boolean {
  return kind === 'unknown' || kind === 'name' || kind === 'method' || kind === 'attribute' || kind === 'item'
}

function ordered(operator: string, difference: number): boolean | null {
  switch (operator) {
    case '<':
      return difference < 0
    case '<=':
      return difference <= 0
    case '>':
      return difference > 0
    case '>=':
      return difference >= 0
    default:
      return null
  }
}

/** What an operator with two operands gives, but for `%` on a text. */
export function arithmetic(operator: string, left: Value, right: Value): Value {
  const [a, b] = [counted(plainOf(left)), counted(plainOf(right))]
  const bad = [a, b].find((value) => value.kind === 'unknown')
  if (bad !== undefined)
    return [a, b].some(({ kind }) => kind === 'string') ? { ...bad, composed: bad.composed ?? bad } : bad
  if ([a, b].some(isSymbolic)) return { kind: 'operator', operator, operands: [left, right] }
  if (operator === '+') {
    if (a.kind === 'string' && b.kind === 'string') return limited(a.text + b.text)
    if (a.kind === 'list' && b.kind === 'list')
      return a.items.length + b.items.length > LONGEST ? tooLong() : { ...a, items: [...a.items, ...b.items] }
  }
  if (operator === '*') {
    const [times, what] = a.kind === 'number' ? [a, b] : [b, a]
    if (times.kind === 'number' && what.kind === 'string') {
      const count = Math.max(0, Number(times.text))
      return count * what.text.length > LONGEST ? tooLong() : string(what.text.repeat(count))
    }
    if (times.kind === 'number' && what.kind === 'list') {
      const count = Math.max(0, Number(times.text))
      return count * what.items.length > LONGEST
        ? tooLong()
        : { ...what, items: Array.from({ length: count }).flatMap(() => what.items) }
    }
  }
  if (operator === '|' && a.kind === 'dict' && b.kind === 'dict')
    return { kind: 'dict', entries: [...a.entries, ...b.entries] }
  if (a.kind === 'list' && b.kind === 'list' && a.form === 'set' && b.form === 'set') return setOf(operator, a, b)
  if (a.kind === 'number' && b.kind === 'number') return calculated(operator, a.text, b.text)
  return unknown('unsupported call', `what ${operator} makes of ${describe(a)} is not followed`)
}

/** Truth is a number where numbers are added up. */
function counted(value: Value): Value {
  return value.kind === 'boolean' ? { kind: 'number', text: value.is ? '1' : '0' } : value
}

function setOf(operator: string, a: ValueOf<'list'>, b: ValueOf<'list'>): Value {
  const unsure = unknown('unsupported call', `what ${operator} makes of two sets is not known`)
  const inB = a.items.map((item) => contains(b, item))
  const inA = b.items.map((item) => contains(a, item))
  switch (operator) {
    case '|':
      return { ...a, items: [...a.items, ...b.items.filter((_, index) => inA[index] !== true)] }
    case '&':
      return inB.includes(null) ? unsure : { ...a, items: a.items.filter((_, index) => inB[index]) }
    case '-':
      return inB.includes(null) ? unsure : { ...a, items: a.items.filter((_, index) => !inB[index]) }
    default:
      return unsure
  }
}

/** A text, unless it is too long. */
export function limited(text: string): Value {
  return text.length > LONGEST ? tooLong() : string(text)
}

/** What is made is longer than anybody's migration needs. */
export function tooLong(): Value {
  return unknown('unsupported call', 'a text or list becomes too long')
}

const WHOLE = /^[-+]?\d+$/

function calculated(operator: string, left: string, right: string): Value {
  const result =
    WHOLE.test(left) && WHOLE.test(right)
      ? whole(operator, BigInt(left), BigInt(right))
      : broken(operator, Number(left), Number(right))
  return result ?? unknown('unsupported call', `what ${left} ${operator} ${right} is, is not followed`)
}

function whole(operator: string, a: bigint, b: bigint): Value | null {
  const number = (value: bigint): Value => ({ kind: 'number', text: String(value) })
  switch (operator) {
    case '+':
      return number(a + b)
    case '-':
      return number(a - b)
    case '*':
      return String(a).length + String(b).length > 1000 ? null : number(a * b)
    case '//':
      return b === 0n ? null : number((a - modulo(a, b)) / b)
    case '%':
      return b === 0n ? null : number(modulo(a, b))
    case '**':
      return b < 0n || b > 64n || String(a).length > 20 ? null : number(a ** b)
    case '/':
      return b === 0n ? null : broken('/', Number(a), Number(b))
    case '|':
      return number(a | b)
    case '&':
      return number(a & b)
    case '^':
      return number(a ^ b)
    case '<<':
      return b < 0n || b > 64n ? null : number(a << b)
    default:
      return null
  }
}

/** The remainder with the sign of what is divided by, as Python has it. */
function modulo(a: bigint, b: bigint): bigint {
  return ((a % b) + b) % b
}

function broken(operator: string, a: number, b: number): Value | null {
  const result =
    operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : operator === '/' ? a / b : NaN
  return Number.isFinite(result) ? { kind: 'number', text: floating(result) } : null
}

/** A finite number as Python shows a float: https://docs.python.org/3/library/stdtypes.html#float (`repr`). */
export function floating(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2')
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** What an operator with one operand gives. */
export function unary(operator: string, operand: Value): Value {
  if (operand.kind === 'unknown') return operand
  if (operator === 'not') {
    const is = truth(operand)
    if (is !== null) return boolean(!is)
    return notKnown(operand)
  }
  if (operand.kind === 'number' && operator === '-')
    return { kind: 'number', text: operand.text.startsWith('-') ? operand.text.slice(1) : `-${operand.text}` }
  if (operand.kind === 'number' && operator === '+') return operand
  if (isSymbolic(operand)) return { kind: 'operator', operator, operands: [operand] }
  return unknown('unsupported call', `what ${operator} makes of ${describe(operand)} is not followed`)
}
