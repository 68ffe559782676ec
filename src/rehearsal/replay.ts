import type { Rehearsal } from '../model/evidence.js'
import type { Revision, Script, Statement } from '../model/migration.js'
import type { Session } from '../sandbox/sandbox.js'
import { startOf } from '../source/span.js'
import { placeOf } from './place.js'
import type { StandIns } from './stand-ins.js'
import { begin, quoted, runScript, unsentGaps } from './script-run.js'

/** A statement, or a piece that is none, that a replay left out. */
export type Skipped = Rehearsal['skipped'][number]

/** What a replay could not bring about; `lost` when the sandbox is of no further use. */
export interface Replayed {
  readonly skipped: readonly Skipped[]
  readonly lost: string | null
}

/**
 * Brings the schema to where it is after a migration that has been applied elsewhere already. That it fails here says
 * something about this place and not about the migration: what cannot run is left out, and remembered.
 */
export async function replay(
  session: Session,
  { revision, up }: { readonly revision: Revision; readonly up: Script },
  helpers: StandIns,
  signal: AbortSignal,
): Promise<Replayed> {
  if (up.kind !== 'script') {
    const at = up.kind === 'absent' ? startOf(revision.path) : up.at
    return { skipped: [{ sql: '', at, reason: unreadable(up) }], lost: null }
  }
  const gaps = unsentGaps(up).map(({ message, at }) => ({ sql: '', at: at ?? startOf(revision.path), reason: message }))
  const { steps, ending } = await runScript(session, up, 'up', helpers, signal, 'replay')
  if (ending.kind === 'done') return { skipped: gaps, lost: null }
  if (ending.kind === 'lost') return { skipped: gaps, lost: ending.reason }
  const done = ending.intact ? 0 : steps.length - 1
  const left = up.statements.filter(({ sql }, index) => index >= done || SETS.test(sql))
  await begin(session, up, signal)
  const { skipped, lost } = await oneByOne(session, left, helpers, signal)
  return { skipped: [...gaps, ...skipped], lost }
}

/** Runs each statement on its own, so that one failure costs one statement. */
async function oneByOne(
  session: Session,
  statements: readonly Statement[],
  helpers: StandIns,
  signal: AbortSignal,
): Promise<Replayed> {
  const skipped: Skipped[] = []
  for (const statement of statements.filter(({ sql }) => !BRACKET.test(sql))) {
    let outcome = await session.run(statement.sql, signal)
    while (outcome.kind === 'failed' && (await helpers.provide(statement, outcome, signal))) {
      outcome = await session.run(statement.sql, signal)
    }
    if (outcome.kind === 'lost') return { skipped, lost: `${quoted(statement.sql)}: ${outcome.reason}` }
    if (outcome.kind !== 'failed') continue
    skipped.push({ sql: statement.sql, at: placeOf(statement, outcome.position), reason: outcome.message })
  }
  return { skipped, lost: null }
}

/** Statements that set what holds for the rest of the session: it is a new one, so they run again. */
const SETS = /^\s*(?:SET\s+(?!LOCAL\b)|SELECT\s+(?:pg_catalog\.)?set_config\s*\()/i

/** Statements that only hold others together. */
const BRACKET = /^\s*(?:BEGIN|START\s+TRANSACTION|COMMIT|END)\b/i

/** Why a script cannot be run, in words that stand for themselves. */
export function unreadable(script: Exclude<Script, { kind: 'script' }>): string {
  if (script.kind === 'absent') return 'the script is absent'
  if (script.kind === 'refused') return `the script could not be read: ${script.reason}`
  // Such a script need not fail: it may be no more than a comment.
  return `the script is declared irreversible${script.reason === null ? '' : `: ${script.reason}`}`
}
