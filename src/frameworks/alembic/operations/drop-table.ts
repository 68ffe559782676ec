import { quote } from '../../../model/names.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.drop_table`: enum types of its columns stay. */
export const dropTable: OperationSql = (call, translation) => {
  const given = operationParameters(
    call,
    { table: 'table_name', order: ['table_name'], keywords: ['if_exists'] },
    translation,
  )
  return [`DROP TABLE ${given.flag('if_exists') === true ? 'IF EXISTS ' : ''}${quote(given.target)}`]
}
