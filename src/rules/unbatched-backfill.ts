import { isBulkChange, nameOfChange, type BulkChange } from '../model/bulk.js'
import { sureOf } from '../model/catalog.js'
import { compareLocks } from '../model/effect.js'
import { rule, type OperationContext, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'unbatched-backfill',
    code: 'G9',
    family: 'blocking',
    weight: 'warning',
    confidence: 'likely',
    tables: 'existing',
    directions: 'both',
    summary: 'One statement changes an unknown number of rows of an existing table',
    why:
      'Every row that it touches stays locked until the last one is done, the old versions cannot be cleaned up, and replicas get it ' +
      'all at once. On a large table that is minutes in which the application waits for single rows.',
    instead:
      'Change the rows in batches by key, a few thousand at a time, each in a transaction of its own and with a pause between them, ' +
      'from a job and not from the migration.',
    messages: { all: '{{change}} touches every row that it matches in one transaction' },
  },
  check: {
    update: (operation, context) => (isPartial(operation.where) ? unbatched(operation, context) : undefined),
    delete: (operation, context) => (isPartial(operation.where) ? unbatched(operation, context) : undefined),
    insert: (operation, context) => unbatched(operation, context),
    merge: (operation, context) => unbatched(operation, context),
  },
})

/** Without a real WHERE it is another rule's finding. */
function isPartial(where: { readonly tautology: boolean } | null): boolean {
  return where !== null && !where.tautology
}

function unbatched(
  operation: Extract<BulkChange, { kind: 'update' | 'delete' | 'insert' | 'merge' }>,
  { catalog, session, statement }: OperationContext<object>,
): Problem<'all'> | undefined {
  if (!isBulkChange(operation, statement.sql, catalog)) return undefined
  // Under a strong lock the rules on what runs while it is held have said it, and worse.
  if (session.held.some(({ mode }) => compareLocks(mode, 'SHARE') >= 0)) return undefined
  return {
    message: 'all',
    at: operation.span,
    data: { change: nameOfChange(operation) },
    confidence: sureOf(catalog, operation.table),
  }
}
