import { ACTIONS, columnNames, constraintName, foreignKey } from '../sql/constraint.js'
import { identifier } from '../sql/identifier.js'
import { nameOf } from '../sql/naming.js'
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
  const { target } = given
  const to = { schema: given.optionalString('referent_schema') ?? '', name: given.string('referent_table') }
  const local = columnNames(given.value('local_cols'), translation)
  const remote = columnNames(given.value('remote_cols'), translation)
  const named = { table: target, columns: local, referred: { table: to.name, columns: remote } }
  const name = nameOf('fk', given.value('constraint_name'), named, translation)
  const key = foreignKey(local, identifier(to), remote, given, translation)
  return [`ALTER TABLE ${identifier(target)} ADD ${constraintName(name)}${key}`]
}
