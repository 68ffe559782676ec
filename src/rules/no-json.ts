import { show, type QualifiedName } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'no-json',
    code: 'I18',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A column is json instead of jsonb',
    why: 'The type json keeps the text as it came: it is parsed anew by each query, cannot be compared, so that DISTINCT and UNION fail on it, and has no useful index.',
    instead: 'Use jsonb, unless the very text with its blanks and the order of its keys has to be kept.',
    messages: { column: 'Column {{column}} of {{table}} is json' },
  },
  check: {
    'create-table': ({ table, columns }) => columns.flatMap((column) => of(table, column)),
    'add-column': ({ table, column }) => of(table, column),
  },
})

function of(table: QualifiedName, column: ColumnDefinition): readonly Problem<'column'>[] {
  if (!(column.type.name === 'json')) return []
  return [{ message: 'column', at: column.span, data: { table: show(table), column: column.name } }]
}
