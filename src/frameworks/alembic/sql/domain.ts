import type { Value } from '../python/value.js'
import { argumentsOf, parameters, sqlalchemyName, type Parameters, type Translation } from '../translation.js'
import { ddlExpression, serverDefault } from './default.js'
import { identifier } from './identifier.js'
import { typeSql } from './type.js'

function domainParameters(value: Value, translation: Translation): Parameters | null {
  if (sqlalchemyName(value) !== 'DOMAIN') return null
  const keywords = [
    ...['collation', 'collation_schema', 'default', 'constraint_name', 'not_null', 'check', 'create_type', 'schema'],
    ...['inherit_schema', 'metadata'],
  ]
  return parameters(argumentsOf(value), { order: ['name', 'data_type'], keywords }, translation)
}

/** A domain as a column's type names it; null for anything else. */
export function domainName(value: Value, translation: Translation): string | null {
  const given = domainParameters(value, translation)
  if (given === null) return null
  return identifier({ schema: given.optionalString('schema') ?? '', name: given.string('name') })
}

/** Whether a table that uses the domain creates it. */
export function isCreatedWithTable(value: Value, translation: Translation): boolean {
  const given = domainParameters(value, translation)
  return given !== null && given.flag('create_type') !== false
}

/** CREATE DOMAIN; null for anything else than a domain. */
export function createDomain(value: Value, translation: Translation): string | null {
  const given = domainParameters(value, translation)
  const name = domainName(value, translation)
  if (given === null || name === null) return null
  const type = given.value('data_type')
  const collation = given.optionalString('collation')
  const schema = given.optionalString('collation_schema') ?? ''
  const fallback = given.value('default')
  const constraint = given.optionalString('constraint_name')
  const check = given.value('check')
  return [
    `CREATE DOMAIN ${name} AS`,
    type === undefined ? translation.problem('the domain has no type') : typeSql(type, null, translation),
    ...(collation === null ? [] : [`COLLATE ${identifier({ schema, name: collation })}`]),
    ...(fallback === undefined ? [] : [`DEFAULT ${serverDefault(fallback, translation)}`]),
    ...(constraint === null ? [] : [`CONSTRAINT ${identifier(constraint)}`]),
    ...(given.flag('not_null') === true ? ['NOT NULL'] : []),
    ...(check === undefined ? [] : [`CHECK (${ddlExpression(check, translation)})`]),
  ].join(' ')
}
