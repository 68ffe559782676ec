import { identifier } from '../sql/identifier.js'
import { droppedName, type Kind } from '../sql/naming.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

const KINDS: Readonly<Record<string, Kind | undefined>> = {
  foreignkey: 'fk',
  primary: 'pk',
  unique: 'uq',
  check: 'ck',
}

/** `op.drop_constraint`: without a name Alembic stops, unless the metadata has a naming convention that needs no columns. */
export const dropConstraint: OperationSql = (call, translation) => {
  const order = ['constraint_name', 'table_name', 'type_']
  const given = operationParameters(
    call,
    { table: 'table_name', order, keywords: ['if_exists'], ignored: /^$/ },
    translation,
  )
  const { target } = given
  const ifExists = given.flag('if_exists') === true ? 'IF EXISTS ' : ''
  const type = given.optionalString('type_')
  const kind = type === null ? null : (KINDS[type] ?? null)
  if (type !== null && kind === null) translation.fails(`a constraint is of no type ${type}: this always fails`)
  const name = droppedName(kind, given.value('constraint_name'), { table: target, columns: [] }, translation)
  return [`ALTER TABLE ${identifier(target)} DROP CONSTRAINT ${ifExists}${identifier(name)}`]
}
