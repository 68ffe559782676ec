import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'vacuum-full',
    code: 'C54',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'VACUUM FULL rewrites a table while every query on it waits',
    why:
      'VACUUM FULL copies the table and builds all its indexes again under ACCESS EXCLUSIVE, and for the time being needs the disk ' +
      'twice.',
    instead:
      'Leave it out of migrations. Plain VACUUM makes the space usable again without blocking anyone; to give it back to the disk ' +
      'use pg_repack.',
    messages: {
      table: 'VACUUM FULL rewrites {{table}} while every query on it waits',
      database: 'VACUUM FULL rewrites every table of the database, one after the other, while the queries on it wait',
    },
  },
  check: {
    vacuum({ full, table, span }) {
      if (!full) return
      return { message: table ? 'table' : 'database', at: span, data: { table: table ? show(table) : '' } }
    },
  },
})
