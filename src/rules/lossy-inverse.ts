import { columnIsNew, isOld, type Catalog } from '../model/catalog.js'
import { canChange, isPlain, operationsOf } from '../model/migration.js'
import { isSystem, keyOf, show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import type { Delete, Update } from '../model/operations/data.js'
import { isNarrowing } from '../model/type-change.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'lossy-inverse',
    code: 'E13',
    family: 'rollback',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    once: 'script',
    summary: 'The down script cannot bring back the rows as they were, or may be refused by them',
    why:
      'A change of rows has no inverse unless the old values are kept: after the rollback the old code works with the new values, ' +
      'or without the rows. And a rule or type that down makes strict again is refused by, or cuts, whatever was written since up. ' +
      'Dropped tables and columns, and changes of all rows, have rules of their own.',
    instead:
      'Keep the old values (a backup table, the old column for one more release) and restore them in down; say in down what is to ' +
      'happen with rows that do not fit any more; or declare the migration irreversible.',
    messages: {
      updated: 'UPDATE overwrites {{columns}} of {{table}}, and the down script does not bring the old values back',
      deleted: 'DELETE takes rows out of {{table}}, and the down script does not bring them back',
      narrowed: 'The down script makes {{column}} of {{table}} {{type}} again: values written since up may not fit',
      nulls: 'The down script sets NOT NULL on {{column}} of {{table}} again: one NULL written since up and it fails',
      constraint:
        'The down script adds {{kind}} {{name}} to {{table}} again: one row written since up that breaks it and it fails',
    },
  },
  check: {
    migration({ up, down }, { afterUp, before }) {
      // What down does not do at all, other rules say.
      if (!isPlain(up) || !isPlain(down) || !operationsOf(down).some(canChange)) return
      const undone = operationsOf(down)
      const lost = operationsOf(up).find(
        (each): each is Update | Delete =>
          (each.kind === 'update' || each.kind === 'delete') &&
          losesRows(each, before, afterUp) &&
          !undone.some((other) => changesRowsOf(other, each.table)),
      )
      if (lost === undefined) return
      const table = show(lost.table)
      return lost.kind === 'delete'
        ? { message: 'deleted', at: lost.span, data: { table } }
        : { message: 'updated', at: lost.span, weight: 'notice', data: { table, columns: lost.columns.join(', ') } }
    },
    'set-column-type'({ table, column, type, span }, { direction, catalog, migration }) {
      const now = direction === 'down' ? catalog.column(table, column) : undefined
      if (now === undefined || !isNarrowing(now.type, type)) return
      const widened = (each: Operation): boolean =>
        each.kind === 'set-column-type' && each.column === column && keyOf(each.table) === keyOf(table)
      if (!operationsOf(migration.up).some(widened)) return
      return { message: 'narrowed', at: span, weight: 'notice', data: { table: show(table), column, type: type.text } }
    },
    'set-not-null'({ table, column, span }, { direction, migration }) {
      if (direction === 'up') return
      const isInverse = (each: Operation): boolean =>
        each.kind === 'drop-not-null' && each.column === column && keyOf(each.table) === keyOf(table)
      const isFilled = (each: Operation): boolean => changesRowsOf(each, table)
      if (!operationsOf(migration.up).some(isInverse) || operationsOf(migration.down).some(isFilled)) return
      return { message: 'nulls', at: span, weight: 'notice', data: { table: show(table), column } }
    },
    'add-constraint'({ table, constraint, span }, { direction, migration }) {
      if (direction === 'up' || !constraint.validated || constraint.name === null) return
      const { name, type } = constraint
      const isInverse = (each: Operation): boolean =>
        each.kind === 'drop-constraint' && each.constraint === name && keyOf(each.table) === keyOf(table)
      const isFreshlyAdded = (each: Operation): boolean =>
        each.kind === 'add-constraint' && each.constraint.name === name && keyOf(each.table) === keyOf(table)
      const up = operationsOf(migration.up)
      // A constraint that up makes anew under its old name is another one.
      if (
        !up.some(isInverse) ||
        up.some(isFreshlyAdded) ||
        operationsOf(migration.down).some((each) => changesRowsOf(each, table))
      )
        return
      const kind = type.replace('-', ' ')
      return { message: 'constraint', at: span, weight: 'notice', data: { table: show(table), name, kind } }
    },
  },
})

/** Whether it changes what was there before up: not rows of a new table, nor values of a new column, nor mere NULLs. */
function losesRows(change: Update | Delete, before: Catalog, afterUp: Catalog): boolean {
  if (isSystem(change.table)) return false
  // Without a condition, rules of lost data speak.
  if (change.where === null || change.where.tautology || !isOld(before, change.table)) return false
  if (before.complete && before.born(change.table) === 'unknown') return false
  if (change.kind === 'delete') return true
  const filled = change.where.text
  const old = change.columns.filter(
    (column) => before.column(change.table, column) !== undefined || !columnIsNew(afterUp, change.table, column),
  )
  return old.some((column) => !new RegExp(`\\b${column.replace(/\W/g, '\\$&')}"?\\s+is\\s+null\\b`, 'i').test(filled))
}

function changesRowsOf(operation: Operation, table: QualifiedName): boolean {
  const changes = ['insert', 'update', 'delete', 'merge', 'copy'].includes(operation.kind)
  return changes && 'table' in operation && operation.table !== null && keyOf(operation.table) === keyOf(table)
}
