import { quote } from '../../../model/names.js'
import { literal, serverDefault } from '../sql/literal.js'
import { typeSql } from '../sql/type.js'
import { operationParameters, sqlalchemyName, type Parameters, type Translation } from '../translation.js'
import type { OperationSql } from './operation.js'

const KEYWORDS = [
  'nullable',
  'comment',
  'server_default',
  'new_column_name',
  'type_',
  'postgresql_using',
  'existing_server_default',
]

/** `op.alter_column`: type, nullability, default, comment and name, in the order in which Alembic sends them. */
export const alterColumn: OperationSql = (call, translation) => {
  const order = ['table_name', 'column_name']
  const ignored = /^(existing_|modify_|mysql_|mssql_|sqlite_|oracle_|autoincrement$|insert_(before|after)$)/
  const given = operationParameters(call, { table: 'table_name', order, keywords: KEYWORDS, ignored }, translation)
  const table = quote(given.target)
  const column = quote(given.string('column_name'))
  const alter = `ALTER TABLE ${table} ALTER COLUMN ${column}`
  const type = given.value('type_')
  const using = given.optionalString('postgresql_using')
  const nullable = given.flag('nullable')
  const name = given.optionalString('new_column_name')
  const typeText = type === undefined ? '' : typeSql(type, given.target.schema || null, translation)
  return [
    ...(type === undefined ? [] : [`${alter} TYPE ${typeText}${using === null ? '' : ` USING ${using}`}`]),
    ...(nullable === null ? [] : [`${alter} ${nullable ? 'DROP' : 'SET'} NOT NULL`]),
    ...defaults(alter, given, translation),
    ...(given.has('comment') ? comment(`${table}.${column}`, given) : []),
    ...(name === null ? [] : [`ALTER TABLE ${table} RENAME ${column} TO ${quote(name)}`]),
  ]
}

/** A default of None drops the default; False, which stands for "as it is", does nothing. */
function defaults(alter: string, given: Parameters, translation: Translation): readonly string[] {
  if (!given.has('server_default')) return []
  const value = given.value('server_default')
  if (value?.kind === 'boolean' && !value.is) return []
  const before = given.value('existing_server_default')
  for (const side of [value, before]) {
    const kind = side === undefined ? null : sqlalchemyName(side)
    if (kind === 'Identity' || kind === 'Computed')
      return [translation.problem('a change of an identity or computed column')]
  }
  if (value === undefined) return [`${alter} DROP DEFAULT`]
  return [`${alter} SET DEFAULT ${serverDefault(value, translation)}`]
}

function comment(column: string, given: Parameters): readonly string[] {
  const value = given.value('comment')
  if (value?.kind === 'boolean' && !value.is) return []
  const text = given.optionalString('comment')
  return [`COMMENT ON COLUMN ${column} IS ${text === null ? 'NULL' : literal(text)}`]
}
