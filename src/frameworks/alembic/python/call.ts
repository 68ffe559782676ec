import { changed } from './assign.js'
import { attributeOf } from './attribute.js'
import { distinctMembers, memberOf } from './classes.js'
import { builtin, unanswered } from './builtins.js'
import { isLogCall } from './effects.js'
import { exported, typeOf } from './export.js'
import { YIELDED } from './evaluate.js'
import type { Machine } from './machine.js'
import { isoformat, momentOf } from './moment.js'
import { plainMethod } from './methods.js'
import { equal } from './operators.js'
import { settled } from './returned.js'
import { innerScope, type Scope } from './scope.js'
import { CHANGES, type Block, type Expression, type Statement } from './tree.js'
import {
  describe,
  isSymbolic,
  NONE,
  string,
  unknown,
  type Arguments,
  type PythonClass,
  type PythonFunction,
  type Value,
} from './value.js'

/** Calls a value; `written` is how the source names it. What a call does that is not known is a gap. */
export function call(callee: Value, given: Arguments, written: string, machine: Machine): Value {
  machine.spend()
  switch (callee.kind) {
    case 'unknown':
      return unfollowed(callee, written, machine)
    case 'name':
      return callNamed(callee.path, given, written, machine)
    case 'attribute': {
      const { receiver, name } = callee
      if (!isSymbolic(receiver)) return plainMethod(receiver, name, given)
      const moment = name === 'isoformat' ? momentOf(receiver) : null
      const text = moment === null ? null : isoformat(moment, given)
      if (text !== null) return string(text)
      const value: Value = { kind: 'method', receiver, name, ...exportedArguments(given, machine) }
      return machine.host.call(value, machine.site) ?? value
    }
    case 'function':
      return machine.deeper(() => invoke(callee, given, written, machine))
    case 'class':
      return machine.deeper(() => instantiate(callee, given, machine))
    case 'call':
      if (callee.path === 'functools.partial') {
        const [first, ...before] = callee.positional
        const keywords = new Map([...callee.keywords, ...given.keywords])
        if (first !== undefined)
          return call(first, { positional: [...before, ...given.positional], keywords }, written, machine)
      }
      return callResult(callee, given, machine)
    case 'method':
    case 'item':
    case 'operator':
      return callResult(callee, given, machine)
    default:
      return unfollowed(unknown('unsupported call', `${written}() calls ${describe(callee)}`), written, machine)
  }
}

/** Calls what a library made. */
function callResult(receiver: Value, given: Arguments, machine: Machine): Value {
  const value: Value = { kind: 'method', receiver, name: '__call__', ...exportedArguments(given, machine) }
  return machine.host.call(value, machine.site) ?? value
}

/** A call of something that is not known may do anything; of what a query gave, nothing that matters. */
function unfollowed(callee: Value & { kind: 'unknown' }, written: string, machine: Machine): Value {
  const { cause, reason } = callee
  const name = written.slice(written.lastIndexOf('.') + 1)
  const isData = callee.anything !== true && (cause === 'needs the database' || cause === 'reads the environment')
  const isHarmless = isData || LOOKS.has(name) || isLogCall(written)
  if (callee.watched && CHANGES.has(name) && written.split('.').length > 2) changed(machine)
  else if (!isHarmless) machine.host.gap(cause, `${written}() is a call that is not followed: ${reason}`, machine.site)
  return { ...unknown(cause, reason), ...(callee.watched ? { watched: true } : {}) }
}

/** Methods that only look, whatever they are called on. */
const LOOKS = new Set(
  'get items keys values lower upper strip split join format replace startswith endswith append extend add isoformat strftime'.split(
    ' ',
  ),
)

function callNamed(path: string, given: Arguments, written: string, machine: Machine): Value {
  const own = path.replace(/^builtins\./, '')
  if (own === 'getattr') return attributeNamed(given, written, machine)
  if (own === 'type' && given.positional.length === 1) return unanswered(written, given)
  const known = builtin(own)
  if (known !== null) return known(given, machine) ?? unanswered(written, given)
  const value: Value = { kind: 'call', path, ...exportedArguments(given, machine) }
  return machine.host.call(value, machine.site) ?? value
}

function attributeNamed(given: Arguments, written: string, machine: Machine): Value {
  const [object, name, fallback] = given.positional
  if (object === undefined || name?.kind !== 'string') return unanswered(written, given)
  const value = attributeOf(object, name.text, machine)
  return value.kind === 'unknown' && fallback !== undefined && object.kind === 'class' ? fallback : value
}

/** What a library is given, in terms that it knows. */
function exportedArguments({ positional, keywords }: Arguments, machine: Machine): Arguments {
  return {
    positional: positional.map((value) => exported(value, machine)),
    keywords: new Map([...keywords].map(([name, value]) => [name, exported(value, machine)])),
  }
}

function invoke(callee: PythonFunction, given: Arguments, written: string, machine: Machine): Value {
  const scope = innerScope(callee.scope)
  const lacking = bind(callee, given, scope)
  if (lacking !== null) {
    const value = unknown('unsupported call', `${written}() ${lacking}`)
    machine.host.gap(value.cause, value.reason, machine.site)
    return value
  }
  const body = callee.body()
  if (!isBlock(body)) return machine.evaluate(body, scope)
  const gathers = body.some(yields)
  if (gathers) scope.names.set(YIELDED, { kind: 'list', items: [] })
  const end = machine.run(body, scope)
  if (gathers) return scope.names.get(YIELDED) ?? NONE
  return settled(end.kind === 'return' ? end.value : NONE, scope, written)
}

function isBlock(body: Block | Expression): body is Block {
  return Array.isArray(body)
}

function yields(statement: Statement): boolean {
  switch (statement.kind) {
    case 'expression':
    case 'assign':
      return statement.value.kind === 'yield'
    case 'if':
      return [...statement.branches.flatMap(({ body }) => body), ...(statement.otherwise ?? [])].some(yields)
    case 'for':
    case 'while':
    case 'with':
      return statement.body.some(yields)
    case 'try':
      return [...statement.body, ...(statement.last ?? []), ...statement.handlers.flatMap(({ body }) => body)].some(
        yields,
      )
    default:
      return false
  }
}

/** Binds what a function is given to its parameters; says what does not fit. */
function bind({ parameters, defaults, self }: PythonFunction, given: Arguments, scope: Scope): string | null {
  const values = self === undefined ? [...given.positional] : [self, ...given.positional]
  const keywords = new Map(given.keywords)
  for (const { name, star, keywordOnly } of parameters) {
    if (star === '*') scope.names.set(name, { kind: 'list', form: 'tuple', items: values.splice(0) })
    else if (star === '**') {
      const entries = [...keywords].map(([key, value]) => ({ key: string(key), value }))
      keywords.clear()
      scope.names.set(name, { kind: 'dict', entries })
    } else {
      const value = (keywordOnly ? undefined : values.shift()) ?? keywords.get(name) ?? defaults.get(name)
      if (value === undefined) return `is not given ${name}`
      keywords.delete(name)
      scope.names.set(name, value)
    }
  }
  if (values.length > 0) return 'is given more than it takes'
  const [surplus] = keywords.keys()
  return surplus === undefined ? null : `is given ${surplus}, which it does not take`
}

function instantiate(of: PythonClass, given: Arguments, machine: Machine): Value {
  const members = distinctMembers(of)
  if (members.length > 0) {
    const [wanted] = given.positional
    const found = members.find(
      ({ attributes }) => wanted !== undefined && equal(attributes.get('value') ?? NONE, wanted) === true,
    )
    return found ?? unknown('unsupported call', `which member of ${of.name} is meant is not known`)
  }
  const type = typeOf(of, given, machine)
  if (type !== null) return type
  const instance: Value = { kind: 'instance', of, attributes: new Map() }
  const init = memberOf(of, '__init__')
  if (init?.kind === 'function') call({ ...init, self: instance }, given, of.name, machine)
  else fill(instance, of, given)
  return instance
}

/** The fields of a data class or a named tuple, in the order in which they are declared. */
function fill(
  { attributes }: Value & { kind: 'instance' },
  { members }: PythonClass,
  { positional, keywords }: Arguments,
): void {
  const fields = members.get(FIELDS)
  const names =
    fields?.kind === 'list' ? fields.items.flatMap((item) => (item.kind === 'string' ? [item.text] : [])) : []
  positional.forEach((value, index) => attributes.set(names[index] ?? ` ${index}`, value))
  for (const [name, value] of keywords) attributes.set(name, value)
}

/** The name, which no Python has, of the fields that a class declares. */
export const FIELDS = ' fields'
