import { describe, type Value } from '../python/value.js'
import { argumentsOf, parameters, sqlalchemyName, type Parameters, type Translation } from '../translation.js'
import { identifier } from './identifier.js'
import { typeSql } from './type.js'

/** Parameters of a sequence or an identity, and what each is in SQL, in the order in which SQLAlchemy writes them. */
const NUMBERS: readonly (readonly [string, string])[] = [
  ['increment', 'INCREMENT BY'],
  ['start', 'START WITH'],
  ['minvalue', 'MINVALUE'],
  ['maxvalue', 'MAXVALUE'],
]

/** The parameters that `sequenceOptions` reads. */
export const SEQUENCE = [
  'start',
  'increment',
  'minvalue',
  'maxvalue',
  'nominvalue',
  'nomaxvalue',
  'cycle',
  'cache',
] as const

/** INCREMENT BY and what else a sequence may be told. */
export function sequenceOptions(given: Parameters, translation: Translation): readonly string[] {
  const number = (name: string, sql: string): readonly string[] => {
    const value = given.value(name)
    if (value === undefined) return []
    return [`${sql} ${value.kind === 'number' ? value.text : translation.problem(describe(value))}`]
  }
  const cycle = given.flag('cycle')
  return [
    ...NUMBERS.flatMap(([name, sql]) => number(name, sql)),
    ...(given.flag('nominvalue') === null ? [] : ['NO MINVALUE']),
    ...(given.flag('nomaxvalue') === null ? [] : ['NO MAXVALUE']),
    ...number('cache', 'CACHE'),
    ...(cycle === null ? [] : [cycle ? 'CYCLE' : 'NO CYCLE']),
  ]
}

function sequenceParameters(value: Value, translation: Translation): Parameters | null {
  if (sqlalchemyName(value) !== 'Sequence') return null
  const order = ['name', ...SEQUENCE.filter((name) => name !== 'cache'), 'schema', 'cache']
  const keywords = ['data_type', 'optional']
  return parameters(
    argumentsOf(value),
    { order, keywords, ignored: /^(order|quote|metadata|for_update|quote_schema|_.*|oracle_.*|info)$/ },
    translation,
  )
}

/** The name of `sa.Sequence(…)` as SQL; null for anything else. */
export function sequenceName(value: Value, translation: Translation): string | null {
  const given = sequenceParameters(value, translation)
  return given === null ? null : nameOf(given)
}

function nameOf(given: Parameters): string {
  return identifier({ schema: given.optionalString('schema') ?? '', name: given.string('name') })
}

/** CREATE SEQUENCE. */
export function createSequence(value: Value, ifNotExists: boolean, translation: Translation): string | null {
  const given = sequenceParameters(value, translation)
  if (given === null) return null
  const type = given.value('data_type')
  const options = [
    ...(type === undefined ? [] : [`AS ${typeSql(type, null, translation)}`]),
    ...sequenceOptions(given, translation),
  ]
  return [`CREATE SEQUENCE ${ifNotExists ? 'IF NOT EXISTS ' : ''}${nameOf(given)}`, ...options].join(' ')
}
