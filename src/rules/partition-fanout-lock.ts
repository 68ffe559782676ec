import { compareLocks } from '../model/effect.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'partition-fanout-lock',
    code: 'C17',
    family: 'blocking',
    weight: 'notice',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'script',
    summary: 'One statement takes a strong lock on very many tables at once',
    why:
      'What is done to a partitioned table is done to each partition, and to the indexes of each. The statement waits for every one of ' +
      'them in turn while it holds those before, and the lock table of the server, max_locks_per_transaction for each connection, can ' +
      'run full.',
    instead:
      'Do it a partition at a time where the statement has an ONLY, as indexes have; otherwise raise max_locks_per_transaction first, set ' +
      'a lock_timeout, and choose a quiet hour.',
    messages: { many: 'This takes {{mode}} on {{count}} tables at once, {{first}} and {{second}} among them' },
  },
  defaults: { tables: 100 },
  check: {
    lock({ span }, { effect, options }) {
      const strong = effect.locks.filter(({ mode }) => compareLocks(mode, 'SHARE') >= 0)
      const [first, second] = strong
      if (strong.length < options.tables || first === undefined || second === undefined) return
      const data = { mode: first.mode, count: strong.length, first: show(first.table), second: show(second.table) }
      return { message: 'many', at: span, data, table: first.table }
    },
  },
})
