import type { Translation } from './translation.js'
import { parameters, sqlalchemyName } from './translation.js'
import { execute } from './operations/execute.js'
import { OPERATIONS } from './operations/index.js'
import { evaluate } from './python/evaluate.js'
import { importedNames } from './python/imports.js'
import { assignment, forget, type Module } from './python/module.js'
import { childrenOf, statementsOf, type Stretch, type SyntaxNode } from './python/syntax.js'
import { describe, type Value, type ValueOf } from './python/value.js'
import { createEnum, enumOf } from './sql/enum.js'
import { quote } from '../../model/names.js'

/** SQL that one call sends, and where the call stands. */
export interface Sent {
  readonly sql: string
  readonly at: Stretch
  /** Whether it is sent in an `autocommit_block`, outside the transaction. */
  readonly autocommit: boolean
}

/** A place whose effect is not known. */
export interface Gap {
  readonly reason: string
  readonly at: Stretch
}

/** What a function's body sends, as far as it can be told without running it. */
export interface Sending {
  readonly sent: readonly Sent[]
  readonly gaps: readonly Gap[]
}

/** Follows the statements of `upgrade()` or `downgrade()` in order. */
export function sendingOf(body: SyntaxNode, { file, names: global }: Module): Sending {
  const sent: Sent[] = []
  const gaps: Gap[] = []
  const names = new Map<string, Value>(global)
  const batches = new Map<string, { readonly table: string; readonly schema: string | null }>()
  const createdTypes = new Set<string>()
  let autocommit = false
  let ended = false

  const gap = (node: Stretch, reason: string): void => {
    gaps.push({ reason, at: { from: node.from, to: node.to } })
  }
  const send = (node: Stretch, translate: (translation: Translation) => readonly string[]): void => {
    const problems: string[] = []
    const problem = (reason: string): string => {
      problems.push(reason)
      return ''
    }
    const statements = translate({ problem, createdTypes })
    const [first] = problems
    if (first !== undefined) gap(node, first)
    else for (const sql of statements) sent.push({ sql, at: { from: node.from, to: node.to }, autocommit })
  }

  const followAll = (nodes: readonly SyntaxNode[]): void => {
    for (const node of nodes) {
      if (ended) return
      follow(node)
    }
  }

  function follow(node: SyntaxNode): void {
    switch (node.name) {
      case 'PassStatement':
      case 'FunctionDefinition':
      case 'ClassDefinition':
        return
      case 'ImportStatement':
        for (const [name, value] of importedNames(node, file)) names.set(name, value)
        return
      case 'ReturnStatement':
        ended = true
        return
      case 'RaiseStatement':
        ended = true
        return gap(node, 'it always fails here')
      case 'AssignStatement':
        return assign(node)
      case 'WithStatement':
        return enter(node)
      case 'ExpressionStatement': {
        const [expression] = childrenOf(node)
        if (expression === undefined || ['String', 'ContinuedString', 'Ellipsis'].includes(expression.name)) return
        return effect(node, evaluate(expression, file, names), file.text.slice(expression.from, expression.to))
      }
      default:
        forget(node, file, names)
        return gap(node, UNFOLLOWED[node.name] ?? `a ${node.name} is not followed`)
    }
  }

  function assign(node: SyntaxNode): void {
    const assigned = assignment(node, file, names)
    if (assigned === null) {
      forget(node, file, names)
      return gap(node, 'an assignment to more than one plain name is not followed')
    }
    const { name, value } = assigned
    names.set(name, value)
    if (value.kind === 'call' && isOperation(value.path)) {
      effect(node, value, '')
      const [table] = value.positional
      // What create_table returns is the table, to be filled by bulk_insert.
      if (table !== undefined) names.set(name, { ...value, path: 'sqlalchemy.table', positional: [table] })
    } else if (!isHarmless(value) && file.text.slice(value.at.from, value.at.to).includes('(')) {
      gap(node, describe(value))
    }
  }

  function enter(node: SyntaxNode): void {
    const [, header, as, target] = childrenOf(node)
    const body = node.getChild('Body')
    const value = header === undefined ? null : evaluate(header, file, names)
    const plain = as?.name === 'as' ? target?.name === 'VariableName' : true
    if (body === null || value === null || !plain) return unfollowedWith(node)
    if (
      value.kind === 'call' &&
      value.path === 'alembic.op.batch_alter_table' &&
      target !== undefined &&
      as?.name === 'as'
    ) {
      const path = `alembic.batch_${batches.size}`
      send(node, (translation) => {
        const given = parameters(value, { order: ['table_name', 'schema'], ignored: /./ }, translation)
        batches.set(path, { table: given.string('table_name'), schema: given.optionalString('schema') })
        return []
      })
      names.set(file.text.slice(target.from, target.to), { at: value.at, kind: 'name', path })
      if (batches.get(path)?.table) followAll(statementsOf(body))
      return
    }
    const isContext =
      value.kind === 'method' && value.receiver.kind === 'call' && value.receiver.path === 'alembic.op.get_context'
    if (isContext && value.name === 'autocommit_block' && as?.name !== 'as') {
      const before = autocommit
      autocommit = true
      followAll(statementsOf(body))
      autocommit = before
      return
    }
    unfollowedWith(node)
  }

  function unfollowedWith(node: SyntaxNode): void {
    forget(node, file, names)
    gap(node, 'this with block is not followed')
  }

  function effect(node: Stretch, value: Value, source: string): void {
    if (isHarmless(value) || /^print\s*\(/.test(source)) return
    if (value.kind === 'method') return methodEffect(node, value)
    if (value.kind !== 'call') return gap(node, describe(value))
    const [, owner = '', name = ''] = /^(alembic\.(?:op|batch_\d+))\.(\w+)$/.exec(value.path) ?? []
    const operation = OPERATIONS.get(name)
    if (operation === undefined) return gap(node, describe(value))
    const batch = batches.get(owner) ?? null
    send(node, (translation) => operation({ ...value, batch }, translation))
  }

  /** `ENUM(…).create(bind)` and `.drop(bind)`; `op.get_bind().execute(sa.text(…))`, which sends what `op.execute` would. */
  function methodEffect(node: Stretch, value: ValueOf<'method'>): void {
    const { receiver, name, positional, keywords } = value
    const [text, ...more] = positional
    // SQLAlchemy 2 refuses a plain string, and earlier versions do not send it as they send `sa.text`.
    const plain = text !== undefined && sqlalchemyName(text) === 'text' && more.length === 0 && keywords.size === 0
    if (name === 'execute' && plain && receiver.kind === 'call' && receiver.path === 'alembic.op.get_bind')
      return send(node, (translation) => execute({ ...value, batch: null }, translation))
    const kind = sqlalchemyName(receiver)
    const checks = keywords.get('checkfirst')
    if ((kind !== 'Enum' && kind !== 'ENUM') || (name !== 'create' && name !== 'drop'))
      return gap(node, describe(value))
    if (checks !== undefined && checks.kind !== 'boolean') return gap(node, describe(checks))
    send(node, (translation) => {
      const type = enumOf(receiver, null, translation)
      if (type === null) return []
      if (name === 'create') return [createEnum(type)]
      const unchecked = checks?.kind === 'boolean' && !checks.is
      return [`DROP TYPE ${unchecked ? '' : 'IF EXISTS '}${quote({ schema: type.schema ?? '', name: type.name })}`]
    })
  }

  followAll(statementsOf(body))
  return { sent, gaps }
}

/** Statements that decide or repeat, and so need values that are not known. */
const UNFOLLOWED: Readonly<Record<string, string | undefined>> = {
  ForStatement: 'a loop is not followed',
  WhileStatement: 'a loop is not followed',
  IfStatement: 'which way a condition goes is not known',
  MatchStatement: 'which way a condition goes is not known',
  TryStatement: 'a try block is not followed',
  UpdateStatement: 'an update of a variable is not followed',
  DeleteStatement: 'a del statement is not followed',
  AssertStatement: 'whether an assertion holds is not known',
}

function isOperation(path: string): boolean {
  return path.startsWith('alembic.op.') && OPERATIONS.has(path.slice('alembic.op.'.length))
}

/** Whether having the value sends nothing: constants, types and tables, the connection itself, and log lines. */
function isHarmless(value: Value): boolean {
  switch (value.kind) {
    case 'unknown':
      return false
    case 'call':
      return /^(sqlalchemy|datetime|uuid|json|logging)\b|^alembic\.op\.(get_bind|get_context|f)$/.test(value.path)
    case 'method':
      return (
        value.name === 'with_variant' || (value.receiver.kind === 'call' && value.receiver.path === 'logging.getLogger')
      )
    default:
      return true
  }
}

/** The message of a body that does nothing but raise; undefined when it does anything else. */
export function raisedBy(
  body: SyntaxNode,
  { file, names }: Module,
): { readonly reason: string | null; readonly at: Stretch } | undefined {
  const statements = statementsOf(body).filter((node) => {
    const [first] = childrenOf(node)
    return node.name !== 'PassStatement' && !(node.name === 'ExpressionStatement' && first?.name.endsWith('String'))
  })
  const [raise, more] = statements
  if (raise?.name !== 'RaiseStatement' || more !== undefined) return undefined
  const [, raised] = childrenOf(raise)
  const list = raised?.name === 'CallExpression' ? raised.getChild('ArgList') : null
  const first = list === null ? undefined : childrenOf(list).find(({ name }) => name !== '(' && name !== ')')
  const message = first === undefined ? null : evaluate(first, file, names)
  const at = { from: raise.from, to: raise.to }
  return { reason: message?.kind === 'string' && message.text.trim() !== '' ? message.text.trim() : null, at }
}
