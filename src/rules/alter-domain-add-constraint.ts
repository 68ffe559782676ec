import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'alter-domain-add-constraint',
    code: 'C51',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A constraint on a domain reads every table that uses the domain while writes to them wait',
    why:
      'ALTER DOMAIN … ADD CHECK and SET NOT NULL take SHARE on each table that has a column of the domain, all at once, and read them ' +
      'from the first row to the last. Nothing in the statement names them.',
    instead:
      'Add the CHECK as NOT VALID, and validate it in a later migration: from PostgreSQL 18 on that lets writes pass; before, it is a ' +
      'moment of your choice. There is no such form of SET NOT NULL: put the condition on the columns.',
    messages: {
      check: 'The new constraint of domain {{domain}} reads all of {{tables}} while writes wait',
      'not-null': 'Making domain {{domain}} NOT NULL reads all of {{tables}} while writes wait',
    },
  },
  check: {
    'alter-domain'({ domain, action, span }, { effect, statement }) {
      const isNotNull = action.type === 'set-not-null'
      if (!isNotNull && !(action.type === 'add-constraint' && action.validated)) return
      const [first] = effect.scans
      if (first === undefined) return
      return {
        message: isNotNull ? 'not-null' : 'check',
        at: span,
        data: { domain: show(domain), tables: effect.scans.map(show).join(', ') },
        table: first,
        ...(isNotNull ? {} : { fix: statement.sql.trim().replace(/\s*;?$/, ' NOT VALID;') }),
      }
    },
  },
})
