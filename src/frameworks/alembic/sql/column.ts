import { quote } from '../../../model/names.js'
import { describe, type Value } from '../python/value.js'
import { argumentsOf, parameters, sqlalchemyName, type Parameters, type Translation } from '../translation.js'
import { ACTIONS, check, columnList, constraintName, foreignKey, reference } from './constraint.js'
import { serverDefault, textSql } from './literal.js'
import { typeSql } from './type.js'

/** A column as `sa.Column(…)` declares it. */
export interface Column {
  readonly name: string
  readonly type: Value
  readonly typeSql: string
  /** null when nothing is said. */
  readonly nullable: boolean | null
  readonly default: string | null
  readonly identity: string | null
  readonly computed: string | null
  /** CHECK constraints that stand in the column itself. */
  readonly checks: readonly string[]
  /** Its foreign keys as table constraints. */
  readonly foreignKeys: readonly string[]
  readonly primaryKey: boolean
  readonly autoincrement: 'auto' | 'ignore_fk' | boolean
  /** A default or sequence that Python fills in. */
  readonly filledByPython: boolean
  readonly unique: boolean
  readonly index: boolean
  readonly comment: string | null
}

const KEYWORDS = [
  ...[
    'nullable',
    'primary_key',
    'server_default',
    'unique',
    'index',
    'comment',
    'autoincrement',
    'default',
    'insert_default',
  ],
] as const
const PYTHON_SIDE = /^(onupdate|server_onupdate|doc|info|sort_order|quote|system|mysql_|mssql_|sqlite_|oracle_|_)/

/** Reads `sa.Column(…)`; null when it is none. */
export function columnOf(value: Value, schema: string | null, translation: Translation): Column | null {
  if (sqlalchemyName(value) !== 'Column') return null
  const given = parameters(
    argumentsOf(value),
    { order: ['name', 'type_'], rest: true, keywords: KEYWORDS, ignored: PYTHON_SIDE },
    translation,
  )
  const type = given.value('type_')
  const name = given.string('name')
  if (type === undefined) {
    translation.problem(`column ${name} has no type`)
    return null
  }
  const extras = given.rest.map((extra) => ({ kind: sqlalchemyName(extra), extra }))
  const of = (kind: string): readonly Value[] => extras.flatMap((entry) => (entry.kind === kind ? [entry.extra] : []))
  for (const { kind, extra } of extras) {
    if (kind === null || !EXTRAS.includes(kind)) translation.problem(`column ${name}: ${describe(extra)}`)
  }
  const fallback = given.value('server_default')
  const [identity] = fallback !== undefined && sqlalchemyName(fallback) === 'Identity' ? [fallback] : of('Identity')
  const [computed] = fallback !== undefined && sqlalchemyName(fallback) === 'Computed' ? [fallback] : of('Computed')
  const literalDefault = fallback !== undefined && ![identity, computed].includes(fallback) ? fallback : undefined
  const silent = literalDefault !== undefined && sqlalchemyName(literalDefault) === 'FetchedValue'
  return {
    name,
    type,
    typeSql: typeSql(type, schema, translation),
    nullable: given.flag('nullable'),
    default: literalDefault === undefined || silent ? null : serverDefault(literalDefault, translation),
    identity: identity === undefined ? null : identitySql(identity, translation),
    computed: computed === undefined ? null : computedSql(computed, translation),
    checks: of('CheckConstraint').map((extra) => check(extra, translation)),
    foreignKeys: of('ForeignKey').map((extra) => foreignKeyOf(name, extra, translation)),
    primaryKey: given.flag('primary_key') === true,
    autoincrement: autoincrement(given, translation),
    filledByPython:
      given.value('default') !== undefined || given.value('insert_default') !== undefined || of('Sequence').length > 0,
    unique: given.flag('unique') === true,
    index: given.flag('index') === true,
    comment: given.optionalString('comment'),
  }
}

const EXTRAS = ['Identity', 'Computed', 'CheckConstraint', 'ForeignKey', 'Sequence', 'FetchedValue']

function autoincrement(given: Parameters, translation: Translation): Column['autoincrement'] {
  const value = given.value('autoincrement')
  if (value === undefined) return 'auto'
  if (value.kind === 'boolean') return value.is
  if (value.kind === 'string') return value.text === 'ignore_fk' ? 'ignore_fk' : 'auto'
  translation.problem(describe(value))
  return 'auto'
}

function foreignKeyOf(column: string, value: Value, translation: Translation): string {
  const keywords = ['name', ...ACTIONS]
  const given = parameters(
    argumentsOf(value),
    { order: ['column'], keywords, ignored: /^(link_to_name|info|comment|_)/ },
    translation,
  )
  if (given.flag('use_alter') === true) translation.problem('a foreign key with use_alter is left out of the new table')
  const target = reference(given.string('column'), translation)
  return constraintName(given.optionalString('name')) + foreignKey([column], target.table, [target.column], given)
}

/** Parameters of an identity and what each is in SQL. */
const SEQUENCE: readonly (readonly [string, string])[] = [
  ['increment', 'INCREMENT BY'],
  ['start', 'START WITH'],
  ['minvalue', 'MINVALUE'],
  ['maxvalue', 'MAXVALUE'],
  ['cache', 'CACHE'],
]

function identitySql(value: Value, translation: Translation): string {
  const order = [
    'always',
    'on_null',
    'start',
    'increment',
    'minvalue',
    'maxvalue',
    'nominvalue',
    'nomaxvalue',
    'cycle',
    'cache',
  ]
  const given = parameters(argumentsOf(value), { order, ignored: /^(oracle_|order$|_)/ }, translation)
  const options = SEQUENCE.flatMap(([name, sql]) => {
    const number = given.value(name)
    if (number === undefined) return []
    return [`${sql} ${number.kind === 'number' ? number.text : translation.problem(describe(number))}`]
  })
  if (given.flag('nominvalue') === true) options.push('NO MINVALUE')
  if (given.flag('nomaxvalue') === true) options.push('NO MAXVALUE')
  const cycle = given.flag('cycle')
  if (cycle !== null) options.push(cycle ? 'CYCLE' : 'NO CYCLE')
  const when = given.flag('always') === true ? 'ALWAYS' : 'BY DEFAULT'
  return `GENERATED ${when} AS IDENTITY${options.length === 0 ? '' : ` (${options.join(' ')})`}`
}

function computedSql(value: Value, translation: Translation): string {
  const given = parameters(argumentsOf(value), { order: ['sqltext', 'persisted'] }, translation)
  const text = given.value('sqltext')
  const call = text === undefined ? undefined : argumentsOf(text).positional[0]
  const source = text?.kind === 'string' ? text : call
  const sql =
    source?.kind === 'string' ? textSql(source.text, translation) : translation.problem('the expression is not known')
  return `GENERATED ALWAYS AS (${sql}) ${given.flag('persisted') === false ? 'VIRTUAL' : 'STORED'}`
}

/** The column as it stands in CREATE TABLE or ADD COLUMN; `serial` is its type when the database is to count. */
export function columnSql(column: Column, serial: string | null): string {
  const { identity, computed } = column
  const nullable = column.nullable ?? !(column.primaryKey || identity !== null)
  const fallback = serial === null && column.default !== null ? ` DEFAULT ${column.default}` : ''
  const nullity = nullable ? (identity === null ? '' : ' NULL') : identity === null ? ' NOT NULL' : ''
  return [
    `${quote(column.name)} ${serial ?? column.typeSql}${fallback}`,
    computed === null ? '' : ` ${computed}`,
    identity === null ? '' : ` ${identity}`,
    nullity,
    ...column.checks.map((sql) => ` ${sql}`),
  ].join('')
}

/** SERIAL and its kin for a column that counts by itself; null for any other. */
export function serialOf(column: Column): string | null {
  const serial = { INTEGER: 'SERIAL', BIGINT: 'BIGSERIAL', SMALLINT: 'SMALLSERIAL' }[column.typeSql]
  if (serial === undefined || column.identity !== null || column.filledByPython) return null
  return serial
}

/** The name SQLAlchemy gives the index of a column with `index=True`. */
export function columnIndex(target: { readonly schema: string; readonly name: string }, column: Column): string {
  const name = ['ix', ...(target.schema === '' ? [] : [target.schema]), target.name, column.name].join('_')
  return `CREATE ${column.unique ? 'UNIQUE ' : ''}INDEX ${quote(name)} ON ${quote(target)} ${columnList([column.name])}`
}
