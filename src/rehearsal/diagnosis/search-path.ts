import type { Session } from '../../sandbox/sandbox.js'
import type { Failing } from './failing.js'

/** The schemas in which the failing statement looked for what it names without one, as far as the script tells. */
export async function searchPath({ script, statement }: Failing, session: Session): Promise<readonly string[]> {
  const before = script.statements.slice(0, script.statements.indexOf(statement))
  const set = before.flatMap(({ sql, operations }) =>
    operations.flatMap((operation) => {
      if (operation.kind === 'set' && operation.name === 'search_path') return [operation.value]
      return SET_CONFIG.exec(sql)?.[1] ?? []
    }),
  )
  const [answer] = await session.read([DEFAULT])
  const usual = answer !== undefined && 'rows' in answer ? (answer.rows[0]?.[0] ?? '') : ''
  return (set.at(-1) ?? script.searchPath ?? usual)
    .split(',')
    .map((schema) => schema.trim().replace(/^(["'])(.*)\1$/s, '$2'))
    .filter((schema) => schema !== '' && schema !== '$user')
}

const SET_CONFIG = /set_config\s*\(\s*'search_path'\s*,\s*'([^']*)'/i
const DEFAULT = `SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'search_path'`
