import type { Rehearsal, RehearsalStep, RehearsalVerdict } from '../model/evidence.js'
import type { Revision, Script } from '../model/migration.js'
import type { Sandbox, SandboxProvider, SchemaDump, Session, Wish } from '../sandbox/sandbox.js'
import { replay, unreadable, type Skipped } from './replay.js'
import { residue } from './residue.js'
import { runScript, unsentGaps, type Ending, type Readable } from './script-run.js'
import { standIns, type StandIns } from './stand-ins.js'

/** One migration of a history, in the order in which the tool applies them. */
export interface PlanItem {
  readonly revision: Revision
  readonly up: Script
  readonly down: Script
  /** `replay`: it has been applied elsewhere and only sets the stage. */
  readonly role: 'replay' | 'rehearse'
  /** Tables in which the tool keeps its books. */
  readonly bookkeeping: readonly string[]
}

export interface RehearsalOptions {
  /** Target major version. */
  readonly postgres: number
  readonly signal: AbortSignal
  /** Wall clock for the whole plan; what is not done by then is not run. */
  readonly seconds: number
  readonly onProgress: (text: string) => void
}

/** What one rehearsal saw, and whether the schema is where the next migration expects it. */
interface Seen {
  readonly verdict: RehearsalVerdict
  readonly reason: string | null
  readonly steps: readonly RehearsalStep[]
  readonly residue: readonly string[]
  readonly next: 'up' | 'astray' | 'blocked' | 'lost'
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
  const rehearsals: Rehearsal[] = []
  let stage: Stage | null = null
  let stopped: string | null = null
  try {
    const wish: Wish = { postgres: options.postgres, extensions: extensionsIn(plan) }
    for (const [index, item] of plan.entries()) {
      if (stopped === null && stage === null) {
        const opened: Stage | string = await setStage(plan.slice(0, index), provider, wish, signal)
        if (typeof opened === 'string') stopped = explain(opened)
        else stage = opened
      }
      if (stage === null || stopped !== null) {
        if (item.role === 'rehearse') rehearsals.push(notRun(item, stopped ?? '', stage))
        continue
      }
      options.onProgress(`${item.role === 'replay' ? 'Replaying' : 'Rehearsing'} ${item.revision.id}`)
      if (item.role === 'replay') {
        const reason = await advance(stage, item, signal)
        if (reason !== null) stopped = explain(reason)
        continue
      }
      const seen = await rehearseOne(stage, item, signal).catch((error: unknown): Seen => {
        return { ...NOTHING, reason: messageOf(error), next: 'lost' }
      })
      rehearsals.push(
        withStage(item, seen.next === 'lost' ? { ...seen, reason: explain(seen.reason ?? '') } : seen, stage),
      )
      if (seen.next === 'lost') stopped = explain(`the rehearsal of ${item.revision.id} ended early: ${seen.reason}`)
      if (seen.next === 'blocked')
        stopped = `${item.revision.id}, which comes before, has not been brought up: ${seen.reason}`
      if (seen.next === 'astray') {
        await stage.sandbox[Symbol.asyncDispose]()
        stage = null
      }
    }
  } finally {
    await stage?.sandbox[Symbol.asyncDispose]()
  }
  return rehearsals
}

/** Every word of the statements that speak of extensions: their names are among them, however they are spelled out. */
function extensionsIn(plan: readonly PlanItem[]): readonly string[] {
  const words = new Set<string>()
  for (const script of plan.flatMap(({ up, down }) => [up, down])) {
    if (script.kind !== 'script') continue
    for (const { sql } of script.statements) {
      if (/extension/i.test(sql)) for (const [word] of sql.matchAll(/[\w-]+/g)) words.add(word.toLowerCase())
    }
  }
  return [...words]
}

/** A sandbox with the history so far. */
interface Stage {
  readonly sandbox: Sandbox
  readonly session: Session
  readonly helpers: StandIns
  readonly skipped: Skipped[]
}

/** Opens a sandbox and replays what comes before; a string says why that did not work. */
async function setStage(
  before: readonly PlanItem[],
  provider: SandboxProvider,
  wish: Wish,
  signal: AbortSignal,
): Promise<Stage | string> {
  const sandbox = await provider.open(wish, signal)
  if ('unavailable' in sandbox) return `no sandbox: ${sandbox.unavailable}`
  const session = await sandbox.session()
  const skipped: Skipped[] = []
  const stage: Stage = { sandbox, session, skipped, helpers: standIns(session, skipped) }
  for (const item of before) {
    const reason = await advance(stage, item, signal)
    if (reason !== null) {
      await sandbox[Symbol.asyncDispose]()
      return reason
    }
  }
  return stage
}

/** Replays one migration on a stage; a string says why the stage is of no further use. */
async function advance(
  { session, helpers, skipped }: Stage,
  item: PlanItem,
  signal: AbortSignal,
): Promise<string | null> {
  const replayed = await replay(session, item, helpers, signal).catch((error: unknown) => ({
    skipped: [],
    lost: messageOf(error),
  }))
  skipped.push(...replayed.skipped)
  return replayed.lost === null ? null : `the replay of ${item.revision.id} ended early: ${replayed.lost}`
}

const NOTHING: Seen = { verdict: 'not-run', reason: null, steps: [], residue: [], next: 'up' }

async function rehearseOne({ session, helpers }: Stage, item: PlanItem, signal: AbortSignal): Promise<Seen> {
  const { up, down, bookkeeping } = item
  if (up.kind !== 'script') return { ...NOTHING, reason: `up: ${unreadable(up)}`, next: 'blocked' }
  const holes = unsent(up)
  if (holes !== null) return { ...NOTHING, reason: `up: ${holes}`, next: 'blocked' }
  const steps: RehearsalStep[] = []
  const go = async (script: Readable, phase: RehearsalStep['phase']): Promise<Ending> => {
    const run = await runScript(session, script, phase, helpers, signal)
    steps.push(...run.steps)
    return run.ending
  }
  const read = async (): Promise<SchemaDump> => session.dump(bookkeeping)
  const seen = (
    verdict: RehearsalVerdict,
    reason: string | null,
    next: Seen['next'],
    lines: readonly string[] = [],
  ): Seen => ({
    verdict,
    reason,
    steps,
    residue: lines,
    next,
  })

  await session.reset()
  const before = await read()
  const first = await go(up, 'up')
  if (first.kind === 'lost') return seen('not-run', first.reason, 'lost')
  if (first.kind === 'failed') return seen('up-fails', first.reason, 'blocked')
  if (down.kind === 'absent') return seen('no-down', 'there is no down script', 'up')
  if (down.kind === 'irreversible') return seen('no-down', unreadable(down), 'up')
  if (down.kind === 'refused') return seen('not-run', `down: ${unreadable(down)}`, 'up')
  const missing = unsent(down)
  if (missing !== null) return seen('not-run', `down: ${missing}`, 'up')

  const raised = await read()
  const back = await go(down, 'down')
  if (back.kind === 'lost') return seen('not-run', back.reason, 'lost')
  if (back.kind === 'failed') return seen('down-fails', back.reason, back.intact ? 'up' : 'astray')
  const left = residue(helpers.without(before), helpers.without(await read()))
  const again = await go(up, 'reapply')
  if (again.kind === 'lost') return seen('not-run', again.reason, 'lost')
  if (left.length > 0) {
    const then = again.kind === 'failed' ? `, and up then fails: ${again.reason}` : ''
    return seen('leaves-residue', `after down, ${notAsBefore(left.length)}${then}`, 'astray', left)
  }
  if (again.kind === 'failed') return seen('reapply-fails', again.reason, 'astray')
  return unlike(helpers.without(raised), helpers.without(await read()), seen)
}

/** A second up must end where the first one did. */
function unlike(
  first: SchemaDump,
  second: SchemaDump,
  seen: (verdict: RehearsalVerdict, reason: string | null, next: Seen['next'], lines?: readonly string[]) => Seen,
): Seen {
  const lines = residue(first, second)
  if (lines.length === 0) return seen('reversible', null, 'up')
  return seen('reapply-fails', `after up, down and up, ${notAsBefore(lines.length)}`, 'astray', lines)
}

function unsent(script: Readable): string | null {
  const [first, ...others] = unsentGaps(script)
  if (first === undefined) return null
  return `${others.length === 0 ? '1 line was' : `${others.length + 1} lines were`} not understood: ${first.message}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function notAsBefore(objects: number): string {
  return objects === 1 ? '1 object is not as it was' : `${objects} objects are not as they were`
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`
}

function withStage({ revision }: PlanItem, { verdict, reason, steps, residue: lines }: Seen, stage: Stage): Rehearsal {
  const { sandbox, skipped } = stage
  const { provider, can } = sandbox
  const common = {
    revision,
    sandbox: provider,
    postgres: can.version,
    steps,
    residue: lines,
    lost: [],
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
    lost: [],
    skipped: [...(stage?.skipped ?? [])],
  }
}
