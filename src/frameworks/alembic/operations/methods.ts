import type { Value, ValueOf } from '../python/value.js'
import { createDomain, domainName } from '../sql/domain.js'
import { createEnum, dropEnum, enumOf } from '../sql/enum.js'
import { createSequence, sequenceName } from '../sql/sequence.js'
import { droppedTable, newTable } from '../sql/table.js'
import { parameters, sqlalchemyName, type Translation } from '../translation.js'
import { isDeep } from './depth.js'

/** What `create(connection)` and `drop(connection)` of an enum, a domain, a sequence or a table send; null for any other method. */
export function methodSql(value: ValueOf<'method'>, translation: Translation): readonly string[] | null {
  const { receiver, name } = value
  if (isDeep([value])) return [translation.problem('what it is called on is nested too deeply')]
  if (name !== 'create' && name !== 'drop') return null
  const kind = sqlalchemyName(receiver)
  if (kind === null || !['Enum', 'ENUM', 'DOMAIN', 'Sequence', 'Table'].includes(kind)) return null
  const given = parameters(value, { order: ['bind', 'checkfirst'] }, translation)
  // `sa.Enum` looks first only when it is told to, the others unless they are told not to.
  const checks = given.flag('checkfirst') ?? kind !== 'Enum'
  return name === 'create' ? created(receiver, checks, translation) : dropped(receiver, checks, translation)
}

function created(value: Value, checks: boolean, translation: Translation): readonly string[] {
  const type = enumOf(value, null, translation)
  if (type !== null) return [createEnum(type)]
  const made = createDomain(value, translation) ?? createSequence(value, checks, translation)
  if (made !== null) return [made]
  const table = newTable(value, checks, translation)
  return table === null ? [] : [...table.types, table.table, ...table.indexes, ...table.comments]
}

function dropped(value: Value, checks: boolean, translation: Translation): readonly string[] {
  const ifExists = checks ? 'IF EXISTS ' : ''
  const type = enumOf(value, null, translation)
  if (type !== null) return [dropEnum(type, checks)]
  const domain = domainName(value, translation)
  if (domain !== null) return [`DROP DOMAIN ${ifExists}${domain}`]
  const sequence = sequenceName(value, translation)
  if (sequence !== null) return [`DROP SEQUENCE ${ifExists}${sequence}`]
  const table = droppedTable(value, checks, translation)
  return table === null ? [] : [table]
}
