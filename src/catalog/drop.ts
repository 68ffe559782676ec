import { keyOf } from '../model/names.js'
import { dropColumnOf } from './columns.js'
import { dropConstraintOf, foreignKeysTo } from './constraints.js'
import { changeTable, childrenOf, current, removeSequence } from './relations.js'
import type { State, TableEntry, ViewEntry } from './state.js'
import { removeTable, removeView } from './state.js'

/** Drops a table with its partitions, the foreign keys that point to it, its sequences and, with CASCADE, what depends on it. */
export function dropTableOf(state: State, table: TableEntry, cascade: boolean): void {
  for (const child of childrenOf(state, table)) {
    if (cascade || child.partitionOf !== null) dropTableOf(state, child, cascade)
  }
  for (const { owner, constraint } of foreignKeysTo(state, table)) {
    if (keyOf(owner.name) !== keyOf(table.name)) dropConstraintOf(state, owner, constraint)
  }
  for (const { sequence } of table.columns) removeSequence(state, sequence)
  const key = keyOf(table.name)
  removeTable(state, key)
  if (cascade) dropReaders(state, key)
  if (cascade) forgetFunctionsOf(state, key)
}

/** Drops a view and, with CASCADE, the views that read it. */
export function dropViewOf(state: State, view: ViewEntry, cascade: boolean): void {
  const key = keyOf(view.name)
  removeView(state, key)
  if (cascade) dropReaders(state, key)
}

/** Drops every column of a type that goes with CASCADE. */
export function dropColumnsOfType(state: State, key: string): void {
  for (const table of state.tables.values()) {
    for (const { name, type } of table.columns) {
      if (keyOf({ schema: type.schema, name: type.name }) === key) dropColumnOf(state, table, name, true)
    }
  }
}

/** Forgets the signatures of functions that a type is part of, which go with CASCADE. */
export function forgetFunctionsOf(state: State, type: string): void {
  for (const [name, known] of state.functions.entries()) {
    const overloads = known.overloads.filter(({ parameters, returns }) => {
      const types = [...parameters.map((parameter) => parameter.type), ...(returns === null ? [] : [returns.type])]
      return !types.some((each) => keyOf({ schema: each.schema, name: each.name }) === type)
    })
    if (overloads.length < known.overloads.length) state.functions.set(name, { ...known, overloads })
  }
}

/** Takes away the defaults that draw from a sequence. */
export function dropDefaultsFrom(state: State, sequence: string): void {
  for (const table of state.tables.values()) {
    const uses = (column: TableEntry['columns'][number]): boolean =>
      column.sequence === sequence ||
      (column.default?.strings.some((text) => text.replace(/^public\./, '') === sequence) === true &&
        column.default.text.includes('nextval'))
    if (!table.columns.some(uses)) continue
    changeTable(state, table, {
      columns: (current(state, table) ?? table).columns.map((column) =>
        uses(column) ? { ...column, default: null, sequence: null } : column,
      ),
    })
  }
}

function dropReaders(state: State, key: string): void {
  for (const reader of state.readers.get(key) ?? []) {
    const view = state.views.get(reader)
    if (view !== undefined) dropViewOf(state, view, true)
  }
}
