/** What a verb may do to the outside, handed in by the door so that tests can watch. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Says what is being done; shown only to people who wait at a terminal. */
  readonly progress: (message: string) => void
  readonly color: boolean
  /** Columns of the terminal; 100 where there is none. */
  readonly width: number
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The day, `YYYY-MM-DD`. */
  readonly today: string
  readonly signal: AbortSignal
}

/** Exit codes: the review passes; it blocks or needs approval; it could not be made. */
export const EXIT = { pass: 0, stop: 1, unable: 2 } as const

/** Why a verb could not do its work, as a sentence that says what to do. */
export interface Problem {
  readonly problem: string
}

/** Whether it is a problem instead of an answer. */
export function isProblem<Value>(value: Value | Problem): value is Problem {
  return typeof value === 'object' && value !== null && 'problem' in value
}
