import { isOld } from '../model/catalog.js'
import { keyOf, show } from '../model/names.js'
import { isConcurrent } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'wide-lock-window',
    code: 'C82',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    once: 'script',
    summary: 'One transaction closes several existing tables to every query',
    why:
      'While the transaction waits for its second table, the first is closed, for as long as the longest transaction that uses the second. ' +
      'A transaction of the application that uses both in the other order is a deadlock.',
    instead: 'Change one table a migration; or set lock_timeout to a few seconds, and let the deployment try again.',
    messages: {
      wide: '{{first}} stays closed since line {{line}} while this waits for {{second}}, with no limit to the wait',
    },
  },
  check: {
    lock(operation, { catalog, effect, session }) {
      if (!session.inTransaction || session.lockTimeout !== null || isConcurrent(operation)) return
      if (!('table' in operation) || operation.table === null || operation.kind === 'lock-table') return
      const { table } = operation
      const isClosing = effect.locks.some(
        (lock) => lock.mode === 'ACCESS EXCLUSIVE' && keyOf(lock.table) === keyOf(table),
      )
      const closed = session.held.find(
        (lock) =>
          lock.mode === 'ACCESS EXCLUSIVE' &&
          lock.at.path === operation.span.path &&
          keyOf(lock.table) !== keyOf(table) &&
          isOld(catalog, lock.table) &&
          // Nobody waits for a table that this transaction has dropped.
          (catalog.table(lock.table) !== undefined || !catalog.complete),
      )
      // A lock that it has already is not waited for.
      const isHeld = session.held.some((lock) => keyOf(lock.table) === keyOf(table) && lock.mode === 'ACCESS EXCLUSIVE')
      if (!isClosing || isHeld || closed === undefined) return
      return {
        message: 'wide',
        at: operation.span,
        related: [closed.at],
        data: { first: show(closed.table), second: show(table), line: closed.at.start.line },
      }
    },
  },
})
