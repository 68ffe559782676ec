import { certaintyOf, isOld } from '../model/catalog.js'
import { operationsOf, type Script } from '../model/migration.js'
import { keyOf, quote, show, type QualifiedName } from '../model/names.js'
import { defaultPartitionOf } from '../model/partition.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-partition-locks-parent',
    code: 'C16',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A partition is dropped under a lock that stops every query on the partitioned table',
    why:
      'DROP TABLE of a partition that is still attached takes ACCESS EXCLUSIVE on its parent too, which is what the application ' +
      'queries: while the statement waits for running transactions, everything on every partition waits behind it.',
    instead:
      'DETACH PARTITION … CONCURRENTLY first, in a migration of its own that runs outside a transaction, and drop the table afterwards.',
    messages: { drop: 'Dropping partition {{partition}} stops every query on {{table}} and all its partitions' },
  },
  check: {
    'drop-table'({ table, span }, { catalog, postgres, script }) {
      const known = catalog.table(table)
      const parent = known?.partitionOf ?? null
      if (known === undefined || parent === null || !isOld(catalog, parent) || goesToo(parent, script)) return
      const detach = `ALTER TABLE ${quote(parent)} DETACH PARTITION ${quote(table)} CONCURRENTLY;`
      // It is refused where there is a DEFAULT partition.
      const can = postgres >= 14 && defaultPartitionOf(catalog, parent) === undefined
      return {
        message: 'drop',
        at: span,
        data: { partition: show(known.name), table: show(parent) },
        confidence: certaintyOf(catalog),
        table: parent,
        ...(can ? { fix: `${detach}\n-- in a later migration:\nDROP TABLE ${quote(table)};` } : {}),
      }
    },
  },
})

/** Whether the script drops the partitioned table as a whole. */
function goesToo(parent: QualifiedName, script: Script): boolean {
  return operationsOf(script).some(
    (operation) => operation.kind === 'drop-table' && keyOf(operation.table) === keyOf(parent),
  )
}
