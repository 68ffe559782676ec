import { describe, type Value } from '../python/value.js'
import { textSql } from '../sql/text.js'
import { argumentsOf, parameters, type Translation } from '../translation.js'
import type { OperationSql } from './operation.js'

/** A column of the enum, as alembic-postgresql-enum is told of it. */
interface Affected {
  readonly table: string
  readonly column: string
  readonly array: boolean
  readonly default: string | null
}

type Renamed = readonly (readonly [string, string])[]

/**
 * `op.sync_enum_values` of alembic-postgresql-enum (https://github.com/Pogchamp-company/alembic-postgresql-enum): a new type in
 * place of the old one, with operators between the two while columns move.
 */
export const syncEnumValues: OperationSql = (call, translation) => {
  const order = [
    ...['enum_schema', 'enum_name', 'new_values', 'affected_columns', 'enum_values_to_rename', 'indexes_to_recreate'],
  ]
  const given = parameters(call, { order, ignored: /^$/ }, translation)
  const schema = given.string('enum_schema')
  const name = given.string('enum_name')
  const labels = given.strings('new_values')
  const renamed = pairs(given.value('enum_values_to_rename'), translation)
  const indexes = listOf(given.value('indexes_to_recreate'), translation).map((item) => indexOf(item, translation))
  const type = `"${schema}"."${name}"`
  const old = `"${schema}"."${name}_old"`
  const columns = listOf(given.value('affected_columns'), translation).map((item) =>
    affected(item, schema, translation),
  )
  const replaced = ({ sql }: Index): string =>
    renamed.reduce(
      (text, [from, to]) =>
        text
          .replaceAll(`'${from}'::${name}`, `'${to}'::${name}`)
          .replaceAll(`'${from}'::${schema}.${name}`, `'${to}'::${schema}.${name}`),
      sql,
    )
  return [
    `ALTER TYPE ${type} RENAME TO "${name}_old"`,
    `CREATE TYPE ${type} AS ENUM(${labels.map((label) => `'${label}'`).join(', ')})`,
    ...OPERATORS.flatMap((operator) => createOperator(operator, schema, type, old, renamed)),
    ...indexes.map((index) => `DROP INDEX IF EXISTS ${index.name}`),
    ...columns.flatMap((column) => moved(column, `${schema === '' ? '' : `${schema}.`}${name}`, type, renamed)),
    ...OPERATORS.flatMap(([symbol, called]) => [
      `DROP OPERATOR IF EXISTS "${schema}".${symbol} (${type}, ${old})`,
      `DROP FUNCTION "${schema}".${called}(new_enum_val ${type}, old_enum_val ${old})`,
    ]),
    `DROP TYPE ${old}`,
    ...indexes.map(replaced),
  ].map((sql) => textSql(sql, translation))
}

/** `op.add_enum_value` of the same package. */
export const addEnumValue: OperationSql = (call, translation) => {
  const given = parameters(
    call,
    { order: ['enum_schema', 'enum_name', 'new_value', 'before_value'], ignored: /^$/ },
    translation,
  )
  const type = `"${given.string('enum_schema')}"."${given.string('enum_name')}"`
  const before = given.optionalString('before_value')
  // The package calls it "before", and writes AFTER.
  const place = before === null || before === '' ? '' : ` AFTER '${before}'`
  return [textSql(`ALTER TYPE ${type} ADD VALUE '${given.string('new_value')}'${place}`, translation)]
}

const OPERATORS = [
  ['!=', 'new_old_not_equals'],
  ['=', 'new_old_equals'],
] as const

function createOperator(
  [symbol, name]: (typeof OPERATORS)[number],
  schema: string,
  type: string,
  old: string,
  renamed: Renamed,
): readonly string[] {
  const whens = renamed.map(([from, to]) => `WHEN old_enum_val::text = '${from}' THEN '${to}'`)
  const right = whens.length === 0 ? 'old_enum_val::text' : `CASE ${whens.join(' ')} ELSE old_enum_val::text END`
  const called = `"${schema}".${name}`
  return [
    `CREATE FUNCTION ${called}(new_enum_val ${type}, old_enum_val ${old}) RETURNS boolean AS $$ SELECT new_enum_val::text ${symbol} ${right}; $$ LANGUAGE SQL IMMUTABLE`,
    `CREATE OPERATOR "${schema}".${symbol} (leftarg = ${type}, rightarg = ${old}, procedure = ${called})`,
  ]
}

/** The column's default goes, its type changes, and the default comes back. */
function moved(column: Affected, name: string, type: string, renamed: Renamed): readonly string[] {
  const alter = `ALTER TABLE ${column.table} ALTER COLUMN ${column.column}`
  const change = column.array ? arrayCast(column, type, renamed) : cast(column, type, renamed)
  if (column.default === null) return [`${alter} TYPE ${change}`]
  return [
    `${alter} DROP DEFAULT`,
    `${alter} TYPE ${change}`,
    `${alter} SET DEFAULT ${movedDefault(column.default, name, renamed)}`,
  ]
}

function cast({ column }: Affected, type: string, renamed: Renamed): string {
  if (renamed.length === 0) return `${type} USING ${column}::text::${type}`
  const whens = renamed.map(([from, to]) => `WHEN ${column}::text = '${from}' THEN '${to}'::${type}`)
  return `${type} USING CASE ${whens.join(' ')} ELSE ${column}::text::${type} END`
}

function arrayCast({ column }: Affected, type: string, renamed: Renamed): string {
  const text = renamed.reduce((sql, [from, to]) => `array_replace(${sql}, '${from}', '${to}')`, `${column}::text[]`)
  return `${type}[] USING ${text}::${type}[]`
}

/** The default with its labels renamed and its type that of the new enum. */
function movedDefault(text: string, name: string, renamed: Renamed): string {
  const labels = (sql: string): string =>
    renamed.reduce(
      (result, [from, to]) => result.replaceAll(`'${from}'`, `'${to}'`).replaceAll(`"${from}"`, `"${to}"`),
      sql,
    )
  if (text.startsWith('ARRAY[')) return labels(text).replace(/::[.\w]+/g, `::${name}`)
  const plain = labels(text.slice(0, text.indexOf('::')))
  return `${plain}::${name}${text.endsWith('[]') ? '[]' : ''}`
}

function listOf(value: Value | undefined, translation: Translation): readonly Value[] {
  if (value === undefined) return []
  if (value.kind === 'list') return value.items
  translation.problem(describe(value))
  return []
}

function pairs(value: Value | undefined, translation: Translation): Renamed {
  return listOf(value, translation).map((item) => {
    const [from, to] = item.kind === 'list' ? item.items : []
    if (from?.kind === 'string' && to?.kind === 'string') return [from.text, to.text]
    translation.problem(describe(item))
    return ['', '']
  })
}

/** `TableReference(…)`; of a tuple the package asks the database for the default. */
function affected(value: Value, enumSchema: string, translation: Translation): Affected {
  if (value.kind !== 'call' || !/^alembic_postgresql_enum\.(\w+\.)*TableReference$/.test(value.path)) {
    const asks =
      value.kind === 'list' ? 'it needs the database: the defaults of its columns are asked for there' : describe(value)
    translation.problem(asks)
    return { table: '', column: '', array: false, default: null }
  }
  const order = ['table_name', 'column_name', 'table_schema', 'column_type', 'existing_server_default']
  const given = parameters(argumentsOf(value), { order, ignored: /^$/ }, translation)
  const schema = given.has('table_schema') ? (given.optionalString('table_schema') ?? '') : enumSchema
  const type = given.value('column_type')
  const array = type?.kind === 'name' && type.path.endsWith('.ColumnType.ARRAY')
  if (type !== undefined && !array && !(type.kind === 'name' && type.path.endsWith('.ColumnType.COMMON')))
    translation.problem(describe(type))
  return {
    table: `${schema === '' ? '' : `"${schema}".`}"${given.string('table_name')}"`,
    column: `"${given.string('column_name')}"`,
    array,
    default: given.optionalString('existing_server_default'),
  }
}

interface Index {
  readonly name: string
  readonly sql: string
}

/** `TableIndex(name, definition)`. */
function indexOf(value: Value, translation: Translation): Index {
  if (value.kind !== 'call' || !value.path.endsWith('.TableIndex')) translation.problem(describe(value))
  const given = parameters(argumentsOf(value), { order: ['name', 'definition'], ignored: /^$/ }, translation)
  const [, schema, name] = /^(?:(.*)\.)?(.*)$/s.exec(given.string('name')) ?? []
  const bare = (text: string): string => `"${text.replace(/^"+|"+$/g, '')}"`
  return {
    name: `${schema === undefined ? '' : `${bare(schema)}.`}${bare(name ?? '')}`,
    sql: given.string('definition'),
  }
}
