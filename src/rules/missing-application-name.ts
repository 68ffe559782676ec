import { show } from '../model/names.js'
import { isSetAt } from '../model/setting-story.js'
import { isConcurrent, strongLockOf } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'missing-application-name',
    code: 'C79',
    family: 'hygiene',
    // Next to no migration of public histories has it: it is for teams that decide to have it.
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'A session that takes strong locks has no name by which it could be found',
    why:
      'When queries pile up behind a migration, somebody looks into `pg_stat_activity` for the one to end. Without an application_name it looks ' +
      'like any other session of the role.',
    instead: 'Set application_name at the top of the migration, or in the connection string of the tool.',
    messages: { missing: 'The session that takes {{mode}} on {{table}} has no application_name' },
  },
  check: {
    lock(operation, { conventions, effect, script, statement }) {
      const lock = strongLockOf(effect)
      if (lock === undefined || isConcurrent(operation)) return
      if (isSetAt(script, statement, 'application_name', conventions)) return
      return { message: 'missing', at: statement.span, data: { mode: lock.mode, table: show(lock.table) } }
    },
  },
})
