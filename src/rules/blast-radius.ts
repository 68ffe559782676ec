import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'blast-radius',
    code: 'C89',
    family: 'blocking',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    once: 'script',
    summary: 'A table that much else depends on is closed to all',
    why:
      'ACCESS EXCLUSIVE on a table stops whoever reads it: every query over a view on it, and every INSERT or UPDATE into a table ' +
      'that has a foreign key to it, since the check reads the row that is pointed to. At the centre of a schema that is most of ' +
      'what an application does.',
    instead:
      'Set lock_timeout to a second or two and let the deployment try again; do it in a quiet hour, and nothing else in the same transaction.',
    messages: {
      wide: 'Closes {{table}} to all, on which {{count}} foreign keys and views of others depend',
    },
  },
  /** From how many foreign keys and views of others on it is said. */
  defaults: { dependents: 20 },
  check: {
    lock(operation, { effect, catalog, options }) {
      const lock = effect.locks.find(({ mode }) => mode === 'ACCESS EXCLUSIVE')
      if (lock === undefined) return
      const own = catalog.table(lock.table)
      const keys = catalog.referencing(lock.table).filter(({ table }) => catalog.table(table) !== own).length
      const views = catalog.readers(lock.table).length
      if (keys + views < options.dependents) return
      return {
        message: 'wide',
        at: operation.span,
        data: { table: show(lock.table), count: keys + views },
        table: lock.table,
      }
    },
  },
})
