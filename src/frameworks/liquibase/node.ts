import type { Span } from '../../source/span.js'

/**
 * A part of a changelog, whatever its format: an element, an attribute, an entry of a mapping. Liquibase reads all formats into
 * such a tree and knows no more of them (`liquibase.parser.core.ParsedNode`).
 */
export interface Node {
  readonly name: string
  /** The text that stands directly in it; null where there is none. */
  readonly value: string | null
  readonly children: readonly Node[]
  readonly at: Span
  /** Where a code unit of `value` stands, as a UTF-16 offset of the file; null where the file says it in other words. */
  readonly offsetOf: ((index: number) => number) | null
}

/** A changelog as a tree, or why it cannot be read. */
export type Tree =
  | { readonly kind: 'tree'; readonly root: Node; readonly comments: readonly { text: string; span: Span }[] }
  | { readonly kind: 'refused'; readonly reason: string; readonly at: Span }

/** The first child of a name. */
export function childOf({ children }: Node, name: string): Node | undefined {
  return children.find((child) => child.name === name)
}

/** The children of a name. */
export function childrenOf({ children }: Node, name: string): readonly Node[] {
  return children.filter((child) => child.name === name)
}

/** The text of a child; null where it is absent or empty. */
export function textIn(node: Node, name: string): string | null {
  const value = childOf(node, name)?.value ?? null
  return value === '' ? null : value
}

/** A child as a boolean, as Java reads one. */
export function flagIn(node: Node, name: string): boolean | null {
  const value = textIn(node, name)
  return value === null ? null : value.trim().toLowerCase() === 'true'
}

/** The same tree with every text replaced; where a text changes, nobody can say any more where each sign of it stands. */
export function mapped(node: Node, replace: (text: string) => string): Node {
  const value = node.value === null ? null : replace(node.value)
  return {
    ...node,
    value,
    offsetOf: value === node.value ? node.offsetOf : null,
    children: node.children.map((child) => mapped(child, replace)),
  }
}
