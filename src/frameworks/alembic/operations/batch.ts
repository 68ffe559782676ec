import { ELSEWHERE, parameters, type Translation } from '../translation.js'
import type { Arguments } from '../python/value.js'

/** The table of a batch. */
export interface Batch {
  readonly table: string
  readonly schema: string | null
}

/** The operations that a batch has (https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.BatchOperations). */
export const IN_BATCH: ReadonlySet<string> = new Set([
  ...['add_column', 'alter_column', 'create_check_constraint', 'create_exclude_constraint', 'create_foreign_key'],
  ...['create_index', 'create_primary_key', 'create_table_comment', 'create_unique_constraint', 'drop_column'],
  ...['drop_constraint', 'drop_index', 'drop_table_comment', 'execute'],
  ...['add_geospatial_column', 'drop_geospatial_column', 'create_geospatial_index', 'drop_geospatial_index'],
])

/** Parameters for a batch that makes its table anew, which Alembic does on PostgreSQL only when it is told to. */
const ANEW = /^(copy_from|table_args|table_kwargs|reflect_args|reflect_kwargs|naming_convention|partial_reordering)$/

/**
 * `op.batch_alter_table(…)`. What the batch is told is sent when its block ends; what else stands in the block is sent at once,
 * and so is what `batch.execute` is given.
 */
export function batchOf(call: Arguments, translation: Translation): Batch {
  const ignored = new RegExp(`${ANEW.source}|${ELSEWHERE.source}`)
  const given = parameters(call, { order: ['table_name', 'schema', 'recreate'], ignored }, translation)
  if (given.optionalString('recreate') === 'always')
    translation.problem('the table is made anew from what the database says of it')
  return { table: given.string('table_name'), schema: given.optionalString('schema') }
}
