import { identifier } from '../sql/identifier.js'
import { nameOf } from '../sql/naming.js'
import { ELSEWHERE, parameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.drop_index`: PostgreSQL wants the index's schema, and nothing of its table. */
export const dropIndex: OperationSql = (call, translation) => {
  const given = parameters(
    call,
    {
      order: call.batch === null ? ['index_name', 'table_name'] : ['index_name'],
      keywords: ['schema', 'if_exists', 'postgresql_concurrently'],
      ignored: new RegExp(
        `^(unique|postgresql_(using|where|ops|with|include|tablespace|nulls_not_distinct))$|${ELSEWHERE.source}`,
      ),
    },
    translation,
  )
  const schema = given.optionalString('schema') ?? call.batch?.schema ?? ''
  const concurrently = given.flag('postgresql_concurrently') === true ? 'CONCURRENTLY ' : ''
  const ifExists = given.flag('if_exists') === true ? 'IF EXISTS ' : ''
  const table = { schema, name: call.batch?.table ?? given.optionalString('table_name') ?? '' }
  const written = given.value('index_name')
  const name =
    written === undefined
      ? translation.problem('index_name is missing')
      : (nameOf('ix', written, { table, columns: null }, translation) ?? '')
  return [`DROP INDEX ${concurrently}${ifExists}${identifier({ schema, name })}`]
}
