import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { operationsIn } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'set-default-does-not-backfill',
    code: 'F45',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'possible',
    tables: 'existing',
    directions: 'up',
    summary: 'A column gets a DEFAULT, and rows that are there keep NULL',
    why:
      'SET DEFAULT speaks of rows that are inserted from then on. A DEFAULT that is written with ADD COLUMN is what old rows show ' +
      'as well; one that is set afterwards is not, so that the same column has the value or NULL by the age of its row.',
    instead:
      'Fill the old rows in batches in a migration of its own, or write the DEFAULT with ADD COLUMN where it is constant.',
    messages: { kept: 'Rows of {{table}} that are there keep NULL in {{column}}: the DEFAULT is for new ones' },
  },
  check: {
    'set-default'(operation, { catalog, pull }) {
      const { table, column, default: value, span } = operation
      const known = catalog.column(table, column)
      // A column that this pull request adds is given its DEFAULT afterwards so that old rows are not rewritten.
      if (known === undefined || known.born !== 'base' || known.notNull || known.default !== null || value.isNull)
        return
      if (known.identity !== null || known.generated !== null) return
      if (operationsIn(pull).some((each) => fills(each, table, column))) return
      return { message: 'kept', at: span, data: { table: show(table), column } }
    },
  },
})

/** Whether it may write the column of old rows, or shows that somebody has. */
function fills(operation: Operation, table: QualifiedName, column: string): boolean {
  if (operation.kind === 'call' || operation.kind === 'do' || operation.kind === 'merge') return true
  if (!('table' in operation) || operation.table === null || keyOf(operation.table) !== keyOf(table)) return false
  if (operation.kind === 'update') return operation.columns.includes(column)
  return operation.kind === 'set-not-null' && operation.column === column
}
