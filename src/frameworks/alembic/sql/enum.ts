import { quote } from '../../../model/names.js'
import { argumentsOf, parameters, sqlalchemyName, textOf, type Translation } from '../translation.js'
import type { Value } from '../python/value.js'
import { literal } from './literal.js'

/** An enum as Python declares it. */
export interface EnumType {
  readonly name: string
  readonly schema: string | null
  readonly labels: readonly string[]
  /** False for an enum that is stored as text. */
  readonly native: boolean
  /** Length of the longest label. */
  readonly longest: number
  /** Whether a table that uses it creates it. */
  readonly created: boolean
}

/** Reads `sa.Enum(…)` or `postgresql.ENUM(…)`; null when it is none, or a problem was said. */
export function enumOf(value: Value, tableSchema: string | null, translation: Translation): EnumType | null {
  const kind = sqlalchemyName(value)
  if (kind !== 'Enum' && kind !== 'ENUM') return null
  const given = parameters(
    argumentsOf(value),
    {
      rest: true,
      keywords: [
        'name',
        'schema',
        'native_enum',
        'create_type',
        'inherit_schema',
        'length',
        'create_constraint',
        'metadata',
      ],
      ignored: /^(values_callable|validate_strings|omit_aliases|sort_key_function|checkfirst|_)/,
    },
    translation,
  )
  const labels = given.rest.map((label) => textOf(label, translation))
  const native = given.flag('native_enum') !== false
  if (given.flag('create_constraint') === true && !native)
    translation.problem('a CHECK for the labels of an enum is not read')
  const written = given.value('length')
  const longest =
    written?.kind === 'number' ? Number(written.text) : Math.max(1, ...labels.map((label) => label.length))
  const name = native ? given.string('name') : (given.optionalString('name') ?? '')
  const schema = given.optionalString('schema') ?? (given.flag('inherit_schema') === true ? tableSchema : null)
  // Only the PostgreSQL class listens to create_type, in most versions of SQLAlchemy.
  const created = native && !(kind === 'ENUM' && given.flag('create_type') === false)
  return { name, schema, labels, native, longest, created }
}

/** CREATE TYPE for the enum of a new table's column, unless this run has created it. */
export function createEnumOnce(value: Value, tableSchema: string | null, translation: Translation): readonly string[] {
  const type = enumOf(value, tableSchema, translation)
  if (type === null || !type.created) return []
  const key = `${type.schema ?? ''}.${type.name}`
  if (translation.createdTypes.has(key)) return []
  translation.createdTypes.add(key)
  return [createEnum(type)]
}

/** CREATE TYPE for an enum. */
export function createEnum({ schema, name, labels }: EnumType): string {
  return `CREATE TYPE ${quote({ schema: schema ?? '', name })} AS ENUM (${labels.map(literal).join(', ')})`
}
