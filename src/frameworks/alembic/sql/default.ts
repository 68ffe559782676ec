import type { Value } from '../python/value.js'
import { argumentsOf, sqlalchemyName, type Translation } from '../translation.js'
import { bareSql, expressionOf } from './expression.js'
import { literal } from './literal.js'
import { textSql } from './text.js'

/** An SQL expression in a definition: a string is SQL text, as in conditions. */
export function ddlExpression(value: Value, translation: Translation): string {
  return value.kind === 'string'
    ? textSql(value.text, translation)
    : bareSql(expressionOf(value, translation), translation)
}

/** What stands after DEFAULT: here a string is a literal. */
export function serverDefault(value: Value, translation: Translation): string {
  if (value.kind === 'string') return literal(value.text)
  const [first, second] = argumentsOf(value).positional
  if (sqlalchemyName(value) === 'DefaultClause' && first !== undefined && second === undefined)
    return serverDefault(first, translation)
  // SQLAlchemy takes no number and no truth value here, and stops.
  if (value.kind === 'number' || value.kind === 'boolean' || value.kind === 'list' || value.kind === 'dict')
    return translation.problem(`a server default is text or an expression, not a ${value.kind}`)
  const problems: string[] = []
  const sql = bareSql(expressionOf(value, { ...translation, problem: (reason) => (problems.push(reason), '') }), {
    ...translation,
    problem: (reason) => (problems.push(reason), ''),
  })
  const [problem] = problems
  return problem === undefined ? sql : translation.problem(`the server default is not understood: ${problem}`)
}
