import type { QualifiedName } from '../../../model/names.js'
import { describe, type Arguments, type Value } from '../python/value.js'
import { argumentsOf, parameters, sqlalchemyName, textOf, type Parameters, type Translation } from '../translation.js'
import { including, nullsDistinct, operatorClasses } from './constraint.js'
import { bareSql, expressionOf } from './expression.js'
import { grouped } from './element.js'
import { ddlExpression } from './default.js'
import { identifier } from './identifier.js'
import { nameOf } from './naming.js'

/** Parameters of an index on PostgreSQL. */
export const INDEX = [
  ...['unique', 'if_not_exists', 'postgresql_concurrently', 'postgresql_using', 'postgresql_where', 'postgresql_ops'],
  ...['postgresql_with', 'postgresql_include', 'postgresql_nulls_not_distinct', 'postgresql_tablespace'],
] as const

/** CREATE INDEX for `sa.Index(name, …)` among the arguments of a new table. */
export function createIndexSql(call: Arguments, table: QualifiedName, translation: Translation): string {
  const ignored = /^(info|quote|(mysql|mariadb|mssql|sqlite|oracle)_.*)$/
  const given = parameters(call, { order: ['name'], rest: true, keywords: INDEX, ignored }, translation)
  return indexSql(given.value('name'), table, given.rest, given, translation)
}

/** CREATE INDEX with its options. */
export function indexSql(
  name: Value | undefined,
  table: QualifiedName,
  keys: readonly Value[],
  given: Parameters,
  translation: Translation,
): string {
  const using = given.optionalString('postgresql_using')
  const where = given.value('postgresql_where')
  const tablespace = given.optionalString('postgresql_tablespace')
  const operators = operatorClasses(given.value('postgresql_ops'), translation)
  const storage = storageParameters(given.value('postgresql_with'), translation)
  const sql = keys.map((key) => keySql(key, translation))
  const suffixed = sql.map(({ sql, name }) => `${sql}${operators.has(name) ? ` ${operators.get(name)}` : ''}`)
  const columns = sql.map(({ column }) => column)
  const own = nameOf(
    'ix',
    name,
    { table, columns: columns.every((column) => column !== null) ? columns : null },
    translation,
  )
  return [
    `CREATE ${given.flag('unique') === true ? 'UNIQUE ' : ''}INDEX `,
    given.flag('postgresql_concurrently') === true ? 'CONCURRENTLY ' : '',
    given.flag('if_not_exists') === true ? 'IF NOT EXISTS ' : '',
    `${own === null ? translation.fails('the index has no name: this always fails') : identifier(own)} ON ${identifier(table)} `,
    using === null ? '' : `USING ${using.toLowerCase()} `,
    `(${suffixed.join(', ')})`,
    including(given),
    nullsDistinct(given),
    storage,
    tablespace === null ? '' : ` TABLESPACE ${identifier(tablespace)}`,
    where === undefined ? '' : ` WHERE ${ddlExpression(where, translation)}`,
  ].join('')
}

interface Key {
  readonly sql: string
  /** How options speak of it. */
  readonly name: string
  /** Its column, when it is one and nothing more. */
  readonly column: string | null
}

/** One key of an index: a string is a column, and `sa.text` is what it says. */
function keySql(key: Value, translation: Translation): Key {
  if (key.kind === 'string') return { sql: identifier(key.text), name: key.text, column: key.text }
  const [inner] = argumentsOf(key).positional
  const kind = sqlalchemyName(key)
  if (/^[cC]olumn$/.test(kind ?? '') && inner !== undefined) {
    const name = textOf(inner, translation)
    return { sql: identifier(name), name, column: name }
  }
  if (key.kind === 'attribute' && key.receiver.kind === 'attribute' && key.receiver.name === 'c')
    return { sql: identifier(key.name), name: key.name, column: key.name }
  // `sa.desc('a')` speaks of the column a; `sa.func.lower('a')` of the text.
  const ordered = kind === 'desc' || kind === 'asc' ? inner : undefined
  if (ordered?.kind === 'string')
    return { sql: `${identifier(ordered.text)} ${kind === 'desc' ? 'DESC' : 'ASC'}`, name: ordered.text, column: null }
  const expression = expressionOf(key, translation)
  const { title } = expression
  const sql = bareSql(grouped(expression, null), translation)
  const named = title.kind === 'label' || title.kind === 'column' ? title.name : sql
  return { sql, name: named, column: null }
}

/** `WITH (a = b)` of an index or a table, with a leading space. */
export function storageParameters(value: Value | undefined, translation: Translation): string {
  if (value === undefined) return ''
  if (value.kind !== 'dict') return translation.problem(describe(value))
  const parts = value.entries.map(({ key, value }) => {
    const name = textOf(key, translation)
    if (value.kind === 'none') return name
    const text =
      value.kind === 'boolean' ? String(value.is) : value.kind === 'number' ? value.text : textOf(value, translation)
    return `${name} = ${text}`
  })
  return parts.length === 0 ? '' : ` WITH (${parts.join(', ')})`
}
