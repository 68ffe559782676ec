import { quote } from '../../../model/names.js'
import { ACTIONS, constraintName, foreignKey } from '../sql/constraint.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_foreign_key`. */
export const createForeignKey: OperationSql = (call, translation) => {
  const given = operationParameters(
    call,
    {
      table: 'source_table',
      schema: 'source_schema',
      order: ['constraint_name', 'source_table', 'referent_table', 'local_cols', 'remote_cols'],
      keywords: [...ACTIONS, 'referent_schema'],
    },
    translation,
  )
  const table = quote({ schema: given.optionalString('referent_schema') ?? '', name: given.string('referent_table') })
  const key = foreignKey(given.strings('local_cols'), table, given.strings('remote_cols'), given)
  return [`ALTER TABLE ${quote(given.target)} ADD ${constraintName(given.optionalString('constraint_name'))}${key}`]
}
