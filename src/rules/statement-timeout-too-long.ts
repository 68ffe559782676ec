import { show } from '../model/names.js'
import { lastSetting } from '../model/setting-story.js'
import { isConcurrent, strongLockOf } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'statement-timeout-too-long',
    code: 'C76',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'statement_timeout is so long that it does not protect',
    why:
      'A statement_timeout ends a statement that takes longer than anybody expected, together with the locks that it holds. Set to hours it ' +
      'ends nothing that matters.',
    instead:
      'Set it to what the statement may take on the largest table; option `milliseconds` says what the team allows. Work that takes longer ' +
      'belongs where it holds no strong lock.',
    messages: { long: 'statement_timeout lets {{mode}} on {{table}} be held for {{minutes}} min' },
  },
  defaults: { milliseconds: 3_600_000 },
  check: {
    lock(operation, { effect, script, session, statement, options }) {
      const lock = strongLockOf(effect)
      const { statementTimeout } = session
      if (lock === undefined || statementTimeout === null || isConcurrent(operation)) return
      if (!(statementTimeout > options.milliseconds)) return
      return {
        message: 'long',
        at: lastSetting(script, statement, 'statement_timeout')?.span ?? operation.span,
        related: [operation.span],
        data: { table: show(lock.table), mode: lock.mode, minutes: Math.round(statementTimeout / 60_000) },
      }
    },
  },
})
