import { createHash } from 'node:crypto'
import type { PlanItem } from './plan.js'
import type { Skipped } from './replay.js'

/** What is to be known of a kept state: what its replay left out, and the roles that stand in for others. */
export interface BaselineNote {
  readonly skipped: readonly Skipped[]
  readonly roles: readonly string[]
}

/** To be raised when the same history is replayed in another way. */
const FORMAT = 2
/** A history of fewer statements is replayed faster than its state is fetched. */
const SHORTEST = 20

/** The migrations that a plan begins with and that databases have run already. */
export function historyOf(plan: readonly PlanItem[]): readonly PlanItem[] {
  const first = plan.findIndex(({ role }) => role === 'rehearse')
  return first < 0 ? plan : plan.slice(0, first)
}

/** A key that says which state a history leads to: its statements, how they are sent, and where they stand; null for a short one. */
export function baselineKey(history: readonly PlanItem[]): string | null {
  const scripts = history.map(({ revision, up }) => {
    if (up.kind !== 'script') return [revision.path, up]
    const { statements, transaction, gaps, searchPath } = up
    return [
      revision.path,
      searchPath,
      transaction,
      gaps,
      statements.map(({ sql, span, origin }) => [sql, span, origin]),
    ]
  })
  const count = history.reduce((sum, { up }) => sum + (up.kind === 'script' ? up.statements.length : 0), 0)
  if (count < SHORTEST) return null
  return createHash('sha256')
    .update(JSON.stringify([FORMAT, scripts]))
    .digest('hex')
}

/** The note as it is kept. */
export function writeNote({ skipped, roles }: BaselineNote): string {
  return JSON.stringify({ skipped, roles })
}

/** Reads what `writeNote` wrote. */
export function readNote(note: string): BaselineNote {
  return JSON.parse(note) as BaselineNote
}
