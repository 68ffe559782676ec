import type { SyntaxNode, Tree } from '@lezer/common'
import { parser } from '@lezer/python'
import { withinGrammar } from './beyond-grammar.js'

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
  const within = withinGrammar(text)
  if (within === null) return parsed(text)
  const { root, mistake, comments } = parsed(within.text)
  // What was put in its place may be wrong itself; a long broken file is not worth a second look.
  if (mistake !== null && text.length < LONG) {
    const plain = parsed(text)
    if (plain.mistake === null || plain.mistake > mistake) return plain
  }
  return { text, root, mistake, comments: [...comments, ...within.comments].sort((a, b) => a.from - b.from) }
}

const LONG = 100_000

function parsed(text: string): PythonFile {
  let mistake: number | null = null
  const comments: Stretch[] = []
  const tree = treeOf(text)
  if (tree.length < text.length) mistake = tree.length
  tree.iterate({
    enter(node) {
      if (node.type.isError) mistake = Math.min(mistake ?? node.from, node.from)
      if (node.name === 'Comment') comments.push({ from: node.from, to: node.to })
    },
  })
  return { text, root: tree.topNode, mistake, comments }
}

/** The tree of a text; of one that is nested deeper than the parser can take, of what stands before that. */
function treeOf(text: string): Tree {
  try {
    return parser.parse(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return parser.parse(text.slice(0, deepPlace(text)))
  }
}

/** Deeper than anybody writes. */
const DEEPEST = 500

/** Where brackets are first nested too deeply; where none are, the text's beginning. */
function deepPlace(text: string): number {
  let depth = 0
  for (const { 0: bracket, index } of text.matchAll(/[()[\]{}]/g)) {
    depth += '([{'.includes(bracket) ? 1 : -1
    if (depth > DEEPEST) return index
  }
  return 0
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
