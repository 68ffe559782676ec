import { quote } from '../../../model/names.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.drop_constraint`: without a name Alembic stops. */
export const dropConstraint: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name', 'type_']
  const given = operationParameters(call, { table: 'table_name', order, keywords: ['if_exists'] }, translation)
  const ifExists = given.flag('if_exists') === true ? 'IF EXISTS ' : ''
  return [`ALTER TABLE ${quote(given.target)} DROP CONSTRAINT ${ifExists}${quote(given.string('constraint_name'))}`]
}
