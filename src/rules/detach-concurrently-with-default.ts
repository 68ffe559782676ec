import { certaintyOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'detach-concurrently-with-default',
    code: 'F23',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    postgres: { from: 14 },
    summary: 'A partition is detached CONCURRENTLY from a table that has a DEFAULT partition',
    why:
      'PostgreSQL refuses it, whichever partition is named: without its lock on the whole table it could not keep rows of the ' +
      'detached range out of the DEFAULT partition (https://www.postgresql.org/docs/current/sql-altertable.html).',
    instead:
      'DETACH PARTITION without CONCURRENTLY, with a short lock_timeout and retries; or detach the DEFAULT partition first and ' +
      'attach it again afterwards, which reads its rows.',
    messages: {
      refused:
        'Partition {{partition}} cannot be detached CONCURRENTLY: {{table}} has the DEFAULT partition {{default}}',
    },
  },
  check: {
    'detach-partition'({ table, partition, concurrently, span }, { catalog }) {
      const byDefault = concurrently
        ? catalog.children(table).find(({ defaultPartition }) => defaultPartition)
        : undefined
      if (byDefault === undefined) return
      const data = { partition: show(partition), table: show(table), default: show(byDefault.name) }
      return { message: 'refused', at: span, data, confidence: certaintyOf(catalog) }
    },
  },
})
