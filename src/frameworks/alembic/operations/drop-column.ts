import { quote } from '../../../model/names.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.drop_column`. */
export const dropColumn: OperationSql = (call, translation) => {
  const order = ['table_name', 'column_name']
  const given = operationParameters(call, { table: 'table_name', order, keywords: ['if_exists'] }, translation)
  const ifExists = given.flag('if_exists') === true ? 'IF EXISTS ' : ''
  return [`ALTER TABLE ${quote(given.target)} DROP COLUMN ${ifExists}${quote(given.string('column_name'))}`]
}
