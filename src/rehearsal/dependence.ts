import type { DataDependent, RehearsalStep } from '../model/evidence.js'
import type { Seen } from './trial.js'

/** Whether up may have failed because of what rows hold: by a rule that they break, or a value that does not convert. */
export function dependsOnRows({ verdict, steps, data }: Seen): boolean {
  const failed = failure(steps)?.error
  return verdict === 'up-fails' && data.rows > 0 && failed !== undefined && DATA.test(failed?.sqlstate ?? '')
}

/** Data exceptions, cardinality and constraint violations, what a function raises, and events of rows that are pending. */
const DATA = /^(?:21|22|23|P0|55006)/

/** What a failure on rows says, with a query that finds such rows elsewhere. */
export function dependence({ steps }: Seen): DataDependent | null {
  const step = failure(steps)
  if (step?.error === null || step === undefined) return null
  const { error, sql } = step
  return {
    sql,
    at: error.at,
    sqlstate: error.sqlstate,
    message: [error.message, error.detail].filter((part) => part !== null).join('. '),
    query: error.diagnosis?.query ?? null,
    diagnosis: error.diagnosis,
  }
}

function failure(steps: readonly RehearsalStep[]): RehearsalStep | undefined {
  return steps.find(({ phase, error }) => phase === 'up' && error !== null)
}
