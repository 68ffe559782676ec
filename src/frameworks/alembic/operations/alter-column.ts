import type { QualifiedName } from '../../../model/names.js'
import type { Value } from '../python/value.js'
import { columnOf, mayBeChecked } from '../sql/column.js'
import { serverDefault } from '../sql/default.js'
import { identityChange, identitySql } from '../sql/generated.js'
import { identifier } from '../sql/identifier.js'
import { literal } from '../sql/literal.js'
import { typeSql } from '../sql/type.js'
import { ELSEWHERE, operationParameters, sqlalchemyName, type Translation } from '../translation.js'
import type { OperationSql } from './operation.js'

const KEYWORDS = [
  ...['nullable', 'comment', 'server_default', 'new_column_name', 'type_', 'postgresql_using'],
  ...['existing_server_default', 'existing_type', 'existing_nullable', 'existing_comment'],
]

/** `op.alter_column`: type, nullability, default, comment and name, in the order in which Alembic sends them. */
export const alterColumn: OperationSql = (call, translation) => {
  const order = ['table_name', 'column_name']
  // Alembic hands any other keyword on to nothing: `autoincrement` is for MySQL, and `insert_*` for tables made anew.
  const ignored = new RegExp(
    `^((existing_)?autoincrement|primary_key|unique|index|insert_(before|after))$|${ELSEWHERE.source}`,
  )
  const given = operationParameters(call, { table: 'table_name', order, keywords: KEYWORDS, ignored }, translation)
  const { target } = given
  const table = identifier(target)
  const written = given.string('column_name')
  const column = identifier(written)
  const alter = `ALTER TABLE ${table} ALTER COLUMN ${column}`
  const type = given.value('type_')
  const using = given.optionalString('postgresql_using')
  const nullable = given.flag('nullable')
  const name = given.optionalString('new_column_name')
  if (using !== null && type === undefined) translation.fails('postgresql_using without a type: this always fails')
  const checkOf = (value: Value | undefined): string | null =>
    value === undefined || !mayBeChecked(value) ? null : checkedBy(written, value, target, translation)
  const existing = type === undefined ? null : checkOf(given.value('existing_type'))
  const check = checkOf(type)
  const typeText = type === undefined ? '' : typeSql(type, target.schema || null, translation)
  return [
    ...(existing === null ? [] : [`ALTER TABLE ${table} DROP CONSTRAINT ${nameOfCheck(existing, translation)}`]),
    ...(type === undefined
      ? []
      : [`${alter} TYPE ${typeText}${using === null || using === '' ? '' : ` USING ${using}`}`]),
    ...(nullable === null ? [] : [`${alter} ${nullable ? 'DROP' : 'SET'} NOT NULL`]),
    ...defaults(alter, given, translation),
    ...(given.has('comment') ? comment(`${table}.${column}`, given) : []),
    ...(name === null ? [] : [`ALTER TABLE ${table} RENAME ${column} TO ${identifier(name)}`]),
    ...(check === null ? [] : [`ALTER TABLE ${table} ADD ${check}`]),
  ]
}

/** The CHECK that a type brings; null for most. */
function checkedBy(name: string, type: Value, target: QualifiedName, translation: Translation): string | null {
  const column: Value = {
    kind: 'call',
    path: 'sqlalchemy.Column',
    positional: [{ kind: 'string', text: name }, type],
    keywords: new Map(),
  }
  return columnOf(column, target, translation)?.typeCheck ?? null
}

function nameOfCheck(sql: string, translation: Translation): string {
  const name = /^CONSTRAINT ("(?:[^"]|"")+"|\S+) /.exec(sql)?.[1]
  return name ?? translation.fails('the CHECK of the existing type has no name: this always fails')
}

/** A default of None drops the default; False, which stands for "as it is", does nothing. */
function defaults(alter: string, given: Given, translation: Translation): readonly string[] {
  if (!given.has('server_default')) return []
  const value = given.value('server_default')
  if (value?.kind === 'boolean' && !value.is) return []
  const before = given.value('existing_server_default')
  const kinds = [value, before].map((side) => (side === undefined ? null : sqlalchemyName(side)))
  if (kinds.includes('Computed'))
    return [translation.fails('a computed column is not made from another: this always fails')]
  if (kinds.includes('Identity')) return [`${alter} ${identity(value, before, translation)}`]
  if (value === undefined) return [`${alter} DROP DEFAULT`]
  return [`${alter} SET DEFAULT ${serverDefault(value, translation)}`]
}

type Given = ReturnType<typeof operationParameters>

function identity(value: Value | undefined, before: Value | undefined, translation: Translation): string {
  if (value === undefined) return 'DROP IDENTITY'
  if (sqlalchemyName(value) !== 'Identity')
    return translation.fails('an identity that becomes a default: this always fails')
  if (before === undefined || before.kind === 'boolean') return `ADD ${identitySql(value, translation)}`
  if (sqlalchemyName(before) !== 'Identity')
    return translation.fails('a default that becomes an identity: this always fails')
  return identityChange(before, value, translation)
}

function comment(column: string, given: Given): readonly string[] {
  const value = given.value('comment')
  if (value?.kind === 'boolean' && !value.is) return []
  const text = given.optionalString('comment')
  return [`COMMENT ON COLUMN ${column} IS ${text === null ? 'NULL' : literal(text)}`]
}
