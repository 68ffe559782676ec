import type { QualifiedName } from '../model/names.js'
import { keyOf } from '../model/names.js'
import { chooseName } from './generated-name.js'
import type { Scene, State, TableEntry, ViewEntry } from './state.js'
import { constraintNameKey, objectKey, putTable, putView, removeTable, removeView, TEMPORARY } from './state.js'

const SYSTEM_SCHEMAS = new Set(['pg_catalog', 'information_schema', 'pg_toast'])

/** The schemas that unqualified names are looked up in, the one for new objects first. */
export function searchPath(state: State): readonly string[] {
  return state.localPath ?? state.path
}

/** The name under which something new is stored; `public` is not written. */
export function place(state: State, name: QualifiedName, temporary = false): QualifiedName {
  if (temporary) return { schema: TEMPORARY, name: name.name }
  const schema = name.schema === '' ? (searchPath(state)[0] ?? 'public') : name.schema
  return { schema: schema === 'public' ? '' : schema, name: name.name }
}

/** The key of what a name means, by the search path; undefined when no such thing is known. */
export function resolve(state: State, name: QualifiedName, has: (key: string) => boolean): string | undefined {
  if (name.schema !== '') {
    const key = keyOf(name.schema.startsWith('pg_temp') ? { ...name, schema: TEMPORARY } : name)
    return has(key) ? key : undefined
  }
  for (const schema of [TEMPORARY, ...searchPath(state)]) {
    const key = keyOf({ schema, name: name.name })
    if (has(key)) return key
  }
  return undefined
}

/** The known table of a name. */
export function findTable(state: State, name: QualifiedName): TableEntry | undefined {
  const key = resolve(state, name, (key) => state.tables.has(key))
  return key === undefined ? undefined : state.tables.get(key)
}

/** The known view or materialized view of a name. */
export function findView(state: State, name: QualifiedName): ViewEntry | undefined {
  const key = resolve(state, name, (key) => state.views.has(key))
  return key === undefined ? undefined : state.views.get(key)
}

/** The key of a known index. */
export function findIndex(state: State, name: QualifiedName): string | undefined {
  return resolve(state, name, (key) => state.indexOwners.has(key))
}

/**
 * The table that a statement changes. When not everything is known, a table that a statement changes must have been there:
 * it is noted then as one whose columns are unknown.
 */
export function changedTable(scene: Scene, name: QualifiedName): TableEntry | undefined {
  const { state } = scene
  const known = findTable(state, name)
  if (known !== undefined || state.complete) return known
  if (SYSTEM_SCHEMAS.has(name.schema) || findView(state, name) !== undefined) return undefined
  const table: TableEntry = {
    name: place(state, name),
    columns: [],
    constraints: [],
    indexes: [],
    persistence: 'permanent',
    partitioned: false,
    partitionKey: [],
    partitionOf: null,
    defaultPartition: false,
    complete: false,
    born: 'base',
    inherits: [],
    attachments: [],
  }
  putTable(state, table)
  return table
}

/** The table as it is now stored. */
export function current(state: State, table: { readonly name: QualifiedName }): TableEntry | undefined {
  return state.tables.get(keyOf(table.name))
}

/** Replaces some parts of a table. */
export function changeTable(state: State, table: { readonly name: QualifiedName }, change: Partial<TableEntry>): void {
  const now = current(state, table)
  if (now !== undefined) putTable(state, { ...now, ...change })
}

/** Direct partitions and inheritance children. */
export function childrenOf(state: State, table: { readonly name: QualifiedName }): readonly TableEntry[] {
  return (state.children.get(keyOf(table.name)) ?? []).flatMap((key) => state.tables.get(key) ?? [])
}

/** The table and everything below it, parents first. */
export function treeOf(state: State, table: TableEntry): readonly TableEntry[] {
  return [table, ...childrenOf(state, table).flatMap((child) => treeOf(state, child))]
}

/** Whether a table, view, index or sequence of that exact name exists. */
export function relationExists(state: State, key: string): boolean {
  return (
    state.tables.has(key) || state.views.has(key) || state.indexOwners.has(key) || state.objects.has(`sequence ${key}`)
  )
}

/** The name PostgreSQL gives to an index or sequence of a table. */
export function chooseRelationName(
  state: State,
  owner: QualifiedName,
  columns: string | null,
  label: 'pkey' | 'key' | 'excl' | 'idx' | 'seq',
): QualifiedName {
  const { schema } = owner
  const isConstraint = label === 'pkey' || label === 'key' || label === 'excl'
  const taken = (name: string): boolean =>
    relationExists(state, keyOf({ schema, name })) ||
    (isConstraint && state.constraintNames.has(constraintNameKey(schema, name)))
  return { schema, name: chooseName(owner.name, columns, label, taken) }
}

/** The name PostgreSQL gives to a constraint that has no index. */
export function chooseConstraintName(
  state: State,
  table: QualifiedName,
  columns: string | null,
  label: 'check' | 'fkey' | 'not_null',
): string {
  const taken = (name: string): boolean => state.constraintNames.has(constraintNameKey(table.schema, name))
  return chooseName(table.name, columns, label, taken)
}

/** Gives a table another name or schema; what points to it follows. */
export function moveTable(state: State, table: TableEntry, to: QualifiedName): void {
  const from = keyOf(table.name)
  const follow = (name: QualifiedName): QualifiedName => (keyOf(name) === from ? to : name)
  const referencing = state.referencing.get(from) ?? []
  const children = childrenOf(state, table)

  removeTable(state, from)
  putTable(state, {
    ...table,
    name: to,
    indexes: table.indexes.map((index) => ({
      ...index,
      table: to,
      name: { schema: to.schema, name: index.name.name },
    })),
    constraints: table.constraints.map((constraint) => followReference(constraint, follow)),
  })
  for (const key of referencing) {
    const other = state.tables.get(key)
    if (other === undefined) continue
    changeTable(state, other, { constraints: other.constraints.map((each) => followReference(each, follow)) })
  }
  for (const child of children) {
    changeTable(state, child, {
      partitionOf: child.partitionOf === null ? null : follow(child.partitionOf),
      inherits: child.inherits.map(follow),
    })
  }
  followReads(state, from, follow)
}

/** Gives a view another name or schema; what reads it follows. */
export function moveView(state: State, view: ViewEntry, to: QualifiedName): void {
  const from = keyOf(view.name)
  removeView(state, from)
  const indexes = view.indexes.map((index) => ({
    ...index,
    table: to,
    name: { schema: to.schema, name: index.name.name },
  }))
  putView(state, { ...view, name: to, indexes })
  followReads(state, from, (name) => (keyOf(name) === from ? to : name))
}

/** Says that an unknown object may exist from here on. */
export function loseSight(state: State): void {
  state.complete = false
}

/** Removes a sequence, as when the column that owns it goes. */
export function removeSequence(state: State, key: string | null): void {
  if (key !== null) state.objects.delete(`sequence ${key}`)
}

/** The key of a known object of a kind. */
export function findObject(
  state: State,
  kind: Parameters<typeof objectKey>[0],
  name: QualifiedName,
): string | undefined {
  const found = resolve(state, name, (key) => state.objects.has(objectKey(kind, { schema: '', name: key })))
  return found === undefined ? undefined : objectKey(kind, { schema: '', name: found })
}

function followReference<Entry extends TableEntry['constraints'][number]>(
  constraint: Entry,
  follow: (name: QualifiedName) => QualifiedName,
): Entry {
  if (constraint.references === null) return constraint
  return { ...constraint, references: { ...constraint.references, table: follow(constraint.references.table) } }
}

function followReads(state: State, from: string, follow: (name: QualifiedName) => QualifiedName): void {
  for (const key of state.readers.get(from) ?? []) {
    const view = state.views.get(key)
    if (view !== undefined) putView(state, { ...view, reads: view.reads.map(follow) })
  }
}
