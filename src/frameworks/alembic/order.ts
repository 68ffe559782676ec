import type { Node } from './graph.js'

/**
 * The order in which `alembic upgrade heads` runs revisions on an empty database: from the heads back, and of what is merged
 * one branch as a whole before another, so that the branch of the first parent comes last. It is told from
 * `RevisionMap._topological_sort` of https://github.com/sqlalchemy/alembic/blob/main/alembic/script/revision.py. `before` are
 * all that come before a revision, in the order in which it names them; no revision may be its own ancestor. The heads are
 * taken in the order of `nodes`.
 */
export function asUpgraded(nodes: readonly Node[], before: ReadonlyMap<Node, readonly Node[]>): readonly Node[] {
  const left = new Set(nodes)
  const parents = new Map(nodes.map((node) => [node, nearest(node, before)] as const))
  const children = new Map<Node, Node[]>()
  for (const node of nodes)
    for (const parent of before.get(node) ?? []) children.set(parent, [...(children.get(parent) ?? []), node])
  const ends = nodes.filter((node) => !children.has(node))
  const backwards: Node[] = []
  let at = 0
  for (let end = ends[at]; end !== undefined; end = ends[at]) {
    const later = descendants(end, children, left)
    if (later.size > 0) {
      // Another branch rests on it, and has to be gone back first.
      at = ends.findIndex((other) => later.has(other))
      continue
    }
    backwards.push(end)
    left.delete(end)
    const [next, ...others] = (parents.get(end) ?? []).filter((parent) => left.has(parent) && !ends.includes(parent))
    if (next === undefined) {
      ends.splice(at, 1)
      at = Math.max(at - 1, 0)
    } else {
      ends[at] = next
      ends.push(...others)
    }
  }
  return backwards.reverse()
}

/** What comes before a revision, but for what it depends on as another one does that it follows. */
function nearest(node: Node, before: ReadonlyMap<Node, readonly Node[]>): readonly Node[] {
  const own = before.get(node) ?? []
  const farther = new Set<Node>()
  if (node.dependsOn.length > 0) {
    const seen = new Set([node])
    for (const other of seen) {
      for (const each of before.get(other) ?? []) {
        if (follows(other, each)) seen.add(each)
        else if (other !== node) farther.add(each)
      }
    }
  }
  return own.filter((each) => follows(node, each) || !farther.has(each))
}

function follows({ parents }: Node, { id }: Node): boolean {
  return parents.some(({ name }) => name === id.name)
}

/** Everything that rests on a revision and is still to come. */
function descendants(
  of: Node,
  children: ReadonlyMap<Node, readonly Node[]>,
  left: ReadonlySet<Node>,
): ReadonlySet<Node> {
  const found = new Set<Node>()
  const todo = [of]
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    for (const child of children.get(node) ?? []) {
      if (!left.has(child) || found.has(child)) continue
      found.add(child)
      todo.push(child)
    }
  }
  return found
}
