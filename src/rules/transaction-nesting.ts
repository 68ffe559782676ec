import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'transaction-nesting',
    code: 'G5',
    family: 'transaction',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'script',
    summary: 'A script begins or ends a transaction inside the one its tool opened',
    why:
      'PostgreSQL has no transactions within transactions. BEGIN only warns; COMMIT and ROLLBACK end the transaction of the tool, so ' +
      'that what follows, and the record that the migration ran, is outside it and a failure leaves half of the work behind.',
    instead:
      'Leave transactions to the tool, and remove BEGIN, COMMIT and ROLLBACK. Where the script must control them itself, tell the ' +
      'tool to run it outside a transaction.',
    messages: {
      begin:
        'BEGIN inside the transaction that {{tool}} opens does nothing, and the COMMIT that belongs to it ends that one',
      end: '{{action}} ends the transaction that {{tool}} opened: what follows runs outside it',
    },
  },
  check: {
    transaction({ action, span }, { session, conventions: { tool } }) {
      if (!session.toolTransaction) return
      if (action === 'begin') return { message: 'begin', at: span, data: { tool } }
      if (action !== 'commit' && action !== 'rollback' && action !== 'prepare') return
      const name = action === 'prepare' ? 'PREPARE TRANSACTION' : action.toUpperCase()
      return { message: 'end', at: span, data: { tool, action: name } }
    },
  },
})
