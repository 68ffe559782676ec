import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'create-domain-with-constraint',
    code: 'C52',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A domain is created with a constraint, which later changes pay for',
    why:
      'A column of such a domain cannot be added to an existing table without rewriting it, and to change the constraint reads every ' +
      'table that uses the domain while writes wait. A CHECK on a column has neither drawback.',
    instead: 'Leave the condition out of the domain, and write it as a CHECK on each column.',
    messages: {
      constrained: 'Domain {{domain}} has a constraint: adding a column of it to an existing table rewrites the table',
    },
  },
  check: {
    'create-domain'({ domain, checks, notNull, span }) {
      if (checks.length === 0 && !notNull) return
      return { message: 'constrained', at: span, data: { domain: show(domain) } }
    },
  },
})
