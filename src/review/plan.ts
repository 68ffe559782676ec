import type { SequenceItem } from '../lint/lint.js'
import type { ChangeSet } from '../model/change.js'
import type { Migration, Script } from '../model/migration.js'
import type { PlanItem } from '../rehearsal/plan.js'

/** What to replay and what to rehearse, in order, up to the last migration that is rehearsed; empty when none is. */
export function planOf(sequence: readonly SequenceItem[], { project }: ChangeSet): readonly PlanItem[] {
  const { bookkeeping } = project.conventions
  const items = sequence.map(({ role, migration }): PlanItem => ({
    revision: migration.revision,
    role: role === 'applied' ? 'replay' : 'rehearse',
    up: bare(migration.up),
    down: role === 'applied' ? { kind: 'absent' } : bare(migration.down),
    bookkeeping,
  }))
  const last = items.findLastIndex(({ role }) => role === 'rehearse')
  return items.slice(0, last + 1)
}

/** The script without what only rules look at: a long history crosses to another process. */
function bare(script: Migration['up']): Script {
  if (script.kind !== 'script') return script
  return {
    ...script,
    comments: [],
    statements: script.statements.map((statement) => ({ ...statement, operations: [] })),
  }
}
