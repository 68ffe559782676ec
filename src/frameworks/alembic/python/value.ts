import type { Block, Expression, Parameter } from './tree.js'
import type { Scope } from './scope.js'

/** Why something is not known. */
export type Cause = 'needs the database' | 'imports application code' | 'reads the environment' | 'unsupported call'

/** What an expression is known to be without running it. */
export type Value =
  | { readonly kind: 'string'; readonly text: string }
  /** As Python writes it, with its sign. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly is: boolean }
  | { readonly kind: 'none' }
  /** A list unless `form` says otherwise. Python's lists change, and so do these. */
  | { readonly kind: 'list'; readonly form?: 'tuple' | 'set'; readonly items: readonly Value[] }
  | { readonly kind: 'dict'; readonly entries: readonly Entry[] }
  /** Something imported, by its full dotted name, such as `sqlalchemy.Integer`. */
  | { readonly kind: 'name'; readonly path: string }
  /** A call of something imported. */
  | ({ readonly kind: 'call'; readonly path: string } & Arguments)
  /** A call of a method of something that is not a module. */
  | ({ readonly kind: 'method'; readonly receiver: Value; readonly name: string } & Arguments)
  /** An attribute of something that is not a module, such as `users.c`. */
  | { readonly kind: 'attribute'; readonly receiver: Value; readonly name: string }
  /** An item of something that is no known list or dictionary, such as `users.c["id"]`. */
  | { readonly kind: 'item'; readonly receiver: Value; readonly key: Value }
  /** What an operator makes of something that is not plain, such as `users.c.id == 1`; with one operand or two. */
  | { readonly kind: 'operator'; readonly operator: string; readonly operands: readonly Value[] }
  | PythonFunction
  | PythonClass
  | PythonInstance
  /**
   * `composed`: of a text that is put together, the part that is not known. `open`: in a list, whatever else it may hold.
   * `anything`: whatever the cause, it may stand for an operation, so that a call of it may do anything.
   * `watched`: what a session loaded as objects, which sends what is changed in them.
   */
  | {
      readonly kind: 'unknown'
      readonly cause: Cause
      readonly reason: string
      readonly composed?: Value
      readonly open?: true
      readonly anything?: true
      readonly watched?: true
    }

export interface Entry {
  readonly key: Value
  readonly value: Value
}

/** What a call is given. */
export interface Arguments {
  readonly positional: readonly Value[]
  readonly keywords: ReadonlyMap<string, Value>
}

/** A function of the project's own. */
export interface PythonFunction {
  readonly kind: 'function'
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** Defaults by parameter, as they were when the function was defined. */
  readonly defaults: ReadonlyMap<string, Value>
  readonly body: () => Block | Expression
  /** The scope in which it was defined. */
  readonly scope: Scope
  /** What it is a method of, once it was taken from there. */
  readonly self?: Value
  readonly binding: 'plain' | 'static' | 'class' | 'property'
}

/** A class of the project's own. */
export interface PythonClass {
  readonly kind: 'class'
  readonly name: string
  readonly bases: readonly Value[]
  readonly members: Map<string, Value>
}

/** An object of a class of the project's own. */
export interface PythonInstance {
  readonly kind: 'instance'
  readonly of: PythonClass
  readonly attributes: Map<string, Value>
}

export type ValueOf<Kind extends Value['kind']> = Extract<Value, { kind: Kind }>

/** The names that stand for something at a place in the text. */
export type Names = ReadonlyMap<string, Value>

export const NONE: Value = { kind: 'none' }

export function string(text: string): Value {
  return { kind: 'string', text }
}

export function boolean(is: boolean): Value {
  return { kind: 'boolean', is }
}

export function integer(value: number | bigint): Value {
  return { kind: 'number', text: String(value) }
}

export function unknown(cause: Cause, reason: string): ValueOf<'unknown'> {
  return { kind: 'unknown', cause, reason }
}

/** Whether a list may hold more than is known of it. */
export function isOpen({ items }: ValueOf<'list'>): boolean {
  return items.some((item) => item.kind === 'unknown' && item.open === true)
}

/** What a value is, for people. */
export function describe(value: Value): string {
  switch (value.kind) {
    case 'unknown':
      return value.reason
    case 'name':
    case 'call':
      return `${value.path} is not understood here`
    case 'method':
      return `the method ${value.name} is not understood here`
    case 'attribute':
      return `the attribute ${value.name} is not understood here`
    case 'item':
      return 'an item of something is not understood here'
    case 'operator':
      return `the operator ${value.operator} is not understood here`
    case 'function':
    case 'class':
      return `the ${value.kind} ${value.name} is not understood here`
    case 'instance':
      return `an object of ${value.of.name} is not understood here`
    default:
      return `a ${value.kind} is not understood here`
  }
}

/** What is not known of a value that had to be: what it says itself, or that it is not understood. */
export function notKnown(value: Value): ValueOf<'unknown'> {
  return value.kind === 'unknown' ? value : unknown('unsupported call', describe(value))
}

/** Whether a value stands for something that a library makes, rather than for a plain value. */
export function isSymbolic({ kind }: Value): boolean {
  return SYMBOLIC.has(kind)
}

const SYMBOLIC: ReadonlySet<Value['kind']> = new Set(['name', 'call', 'method', 'attribute', 'item', 'operator'])
