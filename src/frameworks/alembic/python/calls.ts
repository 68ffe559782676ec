import type { Block, Expression, Parameter, Statement } from './tree.js'

export type Call = Expression & { readonly kind: 'call' }

/** Every call that a block writes down, at any depth, whether or not it would be reached. */
export function callsIn(block: Block): readonly Call[] {
  return block.flatMap((statement) => [
    ...expressionsOf(statement).flatMap(callsOf),
    ...blocksOf(statement).flatMap((inner) => callsIn(inner)),
  ])
}

/** Every statement of a block, at any depth. */
export function statementsIn(block: Block): readonly Statement[] {
  return block.flatMap((statement) => [statement, ...blocksOf(statement).flatMap((inner) => statementsIn(inner))])
}

function blocksOf(statement: Statement): readonly Block[] {
  switch (statement.kind) {
    case 'if':
      return [...statement.branches.map(({ body }) => body), statement.otherwise ?? []]
    case 'for':
    case 'while':
      return [statement.body, statement.otherwise ?? []]
    case 'with':
      return [statement.body]
    case 'try':
      return [
        statement.body,
        ...statement.handlers.map(({ body }) => body),
        statement.otherwise ?? [],
        statement.last ?? [],
      ]
    case 'function':
    case 'class':
      return [statement.body()]
    default:
      return []
  }
}

/** The expressions that stand in a statement itself, not in its blocks. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'expression':
      return [statement.value]
    case 'assign':
      return [...statement.targets, statement.value]
    case 'update':
      return [statement.target, statement.value]
    case 'delete':
      return statement.targets
    case 'return':
    case 'raise':
      return statement.value === null ? [] : [statement.value]
    case 'if':
      return statement.branches.map(({ test }) => test)
    case 'for':
      return [statement.iterable]
    case 'while':
    case 'assert':
      return [statement.test]
    case 'with':
      return statement.items.flatMap(({ context, target }) => (target === null ? [context] : [context, target]))
    case 'function':
      return [...statement.decorators, ...defaultsOf(statement.parameters)]
    case 'class':
      return [...statement.decorators, ...statement.bases.map(({ value }) => value)]
    default:
      return []
  }
}

/** The calls in an expression, the outer ones first. */
export function callsOf(expression: Expression): readonly Call[] {
  const inner = partsOf(expression).flatMap(callsOf)
  return expression.kind === 'call' ? [expression, ...inner] : inner
}

function defaultsOf(parameters: readonly Parameter[]): readonly Expression[] {
  return parameters.flatMap(({ default: value }) => value ?? [])
}

/** The expressions that an expression is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
      return [expression.callee, ...expression.given.map(({ value }) => value)]
    case 'joined':
      return expression.parts
    case 'replacement':
    case 'starred':
    case 'walrus':
    case 'await':
      return [expression.value]
    case 'yield':
      return expression.value === null ? [] : [expression.value]
    case 'attribute':
      return [expression.object]
    case 'subscript':
      return [expression.object, expression.index]
    case 'sequence':
      return expression.items
    case 'dict':
      return expression.entries.flatMap(({ key, value }) => (key === null ? [value] : [key, value]))
    case 'unary':
      return [expression.operand]
    case 'binary':
    case 'compare':
      return [expression.first, ...expression.rest.map(({ operand }) => operand)]
    case 'boolean-chain':
      return expression.operands
    case 'conditional':
      return [expression.test, expression.then, expression.otherwise]
    case 'slice':
      return [expression.lower, expression.upper, expression.step].filter((part) => part !== null)
    case 'lambda':
      return [...defaultsOf(expression.parameters), expression.body]
    case 'comprehension':
      return [
        expression.element,
        ...(expression.value === null ? [] : [expression.value]),
        ...expression.clauses.flatMap(({ iterable, conditions }) => [iterable, ...conditions]),
      ]
    default:
      return []
  }
}
