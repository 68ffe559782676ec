import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'concurrently-on-partitioned',
    code: 'F22',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'An index of a partitioned table is created or dropped CONCURRENTLY',
    why: 'PostgreSQL refuses both on a partitioned table, in every version; CONCURRENTLY works on one partition at a time only.',
    instead:
      'Create the index ON ONLY the parent, build it concurrently on each partition, and attach those to it. To drop it, DROP INDEX ' +
      'without CONCURRENTLY is the only way: set a lock_timeout and try again until it passes.',
    messages: {
      create: 'Index {{index}} cannot be built CONCURRENTLY: {{table}} is partitioned',
      drop: 'Index {{index}} cannot be dropped CONCURRENTLY: {{table}} is partitioned',
    },
  },
  check: {
    'create-index'({ table, concurrently, name, span }, { catalog }) {
      if (!concurrently || !catalog.table(table)?.partitioned) return
      return { message: 'create', at: span, data: { index: name ?? `on ${show(table)}`, table: show(table) } }
    },
    'drop-index'({ index, concurrently, span }, { catalog }) {
      const table = catalog.index(index)?.table
      if (!concurrently || table === undefined || !catalog.table(table)?.partitioned) return
      return { message: 'drop', at: span, data: { index: show(index), table: show(table) } }
    },
  },
})
