import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-index-non-concurrently',
    code: 'C2',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'An index is dropped under a lock that stops every query on its table',
    why:
      'DROP INDEX takes ACCESS EXCLUSIVE on the index and on its table. The drop itself is short, but it first waits for every ' +
      'running transaction that touched the table, and whoever comes later, readers too, waits behind it.',
    instead: 'Use DROP INDEX CONCURRENTLY in a migration of its own that runs outside a transaction.',
    messages: {
      drop: 'Dropping index {{index}} locks {{table}} against every query, reads too',
      unknown: 'Dropping index {{index}} locks its table against every query, reads too',
    },
  },
  check: {
    'drop-index'(operation, { catalog }) {
      if (operation.concurrently) return
      const index = catalog.index(operation.index)
      if (index === undefined && catalog.complete) return
      const table = index && catalog.table(index.table)
      // Neither of these can be dropped concurrently: a partitioned index, and one that a constraint owns.
      if (table?.persistence === 'temporary' || table?.partitioned || (index && index.constraint !== null)) return
      return {
        message: index ? 'drop' : 'unknown',
        at: operation.span,
        data: { index: show(operation.index), table: index ? show(index.table) : '' },
        confidence: index ? 'certain' : 'likely',
        ...(operation.cascade ? {} : { fix: dropConcurrently(quote(operation.index), operation.ifExists) }),
      }
    },
  },
})

function dropConcurrently(index: string, ifExists: boolean): string {
  return `DROP INDEX CONCURRENTLY ${ifExists ? 'IF EXISTS ' : ''}${index};`
}
