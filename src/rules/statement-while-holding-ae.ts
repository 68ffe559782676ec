import { isBulkChange, nameOfChange } from '../model/bulk.js'
import { callOf } from '../model/calls.js'
import { isOld } from '../model/catalog.js'
import { heldSince } from '../model/held.js'
import { show } from '../model/names.js'
import type { Operation, OperationKind } from '../model/operation.js'
import { rule, type OperationContext } from './rule.js'

export default rule({
  meta: {
    id: 'statement-while-holding-ae',
    code: 'C81',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'statement',
    summary: 'Slow work runs while the transaction holds ACCESS EXCLUSIVE on an existing table',
    why:
      'A lock lives until the transaction ends. Adding a column takes a millisecond, but if the same transaction then fills it, ' +
      'validates a constraint or calls something slow, the table stays closed to readers and writers for all of that time.',
    instead:
      'End the transaction after the brief change: put the slow work into a migration of its own, after it, which the tool has to ' +
      'run in a transaction of its own. Change rows in batches, each in its own transaction.',
    messages: {
      slow: '{{work}} runs while {{table}} is locked against every query since line {{line}}',
      slowTogether:
        '{{work}} runs while {{table}} is locked against every query since line {{line}} of {{file}}: {{tool}} runs all that is ' +
        'pending in one transaction, unless you {{together}}',
    },
  },
  check: {
    operation(operation, context) {
      const held = context.session.held.find(({ mode }) => mode === 'ACCESS EXCLUSIVE')
      const work = held && slowWork(operation, context)
      if (held === undefined || work === undefined) return
      const since = heldSince(held, operation, context.conventions)
      return {
        message: since.together === '' ? 'slow' : 'slowTogether',
        at: operation.span,
        related: [held.at],
        data: { work, table: show(held.table), ...since },
        table: held.table,
      }
    },
  },
})

/** These have rules of their own, and what those advise ends the wait too. */
const JUDGED: ReadonlySet<OperationKind> = new Set([
  'create-index',
  'add-column',
  'set-column-type',
  'set-not-null',
  'add-constraint',
  'validate-constraint',
])

/** What the operation does that takes time, for people; undefined for what is brief, or not known to be slow. */
function slowWork(operation: Operation, context: OperationContext<object>): string | undefined {
  const { catalog, effect, statement } = context
  if (operation.kind === 'do') {
    return operation.inner.map((inner) => slowWork(inner, context)).find((work) => work !== undefined)
  }
  if (operation.kind === 'select') {
    const slow = operation.functions.find((name) => callOf(name) === 'slow')
    return slow && `${slow}()`
  }
  if (isBulkChange(operation, statement.sql, catalog))
    return isOld(catalog, operation.table) ? nameOfChange(operation) : undefined
  if (JUDGED.has(operation.kind)) return undefined
  const read = effect.rewrites[0] ?? effect.scans[0]
  return read && `${operation.kind.replaceAll('-', ' ').toUpperCase()}, which reads all of ${show(read)},`
}
