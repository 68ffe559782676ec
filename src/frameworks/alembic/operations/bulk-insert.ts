import { describe, isSymbolic, type Value } from '../python/value.js'
import { newScope } from '../sql/element.js'
import { tableOf } from '../sql/from.js'
import { identifierList } from '../sql/identifier.js'
import { assigned, defaultsOf, givenValues } from '../sql/values.js'
import { parameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** A value, or one that `op.inline_literal` marks as such. */
function isPlain(value: Value): boolean {
  if (value.kind === 'call') return value.path === 'alembic.op.inline_literal' || !value.path.startsWith('sqlalchemy')
  return !isSymbolic(value)
}

/** `op.bulk_insert` of rows that are written out, into a table that is: one INSERT a row, as `--sql` shows it. */
export const bulkInsert: OperationSql = (call, translation) => {
  const given = parameters(call, { order: ['table', 'rows'], keywords: ['multiinsert'], ignored: /^$/ }, translation)
  given.flag('multiinsert')
  const value = given.value('table')
  const rows = given.value('rows')
  const table = value === undefined ? null : tableOf(value, translation)
  if (table === null) return [translation.problem('the table is not written out')]
  if (rows?.kind !== 'list')
    return [translation.problem(rows?.kind === 'unknown' ? rows.reason : 'the rows are not written out')]
  const defaults = defaultsOf(table, 'default')
  const scope = newScope(translation, true)
  return rows.items.map((row) => {
    if (row.kind !== 'dict') return translation.problem(row.kind === 'unknown' ? row.reason : describe(row))
    for (const { value } of row.entries)
      if (!isPlain(value)) translation.problem('a row of a bulk insert takes values, and no SQL')
    const values = assigned(givenValues([row], new Map(), table, translation), table, defaults, translation)
    const list = values.map(({ value }) => value.write(scope)).join(', ')
    return `INSERT INTO ${table.write(scope)} ${identifierList(values.map(({ name }) => name))} VALUES (${list})`
  })
}
