import { identifier } from '../sql/identifier.js'
import { TABLE, TABLE_IGNORED } from '../sql/table.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.drop_table`: enum types of its columns stay. What else it is given is what the table once was made with. */
export const dropTable: OperationSql = (call, translation) => {
  const given = operationParameters(
    call,
    { table: 'table_name', order: ['table_name'], keywords: ['if_exists', ...TABLE], ignored: TABLE_IGNORED },
    translation,
  )
  return [`DROP TABLE ${given.flag('if_exists') === true ? 'IF EXISTS ' : ''}${identifier(given.target)}`]
}
