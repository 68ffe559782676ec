import { sureOf } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'detach-partition-non-concurrently',
    code: 'C12',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    postgres: { from: 14 },
    summary: 'A partition is detached under a lock on the whole partitioned table',
    why:
      'DETACH PARTITION takes ACCESS EXCLUSIVE on the parent and on the partition. The parent is what the application queries: ' +
      'while the statement waits for running transactions, everything on every partition waits behind it.',
    instead:
      'Use DETACH PARTITION … CONCURRENTLY outside a transaction; should it be interrupted, complete it with FINALIZE. It is ' +
      'refused while the parent has a DEFAULT partition.',
    messages: { detach: 'Detaching {{partition}} locks {{table}} and all its partitions against every query' },
  },
  check: {
    'detach-partition'({ table, partition, concurrently, finalize, span }, { catalog }) {
      if (concurrently || finalize) return
      return {
        message: 'detach',
        at: span,
        data: { table: show(table), partition: show(partition) },
        confidence: sureOf(catalog, table),
        fix: `ALTER TABLE ${quote(table)} DETACH PARTITION ${quote(partition)} CONCURRENTLY;`,
      }
    },
  },
})
