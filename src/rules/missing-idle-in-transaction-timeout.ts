import { show } from '../model/names.js'
import { isSetAt } from '../model/setting-story.js'
import { isConcurrent, strongLockOf } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'missing-idle-in-transaction-timeout',
    code: 'C77',
    family: 'hygiene',
    // Next to no migration of public histories has it: it is for teams that decide to have it.
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'A strong lock is held by a session that may sit idle for ever',
    why:
      'When the migration’s process hangs or loses its connection between two statements, the server keeps the transaction open, and with ' +
      'it every lock. idle_in_transaction_session_timeout ends such a session.',
    instead: 'Set it to 30 to 60 seconds for the role or the session that runs migrations.',
    messages: {
      missing: 'A runner that hangs keeps {{mode}} on {{table}}: no idle_in_transaction_session_timeout is in force',
    },
  },
  check: {
    lock(operation, { conventions, effect, script, session, statement }) {
      const lock = strongLockOf(effect)
      if (lock === undefined || !session.inTransaction || isConcurrent(operation)) return
      if (isSetAt(script, statement, 'idle_in_transaction_session_timeout', conventions)) return
      return { message: 'missing', at: statement.span, data: { mode: lock.mode, table: show(lock.table) } }
    },
  },
})
