import { certaintyOf } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-constraint-backed-index',
    code: 'F21',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'The index of a constraint is dropped instead of the constraint',
    why:
      'A primary key, a unique constraint or an exclusion constraint owns the index of its name, and PostgreSQL drops that index only ' +
      'with its owner; CONCURRENTLY does not change it.',
    instead: 'Drop the constraint, which takes the index along.',
    messages: {
      owned: 'Index {{index}} belongs to constraint {{constraint}} of {{table}}: PostgreSQL drops it with that only',
    },
  },
  check: {
    'drop-index'({ index, span }, { catalog }) {
      const known = catalog.index(index)
      if (known === undefined || known.constraint === null) return
      const { constraint, table } = known
      return {
        message: 'owned',
        at: span,
        data: { index: show(index), constraint, table: show(table) },
        confidence: certaintyOf(catalog),
        fix: `ALTER TABLE ${quote(table)} DROP CONSTRAINT ${quote(constraint)};`,
      }
    },
  },
})
