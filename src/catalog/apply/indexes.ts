import { keyOf } from '../../model/names.js'
import { dropForeignKeysOn } from '../constraints.js'
import {
  attachIndex,
  changeIndexes,
  defineIndex,
  defineViewIndex,
  dropIndexOf,
  isCovered,
  planKeys,
} from '../indexes.js'
import { changedTable, current, findIndex, findView } from '../relations.js'
import type { State, TableEntry } from '../state.js'
import { putView } from '../state.js'
import type { Handlers } from './handlers.js'
import { nothing } from './handlers.js'
import { parsedName } from './tables.js'

export const indexes: Handlers<'create-index' | 'drop-index' | 'alter-index' | 'reindex'> = {
  'create-index': (operation, scene) => {
    const plan = {
      ...planKeys(operation.keys, operation.include, operation.where),
      name: operation.name,
      label: 'idx',
      unique: operation.unique,
      method: operation.method === '' ? 'btree' : operation.method,
      only: operation.only,
    } as const
    const view = findView(scene.state, operation.table)
    if (view !== undefined) return defineViewIndex(scene, view, plan)
    const table = changedTable(scene, operation.table)
    if (table !== undefined) defineIndex(scene, table, plan, false)
  },

  'drop-index': (operation, { state }) => {
    const key = findIndex(state, operation.index)
    const owner = key === undefined ? undefined : state.indexOwners.get(key)
    if (key === undefined || owner === undefined) return
    const view = state.views.get(owner)
    if (view !== undefined) {
      return putView(state, { ...view, indexes: view.indexes.filter(({ name }) => keyOf(name) !== key) })
    }
    const table = state.tables.get(owner)
    const index = table?.indexes.find(({ name }) => keyOf(name) === key)
    if (table === undefined || index === undefined || index.constraint !== null) return
    dropIndexOf(state, table, index.id)
    if (operation.cascade) dropForeignKeysOn(state, table, index)
  },

  'alter-index': (operation, { state }) => {
    const child = parsedName(operation.names)
    if (operation.action !== 'attach-partition' || child === null) return
    const above = indexAt(state, findIndex(state, operation.index))
    const below = indexAt(state, findIndex(state, child))
    if (above === undefined || below === undefined) return
    attachIndex(state, below.table, below.index.id, above.index.id)
    settle(state, above.table, above.index.id)
  },

  reindex: nothing,
}

/** An index ON ONLY a partitioned table becomes valid with the last partition's. */
function settle(state: State, table: TableEntry, id: number): void {
  if (!isCovered(state, table, id)) return
  changeIndexes(state, table, (index) => (index.id === id ? { ...index, valid: true } : index))
  const index = current(state, table)?.indexes.find((each) => each.id === id)
  const parent = table.partitionOf === null ? undefined : state.tables.get(keyOf(table.partitionOf))
  if (parent !== undefined && index !== undefined && index.parent !== null) settle(state, parent, index.parent)
}

function indexAt(state: State, key: string | undefined) {
  const table = key === undefined ? undefined : state.tables.get(state.indexOwners.get(key) ?? '')
  const index = table?.indexes.find(({ name }) => keyOf(name) === key)
  return table === undefined || index === undefined ? undefined : { table, index }
}
