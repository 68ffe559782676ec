import type { Connection } from '../github/api.js'
import type { Annotation } from '../report/check-run.js'

/** The machine that runs a step of a workflow, handed in by the door so that tests can watch. */
export interface Runner {
  /** What the workflow gives for an input; '' where it gives nothing. */
  input(name: string): string
  /** From now on the log shows asterisks in its place. */
  secret(value: string): void
  /** A line of the log. */
  say(line: string): void
  /** A remark that the run's page shows; with a place, the diff as well. */
  remark(remark: Pick<Annotation, 'level' | 'message'> & Partial<Annotation>): void
  output(name: string, value: string): void
  /** Adds Markdown to the summary of the step, of which there may be 1 MiB. */
  summarize(markdown: string): Promise<void>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly line: Pick<Connection, 'fetch' | 'now' | 'random' | 'sleep'>
  /** The day, `YYYY-MM-DD`. */
  readonly today: string
  readonly signal: AbortSignal
}

/** Why there is nothing to say of a change, as a sentence that says what to do. */
export interface Problem {
  readonly problem: string
}

/** Whether it is a problem instead of an answer. */
export function isProblem<Value>(value: Value | Problem): value is Problem {
  return typeof value === 'object' && value !== null && 'problem' in value
}
