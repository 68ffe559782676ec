import type { QualifiedName } from '../../../model/names.js'
import { describe, type Value } from '../python/value.js'
import {
  argumentsOf,
  ELSEWHERE,
  parameters,
  sqlalchemyName,
  textOf,
  type Parameters,
  type Translation,
} from '../translation.js'
import { columnIndexes, columnOf, columnSql, columnUnique, serialOf, type Column } from './column.js'
import { constraintName, tableConstraint, type NewConstraint } from './constraint.js'
import { createDomain, isCreatedWithTable } from './domain.js'
import { createEnumOnce } from './enum.js'
import { identifier, identifierList } from './identifier.js'
import { createIndexSql, storageParameters } from './index-sql.js'
import { literal } from './literal.js'
import { nameOf } from './naming.js'
import { itemType, postgresVariant } from './type.js'

/** Parameters of a new table that PostgreSQL hears of. */
export const TABLE = [
  ...['comment', 'prefixes', 'postgresql_partition_by', 'postgresql_tablespace', 'postgresql_on_commit'],
  ...['postgresql_with', 'postgresql_inherits', 'postgresql_using', 'postgresql_with_oids', 'quote', 'quote_schema'],
] as const

/** Parameters of a new table for Python alone. */
export const TABLE_IGNORED = new RegExp(
  `^(implicit_returning|keep_existing|extend_existing|must_exist|listeners|sqlalchemy_\\w+|postgresql_ignore_search_path|_constraints_included)$|${ELSEWHERE.source}`,
)

/** What a new table sends, in order. */
export interface NewTable {
  /** CREATE TYPE and CREATE DOMAIN of its columns. */
  readonly types: readonly string[]
  readonly table: string
  readonly indexes: readonly string[]
  readonly comments: readonly string[]
}

/** Reads `sa.Table(name, metadata, …)`; null for anything else. */
export function newTable(value: Value, ifNotExists: boolean, translation: Translation): NewTable | null {
  if (sqlalchemyName(value) !== 'Table') return null
  const given = parameters(
    argumentsOf(value),
    { order: ['name', 'metadata'], rest: true, keywords: [...TABLE, 'schema'], ignored: TABLE_IGNORED },
    translation,
  )
  const target = { schema: given.optionalString('schema') ?? '', name: given.string('name') }
  return createTableSql(target, given, ifNotExists, translation)
}

/** DROP TABLE of `sa.Table(…)`; null for anything else. */
export function droppedTable(value: Value, ifExists: boolean, translation: Translation): string | null {
  if (sqlalchemyName(value) !== 'Table') return null
  const { positional, keywords } = argumentsOf(value)
  const [name] = positional
  const schema = keywords.get('schema')
  const inSchema = schema === undefined || schema.kind === 'none' ? '' : textOf(schema, translation)
  const target = {
    schema: inSchema,
    name: name === undefined ? translation.problem('the table has no name') : textOf(name, translation),
  }
  return `DROP TABLE ${ifExists ? 'IF EXISTS ' : ''}${identifier(target)}`
}

/** CREATE TABLE from its parts, with what goes before and after it. */
export function createTableSql(
  target: QualifiedName,
  given: Parameters,
  ifNotExists: boolean,
  translation: Translation,
): NewTable {
  if (given.flag('quote') === false) translation.problem('the name of the table is not to be quoted')
  const columns: Column[] = []
  const constraints: NewConstraint[] = []
  const indexes: string[] = []
  const parts = given.rest
  for (const value of parts.filter((part) => sqlalchemyName(part) === 'Column')) {
    const column = columnOf(value, target, translation, columns)
    if (column !== null) columns.push(column)
  }
  for (const value of parts) {
    const kind = sqlalchemyName(value)
    if (kind === 'Column') continue
    const constraint = tableConstraint(value, target, translation)
    if (constraint !== null) constraints.push(constraint)
    else if (kind === 'Index') indexes.push(createIndexSql(argumentsOf(value), target, translation))
    else translation.problem(describe(value))
  }
  const key = primaryKeyOf(target, columns, constraints, parts, translation)
  const body = [
    ...columns.map((column) => {
      const own = columnSql(inKey(column, key.columns), column === key.counts ? serialOf(column) : null)
      return [own, ...column.checks].join(' ')
    }),
    ...(key.columns.length === 0
      ? []
      : [`${constraintName(key.name)}PRIMARY KEY ${identifierList(key.columns)}${key.suffix}`]),
    ...constraints.flatMap(({ sql, primaryKey, later }) => (primaryKey === null && later !== true ? [sql] : [])),
    ...columns.flatMap((column) => [
      ...listed(columnUnique(column, target, translation)),
      ...listed(column.typeCheck),
      ...column.references.flatMap(({ sql, later }) => (later ? [] : [sql])),
    ]),
  ]
  return {
    types: columns.flatMap(({ type }) => typesOf(type, target.schema || null, translation)),
    table: `CREATE ${prefixes(given)}TABLE ${ifNotExists ? 'IF NOT EXISTS ' : ''}${identifier(target)} (\n    ${body.join(',\n    ')}\n)${suffixes(given, translation)}`,
    indexes: [...columns.flatMap((column) => columnIndexes(column, target, translation)), ...indexes],
    comments: comments(target, given.optionalString('comment'), columns),
  }
}

function listed(sql: string | null): readonly string[] {
  return sql === null ? [] : [sql]
}

/** CREATE TYPE or CREATE DOMAIN for the type of a new table's column. */
function typesOf(type: Value, schema: string | null, translation: Translation): readonly string[] {
  const own = postgresVariant(type) ?? type
  const item = itemType(own)
  if (sqlalchemyName(item) !== 'DOMAIN') return createEnumOnce(item, schema, translation)
  const sql = isCreatedWithTable(item, translation) ? createDomain(item, translation) : null
  if (sql === null || translation.createdTypes.has(sql)) return []
  translation.createdTypes.add(sql)
  return [sql]
}

/** The primary key's columns, the one that counts by itself first, as SQLAlchemy orders them when no constraint says otherwise. */
function primaryKeyOf(
  table: QualifiedName,
  columns: readonly Column[],
  constraints: readonly NewConstraint[],
  parts: readonly Value[],
  translation: Translation,
) {
  const declared = constraints.find(({ primaryKey }) => primaryKey !== null)
  const implicit = columns.flatMap(({ primaryKey, name }) => (primaryKey ? [name] : []))
  const names = [...new Set(declared?.primaryKey ?? implicit)]
  const members = columns.filter(({ name }) => names.includes(name))
  const referring = new Set(constraints.flatMap(({ foreignKey }) => foreignKey))
  const byItself = (column: Column): boolean =>
    names.length === 1 &&
    !column.filledByServer &&
    (column.autoincrement === 'ignore_fk' || (column.references.length === 0 && !referring.has(column.name)))
  const counts = members.find((column) => {
    if (serialOf(column) === null && column.identity === null) return false
    const { autoincrement } = column
    return autoincrement === true || (autoincrement !== false && byItself(column))
  })
  const first = counts === undefined || declared !== undefined ? [] : [counts.name]
  const name =
    declared === undefined && names.length > 0
      ? nameOf('pk', undefined, { table, columns: names }, translation)
      : (declared?.name ?? null)
  for (const column of names)
    if (!columns.some((other) => other.name === column) && parts.length > 0)
      translation.problem(`the primary key names ${column}, which is no column of the table`)
  return {
    columns: [...first, ...names.filter((name) => !first.includes(name))],
    counts,
    name,
    suffix: declared?.sql ?? '',
  }
}

function inKey(column: Column, key: readonly string[]): Column {
  return key.includes(column.name) ? { ...column, primaryKey: true } : column
}

function prefixes(given: Parameters): string {
  return given
    .strings('prefixes')
    .map((prefix) => `${prefix} `)
    .join('')
}

function suffixes(given: Parameters, translation: Translation): string {
  const inherits = given.strings('postgresql_inherits')
  const partition = given.optionalString('postgresql_partition_by')
  const using = given.optionalString('postgresql_using')
  const oids = given.flag('postgresql_with_oids')
  const onCommit = given.optionalString('postgresql_on_commit')
  const tablespace = given.optionalString('postgresql_tablespace')
  return [
    inherits.length === 0 ? '' : ` INHERITS ${identifierList(inherits)}`,
    partition === null ? '' : ` PARTITION BY ${partition}`,
    using === null ? '' : ` USING ${using}`,
    storageParameters(given.value('postgresql_with'), translation),
    oids === null ? '' : oids ? ' WITH OIDS' : ' WITHOUT OIDS',
    onCommit === null ? '' : ` ON COMMIT ${onCommit.replaceAll('_', ' ').toUpperCase()}`,
    tablespace === null ? '' : ` TABLESPACE ${identifier(tablespace)}`,
  ].join('')
}

function comments(target: QualifiedName, comment: string | null, columns: readonly Column[]): readonly string[] {
  return [
    ...(comment === null ? [] : [`COMMENT ON TABLE ${identifier(target)} IS ${literal(comment)}`]),
    ...columns.flatMap((column) => columnComment(target, column)),
  ]
}

/** COMMENT ON COLUMN, where the column has one. */
export function columnComment(target: QualifiedName, { name, comment }: Column): readonly string[] {
  return comment === null ? [] : [`COMMENT ON COLUMN ${identifier(target)}.${identifier(name)} IS ${literal(comment)}`]
}
