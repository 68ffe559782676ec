import { compareLocks } from '../model/effect.js'
import { keyOf, show } from '../model/names.js'
import { isConcurrent } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'hot-table-multi-touch',
    code: 'C84',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'Several migrations of a pull request lock the same large table, one after the other',
    why:
      'Each of them waits anew for the longest transaction that uses the table, and queries queue behind each of them: three brief ' +
      'changes are three stalls within one deployment, and three chances to run into lock_timeout half-way.',
    instead:
      'Make the brief changes of one table in one statement, `ALTER TABLE … ADD …, ADD …`; or deploy what has to be apart, such as ' +
      'the steps around a backfill, in releases of their own.',
    messages: {
      again:
        'Takes {{mode}} on {{table}}, which is large and which migration {{earlier}} of this pull request locks as well',
    },
  },
  check: {
    lock(operation, { effect, sizeOf, lockedEarlier }) {
      if (isConcurrent(operation)) return
      const lock = effect.locks.find(
        ({ table, mode }) =>
          compareLocks(mode, 'SHARE') >= 0 && sizeOf(table) === 'large' && lockedEarlier.has(keyOf(table)),
      )
      if (lock === undefined) return
      const { table, mode } = lock
      const data = { mode, table: show(table), earlier: lockedEarlier.get(keyOf(table)) ?? '' }
      return { message: 'again', at: operation.span, data, table }
    },
  },
})
