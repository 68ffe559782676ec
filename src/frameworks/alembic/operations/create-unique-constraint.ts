import { columnNames, constraintName, DEFERRAL, UNIQUE, unique } from '../sql/constraint.js'
import { identifier } from '../sql/identifier.js'
import { nameOf } from '../sql/naming.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_unique_constraint`. */
export const createUniqueConstraint: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name', 'columns']
  const keywords = [...DEFERRAL, ...UNIQUE]
  const given = operationParameters(call, { table: 'table_name', order, keywords }, translation)
  const { target } = given
  const columns = columnNames(given.value('columns'), translation)
  if (given.strings('postgresql_include').some((column) => !columns.includes(column)))
    translation.fails('an included column is not known to Alembic: this always fails')
  const name = constraintName(nameOf('uq', given.value('constraint_name'), { table: target, columns }, translation))
  return [`ALTER TABLE ${identifier(target)} ADD ${name}${unique(columns, given, translation)}`]
}
