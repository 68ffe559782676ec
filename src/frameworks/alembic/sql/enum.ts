import { identifier } from './identifier.js'
import { argumentsOf, parameters, sqlalchemyName, textOf, type Translation } from '../translation.js'
import { describe, type Value } from '../python/value.js'
import { literal } from './literal.js'

/** An enum as Python declares it. */
export interface EnumType {
  readonly name: string
  readonly schema: string | null
  readonly labels: readonly string[]
  /** False for an enum that is stored as text. */
  readonly native: boolean
  /** Length of the text that stores it. */
  readonly length: number | null
  /** Whether a table that uses it creates it. */
  readonly created: boolean
  /** Whether a CHECK holds its labels, for one that is stored as text. */
  readonly checked: boolean
}

const KEYWORDS = [
  ...['name', 'schema', 'native_enum', 'create_type', 'inherit_schema', 'length', 'create_constraint', 'metadata'],
] as const
const PYTHON_SIDE =
  /^(values_callable|validate_strings|omit_aliases|sort_key_function|quote|checkfirst|native|convert_unicode|_\w*)$/

/** Reads `sa.Enum(…)` or `postgresql.ENUM(…)`; null when it is none, or a problem was said. */
export function enumOf(value: Value, tableSchema: string | null, translation: Translation): EnumType | null {
  const kind = sqlalchemyName(value)
  if (kind !== 'Enum' && kind !== 'ENUM') return null
  const given = parameters(argumentsOf(value), { rest: true, keywords: KEYWORDS, ignored: PYTHON_SIDE }, translation)
  const labels = given.rest.map((label) => textOf(label, translation))
  const native = kind === 'ENUM' || given.flag('native_enum') !== false
  const written = given.value('length')
  const longest = Math.max(1, ...labels.map((label) => [...label].length))
  const length = written?.kind === 'number' ? Number(written.text) : longest
  if (!native && length < Math.max(...labels.map((label) => [...label].length)))
    translation.fails(`an enum has labels that are longer than ${length} characters: this always fails`)
  const name = native ? given.string('name') : (given.optionalString('name') ?? '')
  const inherited = given.flag('inherit_schema') === true ? tableSchema : null
  const schema = given.optionalString('schema') ?? schemaOf(given.value('metadata'), translation) ?? inherited
  return {
    name,
    schema,
    labels,
    native,
    length: given.has('length') && written === undefined ? null : length,
    created: native && given.flag('create_type') !== false,
    checked: !native && given.flag('create_constraint') === true,
  }
}

/** The schema of `sa.MetaData(…)`, where it is written out. */
function schemaOf(value: Value | undefined, translation: Translation): string | null {
  if (value === undefined || value.kind === 'none') return null
  if (sqlalchemyName(value) !== 'MetaData') {
    translation.problem(`the metadata of an enum: ${describe(value)}`)
    return null
  }
  const schema = argumentsOf(value).keywords.get('schema')
  return schema === undefined || schema.kind === 'none' ? null : textOf(schema, translation)
}

function keyOf({ schema, name }: EnumType): string {
  return `${schema ?? ''}.${name}`
}

/** CREATE TYPE for the enum of a new table's column, unless this run has created it for a table. */
export function createEnumOnce(value: Value, tableSchema: string | null, translation: Translation): readonly string[] {
  const type = enumOf(value, tableSchema, translation)
  if (type === null || !type.created) return []
  if (translation.createdTypes.has(keyOf(type))) return []
  translation.createdTypes.add(keyOf(type))
  return [createEnum(type)]
}

/** CREATE TYPE for an enum. */
export function createEnum(type: EnumType): string {
  return `CREATE TYPE ${enumName(type)} AS ENUM (${type.labels.map(literal).join(', ')})`
}

/** DROP TYPE for an enum. */
export function dropEnum(type: EnumType, ifExists: boolean): string {
  return `DROP TYPE ${ifExists ? 'IF EXISTS ' : ''}${enumName(type)}`
}

/** The enum's name as SQL. */
export function enumName({ schema, name }: EnumType): string {
  return identifier({ schema: schema ?? '', name })
}
