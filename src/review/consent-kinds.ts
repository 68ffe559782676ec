import type { Rehearsal } from '../model/evidence.js'
import { isRead, operationsOf } from '../model/migration.js'
import type { Operation, OperationKind } from '../model/operation.js'
import type { ReviewedMigration } from '../model/review.js'

/**
 * Whether a change makes, alters or takes away tables, columns, relationships, constraints or indexes: as an up script says,
 * or as a rehearsal saw. What nobody could read may well do so.
 */
export function changesTables(migrations: readonly ReviewedMigration[], rehearsals: readonly Rehearsal[]): boolean {
  const seen = rehearsals.some(({ schema }) => schema !== null && schema.changes.some(({ kind }) => PARTS.has(kind)))
  return seen || migrations.some(({ change, up: { script } }) => change !== 'removed' && says(script))
}

function says(script: ReviewedMigration['up']['script']): boolean {
  if (script.kind === 'refused' || (script.kind === 'script' && !isRead(script))) return true
  return operationsOf(script).some(isTableChange)
}

/** Whether an operation makes, alters or takes away a table or a part of one. */
export function isTableChange(operation: Operation): boolean {
  if (operation.kind === 'do') {
    return operation.dynamic || operation.unread > 0 || operation.inner.some(isTableChange)
  }
  if (operation.kind === 'create-table') return operation.persistence !== 'temporary'
  return TABLE_CHANGES.has(operation.kind)
}

/** What a rehearsal calls the parts of a table, and the table. */
const PARTS: ReadonlySet<string> = new Set(['table', 'column', 'constraint', 'index'])

const TABLE_CHANGES: ReadonlySet<OperationKind> = new Set<OperationKind>([
  'create-table',
  'drop-table',
  'rename-table',
  'add-column',
  'drop-column',
  'rename-column',
  'set-column-type',
  'set-default',
  'drop-default',
  'set-not-null',
  'drop-not-null',
  'alter-column-source',
  'add-constraint',
  'drop-constraint',
  'alter-constraint',
  'rename-constraint',
  'attach-partition',
  'detach-partition',
  'create-index',
  'drop-index',
  'drop-schema',
  // What these do is not known from their text.
  'call',
  'unmodelled',
])
