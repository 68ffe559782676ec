import { show } from '../model/names.js'
import { isConcurrent, strongLockOf } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'missing-statement-timeout',
    code: 'C75',
    family: 'hygiene',
    // Nine in ten migrations of public histories have none: it is for teams that decide to have it.
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'A statement that holds a strong lock may run for as long as it likes',
    why:
      'A lock_timeout limits the wait for a lock, not how long it is held. A scan or a rewrite that takes longer than anybody expected holds ' +
      'it to the end, unless statement_timeout ends it.',
    instead:
      'Set statement_timeout to what the statement may take on the largest table, before the first one that needs a strong lock.',
    messages: { missing: 'How long {{mode}} on {{table}} is held has no limit: no statement_timeout is in force' },
  },
  check: {
    lock(operation, { effect, session, statement }) {
      const lock = strongLockOf(effect)
      if (lock === undefined || session.statementTimeout !== null || isConcurrent(operation)) return
      const set = session.inTransaction ? 'SET LOCAL' : 'SET'
      return {
        message: 'missing',
        at: statement.span,
        data: { mode: lock.mode, table: show(lock.table) },
        fix: `${set} statement_timeout = '30s';\n${statement.sql.trim().replace(/;?$/, ';')}`,
      }
    },
  },
})
