import type { Stretch } from './syntax.js'

/** What an expression is known to be without running it. `at` is where it is written. */
export type Value = { readonly at: Stretch } & (
  | { readonly kind: 'string'; readonly text: string }
  /** As written, with its sign. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly is: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'dict'; readonly entries: readonly { readonly key: Value; readonly value: Value }[] }
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
  | { readonly kind: 'unknown'; readonly reason: string }
)

/** What a call is given. */
export interface Arguments {
  readonly positional: readonly Value[]
  readonly keywords: ReadonlyMap<string, Value>
}

export type ValueOf<Kind extends Value['kind']> = Extract<Value, { kind: Kind }>

/** The names that stand for something at a place in the text. */
export type Names = ReadonlyMap<string, Value>

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
    default:
      return `a ${value.kind} is not understood here`
  }
}

/** Whether a value stands for something that a library makes, rather than for a plain value. */
export function isSymbolic({ kind }: Value): boolean {
  return (
    kind === 'name' ||
    kind === 'call' ||
    kind === 'method' ||
    kind === 'attribute' ||
    kind === 'item' ||
    kind === 'operator'
  )
}
