import { identifier } from '../sql/identifier.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.rename_table`. */
export const renameTable: OperationSql = (call, translation) => {
  const order = ['old_table_name', 'new_table_name']
  const given = operationParameters(call, { table: 'old_table_name', order, ignored: /^$/ }, translation)
  return [`ALTER TABLE ${identifier(given.target)} RENAME TO ${identifier(given.string('new_table_name'))}`]
}
