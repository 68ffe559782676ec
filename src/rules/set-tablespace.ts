import { certaintyOf, sureOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'set-tablespace',
    code: 'C58',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A table or an index is moved to another tablespace while every query on it waits',
    why:
      'SET TABLESPACE copies each block to the new place under ACCESS EXCLUSIVE: on the table, or on the index, which every query of ' +
      'its table looks at when it is planned. It lasts as long as the disks need.',
    instead:
      'Build an index anew in its new place with CREATE INDEX CONCURRENTLY … TABLESPACE, then drop the old one. Move a table with ' +
      'pg_repack, or in a maintenance window.',
    messages: {
      table: 'Moving {{table}} to tablespace {{tablespace}} copies it while every query on it waits',
      index:
        'Moving index {{index}} to tablespace {{tablespace}} copies it while queries that are planned over it wait',
    },
  },
  check: {
    'alter-table'({ table, action, names, span }, { catalog, effect }) {
      if (action !== 'set-tablespace' || effect.rewrites.length === 0) return
      const data = { table: show(table), tablespace: names[0] ?? '' }
      return { message: 'table', at: span, data, confidence: sureOf(catalog, table) }
    },
    'alter-index'({ index, action, names, span }, { catalog }) {
      const [tablespace = ''] = names
      // The index of a partitioned table has no blocks, and most indexes are in pg_default already.
      if (action !== 'set-tablespace' || tablespace === 'pg_default') return
      const known = catalog.index(index)
      if (known === undefined ? catalog.complete : catalog.table(known.table)?.partitioned === true) return
      return { message: 'index', at: span, data: { index: show(index), tablespace }, confidence: certaintyOf(catalog) }
    },
  },
})
