import type { Node, RangeVar, RoleSpec } from '@pgsql/types'
import type { QualifiedName } from '../../model/names.js'

/** The names of all parse tree nodes. */
export type NodeName = Node extends infer Each ? (Each extends Each ? keyof Each : never) : never

/** The fields of the node of one name. */
export type NodeOf<Name extends NodeName> = Node extends infer Each
  ? Each extends Readonly<Record<Name, infer Fields>>
    ? Fields
    : never
  : never

/** A node's name and fields, or null for what is no node. */
export function entry(node: unknown): { readonly name: NodeName; readonly fields: unknown } | null {
  if (typeof node !== 'object' || node === null) return null
  const keys = Object.keys(node)
  const name = keys[0]
  if (name === undefined || keys.length > 1 || !isNodeName(name)) return null
  return { name, fields: (node as Record<string, unknown>)[name] }
}

/** The fields of a node when it has this name. */
export function as<Name extends NodeName>(name: Name, node: Node | undefined): NodeOf<Name> | undefined {
  return (node as Readonly<Record<string, NodeOf<Name>>> | undefined)?.[name]
}

/** The fields of those nodes of a list that have this name, in order. */
export function all<Name extends NodeName>(name: Name, nodes: readonly Node[] | undefined): readonly NodeOf<Name>[] {
  const found: NodeOf<Name>[] = []
  for (const node of nodes ?? []) {
    const fields = as(name, node)
    if (fields !== undefined) found.push(fields)
  }
  return found
}

/** The texts of the string nodes of a list. */
export function strings(nodes: readonly Node[] | undefined): readonly string[] {
  return all('String', nodes).map(({ sval }) => sval ?? '')
}

/** The name of a relation as the tree holds it. */
export function relationName(relation: RangeVar | undefined): QualifiedName {
  return { schema: relation?.schemaname ?? '', name: relation?.relname ?? '' }
}

/** A name out of its parts (`[database, schema, name]`, the first two optional). */
export function qualified(parts: readonly string[]): QualifiedName {
  return { schema: parts.at(-2) ?? '', name: parts.at(-1) ?? '' }
}

/** A role as a person writes it: its name, `public`, `current_user`, `current_role` or `session_user`. */
export function roleName(role: RoleSpec | undefined): string {
  return role?.rolename ?? (role?.roletype ?? '').replace('ROLESPEC_', '').toLowerCase()
}

/** Visits every named node below (and at) `root`, in the order of the text as far as the tree keeps it; not recursive. */
export function walk(root: unknown, visit: (name: NodeName, fields: unknown) => void): void {
  const stack: unknown[] = [root]
  while (stack.length > 0) {
    const value = stack.pop()
    if (typeof value !== 'object' || value === null) continue
    const children = Array.isArray(value) ? (value as unknown[]) : Object.values(value)
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i])
    const node = Array.isArray(value) ? null : entry(value)
    if (node !== null) visit(node.name, node.fields)
  }
}

/** Every node of one name below (and at) `root`. */
export function every<Name extends NodeName>(name: Name, root: unknown): readonly NodeOf<Name>[] {
  const found: NodeOf<Name>[] = []
  walk(root, (each, fields) => {
    if (each === name) found.push(fields as NodeOf<Name>)
  })
  return found
}

/** Whether a tree has more than `limit` nodes on one path from its root. */
export function isDeeperThan(root: unknown, limit: number): boolean {
  const stack: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value } = next
    if (typeof value !== 'object' || value === null) continue
    const depth = next.depth + (entry(value) === null ? 0 : 1)
    if (depth > limit) return true
    for (const child of Array.isArray(value) ? (value as unknown[]) : Object.values(value))
      stack.push({ value: child, depth })
  }
  return false
}

/** Fields of a node begin with a lower-case letter, names of nodes with a capital. */
function isNodeName(key: string): key is NodeName & string {
  return key >= 'A' && key < '['
}
