import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'enum-add-value-in-tx-pre12',
    code: 'F14',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    postgres: { until: 11 },
    summary: 'A value is added to an enum inside a transaction, which PostgreSQL 11 and older refuse',
    why:
      'Until PostgreSQL 12 ALTER TYPE … ADD VALUE could not run in a transaction block, unless the type was made in the same one ' +
      '(https://www.postgresql.org/docs/11/sql-altertype.html).',
    instead: 'Put the statement alone into a migration that runs outside a transaction.',
    messages: { refused: 'PostgreSQL {{postgres}} does not add {{value}} to {{type}} inside a transaction' },
  },
  check: {
    'add-enum-value'({ type, value, span }, { catalog, session, postgres }) {
      if (!session.inTransaction || catalog.enum(type)?.born === 'transaction') return
      return { message: 'refused', at: span, data: { postgres, value, type: show(type) } }
    },
  },
})
