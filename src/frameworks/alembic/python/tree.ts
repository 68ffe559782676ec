import type { Stretch } from './syntax.js'

/** A Python expression. A part that the reader has no form for is `other`, whole. */
export type Expression = Stretch &
  (
    | { readonly kind: 'string'; readonly text: string }
    /** As written, without underscores. */
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'boolean'; readonly is: boolean }
    | { readonly kind: 'none' }
    | { readonly kind: 'ellipsis' }
    /** An f-string, or string literals side by side. */
    | { readonly kind: 'joined'; readonly parts: readonly Expression[] }
    | {
        readonly kind: 'replacement'
        readonly value: Expression
        /** `r` of `{x!r}`; empty without. */
        readonly conversion: string
        readonly spec: readonly Expression[]
        /** The source before `=` of `{x=}`; null without. */
        readonly label: string | null
      }
    | { readonly kind: 'name'; readonly id: string }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'subscript'; readonly object: Expression; readonly index: Expression }
    | {
        readonly kind: 'slice'
        readonly lower: Expression | null
        readonly upper: Expression | null
        readonly step: Expression | null
      }
    | { readonly kind: 'call'; readonly callee: Expression; readonly given: readonly Argument[] }
    | { readonly kind: 'sequence'; readonly form: 'tuple' | 'list' | 'set'; readonly items: readonly Expression[] }
    | { readonly kind: 'starred'; readonly value: Expression }
    /** A key of null stands for `**value`. */
    | {
        readonly kind: 'dict'
        readonly entries: readonly { readonly key: Expression | null; readonly value: Expression }[]
      }
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
    /** Operands that one kind of operator joins from left to right. */
    | { readonly kind: 'binary'; readonly first: Expression; readonly rest: readonly Operand[] }
    | { readonly kind: 'boolean-chain'; readonly operator: 'and' | 'or'; readonly operands: readonly Expression[] }
    | { readonly kind: 'compare'; readonly first: Expression; readonly rest: readonly Operand[] }
    | {
        readonly kind: 'conditional'
        readonly test: Expression
        readonly then: Expression
        readonly otherwise: Expression
      }
    | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly body: Expression }
    | {
        readonly kind: 'comprehension'
        readonly form: 'list' | 'set' | 'generator' | 'dict'
        readonly element: Expression
        /** The value of a dictionary's entry, whose key is `element`. */
        readonly value: Expression | null
        readonly clauses: readonly Clause[]
      }
    | { readonly kind: 'walrus'; readonly name: string; readonly value: Expression }
    | { readonly kind: 'yield'; readonly value: Expression | null; readonly from_: boolean }
    | { readonly kind: 'await'; readonly value: Expression }
    | { readonly kind: 'other'; readonly what: string }
  )

/** An operator and what stands right of it. */
export interface Operand {
  readonly operator: string
  readonly operand: Expression
}

/** `for target in iterable if condition …` of a comprehension. */
export interface Clause {
  readonly target: Expression
  readonly iterable: Expression
  readonly conditions: readonly Expression[]
}

/** One thing that a call is given. */
export interface Argument {
  readonly star: '' | '*' | '**'
  readonly keyword: string | null
  readonly value: Expression
}

/** A parameter of a function. */
export interface Parameter {
  readonly name: string
  readonly star: '' | '*' | '**'
  /** After a bare `*` or `*args`: only by keyword. */
  readonly keywordOnly: boolean
  readonly default: Expression | null
}

/** What a function or class statement defines; its body is read when it is asked for. */
export interface Definition extends Stretch {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly decorators: readonly Expression[]
  readonly body: () => readonly Statement[]
}

export type FunctionStatement = Definition & { readonly kind: 'function'; readonly isAsync: boolean }
export type ClassStatement = Definition & { readonly kind: 'class'; readonly bases: readonly Argument[] }

/** A Python statement. */
export type Statement =
  | FunctionStatement
  | ClassStatement
  | (Stretch &
      (
        | { readonly kind: 'expression'; readonly value: Expression }
        | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression }
        /** `name: type` alone. */
        | { readonly kind: 'declare'; readonly name: string | null }
        | {
            readonly kind: 'update'
            readonly target: Expression
            readonly operator: string
            readonly value: Expression
          }
        | { readonly kind: 'return'; readonly value: Expression | null }
        | { readonly kind: 'raise'; readonly value: Expression | null }
        | { readonly kind: 'pass' | 'break' | 'continue' }
        | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: Block | null }
        | {
            readonly kind: 'for'
            readonly target: Expression
            readonly iterable: Expression
            readonly body: Block
            readonly otherwise: Block | null
          }
        | {
            readonly kind: 'while'
            readonly test: Expression
            readonly body: Block
            readonly otherwise: Block | null
          }
        | {
            readonly kind: 'try'
            readonly body: Block
            readonly handlers: readonly Handler[]
            readonly otherwise: Block | null
            readonly last: Block | null
          }
        | { readonly kind: 'with'; readonly items: readonly WithItem[]; readonly body: Block }
        | { readonly kind: 'import'; readonly names: readonly ImportedName[] }
        | { readonly kind: 'scope'; readonly names: readonly string[] }
        | { readonly kind: 'delete'; readonly targets: readonly Expression[] }
        | { readonly kind: 'assert'; readonly test: Expression }
        /** A form that is not followed. */
        | { readonly kind: 'other'; readonly what: string }
      ))

export type Block = readonly Statement[]

export interface Branch {
  readonly test: Expression
  readonly body: Block
}

export interface Handler {
  /** null for a bare `except`. */
  readonly type: Expression | null
  readonly name: string | null
  readonly body: Block
}

export interface WithItem {
  readonly context: Expression
  readonly target: Expression | null
}

/** One name that an import statement brings. */
export interface ImportedName {
  /** The name by which it is known; `*` for all names of a module. */
  readonly local: string
  /** Dotted, with the module. */
  readonly path: string
  /** Leading dots of a relative import. */
  readonly level: number
}

/**
 * The names that a block may assign, at any depth but in functions and classes of its own: also those that it imports, and
 * those of lists and objects that it changes, unless only names are wanted that come to stand for something `other`.
 */
export function assignedIn(block: Block, wanted: 'all' | 'other' = 'all'): ReadonlySet<string> {
  const names = new Set<string>()
  const isAll = wanted === 'all'
  const targets = (target: Expression | null): void => {
    if (target === null) return
    if (target.kind === 'name') names.add(target.id)
    else if (target.kind === 'starred') targets(target.value)
    else if (target.kind === 'sequence') target.items.forEach(targets)
    // An item or attribute that is set changes what the name stands for.
    else if (isAll && (target.kind === 'attribute' || target.kind === 'subscript')) targets(target.object)
  }
  const blocks = (...all: readonly (Block | null)[]): void => {
    for (const each of all) for (const statement of each ?? []) visit(statement)
  }
  function visit(statement: Statement): void {
    switch (statement.kind) {
      case 'function':
      case 'class':
        names.add(statement.name)
        return
      case 'assign':
      case 'delete':
        return statement.targets.forEach(targets)
      case 'update':
        return targets(statement.target)
      case 'import':
        for (const { local } of isAll ? statement.names : []) names.add(local)
        return
      case 'if':
        return blocks(...statement.branches.map(({ body }) => body), statement.otherwise)
      case 'for':
        targets(statement.target)
        return blocks(statement.body, statement.otherwise)
      case 'while':
        return blocks(statement.body, statement.otherwise)
      case 'with':
        statement.items.forEach(({ target }) => targets(target))
        return blocks(statement.body)
      case 'try':
        return blocks(
          statement.body,
          ...statement.handlers.map(({ body }) => body),
          statement.otherwise,
          statement.last,
        )
      case 'expression':
        // `names.append(…)` changes the list.
        if (isAll && statement.value.kind === 'call' && statement.value.callee.kind === 'attribute') {
          const { object, name } = statement.value.callee
          if (CHANGES.has(name)) targets(object)
        }
    }
  }
  blocks(block)
  return names
}

/** Methods that change a list, a set or a dictionary. */
export const CHANGES: ReadonlySet<string> = new Set([
  'append',
  'extend',
  'insert',
  'pop',
  'remove',
  'reverse',
  'clear',
  'sort',
  'add',
  'discard',
  'update',
  'setdefault',
])

/** How the source names what it calls; `…` for what has no name. */
export function writtenAs(callee: Expression): string {
  if (callee.kind === 'name') return callee.id
  return callee.kind === 'attribute' ? `${writtenAs(callee.object)}.${callee.name}` : '…'
}
