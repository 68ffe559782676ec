import { describe, type Value } from '../python/value.js'
import { argumentsOf, parameters, type Parameters, type Translation } from '../translation.js'
import { ddlExpression } from './default.js'
import { SEQUENCE, sequenceOptions } from './sequence.js'

function identityParameters(value: Value, translation: Translation): Parameters {
  const order = ['always', 'on_null', ...SEQUENCE]
  return parameters(argumentsOf(value), { order, ignored: /^(order|oracle_\w+|_\w+)$/ }, translation)
}

/** `GENERATED … AS IDENTITY` of `sa.Identity(…)`. */
export function identitySql(value: Value, translation: Translation): string {
  const given = identityParameters(value, translation)
  const options = sequenceOptions(given, translation)
  const when = given.flag('always') === true ? 'ALWAYS' : 'BY DEFAULT'
  return `GENERATED ${when} AS IDENTITY${options.length === 0 ? '' : ` (${options.join(' ')})`}`
}

/** What ALTER COLUMN says to make one identity into another: only what differs, by the name of the parameter. */
export function identityChange(before: Value, after: Value, translation: Translation): string {
  const [old, now] = [before, after].map((value) => identityParameters(value, translation))
  if (old === undefined || now === undefined) return ''
  const parts = ['always', ...SEQUENCE].sort().flatMap((name) => {
    const is = shown(now, name, translation)
    if (shown(old, name, translation) === is) return []
    if (name === 'always') return [`SET GENERATED ${is === 'true' ? 'ALWAYS' : 'BY DEFAULT'}`]
    // What is said no more stays as it is.
    const value = now.value(name)
    if (value === undefined) return []
    const only = parameters({ positional: [], keywords: new Map([[name, value]]) }, { order: SEQUENCE }, translation)
    return [`SET ${sequenceOptions(only, translation).join(' ')}`]
  })
  return parts.length === 0 ? translation.fails('the identity stays as it is: this always fails') : parts.join(' ')
}

function shown(given: Parameters, name: string, translation: Translation): string {
  const value = given.value(name)
  if (value === undefined) return name === 'always' ? 'false' : ''
  if (value.kind === 'boolean') return String(value.is)
  return value.kind === 'number' ? value.text : translation.problem(describe(value))
}

/**
 * `GENERATED ALWAYS AS (…)` of `sa.Computed(…)`. Where nothing is said of its kind, SQLAlchemy writes STORED before
 * PostgreSQL 18 and nothing from then on, which makes it virtual.
 */
export function computedSql(value: Value, translation: Translation): string {
  const given = parameters(argumentsOf(value), { order: ['sqltext', 'persisted'] }, translation)
  const text = given.value('sqltext')
  const sql = text === undefined ? translation.problem('the expression is missing') : ddlExpression(text, translation)
  return `GENERATED ALWAYS AS (${sql}) ${given.flag('persisted') === false ? 'VIRTUAL' : 'STORED'}`
}
