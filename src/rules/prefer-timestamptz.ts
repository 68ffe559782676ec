import { show, type QualifiedName } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'prefer-timestamptz',
    code: 'I11',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A column holds a time without a time zone',
    why: 'A timestamp without time zone is no moment: what it means depends on the clock of whoever wrote it, and differs by an hour twice a year. A timestamptz takes the same eight bytes and is the same moment for everybody.',
    instead: 'Use timestamptz.',
    messages: { column: 'Column {{column}} of {{table}} is a timestamp without time zone' },
  },
  check: {
    'create-table': ({ table, columns }) => columns.flatMap((column) => of(table, column)),
    'add-column': ({ table, column }) => of(table, column),
  },
})

function of(table: QualifiedName, column: ColumnDefinition): readonly Problem<'column'>[] {
  if (!(column.type.name === 'timestamp without time zone')) return []
  return [{ message: 'column', at: column.span, data: { table: show(table), column: column.name } }]
}
