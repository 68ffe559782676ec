import { show, type QualifiedName } from './names.js'
import type { Operation } from './operation.js'

/** What is certainly gone or empty after the operation, however often the file has run. */
export function clearedBy(operation: Operation): QualifiedName | null {
  switch (operation.kind) {
    case 'drop-table':
      return operation.ifExists ? operation.table : null
    case 'drop-index':
      return operation.ifExists ? operation.index : null
    case 'drop-object':
      return operation.ifExists ? operation.name : null
    case 'delete':
    case 'truncate':
      return operation.table
    default:
      return null
  }
}

/** Why an operation cannot run a second time after it has run. */
export interface RerunFault {
  readonly kind: 'creates' | 'drops' | 'inserts'
  readonly name: QualifiedName
}

/** Why an operation fails, or doubles its effect, when it runs again; null where it does neither, or nobody can tell. */
export function rerunFault(operation: Operation): RerunFault | null {
  const creates = (name: QualifiedName, guarded: boolean): RerunFault | null =>
    guarded ? null : { kind: 'creates', name }
  const drops = (name: QualifiedName, guarded: boolean): RerunFault | null => (guarded ? null : { kind: 'drops', name })
  switch (operation.kind) {
    case 'create-table':
      return creates(operation.table, operation.ifNotExists || operation.persistence === 'temporary')
    case 'add-column':
      return creates(
        { ...operation.table, name: `${operation.table.name}.${operation.column.name}` },
        operation.ifNotExists,
      )
    case 'create-index':
      // Without a name PostgreSQL picks a free one, and the table has the same index twice.
      return creates(
        { schema: '', name: operation.name ?? `an index on ${show(operation.table)}` },
        operation.ifNotExists,
      )
    case 'create-view':
      return creates(operation.view, operation.replace || operation.ifNotExists || operation.temporary)
    case 'create-sequence':
      return creates(operation.sequence, operation.ifNotExists || operation.temporary)
    case 'create-function':
      return creates(operation.function, operation.replace)
    case 'create-trigger':
    case 'create-rule':
      return creates({ schema: '', name: operation.name }, operation.replace)
    case 'create-policy':
      return creates({ schema: '', name: operation.name }, false)
    case 'create-enum':
    case 'create-type':
      return creates(operation.type, false)
    case 'create-domain':
      return creates(operation.domain, false)
    case 'drop-table':
      return drops(operation.table, operation.ifExists)
    case 'drop-index':
      return drops(operation.index, operation.ifExists)
    case 'drop-object':
      return drops(operation.name, operation.ifExists)
    case 'drop-column':
      return drops({ ...operation.table, name: `${operation.table.name}.${operation.column}` }, operation.ifExists)
    case 'insert':
      // A query may well leave out the rows that are there.
      return operation.source === 'query' || operation.onConflict !== null
        ? null
        : { kind: 'inserts', name: operation.table }
    default:
      return null
  }
}
