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
  readonly lost: readonly { readonly table: string; readonly column: string | null; readonly rows: number }[]
  /** Statements of the history before it that could not run here: then what is proven is partial. */
  readonly skipped: readonly { readonly sql: string; readonly at: Span; readonly reason: string }[]
}
