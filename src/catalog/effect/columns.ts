import type { Catalog, CatalogTable } from '../../model/catalog.js'
import type { Expression, TypeName } from '../../model/operations/shared.js'
import type { AddColumn, SetColumnType } from '../../model/operations/table.js'
import { retyping } from '../coercion.js'
import { addConstraintTo, lockForeignKeysOf } from './constraints.js'
import type { Ledger, Predictions } from './ledger.js'
import { lockTree, rewriteTree, scanTree } from './ledger.js'
import { isProvenNotNull } from './not-null-proof.js'
import { lockReaders } from './tables.js'

export const columns: Predictions<
  | 'add-column'
  | 'drop-column'
  | 'rename-column'
  | 'set-column-type'
  | 'set-default'
  | 'drop-default'
  | 'set-not-null'
  | 'drop-not-null'
  | 'alter-column-source'
  | 'alter-column-storage'
> = {
  'add-column': addColumn,

  'drop-column': (operation, ledger) => {
    const { catalog } = ledger
    lockTree(ledger, 'ACCESS EXCLUSIVE', operation.table)
    for (const table of ledger.tree(operation.table)) lockForeignKeysOf(ledger, table, operation.column)
    if (operation.cascade && catalog.column(operation.table, operation.column) !== undefined) {
      lockReaders(ledger, operation.table)
    }
  },

  'rename-column': ({ table }, ledger) => lockTree(ledger, 'ACCESS EXCLUSIVE', table),
  'set-column-type': setColumnType,
  'set-default': ({ table }, ledger) => lockTree(ledger, 'ACCESS EXCLUSIVE', table),
  'drop-default': ({ table }, ledger) => lockTree(ledger, 'ACCESS EXCLUSIVE', table),

  'set-not-null': ({ table, column }, ledger) => {
    lockTree(ledger, 'ACCESS EXCLUSIVE', table)
    for (const each of ledger.tree(table)) if (!isProvenNotNull(ledger.catalog, each, column)) ledger.scan(each)
  },

  'drop-not-null': ({ table }, ledger) => lockTree(ledger, 'ACCESS EXCLUSIVE', table),

  'alter-column-source': ({ table, column, action }, ledger) => {
    lockTree(ledger, 'ACCESS EXCLUSIVE', table)
    if (action.type !== 'set-expression') return
    if (ledger.catalog.column(table, column)?.generated !== 'virtual') rewriteTree(ledger, table)
  },

  'alter-column-storage': ({ table, setting }, ledger) => {
    const isLight = setting === 'statistics' || setting === 'options'
    if (setting === 'options') ledger.lock('SHARE UPDATE EXCLUSIVE', table)
    else lockTree(ledger, isLight ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE', table)
  },
}

function addColumn({ table, column, ifNotExists }: AddColumn, ledger: Ledger): void {
  const { catalog } = ledger
  lockTree(ledger, 'ACCESS EXCLUSIVE', table)
  if (ifNotExists && catalog.column(table, column.name) !== undefined) return
  const domain = catalog.domain({ schema: column.type.schema, name: column.type.name })
  const value = column.default ?? domain?.default ?? null
  if (
    column.type.serial ||
    column.identity !== null ||
    column.generated?.stored === true ||
    domain?.constrained === true ||
    (column.generated === null && value !== null && isVolatile(value, catalog))
  ) {
    rewriteTree(ledger, table)
  }
  for (const constraint of column.constraints) {
    if (constraint.type === 'foreign-key') {
      ledger.lock('SHARE ROW EXCLUSIVE', ...ledger.tree(constraint.references))
      // All rows hold NULL unless the column came with a value.
      if (value !== null && !value.isNull) {
        scanTree(ledger, table)
        scanTree(ledger, constraint.references)
      }
    } else if (constraint.type !== 'not-null') addConstraintTo(ledger, table, constraint)
  }
}

/** A default that PostgreSQL must work out for each row. A function that nothing is known of may be. */
function isVolatile(expression: Expression, catalog: Catalog): boolean {
  if (expression.volatility !== 'unknown') return expression.volatility === 'volatile'
  const called = [...expression.text.matchAll(/([a-z_][\w$]*)\s*\(/gi)].map(([, name]) => name?.toLowerCase() ?? '')
  const known = called.map((name) => catalog.volatilityOf(name)).filter((volatility) => volatility !== undefined)
  return known.length === 0 || known.includes('volatile')
}

function setColumnType(operation: SetColumnType, ledger: Ledger): void {
  const { catalog } = ledger
  const { table, column } = operation
  lockTree(ledger, 'ACCESS EXCLUSIVE', table)
  for (const each of ledger.tree(table)) lockForeignKeysOf(ledger, each, column)

  const before = catalog.column(table, column)
  const cost = costOf(operation, before?.type, ledger)
  if (cost === 'rewrites') {
    rewriteTree(ledger, table)
    for (const each of ledger.tree(table)) scanForeignKeys(ledger, each, column)
    return
  }
  for (const each of ledger.tree(table)) {
    const known = catalog.table(each)
    const isChecked = known?.constraints.some(
      ({ type, columns: of, validated }) => type === 'check' && validated && of.includes(column),
    )
    const isIndexed = known?.indexes.some(
      ({ columns: of, mentions }) => of.includes(column) || mentions.includes(column),
    )
    if (isChecked === true || (cost === 'reindexes' && isIndexed === true)) ledger.scan(each)
  }
}

function costOf(operation: SetColumnType, from: TypeName | undefined, ledger: Ledger): ReturnType<typeof retyping> {
  const { using, type, collation, column } = operation
  if (from === undefined || (using !== null && !isPlainCast(using, column, type))) return 'rewrites'
  const domain = ledger.catalog.domain({ schema: type.schema, name: type.name })
  if (domain?.constrained === true) return 'rewrites'
  const cost = retyping(from, domain?.type ?? type, ledger.context.utc === true)
  return cost === 'free' && collation !== null ? 'reindexes' : cost
}

/** USING that says no more than the change itself: `total`, `total::numeric(12,2)`. */
function isPlainCast(using: Expression, column: string, type: TypeName): boolean {
  const text = using.text.trim().replace(/^\((.*)\)$/s, '$1')
  const [, value, cast] = /^(.*?)(?:::\s*(.+))?$/s.exec(text) ?? []
  if (value?.trim().replace(/^"(.*)"$/, '$1') !== column) return false
  return cast === undefined || squeezed(cast) === squeezed(type.text)
}

function squeezed(type: string): string {
  return type
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/^varchar/, 'charactervarying')
    .replace(/^decimal/, 'numeric')
    .replace(/^varbit/, 'bitvarying')
}

/** Foreign keys between columns whose types changed are proven again. */
function scanForeignKeys(ledger: Ledger, table: CatalogTable['name'], column: string): void {
  for (const { columns: of, references, validated } of ledger.catalog.table(table)?.constraints ?? []) {
    if (references !== null && validated && of.includes(column)) ledger.scan(table, references.table)
  }
  for (const { table: owner, constraint } of ledger.catalog.referencing(table)) {
    if (constraint.validated && constraint.references?.columns.includes(column) === true) ledger.scan(owner, table)
  }
}
