import { callsOf, expressionsOf, type Call as WrittenCall } from './python/calls.js'
import { createMachine } from './python/interpreter.js'
import type { Machine } from './python/machine.js'
import { ALONE, exhaustion, type Module } from './python/module.js'
import { Raised } from './python/machine.js'
import { innerScope, moduleScope, type Scope } from './python/scope.js'
import type { Stretch } from './python/syntax.js'
import {
  assignedIn,
  writtenAs,
  type Block,
  type Expression,
  type FunctionStatement,
  type Statement,
} from './python/tree.js'
import { unknown, type Value } from './python/value.js'

/** Something that a call is given, and where it is written. */
export interface Given {
  readonly value: Value
  readonly at: Stretch
}

/** A call somewhere in a file. Names that a function around it gives another meaning are not known in it. */
export interface Call {
  readonly at: Stretch
  /** The full dotted name of what is called, when it is imported; null otherwise. */
  readonly path: string | null
  /** The last name of what is called. */
  readonly name: string
  /** How the source names what is called; `…` for what has no name. */
  readonly written: string
  readonly positional: readonly Given[]
  readonly keywords: ReadonlyMap<string, Given>
  /** Whether it is given more with `*` or `**`. */
  readonly more: boolean
  /** The innermost function around it; null at the top of the file. */
  readonly around: FunctionStatement | null
  /** Whether it is only made on a condition, inside its function. */
  readonly conditional: boolean
}

/** Where a statement stands. */
interface Place {
  readonly scope: Scope
  readonly around: FunctionStatement | null
  readonly conditional: boolean
}

/** More calls than anybody writes into one file of this kind. */
const MOST_CALLS = 5_000

/** Every call of a file, in order, with what it is given as far as that is known. Nothing is followed into. */
export function callsIn(module: Module, path: string): readonly Call[] {
  const calls: Call[] = []
  const machine = createMachine(ALONE, path)
  const top = topOf(module, path)

  const found = (parts: readonly Expression[], place: Place): void => {
    for (const call of parts.flatMap(callsOf)) if (calls.length < MOST_CALLS) calls.push(callAt(call, place, machine))
  }
  const walk = (statements: Block, place: Place): void => {
    for (const statement of statements) visit(statement, place)
  }
  function visit(statement: Statement, place: Place): void {
    const perhaps = { ...place, conditional: true }
    switch (statement.kind) {
      case 'function':
        found(statement.decorators, place)
        return walk(statement.body(), { scope: within(statement, place.scope), around: statement, conditional: false })
      case 'class':
        found(expressionsOf(statement), place)
        return walk(statement.body(), { ...place, scope: innerScope(place.scope) })
      case 'if':
        for (const { test, body } of statement.branches) {
          found([test], place)
          walk(body, perhaps)
        }
        return walk(statement.otherwise ?? [], perhaps)
      case 'for':
      case 'while':
        found(expressionsOf(statement), place)
        walk(statement.body, perhaps)
        return walk(statement.otherwise ?? [], perhaps)
      case 'with':
        found(expressionsOf(statement), place)
        return walk(statement.body, place)
      case 'try':
        walk(statement.body, place)
        for (const { body } of statement.handlers) walk(body, perhaps)
        walk(statement.otherwise ?? [], place)
        return walk(statement.last ?? [], place)
      default:
        found(expressionsOf(statement), place)
        if (statement.kind === 'assign' && !place.conditional && place.around !== null)
          set(statement.targets, statement.value, place, machine)
    }
  }
  walk(module.block, { scope: top, around: null, conditional: false })
  return calls
}

/** What an expression at the top of a file is, with the names that the file has in the end. */
export function valueAtTop(expression: Expression, module: Module, path: string): Value {
  return evaluated(expression, topOf(module, path), createMachine(ALONE, path))
}

function topOf({ names }: Module, path: string): Scope {
  const scope = moduleScope(path)
  for (const [name, value] of names) scope.names.set(name, value)
  return scope
}

/** The names inside a function: what it is given and what it sets are its own, and not known until they are set. */
function within({ parameters, body }: FunctionStatement, outer: Scope): Scope {
  const scope = innerScope(outer)
  for (const name of [...parameters.map((parameter) => parameter.name), ...assignedIn(body())]) {
    scope.names.set(name, unknown('unsupported call', `${name} is a variable whose value is not known`))
  }
  return scope
}

function set(targets: readonly Expression[], value: Expression, { scope }: Place, machine: Machine): void {
  for (const target of targets) if (target.kind === 'name') scope.names.set(target.id, evaluated(value, scope, machine))
}

function callAt({ callee, given, from, to }: WrittenCall, place: Place, machine: Machine): Call {
  const valueOf = (expression: Expression): Given => ({
    value: evaluated(expression, place.scope, machine),
    at: { from: expression.from, to: expression.to },
  })
  const called = evaluated(callee, place.scope, machine)
  return {
    at: { from, to },
    path: called.kind === 'name' ? called.path : null,
    written: writtenAs(callee),
    name: callee.kind === 'name' ? callee.id : callee.kind === 'attribute' ? callee.name : '',
    positional: given.flatMap(({ star, keyword, value }) => (star === '' && keyword === null ? [valueOf(value)] : [])),
    keywords: new Map(given.flatMap(({ keyword, value }) => (keyword === null ? [] : [[keyword, valueOf(value)]]))),
    more: given.some(({ star }) => star !== ''),
    around: place.around,
    conditional: place.conditional,
  }
}

function evaluated(expression: Expression, scope: Scope, machine: Machine): Value {
  try {
    return machine.evaluate(expression, scope)
  } catch (error) {
    return unknown('unsupported call', error instanceof Raised ? 'it always fails here' : exhaustion(error))
  }
}
