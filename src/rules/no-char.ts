import { show, type QualifiedName } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'no-char',
    code: 'I16',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A column is char(n)',
    why: 'PostgreSQL fills a char(n) with blanks, stores them, and passes over them in some comparisons and not in others. It is neither shorter nor faster than text.',
    instead: 'Use text, with a CHECK on the length where there is a limit.',
    messages: { column: 'Column {{column}} of {{table}} is {{type}}, which is filled with blanks' },
  },
  check: {
    'create-table': ({ table, columns }) => columns.flatMap((column) => of(table, column)),
    'add-column': ({ table, column }) => of(table, column),
  },
})

function of(table: QualifiedName, column: ColumnDefinition): readonly Problem<'column'>[] {
  if (!(column.type.name === 'character')) return []
  return [
    { message: 'column', at: column.span, data: { table: show(table), column: column.name, type: column.type.text } },
  ]
}
