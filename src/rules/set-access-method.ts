import { sureOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'set-access-method',
    code: 'C59',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    postgres: { from: 15 },
    summary: 'A table changes its access method, which rewrites it',
    why:
      'To be stored another way, every row is written anew and every index is built again, under ACCESS EXCLUSIVE from the first to ' +
      'the last.',
    instead:
      'Create a second table with the wanted access method, copy the rows in batches while a trigger keeps both in step, and swap the ' +
      'names. For a partitioned table set it on the parent, which is for new partitions only.',
    messages: { rewrite: 'SET ACCESS METHOD {{method}} rewrites {{table}} while every query on it waits' },
  },
  check: {
    'alter-table'({ table, action, names, span }, { catalog, effect }) {
      if (action !== 'set-access-method' || effect.rewrites.length === 0) return
      const data = { table: show(table), method: names[0] ?? 'DEFAULT' }
      return { message: 'rewrite', at: span, data, confidence: sureOf(catalog, table) }
    },
  },
})
