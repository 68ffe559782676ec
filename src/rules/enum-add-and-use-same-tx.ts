import type { Catalog, CatalogEnum } from '../model/catalog.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { Operation, OperationKind } from '../model/operation.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import type { Expression, TypeName } from '../model/operations/shared.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'enum-add-and-use-same-tx',
    code: 'F13',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'statement',
    summary: 'A new enum value is used in the transaction that adds it',
    why:
      'PostgreSQL refuses to use an enum value before the transaction that added it has committed: "unsafe use of new value". ' +
      'From 17 on a type that the same transaction created is exempt; 15 and 16 refuse it even then.',
    instead: 'Add the value in one migration and use it in the next.',
    messages: {
      used: 'Value {{value}} of enum {{type}} is used in the transaction that adds it, which PostgreSQL refuses',
    },
  },
  check: {
    operation(operation, { catalog, postgres, script, session }) {
      if (!session.inTransaction) return
      return usesOf(operation, catalog).flatMap(({ type, strings }) => {
        const known = catalog.enum({ schema: type.schema, name: type.name })
        const value = known?.fresh.find((fresh) => strings.includes(fresh))
        if (known === undefined || value === undefined || isExempt(known, postgres)) return []
        const added = script.statements
          .flatMap(({ operations }) => operations)
          .find((one) => one.kind === 'add-enum-value' && one.value === value && keyOf(one.type) === keyOf(known.name))
        return {
          message: 'used' as const,
          at: operation.span,
          ...(added ? { related: [added.span] } : {}),
          data: { value, type: show(known.name) },
          // Which column of a row a literal is for is not told.
          confidence: ROWS.has(operation.kind) ? ('likely' as const) : ('certain' as const),
        }
      })
    },
  },
})

const ROWS: ReadonlySet<OperationKind> = new Set(['insert', 'update', 'delete'])

function isExempt({ born }: CatalogEnum, postgres: number): boolean {
  return postgres >= 17 && born === 'transaction'
}

interface Use {
  readonly type: TypeName
  readonly strings: readonly string[]
}

/** The string literals of an operation that stand where a value of some column's type is wanted. */
function usesOf(operation: Operation, catalog: Catalog): readonly Use[] {
  switch (operation.kind) {
    case 'add-column':
      return inColumn(operation.column)
    case 'create-table':
      return operation.columns.flatMap(inColumn)
    case 'set-default':
      return inColumns(operation.table, [operation.column], operation.default.strings, catalog)
    case 'add-constraint':
      return operation.constraint.type === 'check'
        ? inExpression(operation.table, operation.constraint.expression, catalog)
        : []
    case 'create-index':
      return operation.where ? inExpression(operation.table, operation.where, catalog) : []
    case 'insert':
      return inColumns(operation.table, operation.columns, operation.strings, catalog)
    case 'update':
      return inColumns(
        operation.table,
        [...operation.columns, ...(operation.where?.columns ?? [])],
        operation.strings,
        catalog,
      )
    case 'delete':
      return inColumns(operation.table, operation.where?.columns ?? [], operation.strings, catalog)
    default:
      return []
  }
}

function inColumn({ type, default: value, constraints }: ColumnDefinition): readonly Use[] {
  const checks = constraints.flatMap((constraint) => (constraint.type === 'check' ? constraint.expression.strings : []))
  return [{ type, strings: [...(value?.strings ?? []), ...checks] }]
}

function inExpression(table: QualifiedName, { columns, strings }: Expression, catalog: Catalog): readonly Use[] {
  return inColumns(table, columns, strings, catalog)
}

/** `names` is null where the statement means every column. */
function inColumns(
  table: QualifiedName,
  names: readonly string[] | null,
  strings: readonly string[],
  catalog: Catalog,
): readonly Use[] {
  const columns = catalog.table(table)?.columns ?? []
  return columns.filter(({ name }) => names === null || names.includes(name)).map(({ type }) => ({ type, strings }))
}
