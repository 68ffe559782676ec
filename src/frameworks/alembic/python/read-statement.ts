import { expressionReader, type ExpressionReader } from './read-expression.js'
import { childrenOf, statementsOf, type PythonFile, type SyntaxNode } from './syntax.js'
import type { Block, Branch, Expression, Handler, ImportedName, Statement, WithItem } from './tree.js'

/** Reads the statements of a Python file; the bodies of its functions and classes when they are asked for. */
export function readStatements({ text, root }: PythonFile): Block {
  const expressions = expressionReader(text)
  const source = ({ from, to }: SyntaxNode): string => text.slice(from, to)
  return blockOf(root)

  function blockOf(node: SyntaxNode): Block {
    return statementsOf(node).map(read)
  }

  function read(node: SyntaxNode): Statement {
    const at = { from: node.from, to: node.to }
    const children = childrenOf(node)
    const { read: value, list } = expressions
    const other = (what?: string): Statement => ({
      ...at,
      kind: 'other',
      what: what ?? `a ${node.name} is not followed`,
    })
    switch (node.name) {
      case 'ExpressionStatement':
      case 'YieldStatement': {
        const whole = node.name === 'YieldStatement' ? value(node) : list(children)
        return whole === null ? other() : { ...at, kind: 'expression', value: whole }
      }
      case 'AssignStatement':
        return assignment(node, expressions) ?? other()
      case 'UpdateStatement': {
        const [target, operator, ...right] = children
        const by = list(right)
        if (target === undefined || operator === undefined || by === null) return other()
        return { ...at, kind: 'update', target: value(target), operator: source(operator).slice(0, -1), value: by }
      }
      case 'ReturnStatement':
        return { ...at, kind: 'return', value: list(children.slice(1)) }
      case 'RaiseStatement': {
        const [, raised] = children
        return { ...at, kind: 'raise', value: raised === undefined ? null : value(raised) }
      }
      case 'PassStatement':
        return { ...at, kind: 'pass' }
      case 'BreakStatement':
        return { ...at, kind: 'break' }
      case 'ContinueStatement':
        return { ...at, kind: 'continue' }
      case 'IfStatement': {
        const branches: Branch[] = []
        let otherwise: Block | null = null
        for (const { word, head, body } of clausesOf(children)) {
          const test = list(head)
          if (word === 'else') otherwise = blockOf(body)
          else if (test === null) return other()
          else branches.push({ test, body: blockOf(body) })
        }
        return { ...at, kind: 'if', branches, otherwise }
      }
      case 'ForStatement': {
        const [loop, rest] = clausesOf(children.filter(({ name }) => name !== 'async'))
        const into = loop?.head.findIndex(({ name }) => name === 'in') ?? -1
        const target = list(loop?.head.slice(0, into) ?? [])
        const iterable = list(loop?.head.slice(into + 1) ?? [])
        if (loop === undefined || into < 0 || target === null || iterable === null) return other()
        return {
          ...at,
          kind: 'for',
          target,
          iterable,
          body: blockOf(loop.body),
          otherwise: rest ? blockOf(rest.body) : null,
        }
      }
      case 'WhileStatement': {
        const [loop, rest] = clausesOf(children)
        const test = list(loop?.head ?? [])
        if (loop === undefined || test === null) return other()
        return { ...at, kind: 'while', test, body: blockOf(loop.body), otherwise: rest ? blockOf(rest.body) : null }
      }
      case 'TryStatement':
        return tried(node)
      case 'WithStatement':
        return entered(node) ?? other('this with block is not followed')
      case 'FunctionDefinition':
      case 'ClassDefinition':
        return defined(node, []) ?? other()
      case 'DecoratedStatement': {
        const definition = node.getChild('FunctionDefinition') ?? node.getChild('ClassDefinition')
        const decorators = node.getChildren('Decorator').map(decorator)
        return (definition === null ? null : defined(definition, decorators)) ?? other()
      }
      case 'ImportStatement':
        return { ...at, kind: 'import', names: importedNames(node, expressions) }
      case 'ScopeStatement':
        return { ...at, kind: 'scope', names: node.getChildren('VariableName').map(expressions.identifier) }
      case 'DeleteStatement':
        return {
          ...at,
          kind: 'delete',
          targets: children.slice(1).flatMap((child) => (child.name === ',' ? [] : [value(child)])),
        }
      case 'AssertStatement': {
        const [, test] = children
        return test === undefined ? other() : { ...at, kind: 'assert', test: value(test) }
      }
      case 'TypeDefinition':
        return { ...at, kind: 'declare', name: null }
      case 'MatchStatement':
        return other('which way a match goes is not known')
      default:
        return other()
    }
  }

  function tried(node: SyntaxNode): Statement {
    let body: Block = []
    let otherwise: Block | null = null
    let last: Block | null = null
    const handlers: Handler[] = []
    for (const clause of clausesOf(childrenOf(node))) {
      const block = blockOf(clause.body)
      if (clause.word === 'try') body = block
      else if (clause.word === 'else') otherwise = block
      else if (clause.word === 'finally') last = block
      else {
        const as = clause.head.findIndex(({ name }) => name === 'as')
        const name = as < 0 ? undefined : clause.head[as + 1]
        const type = (as < 0 ? clause.head : clause.head.slice(0, as)).filter((part) => part.name !== '*')
        const named = name === undefined ? null : expressions.identifier(name)
        handlers.push({ type: expressions.list(type), name: named, body: block })
      }
    }
    return { from: node.from, to: node.to, kind: 'try', body, handlers, otherwise, last }
  }

  function entered(node: SyntaxNode): Statement | null {
    const [clause] = clausesOf(childrenOf(node).filter(({ name }) => name !== 'async'))
    if (clause === undefined) return null
    const items: WithItem[] = []
    let rest = clause.head
    while (rest.length > 0) {
      const comma = rest.findIndex(({ name }) => name === ',')
      const [context, as, target, ...more] = comma < 0 ? rest : rest.slice(0, comma)
      if (context === undefined || more.length > 0 || (as !== undefined && as.name !== 'as')) return null
      items.push({
        context: expressions.read(context),
        target: target === undefined ? null : expressions.read(target),
      })
      rest = comma < 0 ? [] : rest.slice(comma + 1)
    }
    return { from: node.from, to: node.to, kind: 'with', items, body: blockOf(clause.body) }
  }

  function defined(node: SyntaxNode, decorators: readonly Expression[]): Statement | null {
    const name = node.getChild('VariableName')
    const body = node.getChild('Body')
    if (name === null || body === null) return null
    let block: Block | null = null
    const definition = {
      ...{ from: node.from, to: node.to, name: expressions.identifier(name), decorators },
      body: () => (block ??= blockOf(body)),
    }
    if (node.name === 'ClassDefinition')
      return { ...definition, kind: 'class', parameters: [], bases: expressions.given(node.getChild('ArgList')) }
    const parameters = expressions.parameters(node.getChild('ParamList'))
    return { ...definition, kind: 'function', parameters, isAsync: node.getChild('async') !== null }
  }

  function decorator(node: SyntaxNode): Expression {
    const list = node.getChild('ArgList')
    const [first, ...names] = node
      .getChildren('VariableName')
      .map((name) => ({ name, id: expressions.identifier(name) }))
    const at = { from: node.from, to: node.to }
    if (first === undefined) return { ...at, kind: 'other', what: 'a decorator is not understood' }
    const properties = [
      ...names,
      ...node.getChildren('PropertyName').map((name) => ({ name, id: expressions.identifier(name) })),
    ]
    const callee = properties.reduce<Expression>((object, { id }) => ({ ...at, kind: 'attribute', object, name: id }), {
      ...at,
      kind: 'name',
      id: first.id,
    })
    return list === null ? callee : { ...at, kind: 'call', callee, given: expressions.given(list) }
  }
}

/** A part of a compound statement: the word that begins it, what stands before its colon, and its body. */
interface SyntaxClause {
  readonly word: string
  readonly head: readonly SyntaxNode[]
  readonly body: SyntaxNode
}

function clausesOf(children: readonly SyntaxNode[]): readonly SyntaxClause[] {
  const clauses: SyntaxClause[] = []
  let start = 0
  children.forEach((body, index) => {
    const [word, ...head] = children.slice(start, index)
    if (body.name !== 'Body' || word === undefined) return
    clauses.push({ word: word.name, head, body })
    start = index + 1
  })
  return clauses
}

function assignment(node: SyntaxNode, { list }: ExpressionReader): Statement | null {
  const at = { from: node.from, to: node.to }
  const groups: SyntaxNode[][] = [[]]
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') groups.push([])
    else if (child.name !== 'TypeDef') groups.at(-1)?.push(child)
  }
  const sides = groups.map(list)
  const value = sides.at(-1)
  if (groups.length === 1) return { ...at, kind: 'declare', name: value?.kind === 'name' ? value.id : null }
  const targets = sides.slice(0, -1)
  if (!value || targets.some((target) => target === null)) return null
  return { ...at, kind: 'assign', targets: targets.filter((target) => target !== null), value }
}

/** The names that an import statement brings. */
function importedNames(node: SyntaxNode, { identifier }: ExpressionReader): readonly ImportedName[] {
  const words = childrenOf(node).filter(({ name }) => name !== '(' && name !== ')')
  const start = words.findIndex(({ name }) => name === 'import')
  const head = words.slice(0, Math.max(0, start)).filter(({ name }) => name !== 'from')
  const dots = head.findIndex(({ name }) => name === 'VariableName')
  const level = (dots < 0 ? head : head.slice(0, dots)).reduce((sum, { from, to }) => sum + to - from, 0)
  const module = (dots < 0 ? [] : head.slice(dots)).map((word) => (word.name === '.' ? '.' : identifier(word))).join('')
  const isFrom = words[0]?.name === 'from'
  const names: ImportedName[] = []
  let [dotted, local, renamed] = ['', '', false]
  const end = (): void => {
    if (dotted === '') return
    const [first = ''] = dotted.split('.')
    // `import a.b` brings `a`; `import a.b as c` brings all of it as `c`.
    if (isFrom) names.push({ local: local || dotted, path: module === '' ? dotted : `${module}.${dotted}`, level })
    else names.push({ local: local || first, path: renamed ? dotted : first, level: 0 })
    ;[dotted, local, renamed] = ['', '', false]
  }
  for (const word of words.slice(start + 1)) {
    if (word.name === ',') end()
    else if (word.name === 'as') renamed = true
    else if (word.name === '*') dotted = '*'
    else if (renamed) local = identifier(word)
    else dotted += word.name === '.' ? '.' : identifier(word)
  }
  end()
  return names
}
