import { show, type QualifiedName } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'prefer-bigint-over-int',
    code: 'I7',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A key is an integer that ends at 2147483647',
    why: 'A number of a key is used up by every INSERT, failed ones too. Once the last is reached every further INSERT fails, and to widen the column then rewrites the table and its indexes while nothing else works.',
    instead: 'Make keys bigint from the start: four bytes a row are cheaper than that night.',
    messages: { column: 'Key {{column}} of {{table}} is {{type}}, which ends at {{most}}' },
  },
  check: {
    'create-table': ({ table, columns }) => columns.flatMap((column) => of(table, column)),
    'add-column': ({ table, column }) => of(table, column),
  },
})

function of(table: QualifiedName, column: ColumnDefinition): readonly Problem<'column'>[] {
  if (!(isKey(column) && column.type.arrays === 0 && column.type.name in MOST)) return []
  return [
    {
      message: 'column',
      at: column.span,
      data: { table: show(table), column: column.name, type: column.type.name, most: MOST[column.type.name] ?? '' },
    },
  ]
}

const MOST: Readonly<Record<string, string>> = { smallint: '32767', integer: '2147483647' }

function isKey({ constraints, identity, type }: ColumnDefinition): boolean {
  return identity !== null || type.serial || constraints.some((each) => each.type === 'primary-key')
}
