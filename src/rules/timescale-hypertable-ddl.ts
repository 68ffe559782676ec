import { isOld } from '../model/catalog.js'
import { show, type QualifiedName } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'timescale-hypertable-ddl',
    code: 'C100',
    family: 'blocking',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'A table with rows becomes a hypertable, and all of them are moved while every query on it waits',
    why:
      'With migrate_data create_hypertable() copies each row into its chunk, in one transaction that holds ACCESS EXCLUSIVE on the table: ' +
      'for a large one that takes hours.',
    instead:
      'Create an empty hypertable of the same form, copy the rows in batches while a trigger keeps both in step, and swap the names.',
    messages: { migrate: 'create_hypertable() moves the rows of {{table}} into chunks while every query on it waits' },
  },
  check: {
    select({ functions, span }, { catalog, statement }) {
      if (!functions.includes('create_hypertable')) return
      const table = argument(statement.sql)
      // Without it a table that has rows is refused.
      if (table === null || !/\bmigrate_data\s*(?:=>|:=)\s*(?:true|'t(?:rue)?')/i.test(statement.sql)) return
      if (!isOld(catalog, table)) return
      return { message: 'migrate', at: span, data: { table: show(table) }, table }
    },
  },
})

/** The table that the call's first argument names. */
function argument(sql: string): QualifiedName | null {
  const [, schema = '', name] =
    /\bcreate_hypertable\s*\(\s*(?:relation\s*(?:=>|:=)\s*)?'(?:"?([^".']+)"?\.)?"?([^".']+)"?'/i.exec(sql) ?? []
  return name === undefined ? null : { schema, name }
}
