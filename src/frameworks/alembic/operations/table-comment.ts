import { identifier } from '../sql/identifier.js'
import { literal } from '../sql/literal.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

const ignored = /^existing_comment$/

/** `op.create_table_comment`. */
export const createTableComment: OperationSql = (call, translation) => {
  const order = ['table_name', 'comment']
  const given = operationParameters(call, { table: 'table_name', order, ignored }, translation)
  return [`COMMENT ON TABLE ${identifier(given.target)} IS ${literal(given.string('comment'))}`]
}

/** `op.drop_table_comment`. */
export const dropTableComment: OperationSql = (call, translation) => {
  const given = operationParameters(call, { table: 'table_name', order: ['table_name'], ignored }, translation)
  return [`COMMENT ON TABLE ${identifier(given.target)} IS NULL`]
}
