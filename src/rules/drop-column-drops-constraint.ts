import { columnIsNew, type CatalogTable } from '../model/catalog.js'
import { operationsOf } from '../model/migration.js'
import { keyOf, show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-column-drops-constraint',
    code: 'B4',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'Dropping a column takes a constraint or index over several columns with it',
    why:
      'PostgreSQL removes every UNIQUE, FOREIGN KEY and CHECK constraint and every index that names the column, whole, without ' +
      'CASCADE and without a word. A rule over the columns that stay, such as uniqueness within a tenant, is gone from that moment ' +
      'on. It speaks beside `drop-column`, which is about the values. Single-column constraints go with their column by nature.',
    instead:
      'Create the constraint or index that is still needed on the remaining columns, in the same pull request and before the drop.',
    messages: {
      constraint:
        'Dropping column {{column}} of {{table}} silently drops {{type}} constraint {{name}} over {{columns}}',
      index: 'Dropping column {{column}} of {{table}} silently drops index {{name}} over {{columns}}',
    },
  },
  check: {
    'drop-column'({ table, column, span }, { catalog, pull }) {
      const known = catalog.table(table)
      if (known === undefined || columnIsNew(catalog, table, column)) return
      const built = pull.flatMap(({ up }) => operationsOf(up)).filter((operation) => isOn(operation, keyOf(table)))
      return goneWith(known, column)
        .filter(
          ({ columns }) =>
            !built.some((operation) =>
              coversAll(
                operation,
                columns.filter((name) => name !== column),
              ),
            ),
        )
        .map(({ type, name, columns }) => ({
          message: type === null ? 'index' : 'constraint',
          at: span,
          data: { column, table: show(table), type: type ?? '', name, columns: columns.join(', ') },
        }))
    },
  },
})

interface Gone {
  /** null for an index without a constraint. */
  readonly type: string | null
  readonly name: string
  readonly columns: readonly string[]
}

/** What names the column and at least one other; the primary key has a rule of its own. */
function goneWith({ constraints, indexes }: CatalogTable, column: string): readonly Gone[] {
  const lost = [
    ...constraints.map(({ type, name, columns, expression }) => ({
      type: type.replace('-', ' ').toUpperCase(),
      name,
      columns: expression?.columns ?? columns,
    })),
    ...indexes
      .filter(({ constraint }) => constraint === null)
      .map(({ name, columns, include, mentions }) => ({
        type: null,
        name: show(name),
        columns: [...new Set([...columns.filter((key) => key !== null), ...include, ...mentions])],
      })),
  ]
  return lost.filter(({ type, columns }) => type !== 'PRIMARY KEY' && columns.length > 1 && columns.includes(column))
}

function isOn(operation: Operation, table: string): boolean {
  return 'table' in operation && operation.table !== null && keyOf(operation.table) === table
}

/** Whether an operation builds a constraint or index over all these columns. */
function coversAll(operation: Operation, columns: readonly string[]): boolean {
  if (operation.kind === 'create-index') {
    const named = operation.keys.flatMap(({ column, expression }) =>
      column === null ? (expression?.columns ?? []) : [column],
    )
    return columns.every((name) => named.includes(name))
  }
  if (operation.kind !== 'add-constraint') return false
  const { constraint } = operation
  const named = constraint.type === 'check' ? constraint.expression.columns : constraint.columns
  return columns.every((name) => named.includes(name))
}
