import { show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
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
        const statement = operation.inner.map(refused).find((name) => name !== null)
        return statement ? { message: 'block', at: operation.span, data: { statement } } : undefined
      }
      const statement = session.inTransaction ? refused(operation) : null
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

const UNMODELLED: Readonly<Record<string, string>> = {
  AlterSystemStmt: 'ALTER SYSTEM',
  CreateTableSpaceStmt: 'CREATE TABLESPACE',
  DropTableSpaceStmt: 'DROP TABLESPACE',
}

/** What PostgreSQL would call the statement that it refuses inside a transaction; null for one that it takes. */
function refused(operation: Operation): string | null {
  switch (operation.kind) {
    case 'create-index':
      return operation.concurrently ? `CREATE INDEX CONCURRENTLY on ${show(operation.table)}` : null
    case 'drop-index':
      return operation.concurrently ? `DROP INDEX CONCURRENTLY ${show(operation.index)}` : null
    case 'reindex': {
      const wide = operation.target !== 'index' && operation.target !== 'table'
      if (!operation.concurrently && !wide) return null
      const name = operation.name === null ? '' : ` ${show(operation.name)}`
      return `REINDEX ${operation.target.toUpperCase()}${operation.concurrently ? ' CONCURRENTLY' : ''}${name}`
    }
    case 'detach-partition':
      return operation.concurrently ? `DETACH PARTITION ${show(operation.partition)} CONCURRENTLY` : null
    case 'vacuum':
      return operation.table === null ? 'VACUUM' : `VACUUM of ${show(operation.table)}`
    case 'cluster':
      return operation.table === null ? 'CLUSTER of all tables' : null
    case 'change-database':
      return operation.action === 'alter' ? null : `${operation.action.toUpperCase()} DATABASE ${operation.database}`
    case 'unmodelled':
      return UNMODELLED[operation.node] ?? null
    default:
      return null
  }
}
