import { show, type QualifiedName } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'prefer-identity-over-serial',
    code: 'I9',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A column is serial instead of an identity column',
    why: 'A serial column is an integer with a default and a sequence that belongs to it loosely: the right to INSERT does not reach the sequence, a copied table shares it, and it keeps its width when the column is widened. Identity columns are standard SQL and have none of this.',
    instead: 'Write GENERATED ALWAYS AS IDENTITY, or BY DEFAULT where numbers are also given by hand.',
    messages: { column: 'Column {{column}} of {{table}} is serial' },
  },
  check: {
    'create-table': ({ table, columns }) => columns.flatMap((column) => of(table, column)),
    'add-column': ({ table, column }) => of(table, column),
  },
})

function of(table: QualifiedName, column: ColumnDefinition): readonly Problem<'column'>[] {
  if (!column.type.serial) return []
  return [{ message: 'column', at: column.span, data: { table: show(table), column: column.name } }]
}
