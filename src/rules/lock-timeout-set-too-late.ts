import { show } from '../model/names.js'
import { settingStory } from '../model/setting-story.js'
import { isConcurrent, strongLockOf } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'lock-timeout-set-too-late',
    code: 'C71',
    family: 'hygiene',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'lock_timeout is set after the statement that it should limit',
    why:
      'A setting holds from where it stands. What comes before it waits for its lock without a limit, and every later query of the table ' +
      'waits behind it.',
    instead: 'Move it to the top, before the first statement that needs a strong lock.',
    messages: {
      late: 'lock_timeout comes too late: line {{line}} has waited for {{mode}} on {{table}} without a limit by then',
    },
  },
  check: {
    lock(operation, { effect, script, session, statement }) {
      const lock = strongLockOf(effect)
      if (lock === undefined || session.lockTimeout !== null || isConcurrent(operation)) return
      const story = settingStory(script, statement, 'lock_timeout')
      if (story.kind !== 'late') return
      return {
        message: 'late',
        at: story.at,
        related: [operation.span],
        data: { line: operation.span.start.line, mode: lock.mode, table: show(lock.table) },
      }
    },
  },
})
