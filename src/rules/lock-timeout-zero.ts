import { show } from '../model/names.js'
import { settingStory } from '../model/setting-story.js'
import { isConcurrent, strongLockOf } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'lock-timeout-zero',
    code: 'C69',
    family: 'hygiene',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'lock_timeout is set to 0, which is no limit, and a strong lock is waited for',
    why:
      'Zero switches the limit off. The statement that follows queues for as long as any transaction uses its table, and every later query ' +
      'queues behind it.',
    instead:
      'Set it to a few seconds. 0 is right before what runs CONCURRENTLY, and only there: set it back before the next statement.',
    messages: {
      zero: 'lock_timeout = 0 is no limit: line {{line}} waits for {{mode}} on {{table}} as long as it takes',
    },
  },
  check: {
    lock(operation, { effect, script, session, statement }) {
      const lock = strongLockOf(effect)
      if (lock === undefined || session.lockTimeout !== null || isConcurrent(operation)) return
      const story = settingStory(script, statement, 'lock_timeout')
      if (story.kind !== 'zero') return
      return {
        message: 'zero',
        at: story.at,
        related: [operation.span],
        data: { line: operation.span.start.line, mode: lock.mode, table: show(lock.table) },
        fix: `SET ${story.local ? 'LOCAL ' : ''}lock_timeout = '2s';`,
      }
    },
  },
})
