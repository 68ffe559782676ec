import type { Stretch } from './syntax.js'
import type { Block, Expression } from './tree.js'
import type { Scope } from './scope.js'
import type { Arguments, Cause, Names, Value, ValueOf } from './value.js'

/** What the world around the Python answers: the libraries, the repository, the database. */
export interface Host {
  /** What a call of a library, or of a method of what a library made, gives; null leaves it as it is. */
  call(value: ValueOf<'call'> | ValueOf<'method'>, at: Stretch): Value | null
  /** What an attribute of what a library made is; null leaves it as it is. */
  attribute(value: ValueOf<'attribute'>): Value | null
  /** What a dotted name is inside the repository; null when it is not there. */
  resolve(path: string): Value | null
  /** The names of a module inside the repository; null when it is not there. */
  names(path: string): Names | null
  /** Enters a `with` block; null when what it does is not known. */
  enter(value: Value, at: Stretch): { readonly value: Value; leave(): void } | null
  /** A place whose effect is not known. */
  gap(cause: Cause, reason: string, at: Stretch): void
  /** Blocks of which nobody knows whether they are run, or how often: they are not followed. */
  skipped(blocks: readonly Block[], scope: Scope): void
  /** Something that is taken for granted, so that what follows can be read. */
  guard(reason: string, at: Stretch): void
}

/** Runs Python in thought: over values that are known, stand for something, or are not known. */
export interface Machine {
  readonly host: Host
  /** Where the file at hand is at work: the innermost place in it that led to what happens now. */
  site: Stretch
  /** The path of the file at hand. */
  readonly home: string
  /** The path of the file whose statement is followed now: the one at hand, or one that it calls. */
  here: string
  evaluate(expression: Expression, scope: Scope): Value
  run(block: Block, scope: Scope): Completion
  /** Calls a value; `written` is how the source names it. */
  call(callee: Value, given: Arguments, written: string): Value
  /** Counts work; throws `Exhausted` when there is too much of it. */
  spend(steps?: number): void
  /** Runs something one call deeper. */
  deeper<T>(work: () => T): T
}

/** How a block ended. */
export type Completion =
  { readonly kind: 'next' | 'break' | 'continue' } | { readonly kind: 'return'; readonly value: Value }

export const NEXT: Completion = { kind: 'next' }

/** Thrown where the Python raises; `value` is what it raises. */
export class Raised extends Error {
  readonly value: Value | null
  readonly at: Stretch

  constructor(value: Value | null, at: Stretch) {
    super('raised')
    this.value = value
    this.at = at
  }
}
