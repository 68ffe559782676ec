import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'no-table-inheritance',
    code: 'I41',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A table inherits from another',
    why: 'Keys and foreign keys do not reach across inheritance: a value that is unique in the parent may be in a child again, and a foreign key to the parent does not see the rows of its children. Queries on the parent read all of them.',
    instead: 'Use declarative partitioning for parts of one table, and a foreign key for kinds of a thing.',
    messages: { inherits: 'Table {{table}} inherits from {{parents}}' },
  },
  check: {
    'create-table'({ table, inherits, span }) {
      if (inherits.length === 0) return
      return { message: 'inherits', at: span, data: { table: show(table), parents: inherits.map(show).join(', ') } }
    },
  },
})
