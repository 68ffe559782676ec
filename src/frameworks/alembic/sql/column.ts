import type { QualifiedName } from '../../../model/names.js'
import { describe, type Value } from '../python/value.js'
import {
  argumentsOf,
  ELSEWHERE,
  parameters,
  sqlalchemyName,
  type Parameters,
  type Translation,
} from '../translation.js'
import { actions, ACTIONS, check, constraintName, notValid, referenceOf, unique, type Reference } from './constraint.js'
import { serverDefault } from './default.js'
import { enumOf } from './enum.js'
import { identifier, identifierList } from './identifier.js'
import { computedSql, identitySql } from './generated.js'
import { literal } from './literal.js'
import { nameOf } from './naming.js'
import { itemType, postgresVariant, typeSql } from './type.js'
import { spatialIndexKey } from './type-packages.js'

/** A foreign key of one column. */
export interface ColumnReference extends Reference {
  /** MATCH, ON DELETE and what else follows. */
  readonly actions: string
  /** The whole table constraint. */
  readonly sql: string
  /** Whether it is left out of a new table, to be added later by somebody. */
  readonly later: boolean
}

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
  /** The CHECK that a type brings, as a table constraint. */
  readonly typeCheck: string | null
  readonly references: readonly ColumnReference[]
  readonly primaryKey: boolean
  readonly autoincrement: 'auto' | 'ignore_fk' | boolean
  /** Whether something else than a counter fills it: a default of Python, of the server, or a sequence. */
  readonly filledByPython: boolean
  readonly filledByServer: boolean
  readonly unique: boolean
  readonly index: boolean
  readonly comment: string | null
}

const KEYWORDS = [
  ...['nullable', 'primary_key', 'server_default', 'unique', 'index', 'comment', 'autoincrement', 'default'],
  ...['insert_default', 'system', 'quote', 'onupdate'],
] as const
const PYTHON_SIDE = new RegExp(`^(server_onupdate|doc|sort_order|key|_\\w+)$|${ELSEWHERE.source}`)
const EXTRAS = ['Identity', 'Computed', 'CheckConstraint', 'ForeignKey', 'Sequence', 'FetchedValue']

/** Reads `sa.Column(…)`; null when it is none. `siblings` are the columns of the same table, for a reference without a type. */
export function columnOf(
  value: Value,
  table: QualifiedName,
  translation: Translation,
  siblings: readonly Column[] = [],
): Column | null {
  if (sqlalchemyName(value) !== 'Column') return null
  const given = columnParameters(value, translation)
  const name = given.string('name')
  if (given.flag('system') === true) translation.problem(`column ${name} is one of the system's own`)
  if (given.flag('quote') === false) translation.problem(`the name of column ${name} is not to be quoted`)
  const extras = given.rest.map((extra) => ({ kind: sqlalchemyName(extra), extra }))
  const of = (kind: string): readonly Value[] => extras.flatMap((entry) => (entry.kind === kind ? [entry.extra] : []))
  for (const { kind, extra } of extras) {
    if (kind === null || !EXTRAS.includes(kind)) translation.problem(`column ${name}: ${describe(extra)}`)
  }
  const references = of('ForeignKey').map((extra) => referenceOfColumn(name, extra, table, translation))
  const type = given.value('type_') ?? typeByReference(references, table, siblings)
  if (type === undefined) {
    translation.problem(`column ${name} has no type`)
    return null
  }
  const fallback = given.value('server_default')
  const kind = fallback === undefined ? null : sqlalchemyName(fallback)
  const [identity] = kind === 'Identity' && fallback !== undefined ? [fallback] : of('Identity')
  const [computed] = kind === 'Computed' && fallback !== undefined ? [fallback] : of('Computed')
  const literalDefault = fallback !== undefined && ![identity, computed].includes(fallback) ? fallback : undefined
  if (literalDefault !== undefined && (identity ?? computed) !== undefined)
    translation.problem(`column ${name} has a default beside an expression or an identity`)
  const fetched = kind === 'FetchedValue' || of('FetchedValue').length > 0
  const sequences = of('Sequence').filter((sequence) => !isOptional(sequence))
  return {
    name,
    type,
    typeSql: typeSql(type, table.schema || null, translation),
    nullable: given.has('nullable') ? (given.flag('nullable') ?? false) : null,
    default: literalDefault === undefined || fetched ? null : serverDefault(literalDefault, translation),
    identity: identity === undefined ? null : identitySql(identity, translation),
    computed: computed === undefined ? null : computedSql(computed, translation),
    checks: of('CheckConstraint').map((extra) => check(extra, table, translation)),
    typeCheck: typeCheck(name, type, table, translation),
    references,
    primaryKey: given.flag('primary_key') === true,
    autoincrement: autoincrement(given, translation),
    filledByPython:
      given.value('default') !== undefined || given.value('insert_default') !== undefined || sequences.length > 0,
    filledByServer: literalDefault !== undefined || fetched || computed !== undefined,
    unique: given.flag('unique') === true,
    index: given.flag('index') === true,
    comment: given.optionalString('comment'),
  }
}

/** The name may be left out by place, and so may the type, when a foreign key or a constraint follows. */
function columnParameters(value: Value, translation: Translation): Parameters {
  const call = argumentsOf(value)
  const [first, second] = call.positional
  const nameless = first !== undefined && call.keywords.has('name')
  const typed = nameless ? first : second
  const extra = typed !== undefined && EXTRAS.includes(sqlalchemyName(typed) ?? '')
  const order = [...(nameless ? [] : ['name']), ...(extra || call.keywords.has('type_') ? [] : ['type_'])]
  const keywords = [...KEYWORDS, 'name', 'type_']
  return parameters(call, { order, rest: true, keywords, ignored: PYTHON_SIDE }, translation)
}

/** A column without a type takes that of the column to which it refers, where both stand in one table. */
function typeByReference(
  references: readonly ColumnReference[],
  table: QualifiedName,
  siblings: readonly Column[],
): Value | undefined {
  const [to] = references
  if (to === undefined || to.table.name !== table.name || to.table.schema !== table.schema) return undefined
  return siblings.find(({ name }) => name === to.column)?.type
}

function isOptional(sequence: Value): boolean {
  const optional = argumentsOf(sequence).keywords.get('optional')
  return optional?.kind === 'boolean' && optional.is
}

function autoincrement(given: Parameters, translation: Translation): Column['autoincrement'] {
  const value = given.value('autoincrement')
  if (value === undefined) return given.has('autoincrement') ? false : 'auto'
  if (value.kind === 'boolean') return value.is
  if (value.kind === 'string') return value.text === 'ignore_fk' ? 'ignore_fk' : 'auto'
  translation.problem(describe(value))
  return 'auto'
}

function referenceOfColumn(
  column: string,
  value: Value,
  table: QualifiedName,
  translation: Translation,
): ColumnReference {
  const given = parameters(
    argumentsOf(value),
    {
      order: ['column'],
      keywords: ['name', ...ACTIONS],
      ignored: new RegExp(`^(link_to_name|comment|_\\w+)$|${ELSEWHERE.source}`),
    },
    translation,
  )
  const written = given.value('column')
  const target =
    written === undefined
      ? { table: { schema: '', name: '' }, column: translation.problem('a foreign key points nowhere') }
      : referenceOf(written, translation)
  const referred = { table: target.table.name, columns: [target.column] }
  const name = nameOf('fk', given.value('name'), { table, columns: [column], referred }, translation)
  const after = actions(given, translation)
  const to = `REFERENCES ${identifier(target.table)} ${identifierList([target.column])}`
  return {
    ...target,
    actions: after,
    sql: `${constraintName(name)}FOREIGN KEY${identifierList([column])} ${to}${after}${notValid(given)}`,
    later: given.flag('use_alter') === true,
  }
}

/** Whether a type may bring a CHECK: only one that is told to. */
export function mayBeChecked(type: Value): boolean {
  const own = postgresVariant(type) ?? type
  const told = argumentsOf(itemType(own)).keywords.get('create_constraint')
  return told !== undefined && !(told.kind === 'boolean' && !told.is)
}

/** The CHECK of an enum that is stored as text. */
function typeCheck(column: string, type: Value, table: QualifiedName, translation: Translation): string | null {
  if (!mayBeChecked(type)) return null
  const own = postgresVariant(type) ?? type
  const kind = sqlalchemyName(own)
  if (kind === 'ARRAY' && enumOf(itemType(own), null, translation)?.checked === true)
    translation.problem('SQLAlchemy makes no CHECK for an array of enums')
  if (kind !== 'Enum') return null
  const read = enumOf(own, null, translation)
  if (read?.checked !== true) return null
  const given = argumentsOf(own).keywords.get('name')
  const name = given === undefined ? null : nameOf('ck', given, { table, columns: [column] }, translation)
  if (given === undefined && translation.naming?.has('ck') === true)
    translation.problem('the CHECK of a type without a name is named by a convention')
  return `${constraintName(name)}CHECK (${identifier(column)} IN (${read.labels.map(literal).join(', ')}))`
}

/** The column as it stands in CREATE TABLE or ADD COLUMN; `serial` is its type when the database is to count. */
export function columnSql(column: Column, serial: string | null): string {
  const { identity, computed } = column
  const nullable = column.nullable ?? !(column.primaryKey || identity !== null)
  const fallback = serial === null && column.default !== null ? ` DEFAULT ${column.default}` : ''
  const nullity = nullable ? (identity === null ? '' : ' NULL') : identity === null ? ' NOT NULL' : ''
  return [
    `${identifier(column.name)} ${serial ?? column.typeSql}${fallback}`,
    computed === null ? '' : ` ${computed}`,
    identity === null ? '' : ` ${identity}`,
    nullity,
  ].join('')
}

/** SERIAL and its kin for a column that counts by itself; null for any other. */
export function serialOf(column: Column): string | null {
  const serial = { INTEGER: 'SERIAL', BIGINT: 'BIGSERIAL', SMALLINT: 'SMALLSERIAL' }[column.typeSql]
  if (serial === undefined || column.identity !== null || column.filledByPython) return null
  return serial
}

/** UNIQUE of a column with `unique=True`, as a table constraint; null for any other. */
export function columnUnique(column: Column, table: QualifiedName, translation: Translation): string | null {
  if (!column.unique || column.index) return null
  const columns = [column.name]
  const none = parameters({ positional: [], keywords: new Map() }, {}, translation)
  return `${constraintName(nameOf('uq', undefined, { table, columns }, translation))}${unique(columns, none, translation)}`
}

/** CREATE INDEX for a column with `index=True`, and for one whose type brings an index. */
export function columnIndexes(column: Column, table: QualifiedName, translation: Translation): readonly string[] {
  const spatial = spatialIndexKey(column.type)
  const key = identifier(column.name)
  const on = `ON ${identifier(table)}`
  const own = column.index ? nameOf('ix', undefined, { table, columns: [column.name] }, translation) : null
  if (column.index && own === null) translation.fails('the index has no name: this always fails')
  return [
    ...(own === null ? [] : [`CREATE ${column.unique ? 'UNIQUE ' : ''}INDEX ${identifier(own)} ${on} (${key})`]),
    ...(spatial === null
      ? []
      : [
          `CREATE INDEX ${identifier(`idx_${table.name}_${column.name}`)} ${on} USING gist (${spatial.raster ? `ST_ConvexHull(${key})` : `${key}${spatial.suffix}`})`,
        ]),
  ]
}
