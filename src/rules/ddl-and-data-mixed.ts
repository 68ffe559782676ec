import { isBulkChange, nameOfChange, type BulkChange } from '../model/bulk.js'
import { isOld } from '../model/catalog.js'
import { compareLocks } from '../model/effect.js'
import { heldSince } from '../model/held.js'
import { show } from '../model/names.js'
import type { OperationKind } from '../model/operation.js'
import { rule, type OperationContext } from './rule.js'

export default rule({
  meta: {
    id: 'ddl-and-data-mixed',
    code: 'G8',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'script',
    summary: 'One transaction changes the schema of an existing table and many rows of one',
    why:
      'The lock of the schema change and the row locks of the data change are all kept until the end, so each makes the other ' +
      'worse: writers wait while rows are changed, and the schema change waits while its transaction already holds rows. With ' +
      'deferred constraints it fails outright, for pending trigger events.',
    instead:
      'Make it two migrations, schema first or rows first, and change the rows in batches that commit one by one.',
    messages: {
      data: '{{change}} runs while the transaction holds {{mode}} on {{table}} since line {{line}}',
      dataTogether:
        '{{change}} runs while the transaction holds {{mode}} on {{table}} since line {{line}} of {{file}}: {{tool}} runs all that ' +
        'is pending in one transaction, unless you {{together}}',
      schema:
        'The transaction waits for {{mode}} on {{table}} while it holds the rows of the {{change}} in line {{line}}',
    },
  },
  check: {
    operation(operation, context) {
      const { catalog, effect, session, statement } = context
      if (!session.inTransaction) return
      if (isBulkChange(operation, statement.sql, catalog)) {
        const strong = session.held.filter(({ mode }) => compareLocks(mode, 'SHARE') >= 0)
        const [held] = strong
        // ACCESS EXCLUSIVE held is worse, and has a rule of its own.
        if (
          held === undefined ||
          strong.some(({ mode }) => mode === 'ACCESS EXCLUSIVE') ||
          !isOld(catalog, operation.table)
        )
          return
        const data = {
          change: nameOfChange(operation),
          mode: held.mode,
          table: show(held.table),
          ...heldSince(held, operation, context.conventions),
        }
        const message = data.together === '' ? 'data' : 'dataTogether'
        return { message, at: operation.span, related: [held.at], data, table: held.table }
      }
      const lock = effect.locks.find(({ mode }) => compareLocks(mode, 'SHARE') >= 0)
      const change = lock && !NO_SCHEMA_CHANGE.has(operation.kind) ? earlierChange(context) : undefined
      if (lock === undefined || change === undefined) return
      const data = {
        change: nameOfChange(change),
        mode: lock.mode,
        table: show(lock.table),
        line: change.span.start.line,
      }
      return { message: 'schema', at: operation.span, related: [change.span], data, table: lock.table }
    },
  },
})

const NO_SCHEMA_CHANGE: ReadonlySet<OperationKind> = new Set([
  'truncate',
  'lock-table',
  'refresh-materialized-view',
  'cluster',
  'do',
])

/**
 * The first change of many rows that an existing table has seen in the transaction at hand. None when a strong lock was held by
 * then: that was said at the change.
 */
function earlierChange({ script, session, catalog }: OperationContext<object>): BulkChange | undefined {
  const firstStrong = session.held.findIndex(({ mode }) => compareLocks(mode, 'SHARE') >= 0)
  const weak = firstStrong < 0 ? session.held : session.held.slice(0, firstStrong)
  const places = new Set(weak.map(({ at }) => at))
  for (const { operations, sql } of script.statements) {
    for (const one of operations) {
      if (places.has(one.span) && isBulkChange(one, sql, catalog) && isOld(catalog, one.table)) return one
    }
  }
  return undefined
}
