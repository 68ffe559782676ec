import { isConcurrent } from '../model/waiting.js'
import type { Operation } from '../model/operation.js'
import { lastSetting } from '../model/setting-story.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'short-timeout-during-concurrent-build',
    code: 'C74',
    family: 'blocking',
    weight: 'error',
    confidence: 'likely',
    tables: 'existing',
    directions: 'both',
    once: 'script',
    summary: 'A timeout can cancel work that runs CONCURRENTLY half-way, and what is half done stays',
    why:
      'CONCURRENTLY waits for older transactions, also for those that never touched the table, and it waits without closing the table to ' +
      'anyone. lock_timeout counts these waits all the same, and statement_timeout the whole build. When one strikes, an invalid index is ' +
      'left that every write maintains and no query uses, or a partition that is half-way detached.',
    instead:
      'Set both to 0 for this statement, and back afterwards. Options `lockMilliseconds` and `statementMilliseconds` say from where on ' +
      'they are long enough.',
    messages: {
      lock: '{{timeout}} of {{seconds}} s can cancel {{work}} half-way and leave {{rest}}',
      unknown: '{{timeout}}, which is set elsewhere, can cancel {{work}} half-way and leave {{rest}}',
    },
  },
  defaults: { lockMilliseconds: 300_000, statementMilliseconds: 900_000 },
  check: {
    operation(operation, { session, script, statement, options }) {
      if (!isConcurrent(operation) || session.inTransaction) return
      const { lockTimeout, statementTimeout } = session
      const isShort = (limit: number | null, enough: number): limit is number => limit !== null && !(limit >= enough)
      const short = isShort(lockTimeout, options.lockMilliseconds)
        ? { timeout: 'lock_timeout', limit: lockTimeout }
        : isShort(statementTimeout, options.statementMilliseconds)
          ? { timeout: 'statement_timeout', limit: statementTimeout }
          : null
      if (short === null) return
      const set = lastSetting(script, statement, short.timeout)
      return {
        message: Number.isNaN(short.limit) ? 'unknown' : 'lock',
        at: operation.span,
        ...(set === null ? {} : { related: [set.span] }),
        data: { timeout: short.timeout, seconds: short.limit / 1000, ...halfDone(operation) },
        fix: [
          'SET lock_timeout = 0;',
          'SET statement_timeout = 0;',
          statement.sql.trim().replace(/;?$/, ';'),
          'RESET lock_timeout;',
          'RESET statement_timeout;',
        ].join('\n'),
      }
    },
  },
})

function halfDone(operation: Operation): { readonly work: string; readonly rest: string } {
  switch (operation.kind) {
    case 'drop-index':
      return { work: 'DROP INDEX CONCURRENTLY', rest: 'an invalid index' }
    case 'reindex':
      return { work: 'REINDEX CONCURRENTLY', rest: 'an invalid index beside the old one' }
    case 'detach-partition':
      return { work: 'DETACH PARTITION CONCURRENTLY', rest: 'the partition half-way detached' }
    default:
      return { work: 'CREATE INDEX CONCURRENTLY', rest: 'an invalid index' }
  }
}
