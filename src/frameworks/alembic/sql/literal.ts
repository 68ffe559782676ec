import { quote } from '../../../model/names.js'
import type { Value } from '../python/value.js'
import { describe } from '../python/value.js'
import { argumentsOf, sqlalchemyName, type Translation } from '../translation.js'

/** A string as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/**
 * SQL text as SQLAlchemy's `text()` sends it: `\:` is a colon, and `:name` asks for a value
 * (https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text), also inside a string.
 */
export function textSql(text: string, translation: Translation): string {
  const asked = /(?<![:\w\\]):(\w+)(?!:)/.exec(text)
  if (asked !== null)
    return translation.problem(
      `:${asked[1]} asks for a value that is not there (write \\:${asked[1]} for a plain colon)`,
    )
  return text.replaceAll('\\:', ':')
}

/** The functions of the standard that are written without parentheses. */
const BARE = [
  'current_date',
  'current_time',
  'current_timestamp',
  'current_user',
  'localtime',
  'localtimestamp',
  'session_user',
  'user',
]

/** An SQL expression: a string is SQL text, as in conditions and index keys. */
export function expression(value: Value, translation: Translation): string {
  if (value.kind === 'string') return textSql(value.text, translation)
  const known = element(value, translation)
  return known ?? translation.problem(describe(value))
}

/** `sa.text`, `sa.func.*`, `sa.true()` and literals; null for anything else. */
function element(value: Value, translation: Translation): string | null {
  if (value.kind === 'call') {
    const called = /^sqlalchemy(?:\.\w+)*\.func\.(\w+(?:\.\w+)*)$/.exec(value.path)?.[1]
    if (called !== undefined) return functionCall(called, value.positional, translation)
  }
  const [first, second] = argumentsOf(value).positional
  switch (sqlalchemyName(value)) {
    case 'text':
    case 'literal_column':
      return first?.kind === 'string' && second === undefined ? textSql(first.text, translation) : null
    case 'column':
      return first?.kind === 'string' ? quote(first.text) : null
    case 'literal':
      return first === undefined ? null : constant(first)
    case 'true':
      return 'true'
    case 'false':
      return 'false'
    case 'null':
      return 'NULL'
    default:
      return null
  }
}

function functionCall(name: string, given: readonly Value[], translation: Translation): string | null {
  if (BARE.includes(name.toLowerCase()) && given.length === 0) return name.toUpperCase()
  const parts = given.map((part) => constant(part) ?? element(part, translation))
  return parts.includes(null) ? null : `${name}(${parts.join(', ')})`
}

/** A plain Python value as SQL; null for anything else. */
export function constant(value: Value): string | null {
  switch (value.kind) {
    case 'string':
      return literal(value.text)
    case 'number':
      return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value.text) ? value.text : null
    case 'boolean':
      return value.is ? 'true' : 'false'
    case 'none':
      return 'NULL'
    default:
      return null
  }
}

/** What stands after DEFAULT: here a string is a literal. */
export function serverDefault(value: Value, translation: Translation): string {
  if (value.kind === 'string') return literal(value.text)
  const [first, second] = argumentsOf(value).positional
  if (sqlalchemyName(value) === 'DefaultClause' && first !== undefined && second === undefined)
    return serverDefault(first, translation)
  return element(value, translation) ?? translation.problem(`the server default is not understood: ${describe(value)}`)
}
