import type { Catalog } from './catalog.js'
import { isSystem, quote, type QualifiedName } from './names.js'
import type { Operation } from './operation.js'

/** An operation that changes rows, as many as the table holds for all that its text says. */
export type BulkChange = Extract<Operation, { kind: 'update' | 'delete' | 'insert' | 'merge' | 'copy' }> & {
  readonly table: QualifiedName
}

const CHANGES_OF_ROWS: ReadonlySet<Operation['kind']> = new Set(['insert', 'update', 'delete', 'merge', 'copy'])

/** Whether a statement with these operations does nothing but change rows. */
export function changesRows(operations: readonly Operation[]): boolean {
  return operations.length > 0 && operations.every(({ kind }) => CHANGES_OF_ROWS.has(kind))
}

/**
 * Whether an operation changes rows without a bound: not a row by its key, not a range of keys, not a written-out list, not a
 * batch with LIMIT. `sql` is the statement it stands in.
 */
export function isBulkChange(operation: Operation, sql: string, catalog: Catalog): operation is BulkChange {
  switch (operation.kind) {
    case 'update':
    case 'delete':
      if (isSystem(operation.table)) return false
      return operation.where === null || !isBounded(operation.where.text, operation.table, catalog)
    case 'insert':
      return operation.source === 'query' && readsRelations(sql)
    case 'merge':
      return true
    case 'copy':
      return operation.direction === 'from' && operation.table !== null
    default:
      return false
  }
}

function isBounded(where: string, table: QualifiedName, catalog: Catalog): boolean {
  if (/\blimit\b/i.test(where)) return true
  if (/\bor\b/i.test(where)) return false
  return where.split(/\band\b/i).some((part, index, parts) => {
    const [, column, , rest = ''] = /^[\s(]*(?:\w+\.)?(\w+|"[^"]+")\s*(=|in|between)\s*(.*)$/is.exec(part) ?? []
    if (column === undefined || /\bselect\b/i.test(rest) || !isKey(column, table, catalog)) return false
    const whole = rest === '' ? (parts[index + 1] ?? '') : rest
    return /^[\s(]*(['\d$-]|null\b)/i.test(whole)
  })
}

function isKey(column: string, table: QualifiedName, catalog: Catalog): boolean {
  const known = catalog.table(table)
  const name = column.startsWith('"') ? column.slice(1, -1) : column.toLowerCase()
  if (known === undefined) return name === 'id'
  return known.indexes.some(
    ({ unique, partial, columns }) => unique && !partial && columns.length === 1 && columns[0] === name,
  )
}

/** Whether an INSERT's query reads tables: rows spelled out in a SELECT without FROM are as good as VALUES. */
function readsRelations(sql: string): boolean {
  let outer = sql.replace(/'(?:[^']|'')*'/g, "''")
  for (let before = ''; before !== outer;) {
    before = outer
    outer = outer.replace(/\([^()]*\)/g, ' ')
  }
  return /\bfrom\b/i.test(outer) || /^\s*with\b/i.test(sql)
}

/** How a person would name a change of rows. */
export function nameOfChange({ kind, table }: BulkChange): string {
  return `${kind === 'insert' ? 'INSERT … SELECT' : kind.toUpperCase()} on ${quote(table)}`
}
