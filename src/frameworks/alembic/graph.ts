import type { Link } from '../../model/migration.js'
import type { Span } from '../../source/span.js'
import { asUpgraded } from './order.js'
import type { RevisionFile, Said } from './revision-file.js'

/** A revision whose id is known, with the revisions that it names. */
export type Node = RevisionFile & { readonly id: Said; readonly links: readonly Link[] }

/** The revisions in an order in which they can be applied, and those that stand in a circle. */
export interface Order {
  readonly nodes: readonly Node[]
  readonly circle: readonly Node[]
}

/**
 * Ties each revision to those that it names. A file names a parent by its whole id; a revision that it depends on, also by the
 * label of the branch that begins there (https://alembic.sqlalchemy.org/en/latest/branches.html). The beginning of an id and
 * `label@head` are for the command line alone.
 */
export function tied(files: readonly (RevisionFile & { readonly id: Said })[]): readonly Node[] {
  const ids = new Set(files.map(({ id }) => id.name))
  const labelled = new Map(files.flatMap(({ id, labels }) => labels.map(({ name }) => [name, id.name] as const)))
  const byId = ({ name }: Said): string | null => (ids.has(name) ? name : null)
  return files.map((file) => ({
    ...file,
    links: [
      ...file.parents.map((said): Link => ({ kind: 'follows', ...said, id: byId(said) })),
      ...file.dependsOn.map((said): Link => ({
        kind: 'depends',
        ...said,
        id: byId(said) ?? labelled.get(said.name) ?? null,
      })),
    ],
  }))
}

/** Labels that a branch cannot have, since another branch or a revision is called so: Alembic then loads nothing. */
export function takenLabels(nodes: readonly Node[]): readonly { readonly reason: string; readonly at: Span }[] {
  const ids = new Map(nodes.map(({ id }) => [id.name, id.name]))
  const owners = new Map<string, Node>()
  return nodes.flatMap((node) =>
    node.labels.flatMap(({ name, at }) => {
      const owner = ids.get(name) ?? owners.get(name)?.id.name
      owners.set(name, node)
      return owner === undefined ? [] : [{ reason: `takes the branch label ${name}, which ${owner} has already`, at }]
    }),
  )
}

/**
 * The order in which Alembic runs them, where it could: when all that they name is there, once, and nobody stands in a circle.
 * Else parents and what is depended on come first, and among those that could come next, the first by path.
 */
export function ordered(files: readonly Node[]): Order {
  const byPath = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const byId = new Map<string, Node>()
  for (const node of byPath) if (!byId.has(node.id.name)) byId.set(node.id.name, node)
  const children = new Map<Node, Node[]>()
  const parents = new Map<Node, readonly Node[]>()
  const waiting = new Map<Node, number>()
  for (const node of byPath) {
    const before = [...new Set(node.links.flatMap(({ id }) => byId.get(id ?? '') ?? []))]
    parents.set(node, before)
    waiting.set(node, before.length)
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
  const circle = byPath.filter((node) => !placed.has(node))
  const isWhole = circle.length === 0 && byId.size === byPath.length && byPath.every(isTied)
  return { nodes: isWhole ? asUpgraded(byPath, parents) : nodes, circle }
}

/** Whether all that a revision names is known, and there. */
function isTied({ links, unknown }: Node): boolean {
  return unknown.length === 0 && links.every(({ id }) => id !== null)
}

/** Ids that no revision follows, each once, in order. One that others only depend on is still a head. */
export function headsOf(nodes: readonly Node[]): readonly string[] {
  const parents = new Set(nodes.flatMap((node) => node.parents.map(({ name }) => name)))
  return [...new Set(nodes.map(({ id }) => id.name))].filter((id) => !parents.has(id))
}
