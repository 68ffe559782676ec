import type { Statement } from '../../src/model/migration.js'
import { sourceText } from '../../src/source/source-text.js'
import { readScript } from '../../src/sql/script.js'

/** The statements of an SQL text. `loadParsers` must have run. */
export function statementsIn(sql: string, path = 'test.sql'): readonly Statement[] {
  const script = readScript(sourceText(path, sql), { postgres: 18, thorough: false }, { transaction: 'none' })
  if (script.kind !== 'script') throw new Error(`${path}: ${JSON.stringify(script)}`)
  return script.statements
}
