import { quote } from '../../../model/names.js'
import { parameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.drop_index`: PostgreSQL wants the index's schema, and nothing of its table. */
export const dropIndex: OperationSql = (call, translation) => {
  const given = parameters(
    call,
    {
      order: call.batch === null ? ['index_name', 'table_name'] : ['index_name'],
      keywords: ['schema', 'if_exists', 'postgresql_concurrently'],
      ignored: /^(mysql_|mssql_|sqlite_|oracle_|info$|postgresql_(using|where|ops|with|include|nulls_not_distinct)$)/,
    },
    translation,
  )
  const schema = given.optionalString('schema') ?? call.batch?.schema ?? ''
  const concurrently = given.flag('postgresql_concurrently') === true ? 'CONCURRENTLY ' : ''
  const ifExists = given.flag('if_exists') === true ? 'IF EXISTS ' : ''
  return [`DROP INDEX ${concurrently}${ifExists}${quote({ schema, name: given.string('index_name') })}`]
}
