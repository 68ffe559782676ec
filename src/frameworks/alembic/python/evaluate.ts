import { literalOf, unescape } from './string-literal.js'
import { childrenOf, type PythonFile, type SyntaxNode } from './syntax.js'
import { isSymbolic, type Arguments, type Names, type Value } from './value.js'

/** Deeper than anybody writes, and shallow enough for the stack. */
const DEEPEST = 200

/** What an expression is, as far as its text and the names in force tell. */
export function evaluate(node: SyntaxNode, { text }: PythonFile, names: Names): Value {
  const valueOf = (node: SyntaxNode, depth: number): Value => {
    const at = { from: node.from, to: node.to }
    const source = text.slice(node.from, node.to)
    const unknown = (reason: string): Value => ({ at, kind: 'unknown', reason })
    if (depth > DEEPEST) return unknown('the expression is nested too deeply')
    const inner = (child: SyntaxNode): Value => valueOf(child, depth + 1)
    const items = (): readonly Value[] => childrenOf(node).filter(isItem).map(inner)

    switch (node.name) {
      case 'String': {
        const literal = literalOf(source)
        const value =
          literal?.prefix.includes('b') === false ? unescape(literal.body, literal.prefix.includes('r')) : null
        return value === null ? unknown('a string that is not understood') : { at, kind: 'string', text: value }
      }
      case 'FormatString':
        return joined(formatParts(node, depth))
      case 'ContinuedString':
        return joined(childrenOf(node).map(inner))
      case 'Number':
        return { at, kind: 'number', text: source.replaceAll('_', '') }
      case 'Boolean':
        return { at, kind: 'boolean', is: source === 'True' }
      case 'None':
        return { at, kind: 'none' }
      case 'ParenthesizedExpression': {
        const [only] = items()
        return only === undefined ? unknown('empty parentheses') : { ...only, at }
      }
      case 'TupleExpression':
      case 'ArrayExpression':
      case 'SetExpression':
        return childrenOf(node).some(({ name }) => name === '*')
          ? unknown('a list with *')
          : { at, kind: 'list', items: items() }
      case 'DictionaryExpression':
        return dictionary(node, depth)
      case 'VariableName':
        return { ...(names.get(source) ?? unknown(`${source} is a variable whose value is not known`)), at }
      case 'MemberExpression':
        return member(node, depth)
      case 'CallExpression':
        return call(node, depth)
      case 'UnaryExpression': {
        const [operator, operand] = childrenOf(node)
        const value = operand === undefined ? null : inner(operand)
        const sign = operator === undefined ? '' : text.slice(operator.from, operator.to)
        if (value?.kind === 'number' && (sign === '-' || sign === '+'))
          return { at, kind: 'number', text: sign + value.text }
        return unknown(`the expression ${brief(source)} is computed`)
      }
      case 'BinaryExpression': {
        const [left, operator, right] = childrenOf(node)
        if (left && right && operator && text.slice(operator.from, operator.to) === '+') {
          const [a, b] = [inner(left), inner(right)]
          if (a.kind === 'list' && b.kind === 'list') return { at, kind: 'list', items: [...a.items, ...b.items] }
          if (a.kind === 'string' && b.kind === 'string') return joined([a, b])
        }
        const operands = left && right ? [inner(left), inner(right)] : []
        if (operator && operands.some(isSymbolic) && operands.every(({ kind }) => kind !== 'unknown')) {
          return { at, kind: 'operator', operator: text.slice(operator.from, operator.to), operands }
        }
        return unknown(`the expression ${brief(source)} is computed`)
      }
      default:
        return unknown(`the expression ${brief(source)} is not understood`)
    }

    function joined(parts: readonly Value[]): Value {
      const failed = parts.find(({ kind }) => kind !== 'string')
      if (failed !== undefined) return unknown(failed.kind === 'unknown' ? failed.reason : 'a string is put together')
      return { at, kind: 'string', text: parts.map((part) => (part.kind === 'string' ? part.text : '')).join('') }
    }
  }

  /** An f-string: its own text, and what stands in braces when that is known and plain. */
  function formatParts(node: SyntaxNode, depth: number): readonly Value[] {
    const at = { from: node.from, to: node.to }
    const unknown = (reason: string): Value => ({ at, kind: 'unknown', reason })
    const literal = literalOf(text.slice(node.from, node.to))
    if (literal === null || literal.prefix.includes('b')) return [unknown('a string that is not understood')]
    const parts: Value[] = []
    let from = node.from + literal.offset
    const end = from + literal.body.length
    const verbatim = (to: number): void => {
      const value = unescape(text.slice(from, to), literal.prefix.includes('r'))
      const plain = value?.replaceAll('{{', '{').replaceAll('}}', '}')
      parts.push(plain === undefined ? unknown('a string that is not understood') : { at, kind: 'string', text: plain })
    }
    for (const replacement of childrenOf(node).filter(({ name }) => name === 'FormatReplacement')) {
      verbatim(replacement.from)
      const [expression, ...rest] = childrenOf(replacement).filter(({ name }) => name !== '{' && name !== '}')
      const value = expression === undefined || rest.length > 0 ? null : valueOf(expression, depth + 1)
      if (value?.kind === 'string' || (value?.kind === 'number' && /^\d+$/.test(value.text))) {
        parts.push({ at, kind: 'string', text: value.text })
      } else {
        const what = text.slice(replacement.from, replacement.to)
        parts.push(unknown(`the text depends on ${brief(what)}`))
      }
      from = replacement.to
    }
    verbatim(end)
    return parts
  }

  function dictionary(node: SyntaxNode, depth: number): Value {
    const at = { from: node.from, to: node.to }
    const parts = childrenOf(node).filter(({ name }) => !['{', '}', ',', ':'].includes(name))
    if (parts.some(({ name }) => name === '**') || parts.length % 2 > 0) {
      return { at, kind: 'unknown', reason: 'a dictionary with **' }
    }
    const values = parts.map((part) => valueOf(part, depth + 1))
    const entries = values.flatMap((key, index) => {
      const value = values[index + 1]
      return index % 2 === 0 && value !== undefined ? [{ key, value }] : []
    })
    return { at, kind: 'dict', entries }
  }

  function member(node: SyntaxNode, depth: number): Value {
    const at = { from: node.from, to: node.to }
    const [object, dot, property] = childrenOf(node)
    const of = object === undefined ? null : valueOf(object, depth + 1)
    if (of?.kind === 'name' && dot?.name === '.' && property !== undefined) {
      return { at, kind: 'name', path: `${of.path}.${text.slice(property.from, property.to)}` }
    }
    if (of !== null && isSymbolic(of) && dot?.name === '.' && property !== undefined) {
      return { at, kind: 'attribute', receiver: of, name: text.slice(property.from, property.to) }
    }
    const reason = of?.kind === 'unknown' ? of.reason : `${brief(text.slice(node.from, node.to))} is not known`
    return { at, kind: 'unknown', reason }
  }

  function call(node: SyntaxNode, depth: number): Value {
    const at = { from: node.from, to: node.to }
    const [callee, list] = childrenOf(node)
    if (callee === undefined || list?.name !== 'ArgList')
      return { at, kind: 'unknown', reason: 'a call that is not understood' }
    const given = argumentsOf(list, depth)
    if (given === null)
      return { at, kind: 'unknown', reason: `${brief(text.slice(node.from, node.to))} is given * or **` }
    const [object, dot, property] = callee.name === 'MemberExpression' ? childrenOf(callee) : []
    if (object !== undefined && dot?.name === '.' && property !== undefined) {
      const name = text.slice(property.from, property.to)
      const receiver = valueOf(object, depth + 1)
      if (receiver.kind === 'name') return { at, kind: 'call', path: `${receiver.path}.${name}`, ...given }
      if (receiver.kind !== 'unknown') return { at, kind: 'method', receiver, name, ...given }
    } else {
      const called = valueOf(callee, depth + 1)
      if (called.kind === 'name') return { at, kind: 'call', path: called.path, ...given }
    }
    return {
      at,
      kind: 'unknown',
      reason: `${brief(text.slice(callee.from, callee.to))}() is a call that is not followed`,
    }
  }

  /** What a call is given; null when some of it stands behind * or **. */
  function argumentsOf(list: SyntaxNode, depth: number): Arguments | null {
    const positional: Value[] = []
    const keywords = new Map<string, Value>()
    const parts = childrenOf(list).filter(({ name }) => name !== '(' && name !== ')')
    for (let i = 0; i < parts.length; i++) {
      const [part, operator, value] = [parts[i], parts[i + 1], parts[i + 2]]
      if (part === undefined || part.name === ',') continue
      if (part.name === '*' || part.name === '**' || part.name === 'for' || part.name === 'async') return null
      if (operator?.name === 'AssignOp' && value !== undefined) {
        keywords.set(text.slice(part.from, part.to), valueOf(value, depth + 1))
        i += 2
      } else positional.push(valueOf(part, depth + 1))
    }
    return { positional, keywords }
  }

  return valueOf(node, 0)
}

function isItem({ name }: SyntaxNode): boolean {
  return !['(', ')', '[', ']', '{', '}', ','].includes(name)
}

/** A piece of source in a message. */
function brief(source: string): string {
  const line = source.replace(/\s+/g, ' ')
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}
