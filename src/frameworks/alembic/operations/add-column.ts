import { quote } from '../../../model/names.js'
import { columnIndex, columnOf, columnSql, serialOf } from '../sql/column.js'
import { columnList } from '../sql/constraint.js'
import { literal } from '../sql/literal.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.add_column`: an enum type is not created, and a primary key is not added. */
export const addColumn: OperationSql = (call, translation) => {
  const order = ['table_name', 'column']
  const keywords = ['if_not_exists']
  const ignored = /^(insert_(before|after)|mysql_|mssql_|sqlite_|oracle_)/
  const given = operationParameters(call, { table: 'table_name', order, keywords, ignored }, translation)
  const value = given.value('column')
  const column = value === undefined ? null : columnOf(value, given.target.schema || null, translation)
  if (column === null) return [translation.problem('the column is not a sa.Column(…) written out')]
  const table = quote(given.target)
  const counts =
    column.primaryKey && column.default === null && column.foreignKeys.length === 0 && column.autoincrement !== false
  const ifNotExists = given.flag('if_not_exists') === true ? 'IF NOT EXISTS ' : ''
  return [
    `ALTER TABLE ${table} ADD COLUMN ${ifNotExists}${columnSql(column, counts ? serialOf(column) : null)}`,
    ...(column.unique && !column.index ? [`ALTER TABLE ${table} ADD UNIQUE ${columnList([column.name])}`] : []),
    ...column.foreignKeys.map((sql) => `ALTER TABLE ${table} ADD ${sql}`),
    ...(column.index ? [columnIndex(given.target, column)] : []),
    ...(column.comment === null
      ? []
      : [`COMMENT ON COLUMN ${table}.${quote(column.name)} IS ${literal(column.comment)}`]),
  ]
}
