import { columnIndexes, columnOf, columnSql, columnUnique, serialOf, type Column } from '../sql/column.js'
import { identifier, identifierList } from '../sql/identifier.js'
import { columnComment } from '../sql/table.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.add_column`: an enum type is not created, and a primary key is not added unless it is to stand in the column. */
export const addColumn: OperationSql = (call, translation) => {
  const order = ['table_name', 'column']
  const keywords = ['if_not_exists', 'inline_references', 'inline_primary_key']
  const placing = call.batch === null ? [] : ['insert_before', 'insert_after']
  const given = operationParameters(
    call,
    { table: 'table_name', order, keywords: [...keywords, ...placing], ignored: /^$/ },
    translation,
  )
  if (placing.some((name) => given.value(name) !== undefined))
    translation.fails('a place for the column, in a table that is not made anew: this always fails')
  const { target } = given
  const value = given.value('column')
  const column = value === undefined ? null : columnOf(value, target, translation)
  if (column === null) return [translation.problem('the column is not a sa.Column(…) written out')]
  const table = identifier(target)
  const ifNotExists = given.flag('if_not_exists') === true ? 'IF NOT EXISTS ' : ''
  const inKey = given.flag('inline_primary_key') === true && column.primaryKey ? ' PRIMARY KEY' : ''
  const [reference, ...others] = column.references
  const inline = given.flag('inline_references') === true && reference !== undefined && others.length === 0
  const refers = inline
    ? ` REFERENCES ${identifier(reference.table)} ${identifierList([reference.column])}${reference.actions}`
    : ''
  const unique = columnUnique(column, target, translation)
  const constraints = [column.typeCheck, unique, ...(inline ? [] : column.references.map(({ sql }) => sql))].filter(
    (sql) => sql !== null,
  )
  return [
    `ALTER TABLE ${table} ADD COLUMN ${ifNotExists}${columnSql(column, counts(column) ? serialOf(column) : null)}${inKey}${refers}${column.checks.map((sql) => ` ${sql}`).join('')}`,
    ...constraints.map((sql) => `ALTER TABLE ${table} ADD ${sql}`),
    ...columnIndexes(column, target, translation),
    ...columnComment(target, column),
  ]
}

function counts(column: Column): boolean {
  if (!column.primaryKey || column.autoincrement === false) return false
  if (column.autoincrement === true) return true
  return !column.filledByServer && (column.autoincrement === 'ignore_fk' || column.references.length === 0)
}
