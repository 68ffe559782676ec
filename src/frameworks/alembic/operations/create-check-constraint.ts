import { quote } from '../../../model/names.js'
import { constraintName, DEFERRAL, deferral } from '../sql/constraint.js'
import { expression } from '../sql/literal.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_check_constraint`. */
export const createCheckConstraint: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name', 'condition']
  const keywords = [...DEFERRAL, 'postgresql_not_valid']
  const given = operationParameters(call, { table: 'table_name', order, keywords }, translation)
  const condition = given.value('condition')
  const sql =
    condition === undefined ? translation.problem('the condition is missing') : expression(condition, translation)
  const name = constraintName(given.optionalString('constraint_name'))
  const notValid = given.flag('postgresql_not_valid') === true ? ' NOT VALID' : ''
  return [`ALTER TABLE ${quote(given.target)} ADD ${name}CHECK (${sql})${deferral(given)}${notValid}`]
}
