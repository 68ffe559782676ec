import { isBulkChange, nameOfChange } from '../model/bulk.js'
import { keyOf, quote, show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { operationsAfter } from '../model/pulled.js'
import { rule, type OperationContext, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'analyze-missing-after-backfill',
    code: 'G11',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'What the planner knows of a column is thrown away or not there, and nothing collects it anew',
    why:
      'A change of type throws away the statistics of the column, and an index on an expression has none until the next ANALYZE. ' +
      'Neither counts as a change of rows, so that autovacuum may not come for days; until then plans rest on defaults. After a ' +
      'change of many rows autovacuum comes within a minute or two: the rule speaks of that only where a team turns it on.',
    instead:
      'Run ANALYZE on the table in a migration right after it: it reads a sample, and neither reads nor writes wait for it. In the ' +
      'transaction of the change they would wait, for the lock of the change is held until it ends.',
    messages: {
      type: 'The new type of {{table}}.{{column}} throws away its statistics, and no ANALYZE follows',
      expression:
        'The expression in the index on {{table}} has no statistics before the next ANALYZE, and none follows',
      rows: '{{change}} changes what the statistics say, and no ANALYZE follows',
    },
  },
  check: {
    'set-column-type'(operation, context) {
      const { table, column, span } = operation
      if (isAnalysed(operation, table, context)) return
      return { message: 'type', at: span, data: { table: show(table), column }, fix: fixOf(table) }
    },
    'create-index'(operation, context) {
      const { table, keys, span } = operation
      if (keys.every(({ expression }) => expression === null) || isAnalysed(operation, table, context)) return
      return { message: 'expression', at: span, data: { table: show(table) }, fix: fixOf(table) }
    },
    update: (operation, context) => changed(operation, context),
    insert: (operation, context) => changed(operation, context),
  },
})

function changed(operation: Operation, context: OperationContext<object>): Problem<'rows'> | undefined {
  if (!isBulkChange(operation, context.statement.sql, context.catalog)) return undefined
  const { table, span } = operation
  if (isAnalysed(operation, table, context)) return undefined
  return { message: 'rows', at: span, data: { change: nameOfChange(operation) }, weight: 'off' }
}

/** Whether ANALYZE of the table comes later, or what runs unread may well hold it. */
function isAnalysed(operation: Operation, table: QualifiedName, { pull }: OperationContext<object>): boolean {
  return operationsAfter(operation, pull).some((later) => {
    if (later.kind === 'drop-table') return keyOf(later.table) === keyOf(table)
    if (later.kind !== 'analyze' && !(later.kind === 'vacuum' && later.analyze)) return false
    return later.table === null || keyOf(later.table) === keyOf(table)
  })
}

function fixOf(table: QualifiedName): string {
  return `ANALYZE ${quote(table)};`
}
