import type { Between, RowCount } from '../model/evidence.js'
import type { SchemaDump } from '../sandbox/sandbox.js'
import { diagnosed } from './diagnosis/diagnose.js'
import type { PlanItem } from './plan.js'
import { residue } from './residue.js'
import { anew, runScript, type Ending, type Readable } from './script-run.js'
import { readFacts } from './seed/facts.js'
import { fill } from './seed/fill.js'
import { beyond, difference, shown, snapshot, type Snapshot, type TableRows } from './snapshot.js'
import { messageOf, type Stage } from './stage.js'
import { touched } from './touched.js'
import type { Seeding, Seen } from './trial.js'

/** What up and down did without such rows. */
export interface Plain {
  readonly up: Readable
  readonly down: Readable
  readonly before: SchemaDump
  readonly raised: SchemaDump
  /** What down had not brought back even so: said already. */
  readonly lost: readonly RowCount[]
}

/** What is seen, and whether the schema is where the next migration expects it. */
interface Tried {
  readonly between: Between | null
  readonly next: Seen['next']
}

/**
 * Writes rows into the tables as they are after up, as an application would, and goes down and up once more. The stage is
 * after up, and is again afterwards or is said to be astray. Never throws: what cannot be seen is said.
 */
export async function tryBetween(
  stage: Stage,
  item: PlanItem,
  plan: readonly PlanItem[],
  plain: Plain,
  seeding: Seeding,
  signal: AbortSignal,
): Promise<Tried> {
  try {
    return await attempt(stage, item, plan, plain, seeding, signal)
  } catch (error) {
    return { between: { ...NONE, outcome: 'not-run', reason: messageOf(error) }, next: 'astray' }
  }
}

const NONE: Between = { rows: 0, outcome: 'kept', reason: null, failure: null, lost: [], gone: [] }

async function attempt(
  { session, helpers }: Stage,
  item: PlanItem,
  plan: readonly PlanItem[],
  { up, down, before, raised, lost: known }: Plain,
  { rows, values }: Seeding,
  signal: AbortSignal,
): Promise<Tried> {
  const nothing: Tried = { between: null, next: 'up' }
  if (rows === 0 || values === 'none') return nothing
  await session.reset()
  const { bookkeeping } = item
  const facts = await readFacts(session, bookkeeping)
  const { changed, referring } = touched(before, raised, down, facts)
  const into = new Set([...referring, ...changed])
  if (into.size === 0) return nothing
  const there = await snapshot(session, bookkeeping, into)
  // First what refers to rows that down changes, while those are the newest.
  for (const some of [referring, changed]) await fill(session, { rows, values, bookkeeping, signal, into: some }, facts)
  await session.reset()
  const written = beyond(there, await snapshot(session, bookkeeping, into))
  const number = [...written.tables.values()].reduce((sum, table) => sum + table.rows.length, 0)
  if (number === 0) return nothing

  const go = async (script: Readable, phase: 'down' | 'reapply'): Promise<Ending> => {
    const run = await runScript(session, script, phase, helpers, signal)
    return (await diagnosed(session, run, { script, phase, item, plan }, signal)).ending
  }
  const seen: Between = { ...NONE, rows: number }
  const back = await go(down, 'down')
  if (back.kind === 'lost') return unseen(seen, back.reason)
  if (back.kind === 'failed') {
    const { reason, failure, intact } = back
    return { between: { ...seen, outcome: 'down-fails', reason, failure }, next: intact ? 'up' : 'astray' }
  }
  const lowered = await snapshot(session, bookkeeping, into)
  const again = await go(anew(up, 2), 'reapply')
  if (again.kind === 'lost') return unseen(seen, again.reason)
  if (again.kind === 'failed') {
    const { reason, failure } = again
    return { between: { ...seen, outcome: 'reapply-fails', reason, failure }, next: 'astray' }
  }
  const after = await snapshot(session, bookkeeping, into)
  const belowUp = missing(written, there, lowered, before, into)
  const { lost, gone } = missing(written, there, after, before, into)
  // A value is there still when down leaves it, or when up brings it back to what it was.
  const unsaid = lost
    .filter(({ table, column }) => !known.some((each) => each.table === table && each.column === column))
    .flatMap((each) => fewer(each, belowUp.lost))
  const outcome = unsaid.length > 0 ? 'lost' : 'kept'
  const between: Between = { ...seen, outcome, lost: unsaid, gone }
  // Whether the schema is where the next migration expects it nobody asks after the last.
  if (plan.at(-1) === item) return { between, next: 'astray' }
  const same = residue(helpers.without(raised), helpers.without(await session.dump(bookkeeping))).length === 0
  return { between, next: same ? 'up' : 'astray' }
}

function unseen(seen: Between, reason: string): Tried {
  return { between: { ...seen, outcome: 'not-run', reason }, next: 'astray' }
}

/** What of the written rows is not there any more: with what up had added, and besides. */
function missing(
  written: Snapshot,
  there: Snapshot,
  after: Snapshot,
  before: SchemaDump,
  into: ReadonlySet<string>,
): Pick<Between, 'lost' | 'gone'> {
  const others = beyond(there, after)
  const lost: RowCount[] = []
  const gone: RowCount[] = []
  for (const name of into) {
    const table = shown(name)
    const rows = written.tables.get(table)
    if (rows === undefined || rows.rows.length === 0) continue
    const isNew = (column: string): boolean => !before.has(`column ${name}.${column}`)
    // Without a key that lasts, the rows that were there before are no candidates.
    const keyed = rows.key.length > 0 && !rows.key.some(isNew)
    const now = (keyed ? after : others).tables.get(table)
    const missed = differences(table, keyed ? rows : { ...rows, key: [] }, now, after)
    for (const each of missed) {
      const added = !before.has(`table ${name}`) || (each.column !== null && isNew(each.column))
      if (added) gone.push(each)
      else lost.push(each)
    }
  }
  return { lost, gone }
}

/** As many of the rows as another count has of them too; a table that is not there has none of its columns. */
function fewer(each: RowCount, others: readonly RowCount[]): readonly RowCount[] {
  const same = others.filter(({ table, column }) => table === each.table && (column === null || column === each.column))
  const rows = Math.min(each.rows, Math.max(0, ...same.map((other) => other.rows)))
  return rows > 0 ? [{ ...each, rows }] : []
}

function differences(
  table: string,
  rows: TableRows,
  now: TableRows | undefined,
  { unread }: Snapshot,
): readonly RowCount[] {
  const one = (all: TableRows | undefined): Snapshot['tables'] => new Map(all === undefined ? [] : [[table, all]])
  return difference({ tables: one(rows), unread: [] }, { tables: one(now), unread }).lost
}
