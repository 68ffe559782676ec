import { identifier } from '../sql/identifier.js'
import { ELSEWHERE, operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.drop_column`. */
export const dropColumn: OperationSql = (call, translation) => {
  const order = ['table_name', 'column_name']
  const ignored = new RegExp(`^existing_\\w+$|${ELSEWHERE.source}`)
  const given = operationParameters(call, { table: 'table_name', order, keywords: ['if_exists'], ignored }, translation)
  const ifExists = given.flag('if_exists') === true ? 'IF EXISTS ' : ''
  return [`ALTER TABLE ${identifier(given.target)} DROP COLUMN ${ifExists}${identifier(given.string('column_name'))}`]
}
