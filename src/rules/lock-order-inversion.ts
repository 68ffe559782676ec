import type { Catalog } from '../model/catalog.js'
import { compareLocks, type LockMode } from '../model/effect.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import { drops, operationsAfter } from '../model/pulled.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'lock-order-inversion',
    code: 'C88',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    once: 'script',
    summary: 'One transaction locks a table, and then one that refers to it',
    why:
      'An INSERT into the referring table locks that one first, and the row that it refers to afterwards. A transaction that ' +
      'closes them in the other order and an INSERT that comes in between wait for each other: after deadlock_timeout, a second ' +
      'by default, PostgreSQL ends one of the two with an error, the migration or a request of a user.',
    instead:
      'Change one table a migration; or change the referring table first; or set lock_timeout below deadlock_timeout, and let the ' +
      'deployment try again.',
    messages: {
      inverted:
        '{{parent}} is closed since line {{line}}, and this waits for {{child}}, which refers to it: an INSERT into {{child}} in ' +
        'between is a deadlock',
    },
  },
  check: {
    lock(operation, { catalog, effect, session, pull }): Problem<'inverted'> | undefined {
      if (!session.inTransaction || session.lockTimeout !== null || operation.kind === 'drop-table') return undefined
      const pairs = effect.locks.flatMap(({ table, mode }) => {
        // What lets INSERTs go on waits for none of them, and a lock that is there already is not waited for.
        if (!stopsInserts(mode) || session.held.some((lock) => stopsInserts(lock.mode) && isSame(lock.table, table)))
          return []
        // Who still writes into what is dropped next fails anyway.
        if (operationsAfter(operation, pull).some((later) => drops(later, table))) return []
        const parent = session.held.find(
          (lock) =>
            lock.mode === 'ACCESS EXCLUSIVE' &&
            lock.at.path === operation.span.path &&
            refers(table, lock.table, catalog),
        )
        return parent === undefined ? [] : [{ table, parent }]
      })
      const [pair] = pairs
      if (pair === undefined) return undefined
      const { table, parent } = pair
      const data = { parent: show(parent.table), child: show(table), line: parent.at.start.line }
      return { message: 'inverted', at: operation.span, related: [parent.at], data, table }
    },
  },
})

/** Whether the table has a foreign key to another one that was there, and is there still, before the pull request. */
function refers(table: QualifiedName, other: QualifiedName, catalog: Catalog): boolean {
  if (catalog.table(other) === undefined || isSame(table, other)) return false
  return (catalog.table(table)?.constraints ?? []).some(
    ({ references, born }) => references !== null && born === 'base' && isSame(references.table, other),
  )
}

function stopsInserts(mode: LockMode): boolean {
  return compareLocks(mode, 'SHARE') >= 0
}

function isSame(one: QualifiedName, other: QualifiedName): boolean {
  return keyOf(one) === keyOf(other)
}
