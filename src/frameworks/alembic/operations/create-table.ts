import { quote, type QualifiedName } from '../../../model/names.js'
import { columnIndex, columnOf, columnSql, serialOf, type Column } from '../sql/column.js'
import { columnList, constraintName, tableConstraint, type NewConstraint } from '../sql/constraint.js'
import { createEnumOnce } from '../sql/enum.js'
import { createIndexSql } from '../sql/index-sql.js'
import { literal } from '../sql/literal.js'
import { itemType } from '../sql/type.js'
import { describe } from '../python/value.js'
import { argumentsOf, operationParameters, sqlalchemyName, type Parameters, type Translation } from '../translation.js'
import type { OperationSql } from './operation.js'

const OPTIONS = ['comment', 'if_not_exists', 'prefixes', 'postgresql_partition_by', 'postgresql_tablespace'] as const

/** `op.create_table`: enum types first, then the table, its indexes and its comments. */
export const createTable: OperationSql = (call, translation) => {
  const given = operationParameters(
    call,
    {
      table: 'table_name',
      order: ['table_name'],
      rest: true,
      keywords: [...OPTIONS, 'postgresql_on_commit', 'postgresql_with'],
    },
    translation,
  )
  const { target } = given
  const columns: Column[] = []
  const constraints: NewConstraint[] = []
  const indexes: string[] = []
  for (const value of given.rest) {
    const kind = sqlalchemyName(value)
    const column = columnOf(value, target.schema || null, translation)
    const constraint = kind === null ? null : tableConstraint(kind, value, translation)
    if (column !== null) columns.push(column)
    else if (constraint !== null) constraints.push(constraint)
    else if (kind === 'Index') indexes.push(createIndexSql(argumentsOf(value), { ...target }, translation))
    else if (kind !== 'Column') translation.problem(describe(value))
  }
  const key = primaryKeyOf(columns, constraints)
  const body = [
    ...columns.map((column) => columnSql(inKey(column, key.columns), column === key.counts ? serialOf(column) : null)),
    ...(key.columns.length === 0
      ? []
      : [`${constraintName(key.name)}PRIMARY KEY ${columnList(key.columns)}${key.suffix}`]),
    ...constraints.flatMap(({ sql, primaryKey }) => (primaryKey === null ? [sql] : [])),
    ...columns.flatMap((column) => [
      ...(column.unique && !column.index ? [`UNIQUE ${columnList([column.name])}`] : []),
      ...column.foreignKeys,
    ]),
  ]
  return [
    ...columns.flatMap(({ type }) => createEnumOnce(itemType(type), target.schema || null, translation)),
    `CREATE ${prefixes(given)}TABLE ${given.flag('if_not_exists') === true ? 'IF NOT EXISTS ' : ''}${quote(target)} (\n    ${body.join(',\n    ')}\n)${suffixes(given, translation)}`,
    ...columns.flatMap((column) => (column.index ? [columnIndex(target, column)] : [])),
    ...indexes,
    ...comments(target, given.optionalString('comment'), columns),
  ]
}

/** The primary key's columns, the one that counts by itself first, as SQLAlchemy orders them. */
function primaryKeyOf(columns: readonly Column[], constraints: readonly NewConstraint[]) {
  const declared = constraints.find(({ primaryKey }) => primaryKey !== null)
  const names = [
    ...new Set(declared?.primaryKey ?? columns.flatMap(({ primaryKey, name }) => (primaryKey ? [name] : []))),
  ]
  const members = columns.filter(({ name }) => names.includes(name))
  const referring = new Set(constraints.flatMap(({ foreignKey }) => foreignKey))
  const byItself = (column: Column): boolean =>
    names.length === 1 &&
    column.default === null &&
    (column.autoincrement === 'ignore_fk' || (column.foreignKeys.length === 0 && !referring.has(column.name)))
  const counts = members.find((column) => {
    if (serialOf(column) === null && column.identity === null) return false
    const { autoincrement } = column
    return autoincrement === true || (autoincrement !== false && byItself(column))
  })
  const first = counts === undefined ? [] : [counts.name]
  return {
    columns: [...first, ...names.filter((name) => name !== counts?.name)],
    counts,
    name: declared?.name ?? null,
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
  const partition = given.optionalString('postgresql_partition_by')
  const onCommit = given.optionalString('postgresql_on_commit')
  const tablespace = given.optionalString('postgresql_tablespace')
  if (given.has('postgresql_with')) translation.problem('the parameter postgresql_with is not understood')
  return [
    partition === null ? '' : ` PARTITION BY ${partition}`,
    onCommit === null ? '' : ` ON COMMIT ${onCommit.replaceAll('_', ' ').toUpperCase()}`,
    tablespace === null ? '' : ` TABLESPACE ${quote(tablespace)}`,
  ].join('')
}

function comments(target: QualifiedName, comment: string | null, columns: readonly Column[]): readonly string[] {
  return [
    ...(comment === null ? [] : [`COMMENT ON TABLE ${quote(target)} IS ${literal(comment)}`]),
    ...columns.flatMap((column) =>
      column.comment === null
        ? []
        : [`COMMENT ON COLUMN ${quote(target)}.${quote(column.name)} IS ${literal(column.comment)}`],
    ),
  ]
}
