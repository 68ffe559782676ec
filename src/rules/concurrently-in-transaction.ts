import { refusedInTransaction } from '../model/outside-transaction.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'concurrently-in-transaction',
    code: 'G1',
    family: 'transaction',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A statement that cannot run inside a transaction stands in one',
    why:
      'What runs CONCURRENTLY commits half-way and waits for others, so PostgreSQL refuses it inside a transaction, as it does ' +
      'VACUUM, CREATE DATABASE and ALTER SYSTEM. Several statements sent as one query are a transaction too, and so is a DO block.',
    instead: 'Put it into a migration of its own, and tell the migration tool to run that one outside a transaction.',
    messages: {
      tool: '{{statement}} cannot run inside the transaction of this migration: {{instruction}}',
      always: '{{statement}} cannot run inside a transaction, and {{tool}} has no way to run a migration outside one',
      own: '{{statement}} cannot run inside a transaction: move it before BEGIN or after COMMIT',
      block: '{{statement}} cannot run inside a DO block',
    },
  },
  check: {
    operation(operation, { session, conventions }) {
      if (operation.kind === 'do') {
        const statement = operation.inner.map(refusedInTransaction).find((name) => name !== null)
        return statement ? { message: 'block', at: operation.span, data: { statement } } : undefined
      }
      const statement = session.inTransaction ? refusedInTransaction(operation) : null
      if (statement === null) return
      const instruction = conventions.withoutTransaction
      return {
        message: !session.toolTransaction ? 'own' : instruction === null ? 'always' : 'tool',
        at: operation.span,
        data: { statement, instruction: instruction ?? '', tool: conventions.tool },
      }
    },
  },
})
