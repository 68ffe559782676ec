import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'

export type { SyntaxNode } from '@lezer/common'

/** A parsed Python file. Offsets are UTF-16, as JavaScript strings have them. */
export interface PythonFile {
  readonly text: string
  readonly root: SyntaxNode
  /** Where the first thing stands that is no Python; null when all of it is. */
  readonly mistake: number | null
  readonly comments: readonly Stretch[]
}

/** A stretch of the text. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Parses Python; a broken file gives a tree as well, with its first mistake. */
export function parsePython(text: string): PythonFile {
  const tree = parser.parse(text)
  let mistake: number | null = null
  const comments: Stretch[] = []
  tree.iterate({
    enter(node) {
      if (node.type.isError) mistake ??= node.from
      if (node.name === 'Comment') comments.push({ from: node.from, to: node.to })
    },
  })
  return { text, root: tree.topNode, mistake, comments }
}

/** The children of a node, comments left out. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'Comment') children.push(child)
  }
  return children
}

/** The statements of a file or of a block's body. */
export function statementsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return childrenOf(node)
    .filter(({ name }) => name !== ':' && name !== ';')
    .flatMap((statement) => (statement.name === 'StatementGroup' ? statementsOf(statement) : [statement]))
}
