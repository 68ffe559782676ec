import { changeColumn } from '../columns.js'
import { addConstraint, dropConstraintOf } from '../constraints.js'
import { changeIndexes } from '../indexes.js'
import { changedTable, changeTable, childrenOf, current } from '../relations.js'
import type { ConstraintEntry, State, TableEntry } from '../state.js'
import type { Handlers } from './handlers.js'
import { nothing } from './handlers.js'

export const constraints: Handlers<
  'add-constraint' | 'drop-constraint' | 'validate-constraint' | 'alter-constraint' | 'rename-constraint'
> = {
  'add-constraint': (operation, scene) => {
    const table = changedTable(scene, operation.table)
    if (table !== undefined) addConstraint(scene, table, operation.constraint)
  },

  'drop-constraint': (operation, scene) => {
    const { state } = scene
    const table = changedTable(scene, operation.table)
    if (table === undefined) return
    const constraint = table.constraints.find(({ name }) => name === operation.constraint)
    if (constraint === undefined) return dropGeneratedNotNull(state, table, operation.constraint)
    dropConstraintOf(state, table, constraint)
    if (constraint.type !== 'not-null') return
    for (const column of constraint.columns) changeColumn(state, table, column, (each) => ({ ...each, notNull: false }))
  },

  'validate-constraint': (operation, scene) => {
    const table = changedTable(scene, operation.table)
    const constraint = table?.constraints.find(({ name }) => name === operation.constraint)
    if (table !== undefined && constraint !== undefined) validate(scene.state, table, constraint)
  },

  'alter-constraint': nothing,

  'rename-constraint': (operation, scene) => {
    const { state } = scene
    const table = changedTable(scene, operation.table)
    const constraint = table?.constraints.find(({ name }) => name === operation.constraint)
    if (table !== undefined && constraint !== undefined) rename(state, table, constraint, operation.newName)
  },
}

/** A NOT NULL has a constraint of its own since PostgreSQL 18; its generated name tells the column. */
function dropGeneratedNotNull(state: State, table: TableEntry, name: string): void {
  const column = table.columns.find((each) => name === `${table.name.name}_${each.name}_not_null`)
  if (column !== undefined) changeColumn(state, table, column.name, (each) => ({ ...each, notNull: false }))
}

function validate(state: State, table: TableEntry, constraint: ConstraintEntry): void {
  const constraints = current(state, table)?.constraints.map((each) =>
    each.id === constraint.id ? { ...each, validated: true } : each,
  )
  if (constraints !== undefined) changeTable(state, table, { constraints })
  for (const child of childrenOf(state, table)) {
    for (const each of child.constraints) if (each.parent === constraint.id) validate(state, child, each)
  }
}

/** The index that a constraint stands on is renamed with it; the CHECKs of tables below too, for theirs are the same one. */
function rename(state: State, table: TableEntry, constraint: ConstraintEntry, name: string): void {
  const constraints = current(state, table)?.constraints.map((each) =>
    each.id === constraint.id ? { ...each, name } : each,
  )
  if (constraints !== undefined) changeTable(state, table, { constraints })
  changeIndexes(state, table, (index) =>
    index.constraint === constraint.name ? { ...index, name: { ...index.name, name }, constraint: name } : index,
  )
  if (constraint.type !== 'check') return
  for (const child of childrenOf(state, table)) {
    for (const each of child.constraints) if (each.parent === constraint.id) rename(state, child, each, name)
  }
}
