import { show, type QualifiedName } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'nullable-boolean',
    code: 'I24',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A boolean column may be NULL',
    why: 'A boolean that may be NULL has three values, and conditions on it treat the third in ways that few expect: neither `done` nor `NOT done` finds it.',
    instead: 'Make it NOT NULL with a DEFAULT, or give the third value a name of its own.',
    messages: { column: 'Column {{column}} of {{table}} is true, false or NULL' },
  },
  check: {
    'create-table': ({ table, columns }) => columns.flatMap((column) => of(table, column)),
    'add-column': ({ table, column }) => of(table, column),
  },
})

function of(table: QualifiedName, column: ColumnDefinition): readonly Problem<'column'>[] {
  if (!(
    column.type.name === 'boolean' &&
    column.type.arrays === 0 &&
    !column.notNull &&
    !column.constraints.some((each) => each.type === 'primary-key')
  ))
    return []
  return [{ message: 'column', at: column.span, data: { table: show(table), column: column.name } }]
}
