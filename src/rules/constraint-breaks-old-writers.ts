import { type Catalog, type CatalogColumn } from '../model/catalog.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { demandsValue } from '../model/not-null.js'
import { operationsAfter, operationsIn } from '../model/pulled.js'
import { rule, type OperationContext, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'constraint-breaks-old-writers',
    code: 'D10',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A rule is put on a column that the running release does not know and so cannot obey',
    why:
      'The release that is running inserts rows without the column that this pull request adds. They get its default, or NULL. ' +
      'Where the pull request also demands a value, or makes the column unique although every such row gets the same one, those ' +
      'INSERTs fail from the commit on. Filling the rows that are there does not help, and neither does NOT VALID, which binds every ' +
      'new row. A column with a default, or one that a trigger of this pull request may fill, is not meant.',
    instead: 'Give the column a default, or release code that writes it first and make the rule in a later migration.',
    messages: {
      required:
        'Demands a value in {{column}} of {{table}}, which this pull request adds without a DEFAULT: deployed code inserts without it and fails',
      same: 'Makes {{column}} of {{table}} unique, where every row that deployed code inserts gets the same DEFAULT: the second one fails',
    },
  },
  check: {
    'set-not-null': (operation, context) => required(operation.table, operation.column, operation, context),
    'add-constraint'(operation, context) {
      const { table, constraint } = operation
      switch (constraint.type) {
        case 'not-null':
          return constraint.columns.flatMap((column) => required(table, column, operation, context) ?? [])
        case 'check': {
          const { expression } = constraint
          const demanded = expression.columns.filter((column) => demandsValue(expression.text, column))
          return demanded.flatMap((column) => required(table, column, operation, context) ?? [])
        }
        case 'unique':
          return constraint.usingIndex === null ? same(table, constraint.columns, operation, context) : undefined
        default:
          return
      }
    },
    'create-index'(operation, context) {
      const { table, unique, where, keys } = operation
      if (!unique || where !== null) return
      const columns = keys.flatMap(({ column }) => column ?? [])
      return columns.length === keys.length ? same(table, columns, operation, context) : undefined
    },
  },
})

function required(
  table: QualifiedName,
  column: string,
  operation: Operation,
  { catalog, pull }: OperationContext<object>,
): Problem<'required'> | undefined {
  const known = addedColumn(catalog, table, column)
  if (known === undefined || known.notNull || known.default !== null) return
  if (known.identity !== null || known.generated !== null || catalog.domain(known.type)?.default) return
  const isOn = (each: Operation): boolean =>
    'table' in each && each.table !== null && keyOf(each.table) === keyOf(table)
  if (operationsIn(pull).some((each) => each.kind === 'create-trigger' && isOn(each))) return
  const settles = (each: Operation): boolean =>
    isOn(each) &&
    ((each.kind === 'set-default' && each.column === column) ||
      (each.kind === 'drop-not-null' && each.column === column) ||
      (each.kind === 'alter-column-source' && each.column === column))
  if (operationsAfter(operation, pull).some(settles)) return
  return { message: 'required', at: operation.span, data: { table: show(table), column } }
}

/** Several columns are the same together where each one is. */
function same(
  table: QualifiedName,
  columns: readonly string[],
  operation: Operation,
  { catalog }: OperationContext<object>,
): Problem<'same'> | undefined {
  const isSame = (column: string): boolean => {
    const known = addedColumn(catalog, table, column)
    return known?.default?.constant === true && !known.default.isNull
  }
  if (columns.length === 0 || !columns.every(isSame)) return
  return { message: 'same', at: operation.span, data: { table: show(table), column: columns.join(', ') } }
}

/** The column, where this pull request adds it to a table that was there. */
function addedColumn(catalog: Catalog, table: QualifiedName, column: string): CatalogColumn | undefined {
  const known = catalog.column(table, column)
  return known === undefined || known.born === 'base' ? undefined : known
}
