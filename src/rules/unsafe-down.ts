import { compareLocks } from '../model/effect.js'
import { operationsOf } from '../model/migration.js'
import { quote, show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'unsafe-down',
    code: 'E16',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    once: 'script',
    summary: 'The down script is less careful with a table in use than up',
    why:
      'Rollbacks happen in production, under load and in a hurry. An up that works CONCURRENTLY or limits how long it waits for a ' +
      'lock shows that the table is in use; a down that does neither stops every query behind one long transaction. What a down ' +
      'script scans or rewrites is said by the rules about that, and the missing limit only once the rule is given a severity.',
    instead: 'Use the same care as in up: CONCURRENTLY outside a transaction, and the same lock_timeout.',
    messages: {
      index:
        'The down script drops index {{index}}, which up creates CONCURRENTLY, under a lock that blocks all use of {{table}}',
      timeout:
        'Up limits how long it waits for locks, and the down script waits for {{mode}} on {{table}} without a limit',
    },
  },
  check: {
    'drop-index'({ index, concurrently, ifExists, span }, { direction, catalog, migration }) {
      const known = direction === 'up' || concurrently ? undefined : catalog.index(index)
      // The index of a partitioned table cannot be dropped CONCURRENTLY.
      if (known === undefined || catalog.table(known.table)?.partitioned) return
      const built = operationsOf(migration.up).some(
        (each) => each.kind === 'create-index' && each.concurrently && each.name === index.name,
      )
      if (!built) return
      const fix = `DROP INDEX CONCURRENTLY ${ifExists ? 'IF EXISTS ' : ''}${quote(index)};`
      return { message: 'index', at: span, data: { index: show(index), table: show(known.table) }, fix }
    },
    lock(operation, { direction, effect, session, migration }) {
      if (direction === 'up' || session.lockTimeout !== null) return
      if (operation.kind === 'drop-index' || ('concurrently' in operation && operation.concurrently)) return
      const [lock] = effect.locks.filter(({ mode }) => compareLocks(mode, 'SHARE') >= 0)
      if (lock === undefined || !operationsOf(migration.up).some(limits)) return
      const data = { mode: lock.mode, table: show(lock.table) }
      // Said when a team sets the rule's severity: many hold a limit in down for less needful than in up.
      return { message: 'timeout', at: operation.span, weight: 'off', data }
    },
  },
})

function limits(operation: Operation): boolean {
  return operation.kind === 'set' && operation.name === 'lock_timeout' && operation.value !== null
}
