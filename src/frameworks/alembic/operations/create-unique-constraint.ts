import { quote } from '../../../model/names.js'
import { constraintName, DEFERRAL, UNIQUE, unique } from '../sql/constraint.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_unique_constraint`. */
export const createUniqueConstraint: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name', 'columns']
  const keywords = [...DEFERRAL, ...UNIQUE]
  const given = operationParameters(call, { table: 'table_name', order, keywords }, translation)
  const name = constraintName(given.optionalString('constraint_name'))
  return [`ALTER TABLE ${quote(given.target)} ADD ${name}${unique(given.strings('columns'), given)}`]
}
