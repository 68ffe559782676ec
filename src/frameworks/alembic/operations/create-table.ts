import { createTableSql, TABLE, TABLE_IGNORED } from '../sql/table.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_table`: enum types first, then the table, its indexes and its comments. */
export const createTable: OperationSql = (call, translation) => {
  const given = operationParameters(
    call,
    {
      table: 'table_name',
      order: ['table_name'],
      rest: true,
      keywords: [...TABLE, 'if_not_exists'],
      ignored: TABLE_IGNORED,
    },
    translation,
  )
  const made = createTableSql(given.target, given, given.flag('if_not_exists') === true, translation)
  return [...made.types, made.table, ...made.indexes, ...made.comments]
}
