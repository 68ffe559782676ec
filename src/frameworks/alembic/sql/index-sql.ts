import { quote, type QualifiedName } from '../../../model/names.js'
import { describe, type Arguments, type Value } from '../python/value.js'
import { argumentsOf, parameters, sqlalchemyName, textOf, type Parameters, type Translation } from '../translation.js'
import { columnList, nullsDistinct } from './constraint.js'
import { constant, expression } from './literal.js'

/** Parameters of an index on PostgreSQL. */
export const INDEX = [
  ...['unique', 'if_not_exists', 'postgresql_concurrently', 'postgresql_using', 'postgresql_where', 'postgresql_ops'],
  ...['postgresql_with', 'postgresql_include', 'postgresql_nulls_not_distinct', 'postgresql_tablespace'],
] as const

/** CREATE INDEX for `sa.Index(name, …)` among the arguments of a new table. */
export function createIndexSql(call: Arguments, table: QualifiedName, translation: Translation): string {
  const given = parameters(call, { order: ['name'], rest: true, keywords: INDEX }, translation)
  return indexSql(given.optionalString('name'), table, given.rest, given, translation)
}

/** CREATE INDEX with its options. */
export function indexSql(
  name: string | null,
  table: QualifiedName,
  keys: readonly Value[],
  given: Parameters,
  translation: Translation,
): string {
  const using = given.optionalString('postgresql_using')
  const include = given.strings('postgresql_include')
  const where = given.value('postgresql_where')
  const tablespace = given.optionalString('postgresql_tablespace')
  const operators = entries(given.value('postgresql_ops'), translation)
  const storage = entries(given.value('postgresql_with'), translation)
  const sql = keys.map((key) => keySql(key, translation))
  const suffixed = sql.map(({ sql, name }) => `${sql}${operators.has(name) ? ` ${operators.get(name)}` : ''}`)
  return [
    `CREATE ${given.flag('unique') === true ? 'UNIQUE ' : ''}INDEX `,
    given.flag('postgresql_concurrently') === true ? 'CONCURRENTLY ' : '',
    given.flag('if_not_exists') === true ? 'IF NOT EXISTS ' : '',
    `${quote(name ?? defaultName(table, sql[0]?.name ?? ''))} ON ${quote(table)} `,
    using === null ? '' : `USING ${using} `,
    `(${suffixed.join(', ')})`,
    include.length === 0 ? '' : ` INCLUDE ${columnList(include)}`,
    nullsDistinct(given),
    storage.size === 0 ? '' : ` WITH (${[...storage].map(([name, value]) => `${name} = ${value}`).join(', ')})`,
    tablespace === null ? '' : ` TABLESPACE ${quote(tablespace)}`,
    where === undefined ? '' : ` WHERE ${expression(where, translation)}`,
  ].join('')
}

function defaultName(table: QualifiedName, column: string): string {
  return ['ix', ...(table.schema === '' ? [] : [table.schema]), table.name, column].join('_')
}

/** One key of an index: a string is a column, and `sa.text` is what it says. `name` is how options speak of it. */
function keySql(key: Value, translation: Translation): { readonly sql: string; readonly name: string } {
  if (key.kind === 'string') return { sql: quote(key.text), name: key.text }
  const kind = sqlalchemyName(key)
  const [inner] = argumentsOf(key).positional
  if ((kind === 'desc' || kind === 'asc') && inner !== undefined) {
    const { sql, name } = keySql(inner, translation)
    return { sql: `${sql} ${kind.toUpperCase()}`, name }
  }
  if (kind === 'column' && inner !== undefined) {
    const name = textOf(inner, translation)
    return { sql: quote(name), name }
  }
  if (key.kind === 'method' && ORDERINGS[key.name] !== undefined && key.positional.length === 0) {
    const { sql, name } = keySql(key.receiver, translation)
    return { sql: `${sql} ${ORDERINGS[key.name]}`, name }
  }
  const sql = expression(key, translation)
  return { sql, name: sql }
}

const ORDERINGS: Readonly<Record<string, string | undefined>> = {
  asc: 'ASC',
  desc: 'DESC',
  nulls_first: 'NULLS FIRST',
  nullsfirst: 'NULLS FIRST',
  nulls_last: 'NULLS LAST',
  nullslast: 'NULLS LAST',
}

function entries(value: Value | undefined, translation: Translation): ReadonlyMap<string, string> {
  if (value === undefined) return new Map()
  if (value.kind !== 'dict') {
    translation.problem(describe(value))
    return new Map()
  }
  return new Map(
    value.entries.map(({ key, value }) => [
      textOf(key, translation),
      value.kind === 'string' ? value.text : (constant(value) ?? translation.problem(describe(value))),
    ]),
  )
}
