import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'temp-table-in-migration',
    code: 'G20',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A migration makes a temporary table',
    why:
      'A temporary table lives as long as its connection. Behind a pooler the next statement may run over another one, and a migration ' +
      'that is tried again over the same one finds the name taken.',
    instead: 'Use a WITH clause, or write ON COMMIT DROP where the whole migration is one transaction.',
    messages: { temporary: 'Temporary table {{table}} is seen by this connection only' },
  },
  check: {
    'create-table'({ table, persistence, span }) {
      return persistence === 'temporary' ? { message: 'temporary', at: span, data: { table: show(table) } } : undefined
    },
  },
})
