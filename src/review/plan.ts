import type { SequenceItem } from '../lint/lint.js'
import type { ChangeSet } from '../model/change.js'
import type { Script } from '../model/migration.js'
import type { PlanItem } from '../rehearsal/plan.js'

/** What to replay and what to rehearse, in order, up to the last migration that is rehearsed; empty when none is. */
export function planOf(sequence: readonly SequenceItem[], changes: ChangeSet): readonly PlanItem[] {
  const items = historyPlanOf(sequence, changes)
  const last = items.findLastIndex(({ role }) => role === 'rehearse')
  return items.slice(0, last + 1)
}

/** The whole sequence, what comes after the last that is rehearsed included. */
export function historyPlanOf(sequence: readonly SequenceItem[], { project }: ChangeSet): readonly PlanItem[] {
  const { bookkeeping } = project.conventions
  return sequence.map(({ role, migration }): PlanItem => ({
    revision: migration.revision,
    role: role === 'applied' ? 'replay' : 'rehearse',
    up: role === 'applied' ? bare(migration.up) : withoutComments(migration.up),
    down: role === 'applied' ? { kind: 'absent' } : withoutComments(migration.down),
    bookkeeping,
  }))
}

/** The script without what only rules look at: a long history crosses to another process. */
function bare(script: Script): Script {
  if (script.kind !== 'script') return script
  const statements = script.statements.map((statement) => ({ ...statement, operations: [] }))
  return { ...withoutComments(script), statements }
}

/** With its operations, which say where to look when a statement fails on rows. */
function withoutComments<Each extends Script>(script: Each): Each {
  return script.kind === 'script' ? { ...script, comments: [] } : script
}
