import type { QualifiedName } from '../../../model/names.js'
import { describe, type Value } from '../python/value.js'
import { argumentsOf, parameters, sqlalchemyName, textOf, type Parameters, type Translation } from '../translation.js'
import { ddlExpression } from './default.js'
import { identifier, identifierList } from './identifier.js'
import { nameOf } from './naming.js'

/** `CONSTRAINT name `, or nothing when PostgreSQL is to find a name. */
export function constraintName(name: string | null): string {
  return name === null ? '' : `CONSTRAINT ${identifier(name)} `
}

/** Parameters that every constraint may have. */
export const DEFERRAL = ['deferrable', 'initially'] as const

/** Keywords with a word of SQL: SQLAlchemy refuses anything else. */
function phrase(given: Parameters, name: string, form: RegExp, translation: Translation): string | null {
  const text = given.optionalString(name)
  if (text === null || form.test(text)) return text
  return translation.problem(`${name} is ${text}, which SQLAlchemy refuses`)
}

const WORDS = /^\w+(?:\s+\w+)*$/
/** `SET NULL` may name columns. */
const ONDELETE = /^\w+(?:\s+\w+)*(?:\s*\(\s*(?:[\w$]+|"(?:[^"]|"")+")(?:\s*,\s*(?:[\w$]+|"(?:[^"]|"")+"))*\s*\))?$/

/** DEFERRABLE and INITIALLY, with a leading space. */
export function deferral(given: Parameters, translation: Translation): string {
  const deferrable = given.flag('deferrable')
  const initially = phrase(given, 'initially', WORDS, translation)
  return `${deferrable === null ? '' : deferrable ? ' DEFERRABLE' : ' NOT DEFERRABLE'}${initially === null ? '' : ` INITIALLY ${initially}`}`
}

/** NOT VALID, with a leading space. */
export function notValid(given: Parameters): string {
  return given.flag('postgresql_not_valid') === true ? ' NOT VALID' : ''
}

/** Parameters of a foreign key beside its columns. */
export const ACTIONS = ['onupdate', 'ondelete', ...DEFERRAL, 'match', 'postgresql_not_valid', 'use_alter'] as const

/** MATCH, ON DELETE and what else follows the columns of a foreign key. */
export function actions(given: Parameters, translation: Translation): string {
  const match = phrase(given, 'match', WORDS, translation)
  const ondelete = phrase(given, 'ondelete', ONDELETE, translation)
  const onupdate = phrase(given, 'onupdate', WORDS, translation)
  return [
    match === null ? '' : ` MATCH ${match}`,
    ondelete === null ? '' : ` ON DELETE ${ondelete}`,
    onupdate === null ? '' : ` ON UPDATE ${onupdate}`,
    deferral(given, translation),
  ].join('')
}

/** `FOREIGN KEY(…) REFERENCES …` with its actions. */
export function foreignKey(
  columns: readonly string[],
  table: string,
  remote: readonly string[],
  given: Parameters,
  translation: Translation,
): string {
  if (columns.length !== remote.length) translation.problem('a foreign key has not as many columns on both sides')
  return `FOREIGN KEY${identifierList(columns)} REFERENCES ${table} ${identifierList(remote)}${actions(given, translation)}${notValid(given)}`
}

/** A column that a foreign key points to. */
export interface Reference {
  readonly table: QualifiedName
  readonly column: string
}

/** The table and column of a reference such as `schema.table.column`. */
export function reference(target: string, translation: Translation): Reference {
  const parts = target.split('.')
  const column = parts.at(-1) ?? ''
  const name = parts.at(-2)
  if (name === undefined) translation.problem(`the foreign key points to ${target}, which names no table`)
  return { table: { schema: parts.slice(0, -2).join('.'), name: name ?? '' }, column }
}

/** A constraint of a new table. */
export interface NewConstraint {
  readonly sql: string
  /** Columns of a primary key. */
  readonly primaryKey: readonly string[] | null
  /** Columns of a foreign key. */
  readonly foreignKey: readonly string[]
  readonly name: string | null
  /** Whether it is left out of the new table, to be added later by somebody. */
  readonly later?: boolean
}

const IGNORED = /^(info|comment|link_to_name|quote|_.*|(mysql|mariadb|mssql|sqlite|oracle)_.*)$/

/** A constraint that stands in the arguments of a new table; null for anything else. */
export function tableConstraint(value: Value, table: QualifiedName, translation: Translation): NewConstraint | null {
  const call = argumentsOf(value)
  const names = (given: Parameters): readonly string[] => given.rest.map((item) => columnName(item, translation))
  switch (sqlalchemyName(value)) {
    case 'PrimaryKeyConstraint': {
      const keywords = ['name', 'postgresql_include', ...DEFERRAL]
      const given = parameters(call, { rest: true, keywords, ignored: IGNORED }, translation)
      const columns = names(given)
      const name = nameOf('pk', given.value('name'), { table, columns }, translation)
      return { sql: including(given) + deferral(given, translation), primaryKey: columns, foreignKey: [], name }
    }
    case 'ForeignKeyConstraint': {
      const order = ['columns', 'refcolumns', 'name']
      const given = parameters(call, { order, keywords: [...ACTIONS, 'table'], ignored: IGNORED }, translation)
      const targets = references(given.value('refcolumns'), translation)
      const columns = columnNames(given.value('columns'), translation)
      const remote = targets.map(({ column }) => column)
      const to = targets[0]?.table ?? { schema: '', name: translation.problem('refcolumns is missing') }
      const name = nameOf(
        'fk',
        given.value('name'),
        { table, columns, referred: { table: to.name, columns: remote } },
        translation,
      )
      const sql = foreignKey(columns, identifier(to), remote, given, translation)
      const later = given.flag('use_alter') === true
      return { sql: constraintName(name) + sql, primaryKey: null, foreignKey: columns, name, later }
    }
    case 'UniqueConstraint': {
      const given = parameters(
        call,
        { rest: true, keywords: ['name', ...DEFERRAL, ...UNIQUE], ignored: IGNORED },
        translation,
      )
      const columns = names(given)
      const name = nameOf('uq', given.value('name'), { table, columns }, translation)
      return other(`${constraintName(name)}${unique(columns, given, translation)}`)
    }
    case 'CheckConstraint':
      return other(check(value, table, translation))
    case 'ExcludeConstraint': {
      const keywords = ['name', ...EXCLUSION, ...DEFERRAL]
      const given = parameters(call, { rest: true, keywords, ignored: IGNORED }, translation)
      const name = nameOf(null, given.value('name'), { table, columns: null }, translation)
      return other(`${constraintName(name)}${exclusion(given, translation)}`)
    }
    default:
      return null
  }
}

function other(sql: string): NewConstraint {
  return { sql, primaryKey: null, foreignKey: [], name: null }
}

/** The name of a column that a constraint speaks of: a string, a column, or `table.c.name`. */
export function columnName(value: Value, translation: Translation): string {
  if (value.kind === 'attribute' && value.receiver.kind === 'attribute' && /^(c|columns)$/.test(value.receiver.name))
    return value.name
  const [first] = argumentsOf(value).positional
  const isColumn = value.kind === 'call' && /^[cC]olumn$/.test(sqlalchemyName(value) ?? '')
  return textOf(isColumn && first !== undefined ? first : value, translation)
}

/** Names of columns in a list. */
export function columnNames(value: Value | undefined, translation: Translation): readonly string[] {
  if (value?.kind === 'list') return value.items.map((item) => columnName(item, translation))
  if (value === undefined) return [translation.problem('the columns are missing')]
  return [translation.problem(value.kind === 'string' ? 'the columns are one string, not a list' : describe(value))]
}

function references(value: Value | undefined, translation: Translation): readonly Reference[] {
  if (value?.kind !== 'list') return []
  return value.items.map((item) => referenceOf(item, translation))
}

/** Where a foreign key points: text, or a column of a table that is written out. */
export function referenceOf(value: Value, translation: Translation): Reference {
  if (value.kind === 'attribute' && value.receiver.kind === 'attribute' && value.receiver.name === 'c') {
    const { receiver } = value.receiver
    const [name] = argumentsOf(receiver).positional
    const schema = argumentsOf(receiver).keywords.get('schema')
    if (name !== undefined && /^[tT]able$/.test(sqlalchemyName(receiver) ?? '')) {
      const inSchema = schema === undefined || schema.kind === 'none' ? '' : textOf(schema, translation)
      return { table: { schema: inSchema, name: textOf(name, translation) }, column: value.name }
    }
  }
  return reference(textOf(value, translation), translation)
}

/** `CHECK (…)` of `sa.CheckConstraint(…)`, with its name. */
export function check(value: Value, table: QualifiedName, translation: Translation): string {
  const keywords = [...DEFERRAL, 'postgresql_not_valid', 'table']
  const given = parameters(argumentsOf(value), { order: ['sqltext', 'name'], keywords, ignored: IGNORED }, translation)
  const condition = given.value('sqltext')
  const sql =
    condition === undefined ? translation.problem('the condition is missing') : ddlExpression(condition, translation)
  const name = nameOf('ck', given.value('name'), { table, columns: null }, translation)
  return `${constraintName(name)}CHECK (${sql})${deferral(given, translation)}${notValid(given)}`
}

/** Parameters of a unique constraint on PostgreSQL. */
export const UNIQUE = ['postgresql_nulls_not_distinct', 'postgresql_include'] as const

/** `UNIQUE (…)` with its options. */
export function unique(columns: readonly string[], given: Parameters, translation: Translation): string {
  return `UNIQUE${nullsDistinct(given)} ${identifierList(columns)}${including(given)}${deferral(given, translation)}`
}

/** INCLUDE of a constraint or an index, with a leading space. */
export function including(given: Parameters): string {
  const include = given.strings('postgresql_include')
  return include.length === 0 ? '' : ` INCLUDE ${identifierList(include)}`
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
  const classes = operatorClasses(given.value('ops'), translation)
  const elements = given.rest.map((item) => {
    const [key, operator] = item.kind === 'list' ? item.items : []
    if (key === undefined || operator === undefined)
      return translation.problem('an element is not a pair of column and operator')
    const named = key.kind === 'string' || /^[cC]olumn$/.test(sqlalchemyName(key) ?? '')
    const name = named ? columnName(key, translation) : null
    const sql = name === null ? ddlExpression(key, translation) : identifier(name)
    const suffix = name === null ? undefined : classes.get(name)
    return `${sql}${suffix === undefined ? '' : ` ${suffix}`} WITH ${textOf(operator, translation)}`
  })
  const where = given.value('where')
  const using = phrase(given, 'using', WORDS, translation)?.toLowerCase() ?? 'gist'
  const condition = where === undefined ? '' : ` WHERE (${ddlExpression(where, translation)})`
  return `EXCLUDE USING ${using} (${elements.join(', ')})${condition}${deferral(given, translation)}`
}

/** Operator classes by column. */
export function operatorClasses(value: Value | undefined, translation: Translation): ReadonlyMap<string, string> {
  if (value === undefined) return new Map()
  if (value.kind !== 'dict') {
    translation.problem(describe(value))
    return new Map()
  }
  return new Map(value.entries.map(({ key, value }) => [textOf(key, translation), textOf(value, translation)]))
}
