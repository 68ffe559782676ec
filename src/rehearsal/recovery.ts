import type { Recovery } from '../model/evidence.js'
import { canChange, type Statement } from '../model/migration.js'
import type { PlanItem } from './plan.js'
import { anew, runScript, type Readable } from './script-run.js'
import type { Stage } from './stage.js'

/** The most stops that are tried of one migration: each takes a stage of its own. */
const MOST = 6

/**
 * Where an up can stop half-way: after each statement that commits a change while others are still to come. None in a script
 * that its tool runs as one transaction.
 */
export function stopsIn({ up }: PlanItem): readonly number[] {
  if (up.kind !== 'script' || up.transaction === 'one') return []
  let open = false
  let pending = false
  const stops: number[] = []
  up.statements.forEach(({ operations }, index) => {
    const action = operations.find((operation) => operation.kind === 'transaction')?.action
    if (action === 'begin') open = true
    else if (action === 'commit') open = false
    else if (action === 'rollback') open = pending = false
    else pending ||= changes(operations)
    if (open || !pending) return
    pending = false
    stops.push(index + 1)
  })
  return stops.slice(0, -1)
}

/** What is not understood may change anything. */
function changes(operations: Statement['operations']): boolean {
  return operations.length === 0 || operations.some(canChange)
}

/**
 * Stops an up after each of its steps as a broken connection would, and runs it again from its first statement, as its tool
 * does: the tool has written nothing down. Ends at the first stop after which that fails, and then tries down from there.
 * `stage` sets one as it is before the migration; what could not be tried is counted.
 */
export async function recovery(
  item: PlanItem,
  stage: () => Promise<Stage | null>,
  signal: AbortSignal,
): Promise<Recovery | null> {
  const stops = stopsIn(item)
  const { up, down } = item
  if (stops.length === 0 || up.kind !== 'script') return null
  let tried = 0
  for (const stop of stops.slice(0, MOST)) {
    const on = await stage()
    if (on === null) break
    const { session, helpers } = on
    const run = async (script: Readable): ReturnType<typeof runScript> =>
      runScript(session, script, 'reapply', helpers, signal, 'replay')
    const { ending } = await run({ ...up, statements: up.statements.slice(0, stop) })
    // It ran to its end before; that it does not now says something about this place.
    if (ending.kind !== 'done') break
    const again = await run(anew(up, 1))
    if (again.ending.kind === 'lost') break
    tried += 1
    if (again.ending.kind === 'done') continue
    const last = up.statements[stop - 1]
    if (last === undefined) break
    const back = down.kind === 'script' ? (await run(down)).ending : null
    return {
      stops: stops.length,
      tried,
      failure: {
        after: last.span,
        at: again.ending.failure?.at ?? last.span,
        message: again.ending.reason,
        down: back === null || back.kind === 'lost' ? 'not-tried' : back.kind === 'done' ? 'runs' : 'fails',
      },
    }
  }
  return { stops: stops.length, tried, failure: null }
}
