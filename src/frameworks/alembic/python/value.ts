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
    default:
      return `a ${value.kind} is not understood here`
  }
}
