import type { CatalogIndex } from '../model/catalog.js'
import type { QualifiedName } from '../model/names.js'
import { keyOf } from '../model/names.js'
import type { IndexKey } from '../model/operations/object.js'
import type { Expression } from '../model/operations/shared.js'
import { columnPart, distinctKeyNames, expressionKeyName } from './generated-name.js'
import { childrenOf, changeTable, chooseRelationName, current, relationExists } from './relations.js'
import type { IndexEntry, Scene, State, TableEntry, ViewEntry } from './state.js'
import { newId, putView } from './state.js'

/** What an index is to be. */
export interface IndexPlan {
  /** null: PostgreSQL chooses. */
  readonly name: string | null
  readonly label: 'pkey' | 'key' | 'excl' | 'idx'
  readonly unique: boolean
  readonly columns: readonly (string | null)[]
  readonly include: readonly string[]
  readonly mentions: readonly string[]
  readonly partial: boolean
  readonly method: string
  readonly reversed: boolean
  readonly keyNames: readonly string[]
  /** ON ONLY: partitions get none, and the index is not valid until each of them has one. */
  readonly only: boolean
}

/** Keys as an index plan holds them. */
export function planKeys(
  keys: readonly IndexKey[],
  include: readonly string[],
  where: Expression | null,
): Pick<IndexPlan, 'columns' | 'include' | 'mentions' | 'partial' | 'reversed' | 'keyNames'> {
  const names = keys.map((key) => key.column ?? expressionKeyName(key.expression?.text ?? ''))
  const mentions = [...keys.flatMap((key) => key.expression?.columns ?? []), ...(where?.columns ?? [])]
  return {
    columns: keys.map((key) => key.column),
    include,
    mentions: [...new Set(mentions)],
    partial: where !== null,
    reversed: keys.some(({ reversed }) => reversed),
    keyNames: distinctKeyNames([...names, ...include]),
  }
}

/** Builds an index on a table, and below it on every partition; tells its name, or undefined when the name is taken. */
export function defineIndex(
  scene: Scene,
  table: TableEntry,
  plan: IndexPlan,
  isConstraint: boolean,
  parent: number | null = null,
): IndexEntry | undefined {
  const { state } = scene
  const index = entryOf(scene, table.name, plan, isConstraint, parent)
  if (index === undefined) return undefined
  const partitions = table.partitioned ? childrenOf(state, table).filter((child) => child.partitionOf !== null) : []
  const entry = { ...index, valid: !plan.only || partitions.length === 0 }
  changeTable(state, table, { indexes: [...(current(state, table)?.indexes ?? []), entry] })
  if (!plan.only) for (const partition of partitions) inheritIndex(scene, partition, entry, plan, isConstraint)
  return entry
}

/** Builds an index on a materialized view. */
export function defineViewIndex(scene: Scene, view: ViewEntry, plan: IndexPlan): void {
  const entry = entryOf(scene, view.name, plan, false, null)
  if (entry !== undefined) putView(scene.state, { ...view, indexes: [...view.indexes, entry] })
}

/** Gives a partition what its parent's index asks for: a matching index that it has, or a new one. */
export function inheritIndex(
  scene: Scene,
  partition: TableEntry,
  parent: IndexEntry,
  plan: IndexPlan,
  isConstraint: boolean,
): IndexEntry | undefined {
  const table = current(scene.state, partition)
  const match = table?.indexes.find((index) => index.parent === null && alike(index, parent, isConstraint))
  if (match === undefined) return defineIndex(scene, partition, { ...plan, name: null }, isConstraint, parent.id)
  attachIndex(scene.state, partition, match.id, parent.id)
  return match
}

/** The plan of a copy of an index. */
export function planOf(index: IndexEntry, label: IndexPlan['label']): IndexPlan {
  return { ...index, name: null, label, only: false }
}

/** Notes that a partition's index belongs to its parent's. */
export function attachIndex(state: State, table: TableEntry, id: number, parent: number | null): void {
  changeIndexes(state, table, (index) => (index.id === id ? { ...index, parent } : index))
}

/** Replaces indexes of a table; undefined drops one. */
export function changeIndexes(
  state: State,
  table: { readonly name: QualifiedName },
  change: (index: IndexEntry) => IndexEntry | undefined,
): void {
  const now = current(state, table)
  if (now !== undefined) changeTable(state, now, { indexes: now.indexes.flatMap((index) => change(index) ?? []) })
}

/** Drops an index of a table, and those of the partitions that are attached to it. */
export function dropIndexOf(state: State, table: TableEntry, id: number): void {
  changeIndexes(state, table, (index) => (index.id === id ? undefined : index))
  for (const child of childrenOf(state, table)) {
    for (const index of child.indexes) if (index.parent === id) dropIndexOf(state, child, index.id)
  }
}

/** Whether each partition has an index that is attached to this one. */
export function isCovered(state: State, table: TableEntry, id: number): boolean {
  return childrenOf(state, table).every((child) => child.indexes.some((index) => index.parent === id && index.valid))
}

function entryOf(
  { state, born }: Scene,
  table: QualifiedName,
  plan: IndexPlan,
  isConstraint: boolean,
  parent: number | null,
): IndexEntry | undefined {
  const name =
    plan.name === null
      ? chooseRelationName(state, table, plan.label === 'pkey' ? null : columnPart(plan.keyNames), plan.label)
      : { schema: table.schema, name: plan.name }
  if (relationExists(state, keyOf(name))) return undefined
  return {
    name,
    table,
    unique: plan.unique,
    valid: true,
    columns: plan.columns,
    include: plan.include,
    partial: plan.partial,
    mentions: plan.mentions,
    method: plan.method,
    reversed: plan.reversed,
    keyNames: plan.keyNames,
    constraint: isConstraint ? name.name : null,
    born,
    id: newId(state),
    parent,
  }
}

/** Whether an index of a partition is what an index of its parent asks for. */
export function alike(index: CatalogIndex, wanted: CatalogIndex, isConstraint: boolean): boolean {
  return (
    index.valid &&
    index.unique === wanted.unique &&
    index.partial === wanted.partial &&
    index.method === wanted.method &&
    (index.constraint !== null || !isConstraint) &&
    index.columns.join('\0') === wanted.columns.join('\0') &&
    index.include.join('\0') === wanted.include.join('\0') &&
    (!wanted.partial && wanted.columns.every((column) => column !== null)
      ? true
      : index.mentions.join('\0') === wanted.mentions.join('\0'))
  )
}
