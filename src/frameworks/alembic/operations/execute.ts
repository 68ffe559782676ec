import type { Arguments, Value } from '../python/value.js'
import { executedSql, isExecutable, rowsOf } from '../sql/executed.js'
import { textSql } from '../sql/text.js'
import { parameters, type Translation } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.execute` of a string, of `sa.text(…)`, of a statement of SQLAlchemy's core, or of a DDL element. */
export const execute: OperationSql = (call, translation) => {
  const value = parameters(call, { order: ['sqltext'], ignored: /^execution_options$/ }, translation).value('sqltext')
  if (value === undefined) return [translation.problem('the SQL is missing')]
  if (value.kind === 'string') return [textSql(value.text, translation)]
  return executedSql(value, new Map(), translation)
}

/** A connection's `execute(statement, parameters)`: once for each row of parameters. */
export function executeOnConnection(call: Arguments, translation: Translation): readonly string[] {
  const [statement, rows, more] = call.positional
  const keywords = new Map([...call.keywords].filter(([name]) => name !== 'parameters' && name !== 'execution_options'))
  if (statement === undefined || more !== undefined) return [translation.problem('the SQL is missing')]
  // SQLAlchemy 2 refuses a plain string, and earlier versions do not send it as they send `sa.text`.
  if (!isExecutable(statement, translation)) return [translation.problem(reasonOf(statement))]
  const given = rows ?? call.keywords.get('parameters')
  return rowsOf(given, keywords, translation).flatMap((row) => executedSql(statement, row, translation))
}

function reasonOf(statement: Value): string {
  if (statement.kind === 'unknown') return statement.reason
  return statement.kind === 'string'
    ? 'a connection is given a plain string, which SQLAlchemy 2 refuses'
    : 'what a connection is given to execute is not understood'
}
