import type { Script, Statement } from '../model/migration.js'
import { tokens } from './tokens.js'

/**
 * A script as PostgreSQL's driver for Java sends it: a question mark is a parameter to that, and an operator with one is written
 * with two, of which it sends one (https://jdbc.postgresql.org/documentation/query/). It does so for statements without parameters
 * as well.
 */
export function throughJdbc(script: Script): Script {
  if (script.kind !== 'script' || !script.statements.some(({ sql }) => sql.includes('??'))) return script
  return { ...script, statements: script.statements.map(sent) }
}

function sent(statement: Statement): Statement {
  if (!statement.sql.includes('??')) return statement
  const bytes = Buffer.from(statement.sql)
  let sql = ''
  let end = 0
  for (const token of tokens(statement.sql)) {
    if (token.kind !== 'operator') continue
    sql += bytes.toString('utf8', end, token.start) + token.text.replaceAll('??', '?')
    end = token.end
  }
  sql += bytes.toString('utf8', end)
  return sql === statement.sql ? statement : { ...statement, sql, origin: 'translated', bytes: null }
}
