import { columnNames, constraintName } from '../sql/constraint.js'
import { identifier, identifierList } from '../sql/identifier.js'
import { nameOf } from '../sql/naming.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_primary_key`. */
export const createPrimaryKey: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name', 'columns']
  const given = operationParameters(call, { table: 'table_name', order, ignored: /^$/ }, translation)
  const { target } = given
  const columns = columnNames(given.value('columns'), translation)
  const name = constraintName(nameOf('pk', given.value('constraint_name'), { table: target, columns }, translation))
  return [`ALTER TABLE ${identifier(target)} ADD ${name}PRIMARY KEY ${identifierList(columns)}`]
}
