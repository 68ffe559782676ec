import { show, type QualifiedName } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'no-money',
    code: 'I17',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A column is money',
    why: 'How a money value is read, written and rounded depends on lc_monetary of the server: the same dump means another currency elsewhere, and it has no room for fractions of a cent.',
    instead: 'Use numeric, and keep the currency beside it.',
    messages: { column: 'Column {{column}} of {{table}} is money' },
  },
  check: {
    'create-table': ({ table, columns }) => columns.flatMap((column) => of(table, column)),
    'add-column': ({ table, column }) => of(table, column),
  },
})

function of(table: QualifiedName, column: ColumnDefinition): readonly Problem<'column'>[] {
  if (!(column.type.name === 'money')) return []
  return [{ message: 'column', at: column.span, data: { table: show(table), column: column.name } }]
}
