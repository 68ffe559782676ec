import { show } from '../model/names.js'
import { lastSetting } from '../model/setting-story.js'
import { isConcurrent, strongLockOf } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'lock-timeout-too-long',
    code: 'C70',
    family: 'hygiene',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'lock_timeout is so long that the wait itself is an outage',
    why:
      'While a statement waits for a strong lock, every later query of the table waits behind it. lock_timeout is therefore how long the ' +
      'table may be closed before anything has been done.',
    instead:
      'Set one to five seconds, and let the deployment try again; option `milliseconds` says what the team allows.',
    messages: { long: 'lock_timeout lets {{table}} be closed for {{seconds}} s while {{mode}} on it is waited for' },
  },
  defaults: { milliseconds: 10_000 },
  check: {
    lock(operation, { effect, script, session, statement, options }) {
      const lock = strongLockOf(effect)
      const { lockTimeout } = session
      if (lock === undefined || lockTimeout === null || isConcurrent(operation)) return
      // NaN, a limit that nobody can tell, is not too long as far as anybody knows.
      if (!(lockTimeout > options.milliseconds)) return
      return {
        message: 'long',
        at: lastSetting(script, statement, 'lock_timeout')?.span ?? operation.span,
        related: [operation.span],
        data: { table: show(lock.table), mode: lock.mode, seconds: Math.round(lockTimeout / 1000) },
      }
    },
  },
})
