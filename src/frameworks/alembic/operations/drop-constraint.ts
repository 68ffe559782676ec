import { quote } from '../../../model/names.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.drop_constraint`: without a name Alembic stops, unless the metadata has a naming convention that needs no columns. */
export const dropConstraint: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name', 'type_']
  const given = operationParameters(call, { table: 'table_name', order, keywords: ['if_exists'] }, translation)
  const ifExists = given.flag('if_exists') === true ? 'IF EXISTS ' : ''
  const name = given.optionalString('constraint_name')
  if (name === null)
    return [
      translation.problem('the constraint has no name; unless a naming convention gives it one, this always fails'),
    ]
  return [`ALTER TABLE ${quote(given.target)} DROP CONSTRAINT ${ifExists}${quote(name)}`]
}
