import { literalOf, unescape } from './string-literal.js'
import { childrenOf, type SyntaxNode } from './syntax.js'
import type { Argument, Clause, Expression, Operand, Parameter } from './tree.js'

/** Deeper than anybody writes, and shallow enough for the stack. */
const DEEPEST = 200

/** Reads expressions of one text. */
export interface ExpressionReader {
  read(node: SyntaxNode): Expression
  /** Expressions with commas between them: one alone, or a tuple; null for none. */
  list(nodes: readonly SyntaxNode[]): Expression | null
  parameters(list: SyntaxNode | null): readonly Parameter[]
  given(list: SyntaxNode | null): readonly Argument[]
  /** An identifier as Python compares them: https://docs.python.org/3/reference/lexical_analysis.html#identifiers. */
  identifier(node: SyntaxNode): string
}

/** A reader for the expressions of a text. */
export function expressionReader(text: string): ExpressionReader {
  const source = ({ from, to }: SyntaxNode): string => text.slice(from, to)
  const identifier = (node: SyntaxNode): string => source(node).normalize('NFKC')
  const other = ({ from, to }: SyntaxNode, what?: string): Expression => ({
    ...{ from, to, kind: 'other' },
    what: what ?? `the expression ${brief(text.slice(from, to))} is not understood`,
  })

  function read(node: SyntaxNode, depth: number): Expression {
    const at = { from: node.from, to: node.to }
    if (depth > DEEPEST) return other(node, 'the expression is nested too deeply')
    const inner = (child: SyntaxNode): Expression => read(child, depth + 1)
    switch (node.name) {
      case 'String': {
        const literal = literalOf(source(node))
        const value =
          literal?.prefix.includes('b') === false ? unescape(literal.body, literal.prefix.includes('r')) : null
        return value === null ? other(node, 'a string that is not understood') : { ...at, kind: 'string', text: value }
      }
      case 'FormatString':
        return formatString(node, depth)
      case 'ContinuedString':
        return { ...at, kind: 'joined', parts: childrenOf(node).map(inner) }
      case 'Number':
        return { ...at, kind: 'number', text: source(node).replaceAll('_', '') }
      case 'Boolean':
        return { ...at, kind: 'boolean', is: source(node) === 'True' }
      case 'None':
        return { ...at, kind: 'none' }
      case 'Ellipsis':
        return { ...at, kind: 'ellipsis' }
      case 'VariableName':
        return { ...at, kind: 'name', id: identifier(node) }
      case 'ParenthesizedExpression': {
        const [only] = itemsOf(node)
        return only === undefined ? other(node) : { ...inner(only), ...at }
      }
      case 'TupleExpression':
      case 'ArrayExpression':
      case 'SetExpression':
        return { ...at, kind: 'sequence', form: FORMS[node.name], items: spread(itemsOf(node), depth) }
      case 'DictionaryExpression':
        return dictionary(node, depth)
      case 'MemberExpression':
        return member(node, depth)
      case 'CallExpression': {
        const [callee, list] = childrenOf(node)
        if (callee === undefined || list?.name !== 'ArgList') return other(node)
        return { ...at, kind: 'call', callee: inner(callee), given: given(list, depth) }
      }
      case 'UnaryExpression':
      case 'BinaryExpression':
        return operators(node, depth)
      case 'ConditionalExpression': {
        const [then, , test, , otherwise] = childrenOf(node)
        if (!then || !test || !otherwise) return other(node)
        return { ...at, kind: 'conditional', test: inner(test), then: inner(then), otherwise: inner(otherwise) }
      }
      case 'LambdaExpression': {
        const body = childrenOf(node).at(-1)
        if (body === undefined) return other(node)
        return { ...at, kind: 'lambda', parameters: parameters(node.getChild('ParamList'), depth), body: inner(body) }
      }
      case 'ArrayComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'ComprehensionExpression':
      case 'DictionaryComprehensionExpression':
        return comprehension(node, childrenOf(node).slice(1, -1), COMPREHENSIONS[node.name], depth)
      case 'NamedExpression': {
        const [name, , value] = childrenOf(node)
        if (name?.name !== 'VariableName' || value === undefined) return other(node)
        return { ...at, kind: 'walrus', name: identifier(name), value: inner(value) }
      }
      case 'AwaitExpression': {
        const value = childrenOf(node).at(-1)
        return value === undefined ? other(node) : { ...at, kind: 'await', value: inner(value) }
      }
      case 'YieldExpression':
      case 'YieldStatement': {
        const [, first, ...more] = childrenOf(node)
        const isFrom = first?.name === 'from'
        const values = first === undefined || isFrom ? more : [first, ...more]
        return { ...at, kind: 'yield', value: list(values, depth), from_: isFrom }
      }
      default:
        return other(node)
    }
  }

  function list(nodes: readonly SyntaxNode[], depth: number): Expression | null {
    const [first, last] = [nodes[0], nodes.at(-1)]
    if (first === undefined || last === undefined) return null
    if (nodes.length === 1) return read(first, depth + 1)
    return {
      ...{ from: first.from, to: last.to, kind: 'sequence', form: 'tuple' },
      items: spread(
        nodes.filter(({ name }) => name !== ','),
        depth,
      ),
    }
  }

  /** Items, with those behind a `*` taken together. */
  function spread(nodes: readonly SyntaxNode[], depth: number): readonly Expression[] {
    const items: Expression[] = []
    for (let i = 0; i < nodes.length; i++) {
      const [node, next] = [nodes[i], nodes[i + 1]]
      if (node?.name === '*' && next !== undefined) {
        items.push({ from: node.from, to: next.to, kind: 'starred', value: read(next, depth + 1) })
        i++
      } else if (node !== undefined) items.push(read(node, depth + 1))
    }
    return items
  }

  function dictionary(node: SyntaxNode, depth: number): Expression {
    const entries: { key: Expression | null; value: Expression }[] = []
    const parts = childrenOf(node).filter(({ name }) => !['{', '}', ',', ':'].includes(name))
    for (let i = 0; i < parts.length; i += 2) {
      const [key, value] = [parts[i], parts[i + 1]]
      if (key === undefined || value === undefined) return other(node)
      entries.push({ key: key.name === '**' ? null : read(key, depth + 1), value: read(value, depth + 1) })
    }
    return { from: node.from, to: node.to, kind: 'dict', entries }
  }

  function member(node: SyntaxNode, depth: number): Expression {
    const at = { from: node.from, to: node.to }
    const [object, mark, ...rest] = childrenOf(node)
    if (object === undefined || mark === undefined) return other(node)
    const of = read(object, depth + 1)
    if (mark.name === '.') {
      const [property] = rest
      return property === undefined ? other(node) : { ...at, kind: 'attribute', object: of, name: identifier(property) }
    }
    const inside = rest.filter(({ name }) => name !== ']')
    const isSlice = inside.some(({ name }) => name === ':')
    const index = isSlice ? sliceOf(inside, depth) : list(inside, depth)
    return index === null ? other(node) : { ...at, kind: 'subscript', object: of, index }
  }

  function sliceOf(nodes: readonly SyntaxNode[], depth: number): Expression | null {
    const [first, last] = [nodes[0], nodes.at(-1)]
    if (first === undefined || last === undefined || nodes.some(({ name }) => name === ',')) return null
    const parts: (Expression | null)[] = [null]
    for (const node of nodes) {
      if (node.name === ':') parts.push(null)
      else parts[parts.length - 1] = read(node, depth + 1)
    }
    const [lower = null, upper = null, step = null] = parts
    return { from: first.from, to: last.to, kind: 'slice', lower, upper, step }
  }

  function given(list: SyntaxNode | null, depth: number): readonly Argument[] {
    if (list === null) return []
    const parts = childrenOf(list).filter(({ name }) => name !== '(' && name !== ')')
    if (parts.some(({ name }) => name === 'for' || name === 'async')) {
      return [{ star: '', keyword: null, value: comprehension(list, parts, 'generator', depth) }]
    }
    const result: Argument[] = []
    for (let i = 0; i < parts.length; i++) {
      const [part, next, value] = [parts[i], parts[i + 1], parts[i + 2]]
      if (part === undefined || part.name === ',') continue
      if ((part.name === '*' || part.name === '**') && next !== undefined) {
        result.push({ star: part.name, keyword: null, value: read(next, depth + 1) })
        i += 1
      } else if (next?.name === 'AssignOp' && value !== undefined) {
        result.push({ star: '', keyword: identifier(part), value: read(value, depth + 1) })
        i += 2
      } else result.push({ star: '', keyword: null, value: read(part, depth + 1) })
    }
    return result
  }

  function parameters(list: SyntaxNode | null, depth: number): readonly Parameter[] {
    if (list === null) return []
    const result: Parameter[] = []
    let star: Parameter['star'] = ''
    let keywordOnly = false
    const parts = childrenOf(list).filter(({ name }) => name !== '(' && name !== ')' && name !== 'TypeDef')
    for (let i = 0; i < parts.length; i++) {
      const [part, next, value] = [parts[i], parts[i + 1], parts[i + 2]]
      if (part === undefined) continue
      if (part.name === '*' || part.name === '**') {
        star = part.name
        if (next?.name === ',') [star, keywordOnly] = ['', true]
      } else if (part.name === 'VariableName') {
        const fallback = next?.name === 'AssignOp' && value !== undefined ? read(value, depth + 1) : null
        result.push({ name: identifier(part), star, keywordOnly, default: fallback })
        if (star === '*') keywordOnly = true
        star = ''
        if (fallback !== null) i += 2
      }
    }
    return result
  }

  function comprehension(
    node: SyntaxNode,
    parts: readonly SyntaxNode[],
    form: 'list' | 'set' | 'generator' | 'dict',
    depth: number,
  ): Expression {
    const start = parts.findIndex(({ name }) => name === 'for')
    const head = parts.slice(0, start).filter(({ name }) => name !== ':' && name !== ',')
    const [element, value] = head
    if (element === undefined || parts.some(({ name }) => name === 'async')) return other(node)
    const clauses: Clause[] = []
    for (let i = start; i < parts.length;) {
      const into = parts.findIndex(({ name }, index) => index > i && name === 'in')
      const target = list(parts.slice(i + 1, into), depth)
      const iterable = parts[into + 1]
      if (into < 0 || target === null || iterable === undefined) return other(node)
      const conditions: Expression[] = []
      i = into + 2
      for (; parts[i]?.name === 'if'; i += 2) {
        const condition = parts[i + 1]
        if (condition === undefined) return other(node)
        conditions.push(read(condition, depth + 1))
      }
      if (i < parts.length && parts[i]?.name !== 'for') return other(node)
      clauses.push({ target, iterable: read(iterable, depth + 1), conditions })
    }
    return {
      ...{ from: node.from, to: node.to, kind: 'comprehension', form, clauses },
      element: read(element, depth + 1),
      value: form === 'dict' && value !== undefined ? read(value, depth + 1) : null,
    }
  }

  function formatString(node: SyntaxNode, depth: number): Expression {
    const literal = literalOf(source(node))
    if (literal === null || literal.prefix.includes('b')) return other(node, 'a string that is not understood')
    const from = node.from + literal.offset
    const parts = formatParts(node, from, from + literal.body.length, literal.prefix.includes('r'), depth)
    return { from: node.from, to: node.to, kind: 'joined', parts }
  }

  /** The text between two places, and what stands in braces there. */
  function formatParts(node: SyntaxNode, from: number, to: number, raw: boolean, depth: number): readonly Expression[] {
    const parts: Expression[] = []
    let next = from
    const verbatim = (end: number): void => {
      const value = unescape(text.slice(next, end), raw)?.replaceAll('{{', '{').replaceAll('}}', '}')
      const at = { from: next, to: end }
      parts.push(
        value === undefined
          ? { ...at, kind: 'other', what: 'a string that is not understood' }
          : { ...at, kind: 'string', text: value },
      )
    }
    for (const replacement of childrenOf(node).filter(({ name }) => name === 'FormatReplacement')) {
      verbatim(replacement.from)
      parts.push(replaced(replacement, depth))
      next = replacement.to
    }
    verbatim(to)
    return parts
  }

  function replaced(node: SyntaxNode, depth: number): Expression {
    const parts = childrenOf(node).filter(({ name }) => name !== '{' && name !== '}')
    const named = (name: string): SyntaxNode | undefined => parts.find((part) => part.name === name)
    const [conversion, spec, label] = [named('FormatConversion'), named('FormatSpec'), named('FormatSelfDoc')]
    const value = list(
      parts.filter((part) => ![conversion, spec, label].includes(part)),
      depth,
    )
    if (value === null) return other(node)
    return {
      ...{ from: node.from, to: node.to, kind: 'replacement', value },
      conversion: conversion === undefined ? '' : source(conversion).slice(1),
      spec: spec === undefined ? [] : formatParts(spec, spec.from + 1, spec.to, true, depth + 1),
      label: label === undefined ? null : text.slice(node.from + 1, label.to),
    }
  }

  /** The parser lets `not` reach over what follows it, so the order is found anew: `or`, `and`, `not`, then the rest. */
  function operators(node: SyntaxNode, depth: number): Expression {
    const tokens = flattened(node)
    const words = tokens.filter((token) => typeof token === 'string')
    if (words.length === 0) return arithmetic(node, depth)
    const at = { from: node.from, to: node.to }
    const chain = (parts: readonly Logical[], operator: 'or' | 'and'): Expression => {
      const groups: Logical[][] = [[]]
      for (const part of parts) {
        if (part === operator) groups.push([])
        else groups.at(-1)?.push(part)
      }
      const operands = groups.map((group) => (operator === 'or' ? chain(group, 'and') : negated(group)))
      const [only] = operands
      return operands.length === 1 && only !== undefined ? only : { ...at, kind: 'boolean-chain', operator, operands }
    }
    const negated = (parts: readonly Logical[]): Expression => {
      const last = parts.at(-1)
      if (last === undefined || typeof last === 'string') return other(node)
      let result = isLogical(last) ? arithmetic(last, depth) : read(last, depth + 1)
      for (let i = 1; i < parts.length; i++) result = { ...at, kind: 'unary', operator: 'not', operand: result }
      return result
    }
    return chain(tokens, 'or')
  }

  /** The operands of `and`, `or` and `not` and these words, in the order of the text. */
  function flattened(node: SyntaxNode): readonly Logical[] {
    const result: Logical[] = []
    const waiting: SyntaxNode[] = [node]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next.name === 'and' || next.name === 'or' || next.name === 'not') result.push(next.name)
      else if (isLogical(next) && isWord(childrenOf(next))) waiting.push(...[...childrenOf(next)].reverse())
      else result.push(next)
    }
    return result
  }

  /** Operators without `and`, `or` and `not`; a chain of them is read along its left side, however long. */
  function arithmetic(node: SyntaxNode, depth: number): Expression {
    const at = { from: node.from, to: node.to }
    if (node.name === 'UnaryExpression') {
      const [operator, operand] = childrenOf(node)
      if (operator === undefined || operand === undefined) return other(node)
      return { ...at, kind: 'unary', operator: source(operator), operand: read(operand, depth + 1) }
    }
    const rest: Operand[] = []
    let left = node
    const compares = isComparison(node)
    while (left.name === 'BinaryExpression' && isComparison(left) === compares && !isWord(childrenOf(left))) {
      const parts = childrenOf(left)
      const [first, right] = [parts[0], parts.at(-1)]
      if (first === undefined || right === undefined || parts.length < 3) return other(node)
      const operator = parts.slice(1, -1).map(source).join(' ')
      rest.push({ operator, operand: read(right, depth + 1) })
      left = first
    }
    return { ...at, kind: compares ? 'compare' : 'binary', first: read(left, depth + 1), rest: rest.reverse() }
  }

  function isComparison(node: SyntaxNode): boolean {
    return childrenOf(node)
      .slice(1, -1)
      .some(({ name }) => name === 'CompareOp' || name === 'in' || name === 'is' || name === 'not')
  }

  return {
    read: (node) => read(node, 0),
    list: (nodes) => list(nodes, 0),
    parameters: (node) => parameters(node, 0),
    given: (node) => given(node, 0),
    identifier,
  }
}

type Logical = 'and' | 'or' | 'not' | SyntaxNode

function isLogical({ name }: SyntaxNode): boolean {
  return name === 'BinaryExpression' || name === 'UnaryExpression'
}

/** Whether an expression's own operator is `and`, `or` or `not`. */
function isWord([first, second]: readonly SyntaxNode[]): boolean {
  return first?.name === 'not' || second?.name === 'and' || second?.name === 'or'
}

const FORMS = { TupleExpression: 'tuple', ArrayExpression: 'list', SetExpression: 'set' } as const
const COMPREHENSIONS = {
  ArrayComprehensionExpression: 'list',
  SetComprehensionExpression: 'set',
  ComprehensionExpression: 'generator',
  DictionaryComprehensionExpression: 'dict',
} as const

function itemsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return childrenOf(node).filter(({ name }) => !['(', ')', '[', ']', '{', '}', ','].includes(name))
}

/** A piece of source in a message. */
export function brief(source: string): string {
  const line = source.replace(/\s+/g, ' ')
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}
