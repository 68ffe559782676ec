import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'refresh-concurrently-still-exclusive',
    code: 'C61',
    family: 'blocking',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A materialized view is refreshed CONCURRENTLY in the middle of a deployment',
    why:
      'CONCURRENTLY lets readers pass, but holds EXCLUSIVE on the view: a second refresh waits. It runs the whole query, compares the ' +
      'result with what is there row by row, and is slower than a plain refresh. Inside a transaction the lock stays until the end.',
    instead: 'Leave refreshing to a scheduled job, and let the migration change the definition only.',
    messages: {
      refresh: 'Refreshing {{view}} runs its whole query during the deployment, and other refreshes wait for it',
    },
  },
  check: {
    'refresh-materialized-view'({ view, concurrently, withData, span }) {
      if (!concurrently || !withData) return
      return { message: 'refresh', at: span, data: { view: show(view) } }
    },
  },
})
