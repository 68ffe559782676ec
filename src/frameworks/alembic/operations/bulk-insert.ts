import { quote } from '../../../model/names.js'
import { describe, type Value } from '../python/value.js'
import { constant } from '../sql/literal.js'
import { argumentsOf, parameters, sqlalchemyName, textOf, type Translation } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.bulk_insert` of rows that are written out, into a table that is: one INSERT a row, as `--sql` shows it. */
export const bulkInsert: OperationSql = (call, translation) => {
  const given = parameters(call, { order: ['table', 'rows', 'multiinsert'] }, translation)
  const table = given.value('table')
  const rows = given.value('rows')
  const kind = table === undefined ? null : sqlalchemyName(table)
  if (table === undefined || (kind !== 'table' && kind !== 'Table'))
    return [translation.problem('the table is not written out')]
  if (rows?.kind !== 'list') return [translation.problem('the rows are not written out')]
  const { positional, keywords } = argumentsOf(table)
  const [name] = positional
  const schema = keywords.get('schema')
  const target = quote({
    schema: schema === undefined || schema.kind === 'none' ? '' : textOf(schema, translation),
    name: name === undefined ? translation.problem('the table has no name') : textOf(name, translation),
  })
  return rows.items.map((row) => insert(target, row, translation))
}

function insert(target: string, row: Value, translation: Translation): string {
  if (row.kind !== 'dict') return translation.problem('a row is not a dictionary')
  const columns = row.entries.map(({ key }) => quote(textOf(key, translation)))
  const values = row.entries.map(({ value }) => constant(value) ?? translation.problem(describe(value)))
  return `INSERT INTO ${target} (${columns.join(', ')}) VALUES (${values.join(', ')})`
}
