import { quote, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'

/**
 * SQL that takes back what an operation does, where its text alone tells; null where it takes knowing what was there before, or
 * where what it does is gone for good. Rows that come with what is made go with it.
 */
export function inverseOf(operation: Operation): string | null {
  switch (operation.kind) {
    case 'create-table':
      return operation.ifNotExists ? null : `DROP TABLE ${quote(operation.table)};`
    case 'rename-table':
      return `ALTER TABLE ${quote({ ...operation.table, name: operation.newName })} RENAME TO ${quote(operation.table.name)};`
    case 'add-column':
      return operation.ifNotExists ? null : alter(operation.table, `DROP COLUMN ${quote(operation.column.name)}`)
    case 'rename-column':
      return alter(operation.table, `RENAME COLUMN ${quote(operation.newName)} TO ${quote(operation.column)}`)
    case 'set-not-null':
      return alter(operation.table, `ALTER COLUMN ${quote(operation.column)} DROP NOT NULL`)
    case 'add-constraint': {
      const { name } = operation.constraint
      return name === null ? null : alter(operation.table, `DROP CONSTRAINT ${quote(name)}`)
    }
    case 'rename-constraint':
      return alter(operation.table, `RENAME CONSTRAINT ${quote(operation.newName)} TO ${quote(operation.constraint)}`)
    case 'attach-partition':
      return alter(operation.table, `DETACH PARTITION ${quote(operation.partition)}`)
    case 'create-index': {
      const { name, table, concurrently, ifNotExists } = operation
      if (name === null || ifNotExists) return null
      // An index lives in the schema of its table.
      return `DROP INDEX ${concurrently ? 'CONCURRENTLY ' : ''}${quote({ schema: table.schema, name })};`
    }
    case 'create-view':
      if (operation.replace || operation.ifNotExists) return null
      return `DROP ${operation.materialized ? 'MATERIALIZED VIEW' : 'VIEW'} ${quote(operation.view)};`
    case 'create-enum':
    case 'create-type':
      return `DROP TYPE ${quote(operation.type)};`
    case 'create-domain':
      return `DROP DOMAIN ${quote(operation.domain)};`
    case 'create-sequence':
      return operation.ifNotExists ? null : `DROP SEQUENCE ${quote(operation.sequence)};`
    case 'create-function': {
      if (operation.replace) return null
      const signature = `${quote(operation.function)}(${operation.arguments.join(', ')})`
      return `DROP ${operation.procedure ? 'PROCEDURE' : 'FUNCTION'} ${signature};`
    }
    case 'create-trigger':
      return operation.replace ? null : `DROP TRIGGER ${quote(operation.name)} ON ${quote(operation.table)};`
    case 'create-policy':
      return `DROP POLICY ${quote(operation.name)} ON ${quote(operation.table)};`
    case 'create-schema':
      return operation.ifNotExists ? null : `DROP SCHEMA ${quote(operation.schema)};`
    case 'create-extension':
      return operation.ifNotExists ? null : `DROP EXTENSION ${quote(operation.extension)};`
    default:
      return null
  }
}

function alter(table: QualifiedName, action: string): string {
  return `ALTER TABLE ${quote(table)} ${action};`
}
