import type { RevisionFile } from './revision-file.js'

/** A revision whose place in the graph is known. */
export type Node = RevisionFile & { readonly id: string }

/** The revisions in an order in which they can be applied, and those that stand in a circle. */
export interface Order {
  readonly nodes: readonly Node[]
  readonly circle: readonly Node[]
}

/** Parents and what is depended on come first; among those that could come next, the first by path. */
export function ordered(files: readonly Node[]): Order {
  const byPath = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const byName = new Map<string, Node>()
  for (const node of byPath) for (const name of [node.id, ...node.labels]) if (!byName.has(name)) byName.set(name, node)
  const children = new Map<Node, Node[]>()
  const waiting = new Map<Node, number>()
  for (const node of byPath) {
    const before = new Set([...node.parents, ...node.dependsOn].flatMap((name) => byName.get(name) ?? []))
    waiting.set(node, before.size)
    for (const parent of before) children.set(parent, [...(children.get(parent) ?? []), node])
  }
  const nodes: Node[] = []
  const ready = byPath.filter((node) => waiting.get(node) === 0)
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    nodes.push(next)
    for (const child of children.get(next) ?? []) {
      const left = (waiting.get(child) ?? 0) - 1
      waiting.set(child, left)
      if (left > 0) continue
      const at = ready.findIndex(({ path }) => path > child.path)
      ready.splice(at < 0 ? ready.length : at, 0, child)
    }
  }
  const placed = new Set(nodes)
  return { nodes, circle: byPath.filter((node) => !placed.has(node)) }
}

/** Ids that are nobody's parent, each once, in order. */
export function headsOf(nodes: readonly Node[]): readonly string[] {
  const parents = new Set(nodes.flatMap((node) => node.parents))
  return [...new Set(nodes.map(({ id }) => id))].filter((id) => !parents.has(id))
}
