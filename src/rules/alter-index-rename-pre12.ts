import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'alter-index-rename-pre12',
    code: 'C11',
    family: 'blocking',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    postgres: { until: 11 },
    summary: 'An index is renamed under a lock that stops queries on its table',
    why:
      'Up to PostgreSQL 11 renaming an index takes ACCESS EXCLUSIVE on it, and planning a query looks at every index of its tables. ' +
      'From 12 on it lets queries pass.',
    instead: 'Set lock_timeout to a few seconds before it, and let the deployment try again.',
    messages: { rename: 'Renaming index {{index}} stops every query on its table, and nothing limits the wait for it' },
  },
  check: {
    'rename-object'({ object, name, span }, { session }) {
      if (object !== 'index' || session.lockTimeout !== null) return
      return { message: 'rename', at: span, data: { index: show(name) } }
    },
  },
})
