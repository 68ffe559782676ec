import type { Span } from '../source/span.js'
import type { LockMode } from './effect.js'
import type { Revision } from './migration.js'

export type SandboxId = 'pglite' | 'local' | 'service' | 'docker'

export type RehearsalVerdict =
  'reversible' | 'leaves-residue' | 'loses-data' | 'up-fails' | 'down-fails' | 'reapply-fails' | 'no-down' | 'not-run'

export interface ObservedLock {
  readonly mode: LockMode
  readonly object: string
}

/** What PostgreSQL answered to one statement. `at` is the place PostgreSQL's message points to, in the file. */
export interface SqlFailure {
  readonly sqlstate: string
  readonly message: string
  readonly detail: string | null
  readonly hint: string | null
  readonly at: Span
}

export interface RehearsalStep {
  readonly phase: 'up' | 'down' | 'reapply'
  readonly sql: string
  readonly at: Span
  readonly milliseconds: number
  readonly locks: readonly ObservedLock[]
  /** null when the statement succeeded. */
  readonly error: SqlFailure | null
}

/** So many rows of a table; of a column when only its values are meant. */
export interface RowCount {
  readonly table: string
  readonly column: string | null
  readonly rows: number
}

/** A rule of the schema that rows break. */
export interface Violation {
  readonly constraint: string
  readonly table: string
  readonly rows: number
  /** Finds such rows. */
  readonly query: string
  /** `up`: the migration added the rule, so that whether rows break it depends on the rows. */
  readonly since: 'before' | 'up'
}

/** A failure that depends on what is in the tables. */
export interface DataDependent {
  readonly sql: string
  readonly at: Span
  readonly sqlstate: string
  readonly message: string
  /** Finds the rows that make it fail; null when none could be derived. */
  readonly query: string | null
}

/** What a rehearsal of one migration saw. */
export interface Rehearsal {
  readonly revision: Revision
  readonly sandbox: SandboxId | null
  /** Server version such as `18.1`; null when nothing ran. */
  readonly postgres: string | null
  readonly verdict: RehearsalVerdict
  /** Why, in one sentence; null for `reversible`. */
  readonly reason: string | null
  readonly steps: readonly RehearsalStep[]
  /** What the schema has after down that it did not have before up, or the reverse; one line an object. */
  readonly residue: readonly string[]
  /** Rows that the tables held when up ran: 0 when they were empty. */
  readonly rows: number
  /** Tables that were rehearsed without rows, or whose rows could not be compared, and why. */
  readonly unfilled: readonly { readonly table: string; readonly reason: string }[]
  /** Rows, or values of a column, that were there before up and are not, or differ, after down. */
  readonly lost: readonly RowCount[]
  /** Where there was no value before up and is one after down. */
  readonly filled: readonly RowCount[]
  /** Rules that rows break after up. */
  readonly violations: readonly Violation[]
  /** Why up failed on generated rows that production need not have; the verdict is that of a rehearsal without such. */
  readonly dataDependent: DataDependent | null
  /** Statements of the history before it that could not run here: then what is proven is partial. */
  readonly skipped: readonly { readonly sql: string; readonly at: Span; readonly reason: string }[]
}
