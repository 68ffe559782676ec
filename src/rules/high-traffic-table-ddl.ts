import { compareLocks } from '../model/effect.js'
import { keyOf, show } from '../model/names.js'
import { isConcurrent, limited } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'high-traffic-table-ddl',
    code: 'C90',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'script',
    summary: 'A table that the team calls large is locked, however briefly, and nothing limits the wait for it',
    why:
      'On a busy table even a change of a millisecond hurts: it waits for the longest transaction that uses the table, and within a ' +
      'second more queries queue behind it than there are connections. The table need not be the one that the statement names: a foreign ' +
      'key locks the table that it points to, a partition its parent.',
    instead:
      'Set lock_timeout to a second or two, do nothing else in the transaction, choose a quiet hour, and let the deployment try again.',
    messages: { lock: 'This takes {{mode}} on {{table}}, which is large, and nothing limits the wait for it' },
  },
  check: {
    lock(operation, { effect, session, sizeOf, statement }) {
      if (session.lockTimeout !== null || operation.kind === 'lock-table' || isConcurrent(operation)) return
      const worked = [...effect.scans, ...effect.rewrites].map(keyOf)
      const lock = effect.locks.find(
        // What reads or rewrites the table has rules of its own, which weigh more.
        ({ table, mode }) =>
          compareLocks(mode, 'SHARE') >= 0 && sizeOf(table) === 'large' && !worked.includes(keyOf(table)),
      )
      if (lock === undefined) return
      return {
        message: 'lock',
        at: operation.span,
        data: { mode: lock.mode, table: show(lock.table) },
        table: lock.table,
        fix: limited(statement.sql, session.inTransaction),
      }
    },
  },
})
