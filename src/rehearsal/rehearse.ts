import type { ReadFunctionBodies } from '../model/function-body.js'
import type { Rehearsal } from '../model/evidence.js'
import type { SandboxProvider } from '../sandbox/sandbox.js'
import { dependence, dependsOnRows } from './dependence.js'
import { proveNatively, type NativeTool, type Rehearsed } from './native.js'
import type { PlanItem } from './plan.js'
import { recovery, stopsIn } from './recovery.js'
import { advance, extensionsIn, messageOf, setStage, type Stage, type StageWish } from './stage.js'
import { releaseWindow } from './window.js'
import { NO_EVIDENCE, NO_SCHEMA, NOTHING_SEEN, tryOut, type Seeding, type Seen } from './trial.js'

export interface RehearsalOptions {
  /** Target major version. */
  readonly postgres: number
  /** Generated rows a table; 0: empty tables. */
  readonly rows: number
  readonly signal: AbortSignal
  /** Wall clock for the whole plan; what is not done by then is not run. */
  readonly seconds: number
  /** With what the state of the history may have been kept; see `Wish.baseline`. */
  readonly hint?: string
  readonly onProgress: (text: string) => void
  /** Reads functions in PL/pgSQL; without it, theirs are not looked at. */
  readonly bodies?: ReadFunctionBodies
  /** Whether all of it is taken back together as well, and brought up again. */
  readonly window?: boolean
  /** The team's own tool, when it is asked to do the same. */
  readonly native?: NativeTool | undefined
}

/** Rehearses up, down and up again what a plan asks for, in a throw-away database; a rehearsal for each, in order. */
export async function rehearse(
  plan: readonly PlanItem[],
  provider: SandboxProvider,
  options: RehearsalOptions,
): Promise<readonly Rehearsal[]> {
  const limit = AbortSignal.timeout(options.seconds * 1000)
  const signal = AbortSignal.any([options.signal, limit])
  const explain = (reason: string): string =>
    limit.aborted ? `the rehearsal was ended after ${options.seconds} seconds` : reason
  const wish: StageWish = {
    postgres: options.postgres,
    extensions: extensionsIn(plan),
    hint: options.hint ?? null,
    bodies: options.bodies ?? null,
  }
  const rehearsed: Rehearsed[] = []
  let stage: Stage | null = null
  let stopped: string | null = null
  const strike = async (): Promise<void> => {
    await stage?.sandbox[Symbol.asyncDispose]()
    stage = null
  }
  /** The stage as it is before a migration; null once there can be none. */
  const staged = async (index: number): Promise<Stage | null> => {
    if (stopped !== null || stage !== null) return stage
    const opened = await setStage(plan.slice(0, index), provider, wish, signal, options.onProgress)
    if (typeof opened === 'string') stopped = explain(opened)
    else stage = opened
    return stage
  }
  const attempt = (on: Stage, item: PlanItem, values: Seeding['values']): Promise<Seen> =>
    tryOut(on, item, plan, { rows: options.rows, values }, signal).catch((error: unknown): Seen => {
      return { ...NOTHING_SEEN, reason: messageOf(error), next: 'lost' }
    })
  /** Whether a failure is the rows' own is seen by trying again with others, and then with none. */
  const attempts = async (on: Stage, item: PlanItem, index: number): Promise<Seen> => {
    let seen = await attempt(on, item, 'awkward')
    const failure = seen
    for (const values of ['plain', 'none'] as const) {
      if (!dependsOnRows(seen)) break
      options.onProgress(
        `Rehearsing ${item.revision.id} again with ${values === 'plain' ? 'ordinary rows' : 'empty tables'}`,
      )
      await strike()
      const anew = await staged(index)
      if (anew === null) return { ...NOTHING_SEEN, reason: stopped, next: 'lost' }
      seen = await attempt(anew, item, values)
    }
    if (seen === failure || seen.verdict === 'up-fails' || seen.next === 'lost') return seen
    const { unfinished } = failure.data
    return { ...seen, data: { ...seen.data, unfinished, dataDependent: dependence(failure) } }
  }

  /** Once everything has been rehearsed, what happens when one that can stop half-way does. */
  const withRecoveries = async (): Promise<readonly Rehearsed[]> => {
    const all: Rehearsed[] = []
    for (const each of rehearsed) {
      const { item, rehearsal } = each
      const { verdict, dataDependent } = rehearsal
      const ran = verdict !== 'not-run' && verdict !== 'up-fails' && dataDependent === null
      if (!ran || stopsIn(item).length === 0) {
        all.push(each)
        continue
      }
      options.onProgress(`Stopping ${item.revision.id} half-way`)
      const anew = async (): Promise<Stage | null> => {
        await strike()
        return staged(plan.indexOf(item))
      }
      const untried = (): Rehearsal['recovery'] => ({ stops: stopsIn(item).length, tried: 0, failure: null })
      const found = await recovery(item, anew, signal).catch(untried)
      all.push({ ...each, rehearsal: { ...rehearsal, recovery: found } })
    }
    return all
  }
  /** And what happens when all that can be taken back is taken back together. */
  const withWindow = async (all: readonly Rehearsed[]): Promise<readonly Rehearsed[]> => {
    if (options.window !== true) return all
    options.onProgress('Taking all of it back together')
    const anew = async (index: number): Promise<Stage | string> => {
      await strike()
      return (await staged(index)) ?? stopped ?? 'there is no sandbox'
    }
    const seen = await releaseWindow(plan, all, anew, options.rows, signal)
    return all.map((each, at) =>
      seen?.place === at ? { ...each, rehearsal: { ...each.rehearsal, window: seen.window } } : each,
    )
  }
  const add = (item: PlanItem, rehearsal: Rehearsal, dumps: Seen['dumps'] = {}, on: Stage | null = null): void => {
    rehearsed.push({ item, rehearsal, dumps, roles: on?.helpers.roles() ?? [] })
  }

  let told: readonly Rehearsed[] = rehearsed
  try {
    for (const [index, item] of plan.entries()) {
      // What comes before the next rehearsal is replayed when the stage is set for that.
      if (stage === null && item.role === 'replay') continue
      const on: Stage | null = await staged(index)
      if (on === null || stopped !== null) {
        if (item.role === 'rehearse') add(item, notRun(item, stopped ?? '', on))
        continue
      }
      options.onProgress(`${item.role === 'replay' ? 'Replaying' : 'Rehearsing'} ${item.revision.id}`)
      if (item.role === 'replay') {
        const reason = await advance(on, item, signal)
        if (reason !== null) stopped = explain(reason)
        continue
      }
      const seen = await attempts(on, item, index)
      const explained = seen.next === 'lost' ? { ...seen, reason: explain(seen.reason ?? '') } : seen
      add(item, withStage(item, explained, stage ?? on), explained.dumps, stage ?? on)
      if (seen.next === 'lost') stopped = explain(`the rehearsal of ${item.revision.id} ended early: ${seen.reason}`)
      if (seen.next === 'blocked')
        stopped = `${item.revision.id}, which comes before, has not been brought up: ${seen.reason}`
      if (seen.next === 'astray') await strike()
    }
    told = await withWindow(await withRecoveries())
  } finally {
    await strike()
  }
  if (options.native === undefined) return told.map(({ rehearsal }) => rehearsal)
  return proveNatively(plan, told, provider, options.native, {
    ...options,
    wish: { postgres: wish.postgres, extensions: extensionsIn(plan) },
  })
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`
}

function withStage(
  { revision }: PlanItem,
  { verdict, reason, steps, residue: lines, data, shape }: Seen,
  stage: Stage,
): Rehearsal {
  const { sandbox, skipped } = stage
  const { provider, can } = sandbox
  const common = {
    revision,
    sandbox: provider,
    postgres: can.version,
    steps,
    residue: lines,
    ...shape,
    ...data,
    skipped: [...skipped],
  }
  const hole = verdict === 'up-fails' ? UNEXPECTED : MISSING
  const explained =
    skipped.length > 0 && verdict.endsWith('-fails') && steps.some(({ error }) => hole.test(error?.sqlstate ?? ''))
  if (!explained) return { ...common, verdict, reason }
  const why = `${reason}, which may be because ${count(skipped.length, 'statement')} of the history before it could not run here`
  return { ...common, verdict: 'not-run', reason: why }
}

/** Undefined table, column, object, function, schema: what a hole in the history looks like. */
const MISSING = /^(?:42P01|42703|42704|42883|3F000)$/
/**
 * To an up, which has only the history before it: also rows, relations, columns, objects, functions, schemas and types of
 * columns that should be gone by now. A down meets what its own up left.
 */
const UNEXPECTED = /^(?:42P01|42703|42704|42883|3F000|23...|42P07|42701|42710|42723|42P06|42804)$/

function notRun({ revision }: PlanItem, reason: string, stage: Stage | null): Rehearsal {
  const sandbox = stage?.sandbox ?? null
  return {
    revision,
    sandbox: sandbox?.provider ?? null,
    postgres: sandbox?.can.version ?? null,
    verdict: 'not-run',
    reason,
    steps: [],
    residue: [],
    ...NO_SCHEMA,
    ...NO_EVIDENCE,
    skipped: [...(stage?.skipped ?? [])],
  }
}
