import { isOld } from '../model/catalog.js'
import { show, type QualifiedName } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'citus-ddl',
    code: 'C99',
    family: 'blocking',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'A table with rows is distributed by Citus while every write to it waits',
    why:
      'Calls of create_distributed_table(), undistribute_table() and alter_distributed_table() copy the rows of a table to their new places, and ' +
      'nobody writes to it meanwhile.',
    instead:
      'Use create_distributed_table_concurrently(), outside a transaction, from Citus 11.1 on; or distribute the table while it is empty.',
    messages: { move: '{{function}}() moves the rows of {{table}} while writes to it wait' },
  },
  check: {
    select({ functions, span }, { catalog, statement }) {
      const name = functions.find((each) => MOVING.has(each))
      const table = name === undefined ? null : argumentOf(name, statement.sql)
      if (name === undefined || table === null || !isOld(catalog, table)) return
      const { sql } = statement
      const fix = sql.trim().replace(/\bcreate_distributed_table\b/i, 'create_distributed_table_concurrently')
      return {
        message: 'move',
        at: span,
        data: { function: name, table: show(table) },
        table,
        ...(name === 'create_distributed_table' ? { fix: fix.replace(/;?$/, ';') } : {}),
      }
    },
  },
})

const MOVING: ReadonlySet<string> = new Set([
  'create_distributed_table',
  'create_reference_table',
  'undistribute_table',
  'alter_distributed_table',
])

/** The table that the call's first argument names. */
function argumentOf(name: string, sql: string): QualifiedName | null {
  const [, schema = '', table] =
    new RegExp(`\\b${name}\\s*\\(\\s*'(?:"?([^".']+)"?\\.)?"?([^".']+)"?'`, 'i').exec(sql) ?? []
  return table === undefined ? null : { schema, name: table }
}
