import { certaintyOf, sureOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'set-logged-unlogged',
    code: 'C57',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A table is made logged or unlogged, which rewrites it',
    why:
      'SET LOGGED and SET UNLOGGED copy the table and all its indexes under ACCESS EXCLUSIVE. To become logged, everything is written ' +
      'to the write-ahead log as well, and has to reach every replica. An unlogged table is emptied by a crash and is empty on replicas.',
    instead:
      'Decide it when the table is created. For one that is in use, create a second table of the wanted kind, copy the rows in ' +
      'batches, and swap the names.',
    messages: {
      logged:
        'SET LOGGED rewrites {{table}} and sends all of it through the write-ahead log while every query on it waits',
      unlogged: 'SET UNLOGGED rewrites {{table}} while every query on it waits',
    },
  },
  check: {
    'alter-table'({ table, action, span }, { catalog, effect }) {
      if ((action !== 'set-logged' && action !== 'set-unlogged') || effect.rewrites.length === 0) return
      // One that a permanent table points to cannot become unlogged: that has its own rule.
      if (action === 'set-unlogged' && catalog.referencing(table).length > 0 && certaintyOf(catalog) === 'certain')
        return
      return {
        message: action === 'set-logged' ? 'logged' : 'unlogged',
        at: span,
        data: { table: show(table) },
        confidence: sureOf(catalog, table),
      }
    },
  },
})
