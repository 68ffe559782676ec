import { catchesInLoop } from '../model/block.js'
import { operationsOf } from '../model/migration.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'savepoint-or-exception-loop',
    code: 'G13',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'Subtransactions are begun by the hundred',
    why:
      'Each SAVEPOINT, and each pass through a block with EXCEPTION, is a transaction within the transaction with a number of its ' +
      'own. PostgreSQL keeps 64 of them at hand for each session; from then on every other session has to look them up on disk, ' +
      'replicas above all, which slows down queries that have nothing to do with the migration.',
    instead:
      'Write one statement for all rows, with ON CONFLICT DO NOTHING for those that would fail; or test a row before it is ' +
      'changed.',
    messages: {
      loop: 'The block with EXCEPTION is inside a loop: every pass is a subtransaction',
      many: 'The script sets {{count}} savepoints in one transaction',
    },
  },
  defaults: {
    /** As many as a session keeps at hand (PGPROC_MAX_CACHED_SUBXIDS). */
    savepoints: 64,
  },
  check: {
    do: ({ language, body, span }) =>
      language === 'plpgsql' && catchesInLoop(body) ? { message: 'loop', at: span } : undefined,
    script(script, { options }) {
      const operations = operationsOf(script)
      if (operations.length <= options.savepoints) return undefined
      const set = operations.filter((each) => each.kind === 'transaction' && each.action === 'savepoint')
      const [, ...rest] = set
      const one = rest.at(-1)
      return one === undefined || set.length <= options.savepoints
        ? undefined
        : { message: 'many', at: one.span, data: { count: set.length } }
    },
  },
})
