import { pglite } from '../../src/sandbox/pglite.js'
import type { Outcome, Sandbox, SandboxProvider, Session } from '../../src/sandbox/sandbox.js'

/** A signal that never aborts. */
export const never = new AbortController().signal

/** A sandbox that is there, with its session. */
export async function opened(
  provider: SandboxProvider = pglite(),
  signal = never,
  postgres = 18,
): Promise<{ readonly sandbox: Sandbox; readonly session: Session }> {
  const sandbox = await provider.open({ postgres }, signal)
  if ('unavailable' in sandbox) throw new Error(sandbox.unavailable)
  return { sandbox, session: await sandbox.session() }
}

/** An outcome in two or three words. */
export function short(outcome: Outcome): string {
  if (outcome.kind === 'done') return `done ${outcome.tag}`
  return outcome.kind === 'failed' ? `failed ${outcome.sqlstate}` : 'lost'
}
