import type { SourceText } from '../../source/source-text.js'
import { readXml, textOf, type XmlElement } from '../../source/xml.js'
import type { Node, Tree } from './node.js'

/** A changelog in XML. Attributes are children like elements, as Liquibase has it. */
export function xmlTree(source: SourceText): Tree {
  const document = readXml(source)
  if ('reason' in document) {
    const start = { line: document.line, column: 1 }
    return { kind: 'refused', reason: document.reason, at: { path: source.path, start, end: start } }
  }
  return { kind: 'tree', root: nodeOf(document.root), comments: document.comments }
}

function nodeOf(element: XmlElement): Node {
  const { text, offsetOf } = textOf(element)
  const attributes = [...element.attributes].map(([name, value]): Node => ({
    name: name.replace(/^.*:/, ''),
    value,
    children: [],
    at: element.span,
    offsetOf: null,
  }))
  const elements = element.children.filter((child): child is XmlElement => child.kind === 'element')
  return {
    name: element.name,
    value: text.trim() === '' ? null : text,
    children: [...attributes, ...elements.map(nodeOf)],
    at: element.span,
    offsetOf,
  }
}
