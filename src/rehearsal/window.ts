import type { Rehearsal, Window } from '../model/evidence.js'
import type { SchemaDump } from '../sandbox/sandbox.js'
import type { Rehearsed } from './native.js'
import type { PlanItem } from './plan.js'
import { residue } from './residue.js'
import { anew, runScript, type Readable } from './script-run.js'
import { fill } from './seed/fill.js'
import { messageOf, type Stage } from './stage.js'

/** A migration of which up, down and up again work on their own. */
interface Step {
  readonly at: number
  readonly item: PlanItem
  readonly up: Readable
  readonly down: Readable
}

/**
 * Takes a release back as a whole: all ups, all downs newest first, all ups again, from the last migration on that cannot be
 * taken back. Each of them has been seen to work while it was the newest; what is seen here is what a later one changed for
 * it that no schema shows, such as the order of columns, values or sequences. Answers by the place in `rehearsed`; what could
 * not be looked at stands with the newest. `stage` gives a reason where there is no stage.
 */
export async function releaseWindow(
  plan: readonly PlanItem[],
  rehearsed: readonly Rehearsed[],
  stage: (index: number) => Promise<Stage | string>,
  rows: number,
  signal: AbortSignal,
): Promise<{ readonly place: number; readonly window: Window } | null> {
  const steps = stepsOf(plan, rehearsed)
  const [first] = steps
  const newest = steps.at(-1)
  if (first === undefined || newest === undefined || steps.length < 2) return null
  for (const values of rows === 0 ? (['none'] as const) : (['awkward', 'plain', 'none'] as const)) {
    try {
      const on = await stage(plan.indexOf(first.item))
      if (typeof on === 'string') return found(newest, 'not-run', on, null)
      const { bookkeeping } = first.item
      if (values !== 'none') await fill(on.session, { rows, values, bookkeeping, signal })
      const seen = await goThrough(on, steps, signal)
      // That up fails on rows is another matter.
      if (seen !== 'up-fails') return seen
    } catch (error) {
      return found(newest, 'not-run', messageOf(error), null)
    }
  }
  return found(newest, 'not-run', 'up failed, although it ran before', null)
}

/** The newest migrations, as far back as each of them works on its own and none has been applied already. */
function stepsOf(plan: readonly PlanItem[], rehearsed: readonly Rehearsed[]): readonly Step[] {
  const steps = rehearsed.map(({ item, rehearsal }, at): Step | null => {
    const { up, down } = item
    if (!WORKS.has(rehearsal.verdict) || up.kind !== 'script' || down.kind !== 'script') return null
    return { at, item, up, down }
  })
  const last = steps.lastIndexOf(null)
  const newest = steps.slice(last + 1).flatMap((step) => step ?? [])
  const from = newest[0] === undefined ? plan.length : plan.indexOf(newest[0].item)
  return plan.slice(from).length === newest.length ? newest : []
}

const WORKS: ReadonlySet<Rehearsal['verdict']> = new Set(['reversible', 'loses-data'])

async function goThrough(
  { session, helpers }: Stage,
  steps: readonly Step[],
  signal: AbortSignal,
): Promise<{ readonly place: number; readonly window: Window } | 'up-fails' | null> {
  const read = async ({ item }: Step): Promise<SchemaDump> => helpers.without(await session.dump(item.bookkeeping))
  const run = async (script: Readable): ReturnType<typeof runScript> =>
    runScript(session, script, 'reapply', helpers, signal, 'replay')
  const before: SchemaDump[] = []
  await session.reset()
  for (const step of steps) {
    before.push(await read(step))
    const { ending } = await run(step.up)
    if (ending.kind === 'lost') return found(step, 'not-run', ending.reason, null)
    if (ending.kind === 'failed') return 'up-fails'
  }
  for (const [index, step] of [...steps.entries()].reverse()) {
    const { ending } = await run(step.down)
    if (ending.kind === 'lost') return found(step, 'not-run', ending.reason, null)
    if (ending.kind === 'failed') return found(step, 'down', ending.reason, ending.failure?.at ?? null)
    const [line, ...others] = residue(before[index] ?? new Map(), await read(step))
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`
    if (line !== undefined) return found(step, 'residue', `${line}${more}`, null)
  }
  for (const step of steps) {
    const { ending } = await run(anew(step.up, 1))
    if (ending.kind === 'lost') return found(step, 'not-run', ending.reason, null)
    if (ending.kind === 'failed') return found(step, 'reapply', ending.reason, ending.failure?.at ?? null)
  }
  return null
}

function found(
  { at: place }: Step,
  phase: Window['phase'],
  message: string,
  at: Window['at'],
): { readonly place: number; readonly window: Window } {
  return { place, window: { phase, message, at } }
}
