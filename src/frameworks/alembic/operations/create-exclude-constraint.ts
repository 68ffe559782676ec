import { constraintName, DEFERRAL, exclusion, EXCLUSION } from '../sql/constraint.js'
import { identifier } from '../sql/identifier.js'
import { nameOf } from '../sql/naming.js'
import { operationParameters, sqlalchemyName } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_exclude_constraint`. */
export const createExcludeConstraint: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name']
  const keywords = [...EXCLUSION, ...DEFERRAL]
  const given = operationParameters(call, { table: 'table_name', order, rest: true, keywords }, translation)
  const { target } = given
  if (
    given.rest.some(
      (item) => item.kind === 'list' && item.items[0] !== undefined && sqlalchemyName(item.items[0]) === 'text',
    )
  )
    translation.fails('an element of an exclusion is a text, which has no name: this always fails')
  const name = nameOf(null, given.value('constraint_name'), { table: target, columns: null }, translation)
  return [`ALTER TABLE ${identifier(target)} ADD ${constraintName(name)}${exclusion(given, translation)}`]
}
