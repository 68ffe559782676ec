import type { Diagnosis, RehearsalStep } from '../../model/evidence.js'
import type { Session } from '../../sandbox/sandbox.js'
import type { Ending } from '../script-run.js'
import { advice } from './advice.js'
import { checks } from './checks.js'
import { conversion } from './conversion.js'
import { dependents } from './dependents.js'
import { duplicates } from './duplicates.js'
import { existing } from './existing.js'
import type { Explain, Failing } from './failing.js'
import { missing } from './missing.js'
import { nulls } from './nulls.js'
import { orphans } from './orphans.js'
import { hasChanged, stand } from './standing.js'

/** How a script ran. */
export interface Run {
  readonly steps: readonly RehearsalStep[]
  readonly ending: Ending
}

/** Who explains a failure, by SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const EXPLAIN: Readonly<Record<string, Explain>> = {
  '23503': orphans,
  '23001': orphans,
  '23505': duplicates,
  '23502': nulls,
  '23514': checks,
  '22P02': conversion,
  '22001': conversion,
  '22003': conversion,
  '22007': conversion,
  '22008': conversion,
  '42804': conversion,
  '42P01': missing,
  '42703': missing,
  '42883': missing,
  '42704': missing,
  '3F000': missing,
  '2BP01': dependents,
  '0A000': dependents,
  '42P07': existing,
  '42701': existing,
  '42710': existing,
  '42723': existing,
  '42P06': existing,
}

/** Those that look at rows and names as the statement met them. */
const LOOKS: readonly Explain[] = [orphans, duplicates, nulls, checks, conversion, missing]

/**
 * Says why the last statement of a run failed. Where that takes what the failure rolled back, what came before the
 * statement is run again and kept, so that the script's ending is no longer intact. Never throws, and changes nothing
 * else of what the run told: what cannot be explained stays as PostgreSQL said it.
 */
export async function diagnosed(
  session: Session,
  run: Run,
  about: Pick<Failing, 'script' | 'phase' | 'item' | 'plan'>,
  signal: AbortSignal,
): Promise<Run> {
  const { steps, ending } = run
  const statement = about.script.statements[steps.length - 1]
  const failed = steps.at(-1)
  if (ending.kind !== 'failed' || ending.failure === null || statement === undefined || failed === undefined) return run
  const failing: Failing = { ...about, statement, failure: ending.failure }
  const explain = EXPLAIN[ending.failure.sqlstate] ?? advice
  let intact = ending.intact
  const explained = async (): Promise<Diagnosis | null> => {
    if (intact && LOOKS.includes(explain) && hasChanged(failing)) {
      intact = false
      // What cannot be brought about again is not what the statement met.
      if (!(await stand(failing, session, signal))) return null
    }
    return explain(failing, session)
  }
  const diagnosis = await explained().catch(() => null)
  const failure = { ...ending.failure, diagnosis }
  return { steps: [...steps.slice(0, -1), { ...failed, error: failure }], ending: { ...ending, intact, failure } }
}
