import { quote } from '../../../model/names.js'
import { argumentsOf, parameters, textOf, type Parameters, type Translation } from '../translation.js'
import type { Value } from '../python/value.js'
import { expression, textSql } from './literal.js'

/** `CONSTRAINT name `, or nothing when PostgreSQL is to find a name. */
export function constraintName(name: string | null): string {
  return name === null ? '' : `CONSTRAINT ${quote(name)} `
}

/** Column names in parentheses. */
export function columnList(names: readonly string[]): string {
  return `(${names.map(quote).join(', ')})`
}

/** Parameters that every constraint may have. */
export const DEFERRAL = ['deferrable', 'initially'] as const

/** DEFERRABLE and INITIALLY, with a leading space. */
export function deferral(given: Parameters): string {
  const deferrable = given.flag('deferrable')
  const initially = given.optionalString('initially')
  return `${deferrable === null ? '' : deferrable ? ' DEFERRABLE' : ' NOT DEFERRABLE'}${initially === null ? '' : ` INITIALLY ${initially}`}`
}

/** Parameters of a foreign key beside its columns. */
export const ACTIONS = ['onupdate', 'ondelete', ...DEFERRAL, 'match', 'postgresql_not_valid', 'use_alter'] as const

/** `FOREIGN KEY(…) REFERENCES …` with its actions. */
export function foreignKey(
  columns: readonly string[],
  table: string,
  remote: readonly string[],
  given: Parameters,
): string {
  const match = given.optionalString('match')
  const ondelete = given.optionalString('ondelete')
  const onupdate = given.optionalString('onupdate')
  return [
    `FOREIGN KEY${columnList(columns)} REFERENCES ${table} ${columnList(remote)}`,
    match === null ? '' : ` MATCH ${match}`,
    ondelete === null ? '' : ` ON DELETE ${ondelete}`,
    onupdate === null ? '' : ` ON UPDATE ${onupdate}`,
    deferral(given),
    given.flag('postgresql_not_valid') === true ? ' NOT VALID' : '',
  ].join('')
}

/** The table and column of a reference such as `schema.table.column`. */
export function reference(
  target: string,
  translation: Translation,
): { readonly table: string; readonly column: string } {
  const parts = target.split('.')
  const column = parts.at(-1) ?? ''
  const name = parts.at(-2)
  if (name === undefined) translation.problem(`the foreign key points to ${target}, which names no table`)
  return { table: quote({ schema: parts.slice(0, -2).join('.'), name: name ?? '' }), column }
}

/** A constraint of a new table. */
export interface NewConstraint {
  readonly sql: string
  /** Columns of a primary key. */
  readonly primaryKey: readonly string[] | null
  /** Columns of a foreign key. */
  readonly foreignKey: readonly string[]
  readonly name: string | null
}

/** A constraint that stands in the arguments of `create_table`. */
export function tableConstraint(kind: string, value: Value, translation: Translation): NewConstraint | null {
  const call = argumentsOf(value)
  const names = (given: Parameters): readonly string[] => given.rest.map((item) => textOf(item, translation))
  switch (kind) {
    case 'PrimaryKeyConstraint': {
      const given = parameters(call, { rest: true, keywords: ['name', ...DEFERRAL] }, translation)
      const name = given.optionalString('name')
      const columns = names(given)
      return { sql: deferral(given), primaryKey: columns, foreignKey: [], name }
    }
    case 'ForeignKeyConstraint': {
      const order = ['columns', 'refcolumns', 'name']
      const given = parameters(
        call,
        { order, keywords: ACTIONS, ignored: /^(link_to_name|info|comment)$/ },
        translation,
      )
      if (given.flag('use_alter') === true)
        translation.problem('a foreign key with use_alter is left out of the new table')
      const targets = given.strings('refcolumns').map((target) => reference(target, translation))
      const columns = given.strings('columns')
      const name = given.optionalString('name')
      const remote = targets.map(({ column }) => column)
      const sql = foreignKey(columns, targets[0]?.table ?? translation.problem('refcolumns is missing'), remote, given)
      return { sql: constraintName(name) + sql, primaryKey: null, foreignKey: columns, name }
    }
    case 'UniqueConstraint': {
      const given = parameters(call, { rest: true, keywords: ['name', ...DEFERRAL, ...UNIQUE] }, translation)
      return other(`${constraintName(given.optionalString('name'))}${unique(names(given), given)}`)
    }
    case 'CheckConstraint':
      return other(check(value, translation))
    case 'ExcludeConstraint': {
      const given = parameters(call, { rest: true, keywords: ['name', ...EXCLUSION, ...DEFERRAL] }, translation)
      return other(`${constraintName(given.optionalString('name'))}${exclusion(given, translation)}`)
    }
    default:
      return null
  }
}

function other(sql: string): NewConstraint {
  return { sql, primaryKey: null, foreignKey: [], name: null }
}

/** `CHECK (…)` of `sa.CheckConstraint(…)`, with its name. */
export function check(value: Value, translation: Translation): string {
  const given = parameters(argumentsOf(value), { order: ['sqltext', 'name'], keywords: DEFERRAL }, translation)
  const condition = given.value('sqltext')
  const sql =
    condition === undefined ? translation.problem('the condition is missing') : expression(condition, translation)
  return `${constraintName(given.optionalString('name'))}CHECK (${sql})${deferral(given)}`
}

/** Parameters of a unique constraint on PostgreSQL. */
export const UNIQUE = ['postgresql_nulls_not_distinct', 'postgresql_include'] as const

/** `UNIQUE (…)` with its options. */
export function unique(columns: readonly string[], given: Parameters): string {
  const include = given.strings('postgresql_include')
  return `UNIQUE${nullsDistinct(given)} ${columnList(columns)}${include.length === 0 ? '' : ` INCLUDE ${columnList(include)}`}${deferral(given)}`
}

/** NULLS [NOT] DISTINCT of a unique constraint or index, with a leading space. */
export function nullsDistinct(given: Parameters): string {
  const not = given.flag('postgresql_nulls_not_distinct')
  return not === null ? '' : not ? ' NULLS NOT DISTINCT' : ' NULLS DISTINCT'
}

/** Parameters of an exclusion constraint. */
export const EXCLUSION = ['using', 'where', 'ops'] as const

/** `EXCLUDE USING … (… WITH …)`. */
export function exclusion(given: Parameters, translation: Translation): string {
  const operators = given.value('ops')
  if (operators !== undefined) translation.problem('the parameter ops is not understood')
  const elements = given.rest.map((item) => {
    const [key, operator] = item.kind === 'list' ? item.items : []
    if (key === undefined || operator === undefined)
      return translation.problem('an element is not a pair of column and operator')
    const [column] = key.kind === 'call' && /^sqlalchemy(\.\w+)*\.column$/.test(key.path) ? key.positional : []
    const written = column ?? key
    const named = key.kind === 'string' || column !== undefined
    return `${named ? quote(textOf(written, translation)) : expression(key, translation)} WITH ${textOf(operator, translation)}`
  })
  const where = given.value('where')
  const using = given.optionalString('using') ?? 'gist'
  const condition =
    where === undefined
      ? ''
      : ` WHERE (${where.kind === 'string' ? textSql(where.text, translation) : expression(where, translation)})`
  return `EXCLUDE USING ${using} (${elements.join(', ')})${condition}${deferral(given)}`
}
