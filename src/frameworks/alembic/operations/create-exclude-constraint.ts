import { quote } from '../../../model/names.js'
import { constraintName, DEFERRAL, exclusion, EXCLUSION } from '../sql/constraint.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_exclude_constraint`. */
export const createExcludeConstraint: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name']
  const keywords = [...EXCLUSION, ...DEFERRAL]
  const given = operationParameters(call, { table: 'table_name', order, rest: true, keywords }, translation)
  const name = constraintName(given.optionalString('constraint_name'))
  return [`ALTER TABLE ${quote(given.target)} ADD ${name}${exclusion(given, translation)}`]
}
