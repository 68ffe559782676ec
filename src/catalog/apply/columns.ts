import { addColumnTo, addOwnedSequence, changeColumn, columnOf, dropColumnOf, renameColumnOf } from '../columns.js'
import { addConstraint, dropConstraintOf, setNotNull } from '../constraints.js'
import { changedTable, changeTable, current, findView, removeSequence, treeOf } from '../relations.js'
import { putView } from '../state.js'
import type { Handlers } from './handlers.js'
import { nothing } from './handlers.js'

export const columns: Handlers<
  | 'add-column'
  | 'drop-column'
  | 'rename-column'
  | 'set-column-type'
  | 'set-default'
  | 'drop-default'
  | 'set-not-null'
  | 'drop-not-null'
  | 'alter-column-source'
  | 'alter-column-storage'
> = {
  'add-column': ({ column: definition, table: name }, scene) => {
    const table = changedTable(scene, name)
    if (table === undefined || table.columns.some((column) => column.name === definition.name)) return
    addColumnTo(scene.state, table, columnOf(scene, table.name, definition))
    for (const constraint of definition.constraints) addConstraint(scene, table, constraint)
  },

  'drop-column': (operation, scene) => {
    const table = changedTable(scene, operation.table)
    if (table !== undefined) dropColumnOf(scene.state, table, operation.column, operation.cascade)
  },

  // ALTER TABLE renames the columns of views too.
  'rename-column': (operation, scene) => {
    const view = findView(scene.state, operation.table)
    if (view !== undefined) return putView(scene.state, { ...view, columns: null })
    const table = changedTable(scene, operation.table)
    if (table !== undefined) renameColumnOf(scene.state, table, operation.column, operation.newName)
  },

  'set-column-type': (operation, scene) => {
    const table = changedTable(scene, operation.table)
    if (table === undefined) return
    changeColumn(scene.state, table, operation.column, (column) => ({ ...column, type: operation.type }))
  },

  'set-default': (operation, scene) => {
    const table = changedTable(scene, operation.table)
    if (table === undefined) return
    const value = operation.default.isNull ? null : operation.default
    changeColumn(scene.state, table, operation.column, (column) => ({ ...column, default: value }))
  },

  'drop-default': (operation, scene) => {
    const table = changedTable(scene, operation.table)
    if (table === undefined) return
    changeColumn(scene.state, table, operation.column, (column) => ({ ...column, default: null }))
  },

  'set-not-null': (operation, scene) => {
    const table = changedTable(scene, operation.table)
    if (table !== undefined) setNotNull(scene.state, table, [operation.column])
  },

  'drop-not-null': (operation, scene) => {
    const table = changedTable(scene, operation.table)
    if (table === undefined) return
    changeColumn(scene.state, table, operation.column, (column) => ({ ...column, notNull: false }))
    for (const each of treeOf(scene.state, table)) {
      for (const constraint of each.constraints) {
        if (constraint.type === 'not-null' && constraint.columns.includes(operation.column)) {
          dropConstraintOf(scene.state, each, constraint)
        }
      }
    }
  },

  'alter-column-source': ({ table: name, column, action }, scene) => {
    const table = changedTable(scene, name)
    if (table === undefined) return
    const { state, born } = scene
    switch (action.type) {
      case 'add-identity': {
        const sequence = addOwnedSequence(state, born, table.name, column)
        changeColumn(state, table, column, (each) => ({ ...each, identity: action.identity, notNull: true }))
        return changeTable(state, table, {
          columns: (current(state, table)?.columns ?? []).map((each) =>
            each.name === column ? { ...each, sequence } : each,
          ),
        })
      }
      case 'set-identity':
        return changeColumn(state, table, column, (each) => ({ ...each, identity: action.identity ?? each.identity }))
      case 'drop-identity': {
        const before = table.columns.find((each) => each.name === column)
        if (before === undefined || before.identity === null) return
        removeSequence(state, before.sequence)
        return changeColumn(state, table, column, (each) => ({ ...each, identity: null, sequence: null }))
      }
      case 'set-expression':
        return
      case 'drop-expression':
        return changeColumn(state, table, column, (each) => ({ ...each, generated: null }))
    }
  },

  'alter-column-storage': nothing,
}
