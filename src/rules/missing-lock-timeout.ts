import { show } from '../model/names.js'
import { isConcurrent, limited, strongLockOf } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'missing-lock-timeout',
    code: 'C68',
    family: 'hygiene',
    // Three in four merged migrations of public histories have none: as a warning it would drown the rest.
    weight: 'notice',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'A strong lock on an existing table is waited for without a limit',
    why:
      'A statement that needs a strong lock queues behind every transaction that uses the table, and every later query queues ' +
      'behind the statement. One report that runs for ten minutes turns a schema change of a millisecond into ten minutes of ' +
      'outage. With lock_timeout it gives up instead, and can be tried again.',
    instead:
      'Set lock_timeout to a few seconds before the first such statement, and let the deployment try again. Builds that run ' +
      'CONCURRENTLY should not have one.',
    messages: { missing: 'Waiting for {{mode}} on {{table}} has no limit: no lock_timeout is in force' },
  },
  check: {
    lock(operation, { effect, session, statement }) {
      if (session.lockTimeout !== null || isConcurrent(operation)) return
      // VACUUM FULL has its own rule, and stands alone in its script.
      if (operation.kind === 'vacuum') return
      const lock = strongLockOf(effect)
      if (lock === undefined || (operation.kind === 'lock-table' && operation.nowait)) return
      const isAlone = operation.kind === 'reindex' && operation.target !== 'index' && operation.target !== 'table'
      return {
        message: 'missing',
        at: statement.span,
        data: { mode: lock.mode, table: show(lock.table) },
        // One that runs in no transaction has to be alone in its script.
        ...(isAlone ? {} : { fix: limited(statement.sql, session.inTransaction) }),
      }
    },
  },
})
