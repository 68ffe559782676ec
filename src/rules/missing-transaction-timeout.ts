import { show } from '../model/names.js'
import { isSetAt } from '../model/setting-story.js'
import { isConcurrent, strongLockOf } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'missing-transaction-timeout',
    code: 'C78',
    family: 'hygiene',
    // Next to no migration of public histories has it: it is for teams that decide to have it.
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    postgres: { from: 17 },
    summary: 'A transaction with a strong lock has no limit as a whole',
    why:
      'Both lock_timeout and statement_timeout begin anew with each statement: many short ones can still hold ACCESS EXCLUSIVE for minutes. ' +
      'From PostgreSQL 17 on transaction_timeout limits all of them together.',
    instead: 'Set transaction_timeout to the longest time that the table may be closed.',
    messages: {
      missing: 'How long the transaction holds {{mode}} on {{table}} has no limit: no transaction_timeout is in force',
    },
  },
  check: {
    lock(operation, { conventions, effect, script, session, statement }) {
      const lock = strongLockOf(effect)
      if (lock === undefined || !session.inTransaction || isConcurrent(operation)) return
      if (isSetAt(script, statement, 'transaction_timeout', conventions)) return
      return { message: 'missing', at: statement.span, data: { mode: lock.mode, table: show(lock.table) } }
    },
  },
})
