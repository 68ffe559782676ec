import { canChange } from '../../model/migration.js'
import type { Session } from '../../sandbox/sandbox.js'
import type { Failing } from './failing.js'

/** Whether something that the failure rolled back could have changed what the statement met. */
export function hasChanged({ script, statement }: Failing): boolean {
  return script.statements
    .slice(0, script.statements.indexOf(statement))
    .some(({ operations }) => operations.length === 0 || operations.some(canChange))
}

/**
 * Brings schema and rows to where the failing statement met them: runs again what came before it, and keeps that. False
 * when that does not go; all is then as it was, as far as a script in one transaction goes.
 */
export async function stand({ script, statement }: Failing, session: Session, signal: AbortSignal): Promise<boolean> {
  await session.reset()
  const before = script.statements.slice(0, script.statements.indexOf(statement))
  const run = async (sql: string): Promise<'done' | 'open' | 'failed'> => {
    const outcome = await session.run(sql, signal, 'ignored')
    if (outcome.kind === 'lost') throw new Error(outcome.reason)
    return outcome.kind === 'failed' ? 'failed' : outcome.transaction === 'none' ? 'done' : 'open'
  }
  let state: 'done' | 'open' | 'failed' = script.transaction === 'one' ? await run('BEGIN') : 'done'
  for (const { sql } of before) {
    if (state === 'failed') break
    state = await run(sql)
  }
  if (state === 'open') state = await run('COMMIT')
  await session.reset()
  return state === 'done'
}
