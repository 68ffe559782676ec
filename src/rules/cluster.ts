import { sureOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'cluster',
    code: 'C55',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'CLUSTER rewrites a table while every query on it waits',
    why:
      'CLUSTER copies the rows in the order of an index and builds all indexes again, under ACCESS EXCLUSIVE from the first row to ' +
      'the last, and needs the disk twice meanwhile. The order is not kept up afterwards.',
    instead:
      'Leave it out of migrations. pg_repack puts the rows in order while the table stays in use; or do it in a maintenance window.',
    messages: {
      table: 'CLUSTER rewrites {{table}} and its indexes while every query on it waits',
      database:
        'CLUSTER rewrites every table that was clustered before, one after the other, while the queries on it wait',
    },
  },
  check: {
    cluster({ table, span }, { catalog }) {
      if (table === null) return { message: 'database', at: span }
      if (catalog.table(table)?.persistence === 'temporary') return
      return { message: 'table', at: span, data: { table: show(table) }, confidence: sureOf(catalog, table) }
    },
  },
})
