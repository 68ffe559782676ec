import { show } from '../model/names.js'
import { settingStory } from '../model/setting-story.js'
import { isConcurrent, strongLockOf } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'lock-timeout-not-in-effect',
    code: 'C72',
    family: 'hygiene',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'lock_timeout is written down, but not in force where a strong lock is waited for',
    why:
      'SET LOCAL lasts until the transaction ends; where there is none it does nothing but warn, and nobody reads the warning. SET is ' +
      'undone by ROLLBACK. The file then looks protected, and its statements wait without a limit all the same ' +
      '(https://www.postgresql.org/docs/current/sql-set.html).',
    instead: 'Outside a transaction write SET without LOCAL; inside, set it after each BEGIN.',
    messages: {
      outside:
        'SET LOCAL outside a transaction does nothing: line {{line}} waits for {{mode}} on {{table}} without a limit',
      ended:
        'lock_timeout has gone with the {{by}} before line {{line}}, which waits for {{mode}} on {{table}} without a limit',
    },
  },
  check: {
    lock(operation, { effect, script, session, statement }) {
      const lock = strongLockOf(effect)
      if (lock === undefined || session.lockTimeout !== null || isConcurrent(operation)) return
      const story = settingStory(script, statement, 'lock_timeout')
      if (story.kind !== 'outside' && story.kind !== 'ended') return
      return {
        message: story.kind,
        at: story.at,
        related: [operation.span],
        data: {
          line: operation.span.start.line,
          mode: lock.mode,
          table: show(lock.table),
          by: story.kind === 'ended' ? story.by : '',
        },
        ...(story.kind === 'outside' ? { fix: "SET lock_timeout = '2s';" } : {}),
      }
    },
  },
})
