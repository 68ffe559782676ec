import type { SequenceItem } from '../lint/lint.js'
import type { ChangeSet } from '../model/change.js'
import type { Provided, Revision, Script } from '../model/migration.js'
import type { PlanItem } from '../rehearsal/plan.js'
import { startOf } from '../source/span.js'

/** What to replay and what to rehearse, in order, up to the last migration that is rehearsed; empty when none is. */
export function planOf(
  sequence: readonly SequenceItem[],
  changes: ChangeSet,
  baseline: string | null,
): readonly PlanItem[] {
  const items = historyPlanOf(sequence, changes, baseline)
  const last = items.findLastIndex(({ role }) => role === 'rehearse')
  return items.slice(0, last + 1)
}

/**
 * The whole sequence, what comes after the last that is rehearsed included. It begins with what the tool's platform provides,
 * unless a baseline of the team's own says what there is.
 */
export function historyPlanOf(
  sequence: readonly SequenceItem[],
  { project: { conventions } }: ChangeSet,
  baseline: string | null,
): readonly PlanItem[] {
  const { bookkeeping, provided } = conventions
  const along = (script: Script): Script =>
    provided === undefined || script.kind !== 'script' ? script : { ...script, searchPath: provided.searchPath }
  const items = sequence.map(({ role, migration }): PlanItem => ({
    revision: migration.revision,
    role: role === 'applied' ? 'replay' : 'rehearse',
    up: along(role === 'applied' ? bare(migration.up) : withoutComments(migration.up)),
    down: role === 'applied' ? { kind: 'absent' } : along(withoutComments(migration.down)),
    bookkeeping,
  }))
  return provided === undefined || baseline !== null || items.length === 0
    ? items
    : [providedBy(conventions.tool, provided, bookkeeping), ...items]
}

/** What a platform provides as the first thing that runs; no file holds it, so its place is the platform's name. */
function providedBy(tool: string, { statements }: Provided, bookkeeping: readonly string[]): PlanItem {
  const span = startOf(tool)
  const up: Script = {
    kind: 'script',
    statements: statements.map((sql, index) => ({
      index,
      span,
      sql,
      origin: 'translated',
      operations: [],
      bytes: null,
    })),
    transaction: 'none',
    gaps: [],
    comments: [],
  }
  const revision: Revision = { id: tool, parents: [], path: tool, downPath: null, title: tool, repeatable: false }
  return { revision, role: 'replay', up, down: { kind: 'absent' }, bookkeeping, provided: true }
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
