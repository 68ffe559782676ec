import { show } from './names.js'
import type { Operation } from './operation.js'

const UNMODELLED: Readonly<Record<string, string>> = {
  AlterSystemStmt: 'ALTER SYSTEM',
  CreateTableSpaceStmt: 'CREATE TABLESPACE',
  DropTableSpaceStmt: 'DROP TABLESPACE',
}

/** What PostgreSQL would call the statement that it refuses inside a transaction; null for one that it takes. */
export function refusedInTransaction(operation: Operation): string | null {
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
