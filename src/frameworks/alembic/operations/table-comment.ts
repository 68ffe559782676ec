import { quote } from '../../../model/names.js'
import { literal } from '../sql/literal.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_table_comment`. */
export const createTableComment: OperationSql = (call, translation) => {
  const order = ['table_name', 'comment']
  const given = operationParameters(call, { table: 'table_name', order }, translation)
  return [`COMMENT ON TABLE ${quote(given.target)} IS ${literal(given.string('comment'))}`]
}

/** `op.drop_table_comment`. */
export const dropTableComment: OperationSql = (call, translation) => {
  const given = operationParameters(call, { table: 'table_name', order: ['table_name'] }, translation)
  return [`COMMENT ON TABLE ${quote(given.target)} IS NULL`]
}
