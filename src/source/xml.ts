import {
  XmlCdata as CdataNode,
  XmlComment as CommentNode,
  XmlDeclaration as DeclarationNode,
  type XmlDocument as DocumentNode,
  XmlDocumentType as DoctypeNode,
  XmlElement as ElementNode,
  XmlError,
  type XmlNode as Node,
  XmlText as TextNode,
  parseXml,
} from '@rgrove/parse-xml'
import type { Refusal, SourceText } from './source-text.js'
import type { Span } from './span.js'

/** What a file of XML holds. */
export interface XmlDocument {
  readonly root: XmlElement
  /** Every comment, without its markers, trimmed. */
  readonly comments: readonly { readonly text: string; readonly span: Span }[]
}

export interface XmlElement {
  readonly kind: 'element'
  /** Without the prefix of its namespace. */
  readonly name: string
  /** '' where there is none. */
  readonly prefix: string
  /** By name as written, with prefix. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly (XmlElement | XmlText)[]
  /** From the first sign of the start tag to the last of the end tag. */
  readonly span: Span
}

/** Characters between tags: a CDATA section, or what stands between two of everything else. */
export interface XmlText {
  readonly kind: 'text'
  /** With references resolved and line ends as LF. */
  readonly text: string
  readonly span: Span
  /** The UTF-16 offset in the file of the code unit of `text` at an index; of its length, where it ends. */
  offsetOf(index: number): number
}

/** Elements within elements; no tool's file comes near. */
const DEEPEST = 200

/**
 * Reads XML strictly. Nothing outside the file is looked at, and no entity is expanded but the five that XML has: a document type
 * that could declare others is refused, as is what lies too deep. The line of a refusal is where reading stopped.
 */
export function readXml(source: SourceText): XmlDocument | Refusal {
  const ruler = rulerOf(source)
  let document: DocumentNode
  try {
    document = parseXml(ruler.text, {
      includeOffsets: true,
      preserveCdata: true,
      preserveComments: true,
      preserveDocumentType: true,
      preserveXmlDeclaration: true,
    })
  } catch (error) {
    // The parser calls itself for every level; so deep, it runs out of stack.
    if (error instanceof RangeError) return { reason: TOO_DEEP, line: 1 }
    if (!(error instanceof XmlError)) throw error
    const reason = error.message.split('\n', 1)[0]?.replace(/ \(line \d+, column \d+\)$/, '') ?? ''
    return { reason: `it is not well-formed XML: ${reason}`, line: lineOf(error.pos, ruler) }
  }
  return refusalOf(document, ruler) ?? documentOf(document, ruler)
}

const TOO_DEEP = `its elements lie more than ${DEEPEST} levels deep`

function refusalOf(document: DocumentNode, ruler: Ruler): Refusal | null {
  for (const node of document.children as readonly Node[]) {
    if (node instanceof DoctypeNode && (node.internalSubset ?? node.systemId ?? node.publicId ?? null) !== null) {
      const reason = 'it has a DOCTYPE that may declare entities, and those are never expanded'
      return { reason, line: spanOf(node, ruler).start.line }
    }
    const encoding = node instanceof DeclarationNode ? node.encoding : null
    if (encoding && !/^(utf-?8|us-ascii)$/i.test(encoding) && !/^[\x00-\x7f]*$/.test(ruler.text)) {
      return { reason: `it says that it is in ${encoding}, and it was read as UTF-8`, line: 1 }
    }
  }
  return null
}

function documentOf(document: DocumentNode, ruler: Ruler): XmlDocument | Refusal {
  const comments: { readonly text: string; readonly span: Span }[] = []
  let tooDeep: number | null = null
  const childrenOf = (nodes: readonly Node[], depth: number): readonly (XmlElement | XmlText)[] =>
    nodes.flatMap((node): readonly (XmlElement | XmlText)[] => {
      if (node instanceof CommentNode) comments.push({ text: node.content.trim(), span: spanOf(node, ruler) })
      if (node instanceof TextNode) return [xmlText(node, ruler)]
      if (!(node instanceof ElementNode)) return []
      if (depth > DEEPEST) tooDeep ??= spanOf(node, ruler).start.line
      const [prefix, name] = /^([^:]+):([^:]+)$/.exec(node.name)?.slice(1) ?? ['', node.name]
      return [
        {
          kind: 'element',
          name: name ?? '',
          prefix: prefix ?? '',
          attributes: new Map(Object.entries(node.attributes)),
          children: depth > DEEPEST ? [] : childrenOf(node.children, depth + 1),
          span: spanOf(node, ruler),
        },
      ]
    })
  const root = childrenOf(document.children, 1).find((child): child is XmlElement => child.kind === 'element')
  if (tooDeep !== null) return { reason: TOO_DEEP, line: tooDeep }
  if (root === undefined) throw new Error('a document that parses has a root element')
  return { root, comments }
}

/** The text of an element without that of elements in it, and where each code unit of it stands in the file. */
export function textOf({ children, span }: XmlElement): Omit<XmlText, 'kind'> {
  const pieces = children.filter((child): child is XmlText => child.kind === 'text')
  return {
    text: pieces.map(({ text }) => text).join(''),
    span,
    offsetOf(index) {
      let rest = index
      for (const piece of pieces) {
        if (rest < piece.text.length) return piece.offsetOf(rest)
        rest -= piece.text.length
      }
      return pieces.at(-1)?.offsetOf(Infinity) ?? 0
    },
  }
}

/** The elements of a name directly below one. */
export function elementsIn({ children }: XmlElement, name?: string): readonly XmlElement[] {
  return children.filter(
    (child): child is XmlElement => child.kind === 'element' && (name === undefined || child.name === name),
  )
}

const CDATA = '<![CDATA['

function xmlText(node: TextNode, ruler: Ruler): XmlText {
  const start = node instanceof CdataNode ? node.start + CDATA.length : node.start
  const raw = ruler.text.slice(node.start, Math.min(node.end, ruler.text.length))
  const shift = node instanceof CdataNode || !raw.includes('&') ? null : references(raw)
  return {
    kind: 'text',
    text: node.text,
    span: spanOf(node, ruler),
    offsetOf: (index) => {
      const at = Math.min(index, node.text.length)
      return ruler.offset(start + (shift?.(at) ?? at))
    },
  }
}

/** From an index in the resolved text to one in the raw text, whose references are longer than what they stand for. */
function references(raw: string): (index: number) => number {
  const places: number[] = []
  for (let at = 0; at < raw.length;) {
    places.push(at)
    const reference = raw[at] === '&' ? raw.slice(at, raw.indexOf(';', at) + 1) : ''
    if (isAstral(reference)) places.push(at)
    at += Math.max(1, reference.length)
  }
  return (index) => places[index] ?? raw.length
}

/** Whether a reference stands for a character of two code units. */
function isAstral(reference: string): boolean {
  const digits = /^&#(x?)([0-9a-f]+);$/i.exec(reference)
  return digits !== null && parseInt(digits[2] ?? '', digits[1] ? 16 : 10) > 0xffff
}

/** The text that is parsed, and how its offsets become those of the file. */
interface Ruler {
  readonly text: string
  offset(at: number): number
  span(start: number, end: number): Span
}

/** Line ends become LF before the parser sees them, as XML has it (https://www.w3.org/TR/xml/#sec-line-ends): it is slow at that. */
function rulerOf(source: SourceText): Ruler {
  const text = source.text.replace(/\r\n?/g, '\n')
  let offset = (at: number): number => at
  if (text.length < source.text.length) {
    const table = new Uint32Array(text.length + 1)
    for (let unit = 0, at = 0; at < table.length; at++) {
      table[at] = unit
      unit += source.text.startsWith('\r\n', unit) ? 2 : 1
    }
    offset = (at) => table[Math.min(at, text.length)] ?? source.text.length
  }
  return { text, offset, span: (start, end) => source.spanOfUnits(offset(start), offset(end)) }
}

/** The parser's errors count code points. */
function lineOf(point: number, { text, span }: Ruler): number {
  const at = [...text].slice(0, point).join('').length
  return span(at, at).start.line
}

function spanOf(node: Node, ruler: Ruler): Span {
  return ruler.span(node.start, node.end)
}
