import { isAlias, isMap, isScalar, isSeq, parseDocument, Scalar, type Node as YamlNode, type Pair } from 'yaml'
import type { SourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'
import type { Node, Tree } from './node.js'

/** Levels of mappings and lists within one another; no changelog comes near. */
const DEEPEST = 100
/** Nodes of a document, each as often as an alias repeats it. */
const MOST_NODES = 200_000
const MOST_ALIASES = 1_000

/** A changelog in YAML or JSON, which Liquibase reads with the same parser, as of YAML 1.1. */
export function yamlTree(source: SourceText): Tree {
  const refuse = (reason: string, start = 0): Tree => ({
    kind: 'refused',
    reason,
    at: source.spanOfUnits(start, start),
  })
  const deep = depthOf(source.text)
  if (deep !== null) return refuse(TOO_DEEP, deep)
  try {
    const document = parseDocument(source.text, { version: '1.1', uniqueKeys: false, keepSourceTokens: false })
    const [error] = document.errors
    if (error !== undefined) return refuse(`it is not well-formed: ${error.message.split('\n', 1)[0]}`, error.pos[0])
    const { contents } = document
    if (contents === null) return refuse('it is empty')
    const comments = [...source.text.matchAll(/(?:^|[ \t])#[ \t]*([^\r\n]*)/gm)].map((match) => {
      const start = match.index + match[0].indexOf('#')
      return { text: (match[1] ?? '').trim(), span: source.spanOfUnits(start, match.index + match[0].length) }
    })
    return { kind: 'tree', root: builder(source).node('', contents, rangeOf(contents)), comments }
  } catch (error) {
    if (error instanceof Refused) return refuse(error.message, error.start)
    if (error instanceof RangeError) return refuse(TOO_DEEP)
    throw error
  }
}

const TOO_DEEP = `its mappings and lists lie more than ${DEEPEST} levels deep`

class Refused extends Error {
  readonly start: number
  constructor(reason: string, start: number) {
    super(reason)
    this.start = start
  }
}

/** Where more brackets are open, or a line is indented more, than any changelog's; null where nowhere. The parser takes long over such. */
function depthOf(text: string): number | null {
  let open = 0
  for (const match of text.matchAll(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[[{]|[\]}]|(?:^|\n)[ ]*(?:- ){100}/g)) {
    if (match[0] === '[' || match[0] === '{') open++
    else if (match[0] === ']' || match[0] === '}') open = Math.max(0, open - 1)
    else if (/^\n?[ ]*- -/.test(match[0])) return match.index
    if (open > DEEPEST) return match.index
  }
  return null
}

function builder(source: SourceText) {
  const anchors = new Map<string, YamlNode>()
  let nodes = 0
  let aliases = 0

  const resolved = (node: unknown): unknown => {
    if (isAlias(node)) {
      if (++aliases > MOST_ALIASES) throw new Refused(`it has more than ${MOST_ALIASES} aliases`, rangeOf(node)[0])
      const target = anchors.get(node.source)
      if (target === undefined) throw new Refused(`its alias ${node.source} stands for nothing`, rangeOf(node)[0])
      return target
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) anchors.set(node.anchor, node)
    return node
  }
  const node = (name: string, given: unknown, at: readonly [number, number], depth = 0): Node => {
    if (++nodes > MOST_NODES) throw new Refused('its aliases repeat more than is read', at[0])
    if (depth > DEEPEST) throw new Refused(TOO_DEEP, at[0])
    const value = resolved(given)
    const own = { name, at: spanOf(source, at) }
    if (isScalar(value)) return { ...own, children: [], value: scalarText(value), offsetOf: offsets(source, value) }
    const texts: string[] = []
    const children: Node[] = []
    const entries = (map: unknown): void => {
      if (!isMap(map)) return
      for (const pair of map.items as readonly Pair[]) {
        const key = isScalar(pair.key) ? String(pair.key.value) : ''
        const [start] = rangeOf(pair.key)
        const end = Math.max(rangeOf(pair.value)[1], rangeOf(pair.key)[1])
        if (key === '<<') for (const each of listOf(resolved(pair.value))) entries(resolved(each))
        else children.push(node(key, pair.value, [start, end], depth + 1))
      }
    }
    if (isSeq(value)) {
      for (const item of value.items) {
        const each = resolved(item)
        if (isMap(each)) entries(each)
        else if (isScalar(each)) texts.push(scalarText(each) ?? '')
        else if (isSeq(each)) children.push(node('', each, rangeOf(each), depth + 1))
      }
    } else entries(value)
    return { ...own, children, value: texts.length === 0 ? null : texts.join(','), offsetOf: null }
  }
  return { node }
}

function listOf(value: unknown): readonly unknown[] {
  return isSeq(value) ? value.items : [value]
}

function rangeOf(node: unknown): [number, number] {
  const range = (node as { readonly range?: readonly [number, number, number] | null } | null)?.range
  return range ? [range[0], range[1]] : [0, 0]
}

/** Without the blank lines that a block ends with. */
function spanOf(source: SourceText, [start, end]: readonly [number, number]): Span {
  const text = source.text.slice(start, end).trimEnd()
  return source.spanOfUnits(start, start + text.length)
}

/** A value as Java makes a text of it. */
function scalarText(scalar: Scalar): string | null {
  const { value } = scalar
  if (value === null || value === undefined) return null
  if (typeof value === 'number') {
    const isFloat = /[.eE]/.test(scalar.source ?? '') && !/^0x/i.test(scalar.source ?? '')
    return isFloat && Number.isInteger(value) ? value.toFixed(1) : String(value)
  }
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  // A date: what is written, and not what it means.
  return scalar.source ?? null
}

/** Where each code unit of a text stands: known for what is written plainly, quoted without escapes, or a literal block. */
function offsets(source: SourceText, scalar: Scalar): ((index: number) => number) | null {
  const { value, type } = scalar
  if (typeof value !== 'string') return null
  const [start, end] = rangeOf(scalar)
  const raw = source.text.slice(start, end)
  if (type === Scalar.BLOCK_LITERAL) return blockOffsets(raw, value, start)
  const at = raw.indexOf(value)
  return at < 0 ? null : (index) => start + at + index
}

/** The lines of a literal block, each found after its indentation. */
function blockOffsets(raw: string, value: string, start: number): ((index: number) => number) | null {
  const lines = value.split('\n')
  const places: number[] = []
  let from = raw.indexOf('\n') + 1
  for (const line of lines) {
    const end = raw.indexOf('\n', from) < 0 ? raw.length : raw.indexOf('\n', from)
    const own = raw.slice(from, end).replace(/\r$/, '')
    if (!own.endsWith(line)) return null
    const at = start + from + own.length - line.length
    for (let i = 0; i <= line.length; i++) places.push(at + i)
    from = Math.min(end + 1, raw.length)
  }
  return (index) => places[index] ?? start + raw.length
}
