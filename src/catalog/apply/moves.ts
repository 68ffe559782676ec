import type { QualifiedName } from '../../model/names.js'
import { keyOf } from '../../model/names.js'
import type { ObjectKind } from '../../model/operations/object.js'
import { changeIndexes } from '../indexes.js'
import {
  changedTable,
  changeTable,
  findIndex,
  findObject,
  findTable,
  findView,
  moveTable,
  moveView,
  resolve,
} from '../relations.js'
import type { State, TableEntry } from '../state.js'
import { putDomain, putEnum, putObject, putView } from '../state.js'
import type { Handlers } from './handlers.js'

export const moves: Handlers<'rename-object' | 'set-schema'> = {
  'rename-object': ({ object, name, newName, table: on }, scene) => {
    const { state } = scene
    switch (object) {
      case 'trigger':
      case 'policy':
      case 'rule': {
        const table = on === null ? undefined : findTable(state, on)
        if (table === undefined) return
        const attachments = table.attachments.map((each) =>
          each.kind === object && each.name === name.name ? { ...each, name: newName } : each,
        )
        return changeTable(state, table, { attachments })
      }
      case 'column': {
        const view = on === null ? undefined : findView(state, on)
        return view === undefined ? undefined : putView(state, { ...view, columns: null })
      }
      case 'schema':
        return renameSchema(state, name.name, newName)
      default:
        return move(state, object, name, (old) => ({ ...old, name: newName }))
    }
  },

  'set-schema': ({ object, name, newSchema }, scene) => {
    const { state } = scene
    const schema = newSchema === 'public' ? '' : newSchema
    if (object === 'table') {
      const table = findView(state, name) === undefined ? changedTable(scene, name) : undefined
      if (table !== undefined) return moveWithSequences(state, table, schema)
    }
    move(state, object, name, (old) => ({ ...old, schema }))
  },
}

/** Renames or moves whatever of the kind the name means. */
function move(state: State, object: ObjectKind, name: QualifiedName, to: (old: QualifiedName) => QualifiedName): void {
  const view = findView(state, name)
  const table = findTable(state, name)
  const index = findIndex(state, name)
  if (object === 'type' || object === 'domain') return moveType(state, name, to)
  // ALTER TABLE, ALTER VIEW and ALTER INDEX take each other's objects.
  if (
    object === 'table' ||
    object === 'view' ||
    object === 'materialized view' ||
    object === 'index' ||
    object === 'foreign table'
  ) {
    if (view !== undefined) return moveView(state, view, to(view.name))
    if (table !== undefined) return moveTable(state, table, to(table.name))
    if (index !== undefined) return moveIndex(state, index, to)
    return
  }
  moveOther(state, object, name, to)
}

function moveOther(
  state: State,
  kind: ObjectKind,
  name: QualifiedName,
  to: (old: QualifiedName) => QualifiedName,
): void {
  const key = findObject(state, kind, name)
  const object = key === undefined ? undefined : state.objects.get(key)
  if (key === undefined || object === undefined) return
  state.objects.delete(key)
  const moved = { ...object, name: to(object.name) }
  putObject(state, moved)
  if (object.kind === 'function' || object.kind === 'procedure') moveFunction(state, object.name, moved.name)
  if (object.kind === 'type') retype(state, keyOf(object.name), moved.name)
  if (object.kind === 'sequence') followSequence(state, keyOf(object.name), keyOf(moved.name))
}

/** The only function of its name takes its signature along; which of several moved is not told, so that none is known after. */
function moveFunction(state: State, old: QualifiedName, name: QualifiedName): void {
  const known = state.functions.get(old.name)
  if (known === undefined) return
  const [moved, ...more] = known.overloads.filter((each) => keyOf(each.name) === keyOf(old))
  const told = moved !== undefined && more.length === 0
  const left = told ? known.overloads.filter((each) => each !== moved) : []
  const there = old.name === name.name ? left : (state.functions.get(name.name)?.overloads ?? [])
  if (old.name !== name.name) state.functions.set(old.name, { ...known, overloads: left })
  state.functions.set(name.name, { ...known, overloads: told ? [...there, { ...moved, name }] : [] })
}

function moveType(state: State, name: QualifiedName, to: (old: QualifiedName) => QualifiedName): void {
  const key = resolve(state, name, (each) => state.enums.has(each) || state.domains.has(each))
  if (key === undefined) return moveOther(state, 'type', name, to)
  const type = state.enums.get(key)
  const domain = state.domains.get(key)
  const old = type?.name ?? domain?.name
  if (old === undefined) return
  state.enums.delete(key)
  state.domains.delete(key)
  if (type !== undefined) putEnum(state, { ...type, name: to(old) })
  if (domain !== undefined) putDomain(state, { ...domain, name: to(old) })
  retype(state, key, to(old))
}

/** Columns of a type follow its name. */
function retype(state: State, key: string, name: QualifiedName): void {
  const isOf = ({ type }: TableEntry['columns'][number]): boolean =>
    keyOf({ schema: type.schema, name: type.name }) === key
  for (const table of state.tables.values()) {
    if (!table.columns.some(isOf)) continue
    const columns = table.columns.map((column) => {
      if (!isOf(column)) return column
      const text = `${name.schema === '' ? '' : `${name.schema}.`}${name.name}${'[]'.repeat(column.type.arrays)}`
      return { ...column, type: { ...column.type, ...name, text } }
    })
    changeTable(state, table, { columns })
  }
}

/** Renames an index and the constraint that stands on it. */
export function moveIndex(state: State, key: string, to: (old: QualifiedName) => QualifiedName): void {
  const owner = state.indexOwners.get(key) ?? ''
  const view = state.views.get(owner)
  if (view !== undefined) {
    const indexes = view.indexes.map((each) => (keyOf(each.name) === key ? { ...each, name: to(each.name) } : each))
    return putView(state, { ...view, indexes })
  }
  const table = state.tables.get(owner)
  const index = table?.indexes.find(({ name }) => keyOf(name) === key)
  if (table === undefined || index === undefined) return
  const name = to(index.name)
  const constraints = table.constraints.map((each) =>
    each.name === index.constraint ? { ...each, name: name.name } : each,
  )
  changeTable(state, table, { constraints })
  changeIndexes(state, table, (each) =>
    each.id === index.id ? { ...each, name, constraint: each.constraint === null ? null : name.name } : each,
  )
}

/** A table takes the sequences that its columns own along. */
function moveWithSequences(state: State, table: TableEntry, schema: string): void {
  const columns = table.columns.map((column) => {
    const sequence = column.sequence === null ? undefined : state.objects.get(`sequence ${column.sequence}`)
    if (sequence === undefined) return column
    const name = { schema, name: sequence.name.name }
    state.objects.delete(`sequence ${column.sequence}`)
    putObject(state, { ...sequence, name })
    return { ...column, sequence: keyOf(name) }
  })
  moveTable(state, { ...table, columns }, { ...table.name, schema })
}

function followSequence(state: State, from: string, to: string): void {
  for (const table of state.tables.values()) {
    if (!table.columns.some(({ sequence }) => sequence === from)) continue
    const columns = table.columns.map((each) => (each.sequence === from ? { ...each, sequence: to } : each))
    changeTable(state, table, { columns })
  }
}

function renameSchema(state: State, from: string, to: string): void {
  const into = (name: QualifiedName): QualifiedName => ({ ...name, schema: to })
  const within = ({ name }: { readonly name: QualifiedName }): boolean => name.schema === from
  for (const table of state.tables.values()) if (within(table)) moveWithSequences(state, table, to)
  for (const view of state.views.values()) if (within(view)) moveView(state, view, into(view.name))
  for (const type of [...state.enums.values(), ...state.domains.values()]) {
    if (within(type)) moveType(state, type.name, into)
  }
  for (const object of state.objects.values()) {
    if (object.kind === 'schema' && object.name.name === from) {
      moveOther(state, 'schema', object.name, (old) => ({ ...old, name: to }))
    } else if (within(object)) moveOther(state, object.kind, object.name, into)
  }
}
