import type { Rehearsal, RehearsalStep, RehearsalVerdict } from '../model/evidence.js'
import type { SchemaDump } from '../sandbox/sandbox.js'
import { tryBetween } from './between.js'
import { diagnosed } from './diagnosis/diagnose.js'
import { violations } from './integrity.js'
import { brokenSince, readBodies } from './function-bodies.js'
import type { Dumps } from './native-proof.js'
import type { PlanItem } from './plan.js'
import { pictureOf } from './picture.js'
import { unreadable } from './replay.js'
import { watchFunctions } from './plpgsql-functions.js'
import { residue } from './residue.js'
import { restored } from './restored.js'
import { changesBetween, kept } from './schema-change.js'
import { anew, runScript, unsentGaps, type Ending, type Readable } from './script-run.js'
import { fill, type FillWish } from './seed/fill.js'
import { difference, shown, snapshot, type RowDifference, type Snapshot } from './snapshot.js'
import type { Stage } from './stage.js'
import { readUnfinished, unfinishedSince } from './unfinished.js'

/** What is in the tables that no migration put a row into. */
export interface Seeding {
  /** Rows a table. */
  readonly rows: number
  readonly values: FillWish['values'] | 'none'
}

/** What a rehearsal saw of rows. */
type RowEvidence = Pick<
  Rehearsal,
  'rows' | 'unfilled' | 'lost' | 'filled' | 'changed' | 'between' | 'violations' | 'dataDependent'
>

/** Nothing was in the tables, or nothing ran. */
const NO_ROWS: RowEvidence = {
  rows: 0,
  unfilled: [],
  lost: [],
  filled: [],
  changed: [],
  between: null,
  violations: [],
  dataDependent: null,
}

/** What a rehearsal saw beside what its statements answered. */
export type Evidence = RowEvidence &
  Pick<Rehearsal, 'unfinished' | 'brokenFunctions' | 'unreadFunctions' | 'recovery' | 'window'>

/** Nothing was in the tables, or nothing ran. */
export const NO_EVIDENCE: Evidence = {
  ...NO_ROWS,
  unfinished: [],
  brokenFunctions: [],
  unreadFunctions: [],
  recovery: null,
  window: null,
}

/** What a rehearsal saw of the schema. */
export type SchemaEvidence = Pick<Rehearsal, 'schema' | 'picture'>

/** Up did not run to its end. */
export const NO_SCHEMA: SchemaEvidence = { schema: null, picture: null }

/** What one rehearsal saw, and whether the schema is where the next migration expects it. */
export interface Seen {
  readonly verdict: RehearsalVerdict
  readonly reason: string | null
  readonly steps: readonly RehearsalStep[]
  readonly residue: readonly string[]
  readonly data: Evidence
  readonly shape: SchemaEvidence
  readonly dumps: Dumps
  readonly next: 'up' | 'astray' | 'blocked' | 'lost'
}

/** Before anything ran. */
export const NOTHING_SEEN: Seen = {
  verdict: 'not-run',
  reason: null,
  steps: [],
  residue: [],
  data: NO_EVIDENCE,
  shape: NO_SCHEMA,
  dumps: {},
  next: 'up',
}

/** Rehearses one migration on a stage: rows, up, down, up again. Throws when the sandbox is lost. */
export async function tryOut(
  stage: Stage,
  item: PlanItem,
  plan: readonly PlanItem[],
  seeding: Seeding,
  signal: AbortSignal,
): Promise<Seen> {
  const { session, helpers } = stage
  const { up, down, bookkeeping } = item
  if (up.kind !== 'script') return { ...NOTHING_SEEN, reason: `up: ${unreadable(up)}`, next: 'blocked' }
  const holes = unsent(up)
  if (holes !== null) return { ...NOTHING_SEEN, reason: `up: ${holes}`, next: 'blocked' }
  const steps: RehearsalStep[] = []
  let data = NO_EVIDENCE
  let shape = NO_SCHEMA
  let dumps: Dumps = {}
  const go = async (script: Readable, phase: RehearsalStep['phase']): Promise<Ending> => {
    const ran = await runScript(session, script, phase, helpers, signal)
    const run = await diagnosed(session, ran, { script, phase, item, plan }, signal)
    steps.push(...run.steps)
    return run.ending
  }
  const read = async (phase: keyof Dumps): Promise<SchemaDump> => {
    const dump = await session.dump(bookkeeping)
    dumps = { ...dumps, [phase]: helpers.without(dump) }
    return dump
  }
  const seen = (
    verdict: RehearsalVerdict,
    reason: string | null,
    next: Seen['next'],
    lines: readonly string[] = [],
  ): Seen => {
    return { verdict, reason, steps, residue: lines, data, shape, dumps, next }
  }

  await session.reset()
  const unfilled = await filled(stage, item, seeding, signal)
  await session.reset()
  const before = await read('before')
  const rows = await snapshot(session, bookkeeping)
  data = { ...data, rows: numberOf(rows), unfilled: [...unfilled, ...rows.unread] }

  const halfway = await readUnfinished(session)
  const bodies = await readBodies(session, up.searchPath)
  const brokenPlpgsql = await watchFunctions(stage, up, before, signal)
  const first = await go(up, 'up')
  if (first.kind === 'lost') return seen('not-run', first.reason, 'lost')
  data = { ...data, unfinished: unfinishedSince(halfway, await readUnfinished(session)) }
  if (first.kind === 'failed') return seen('up-fails', first.reason, 'blocked')
  const { broken, unread } = await brokenPlpgsql()
  const all = [...brokenSince(bodies, await readBodies(session, up.searchPath)), ...broken]
  data = { ...data, brokenFunctions: all, unreadFunctions: unread }
  const rules = await violations(session, before, bookkeeping)
  const raised = await read('up')
  shape = shapeOf(helpers.without(before), helpers.without(raised))
  data = { ...data, violations: rules.broken, unfilled: [...data.unfilled, ...rules.unread] }
  if (down.kind === 'absent') return seen('no-down', 'there is no down script', 'up')
  if (down.kind === 'irreversible') return seen('no-down', unreadable(down), 'up')
  if (down.kind === 'refused') return seen('not-run', `down: ${unreadable(down)}`, 'up')
  const missing = unsent(down)
  if (missing !== null) return seen('not-run', `down: ${missing}`, 'up')

  const lifted = data.rows > 0 ? await snapshot(session, bookkeeping) : rows
  const back = await go(down, 'down')
  if (back.kind === 'lost') return seen('not-run', back.reason, 'lost')
  if (back.kind === 'failed') return seen('down-fails', back.reason, back.intact ? 'up' : 'astray')
  const objects = residue(helpers.without(before), helpers.without(await read('down')))
  const changed = difference(rows, await snapshot(session, bookkeeping))
  data = { ...data, lost: changed.lost, filled: changed.filled, changed: restored(rows, lifted, changed) }
  const again = await go(anew(up, 1), 'reapply')
  if (again.kind === 'lost') return seen('not-run', again.reason, 'lost')
  const then = again.kind === 'failed' ? `, and up then fails: ${again.reason}` : ''
  if (objects.length + changed.residue.length > 0) {
    const what = [...(objects.length > 0 ? [notAsBefore(objects.length)] : []), ...changed.residue].join(' and ')
    return seen('leaves-residue', `after down, ${what}${then}`, 'astray', [...objects, ...changed.residue])
  }
  const second = again.kind === 'failed' ? [] : residue(helpers.without(raised), helpers.without(await read('again')))
  let next: Seen['next'] = again.kind === 'failed' || second.length > 0 ? 'astray' : 'up'
  if (next === 'up') {
    const plain = { up, down, before, raised, lost: changed.lost }
    const tried = await tryBetween(stage, item, plan, plain, seeding, signal)
    data = { ...data, between: tried.between }
    next = tried.next
  }
  if (changed.lost.length > 0) return seen('loses-data', `${losses(changed)}${then}`, next)
  if (again.kind === 'failed') return seen('reapply-fails', again.reason, next)
  if (second.length > 0)
    return seen('reapply-fails', `after up, down and up, ${notAsBefore(second.length)}`, next, second)
  return seen('reversible', null, next)
}

function shapeOf(before: SchemaDump, after: SchemaDump): SchemaEvidence {
  const changes = changesBetween(before, after)
  return { schema: kept(changes), picture: pictureOf(before, after, changes) }
}

async function filled(
  { session }: Stage,
  { bookkeeping }: PlanItem,
  { rows, values }: Seeding,
  signal: AbortSignal,
): Promise<Rehearsal['unfilled']> {
  if (values === 'none') return []
  const unfilled = await fill(session, { rows, values, bookkeeping, signal })
  return unfilled.map(({ table, reason }) => ({ table: shown(table), reason }))
}

function numberOf({ tables }: Snapshot): number {
  return [...tables.values()].reduce((sum, { rows }) => sum + rows.length, 0)
}

function losses({ lost }: RowDifference): string {
  const [first, ...others] = lost
  if (first === undefined) return 'nothing is lost'
  const what = `${first.rows} ${first.rows === 1 ? 'row' : 'rows'} of ${first.table}`
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return first.column === null
    ? `after down, ${what} ${first.rows === 1 ? 'is' : 'are'} gone${more}`
    : `after down, ${what} ${first.rows === 1 ? 'has' : 'have'} lost the value of ${first.column}${more}`
}

function unsent(script: Readable): string | null {
  const [first, ...others] = unsentGaps(script)
  if (first === undefined) return null
  return `${others.length === 0 ? '1 line was' : `${others.length + 1} lines were`} not understood: ${first.message}`
}

function notAsBefore(objects: number): string {
  return objects === 1 ? '1 object is not as it was' : `${objects} objects are not as they were`
}
