import type { Diagnosis, RehearsalStep, SqlFailure } from '../../model/evidence.js'
import type { Statement } from '../../model/migration.js'
import type { Session } from '../../sandbox/sandbox.js'
import type { PlanItem } from '../plan.js'
import type { Readable } from '../script-run.js'

/** A statement that failed, and what came before it. */
export interface Failing {
  readonly failure: SqlFailure
  readonly statement: Statement
  readonly script: Readable
  readonly phase: RehearsalStep['phase']
  readonly item: PlanItem
  /** The whole plan, of which `item` is one. */
  readonly plan: readonly PlanItem[]
}

/** What a kind of failure says; the session stands where the statement met it. null when there is nothing to add. */
export type Explain = (failing: Failing, session: Session) => Promise<Diagnosis | null> | Diagnosis | null

/** A cause, and what else is known. */
export function because(cause: string, rest: Partial<Omit<Diagnosis, 'cause'>> = {}): Diagnosis {
  return {
    cause,
    remedy: null,
    rows: [],
    total: null,
    query: null,
    cleanup: null,
    nearest: [],
    dependents: [],
    ...rest,
  }
}

/** What a pattern's groups hold in a text; undefined when it does not match. */
export function parts(text: string | null, pattern: RegExp): readonly string[] | undefined {
  return pattern.exec(text ?? '')?.slice(1)
}

/** `1 row`, `2 rows`; `rows` where they were not counted or none was seen. */
export function rowsOf(total: number | null): string {
  return total === null || total === 0 ? 'rows' : total === 1 ? '1 row' : `${total} rows`
}

/** Where rows can be put right before the failing statement meets them. */
export function beforehand({ phase }: Failing): string {
  return phase === 'down' ? 'in down, before this statement' : 'in a migration before it'
}

/** The longest text of others that a sentence holds. */
const LONGEST = 200

/** A text of others, short enough to stand in a sentence. */
export function brief(text: string): string {
  const points = Array.from(text)
  return points.length > LONGEST ? `${points.slice(0, LONGEST - 1).join('')}…` : text
}
