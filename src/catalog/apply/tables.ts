import type { QualifiedName } from '../../model/names.js'
import { keyOf } from '../../model/names.js'
import type { CreateTable, TableConstraint } from '../../model/operations/table.js'
import { columnOf, inheritedColumn, inheritsColumn } from '../columns.js'
import { addConstraint, inheritCheck, inheritFromParent } from '../constraints.js'
import {
  changedTable,
  changeTable,
  current,
  findIndex,
  findTable,
  findView,
  moveTable,
  moveView,
  place,
  relationExists,
} from '../relations.js'
import type { ColumnEntry, Scene, State, TableEntry } from '../state.js'
import { putTable } from '../state.js'
import { moveIndex } from './moves.js'
import { dropTableOf } from '../drop.js'
import type { Handlers } from './handlers.js'
import { nothing } from './handlers.js'

export const tables: Handlers<
  'create-table' | 'drop-table' | 'rename-table' | 'alter-table' | 'toggle-trigger' | 'set-row-security'
> = {
  'create-table': createTable,

  'drop-table': (operation, { state }) => {
    const table = findTable(state, operation.table)
    if (table !== undefined) dropTableOf(state, table, operation.cascade)
  },

  // ALTER TABLE … RENAME also renames views and indexes.
  'rename-table': (operation, scene) => {
    const { state } = scene
    const view = findView(state, operation.table)
    if (view !== undefined) return moveView(state, view, { ...view.name, name: operation.newName })
    const index = findIndex(state, operation.table)
    if (index !== undefined) return moveIndex(state, index, (old) => ({ ...old, name: operation.newName }))
    const table = changedTable(scene, operation.table)
    if (table !== undefined) moveTable(state, table, { ...table.name, name: operation.newName })
  },

  'alter-table': (operation, scene) => {
    const { state } = scene
    const table = changedTable(scene, operation.table)
    if (table === undefined) return
    switch (operation.action) {
      case 'set-logged':
        return changeTable(state, table, { persistence: 'permanent' })
      case 'set-unlogged':
        return changeTable(state, table, { persistence: 'unlogged' })
      case 'inherit':
      case 'no-inherit': {
        const parent = parsedName(operation.names)
        if (parent === null) return
        const name = findTable(state, parent)?.name ?? place(state, parent)
        const others = table.inherits.filter((each) => keyOf(each) !== keyOf(name))
        if (operation.action === 'inherit') return changeTable(state, table, { inherits: [...others, name] })
        changeTable(state, table, { inherits: others })
        return becomeOwn(state, table, name)
      }
      default:
        return
    }
  },

  'toggle-trigger': nothing,
  'set-row-security': nothing,
}

function createTable(operation: CreateTable, scene: Scene): void {
  const { state, born } = scene
  const name = place(state, operation.table, operation.persistence === 'temporary')
  if (relationExists(state, keyOf(name))) return

  const partitioned = operation.partitionOf === null ? undefined : findTable(state, operation.partitionOf.parent)
  const parents =
    operation.partitionOf === null ? operation.inherits.map((each) => findTable(state, each)) : [partitioned]
  const partitionOf =
    operation.partitionOf === null ? null : (partitioned?.name ?? place(state, operation.partitionOf.parent))
  const base: TableEntry = {
    name,
    columns: [],
    constraints: [],
    indexes: [],
    persistence: operation.persistence,
    partitioned: operation.partitionBy !== null,
    partitionKey: operation.partitionBy?.columns ?? [],
    partitionOf,
    defaultPartition: operation.partitionOf?.isDefault ?? false,
    complete:
      !operation.fromQuery &&
      operation.like.length === 0 &&
      parents.every((parent) => parent?.complete === true) &&
      !(operation.ifNotExists && !state.complete),
    born,
    inherits: operation.inherits.map((each) => findTable(state, each)?.name ?? place(state, each)),
    attachments: [],
  }

  const inherited = parents.flatMap((parent) => parent?.columns ?? []).map((column) => inheritedColumn(column, base))
  const copied = operation.like.flatMap((each) => findTable(state, each)?.columns ?? []).map(likeColumn)
  const own = operation.columns.map((definition) => columnOf(scene, name, definition))
  const columns = mergeColumns([...inherited, ...copied], own, partitionOf !== null).map((each) => ({ ...each, born }))
  putTable(state, { ...base, columns })

  for (const parent of parents) {
    for (const constraint of parent?.constraints ?? []) {
      if (constraint.type === 'check' && !constraint.noInherit) inheritCheck(scene, base, constraint)
    }
  }
  const written = distinctKeys([
    ...operation.columns.flatMap(({ constraints }) => constraints),
    ...operation.constraints,
  ])
  const inOrder = (types: readonly string[]): void => {
    for (const constraint of written) if (types.includes(constraint.type)) addConstraint(scene, base, constraint)
  }
  // The order in which PostgreSQL creates them, which is the order in which it hands out names.
  inOrder(['not-null', 'check'])
  if (partitioned !== undefined) inheritFromParent(scene, base, partitioned)
  inOrder(['primary-key'])
  inOrder(['unique', 'exclusion'])
  inOrder(['foreign-key'])
}

/** After NO INHERIT what came from the parent is the table's own. */
function becomeOwn(state: State, table: TableEntry, parent: QualifiedName): void {
  const now = current(state, table)
  if (now === undefined) return
  const ids = state.tables.get(keyOf(parent))?.constraints.map(({ id }) => id) ?? []
  changeTable(state, now, {
    columns: now.columns.map((column) => ({
      ...column,
      local: column.local || !inheritsColumn(state, now, column.name),
    })),
    constraints: now.constraints.map((each) =>
      each.parent !== null && ids.includes(each.parent) ? { ...each, parent: null } : each,
    ),
  })
}

/** PostgreSQL builds one index for keys of one CREATE TABLE that are written twice; the primary key first. */
function distinctKeys(constraints: readonly TableConstraint[]): readonly TableConstraint[] {
  const kept: TableConstraint[] = []
  const inOrder = [...constraints].sort((a, b) => Number(b.type === 'primary-key') - Number(a.type === 'primary-key'))
  for (const constraint of inOrder) {
    const at = kept.findIndex((each) => sameKey(each, constraint))
    const same = kept[at]
    if (same === undefined) kept.push(constraint)
    else kept[at] = { ...same, name: same.name ?? constraint.name }
  }
  return kept
}

function sameKey(one: TableConstraint, other: TableConstraint): boolean {
  if (one.type !== 'primary-key' && one.type !== 'unique') return false
  if (other.type !== 'unique') return false
  return (
    one.columns.join('\0') === other.columns.join('\0') &&
    one.include.join('\0') === other.include.join('\0') &&
    one.nullsNotDistinct === other.nullsNotDistinct &&
    one.deferrable === other.deferrable
  )
}

/** LIKE without its options: names, types and NOT NULL. */
function likeColumn(column: ColumnEntry): ColumnEntry {
  return { ...column, default: null, identity: null, generated: null, sequence: null, local: true }
}

/** Own columns override inherited ones of the same name and keep their place. */
function mergeColumns(
  inherited: readonly ColumnEntry[],
  own: readonly ColumnEntry[],
  isPartition: boolean,
): readonly ColumnEntry[] {
  const merged = new Map<string, ColumnEntry>()
  for (const column of inherited) {
    const before = merged.get(column.name)
    merged.set(column.name, before === undefined ? column : { ...before, notNull: before.notNull || column.notNull })
  }
  for (const column of own) {
    const before = merged.get(column.name)
    if (before === undefined) merged.set(column.name, column)
    else
      merged.set(column.name, {
        ...column,
        local: !isPartition,
        type: isPartition ? before.type : column.type,
        notNull: before.notNull || column.notNull,
        default: column.default ?? before.default,
        identity: column.identity ?? before.identity,
        generated: column.generated ?? before.generated,
      })
  }
  return [...merged.values()]
}

/** A name given in parts (`app`, `parent`) or written in one (`app.parent`). */
export function parsedName(names: readonly string[]): QualifiedName | null {
  const parts = names.length === 1 ? (names[0] ?? '').split('.') : names
  const name = parts.at(-1)
  return name === undefined || name === '' ? null : { schema: parts.at(-2) ?? '', name }
}
