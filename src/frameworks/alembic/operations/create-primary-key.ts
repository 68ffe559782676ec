import { quote } from '../../../model/names.js'
import { columnList, constraintName } from '../sql/constraint.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_primary_key`. */
export const createPrimaryKey: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name', 'columns']
  const given = operationParameters(call, { table: 'table_name', order }, translation)
  const name = constraintName(given.optionalString('constraint_name'))
  return [`ALTER TABLE ${quote(given.target)} ADD ${name}PRIMARY KEY ${columnList(given.strings('columns'))}`]
}
