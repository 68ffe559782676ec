import { constraintName, DEFERRAL, deferral, notValid } from '../sql/constraint.js'
import { ddlExpression } from '../sql/default.js'
import { identifier } from '../sql/identifier.js'
import { nameOf } from '../sql/naming.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_check_constraint`. */
export const createCheckConstraint: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name', 'condition']
  const keywords = [...DEFERRAL, 'postgresql_not_valid']
  const given = operationParameters(call, { table: 'table_name', order, keywords }, translation)
  const { target } = given
  const condition = given.value('condition')
  const sql =
    condition === undefined ? translation.problem('the condition is missing') : ddlExpression(condition, translation)
  const name = nameOf('ck', given.value('constraint_name'), { table: target, columns: null }, translation)
  return [
    `ALTER TABLE ${identifier(target)} ADD ${constraintName(name)}CHECK (${sql})${deferral(given, translation)}${notValid(given)}`,
  ]
}
