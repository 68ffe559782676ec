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
  /** null when there is no more to say than PostgreSQL did, or nothing more could be seen. */
  readonly diagnosis: Diagnosis | null
}

/** Why a statement failed, as far as the schema and the rows that it met can tell: generated, or the history's own. */
export interface Diagnosis {
  readonly cause: string
  /** What to do about it; null when that is plain, or for the author to know. */
  readonly remedy: string | null
  /** Rows of the rehearsal that are in the way, the first 5 at most, long values cut; none when none were seen. */
  readonly rows: readonly SeenRow[]
  /** How many such rows there were here; null when they were not counted. */
  readonly total: number | null
  /** Finds such rows elsewhere. */
  readonly query: string | null
  /** Would take them out of the way: a proposal, since it changes data. `<value>` is left for a person to choose. */
  readonly cleanup: string | null
  /** Existing names that a missing one may have been meant to be. */
  readonly nearest: readonly string[]
  /** Objects that depend on what the statement would change, in PostgreSQL's words. */
  readonly dependents: readonly string[]
}

/** A row as a diagnosis shows it, in part. */
export type SeenRow = readonly { readonly column: string; readonly value: string | null }[]

export interface RehearsalStep {
  readonly phase: 'up' | 'down' | 'reapply'
  readonly sql: string
  readonly at: Span
  readonly milliseconds: number
  /** On tables, views and what is like them that are older than its transaction. */
  readonly locks: readonly ObservedLock[]
  /** Of those, the ones whose rows it wrote anew; without rows nothing is seen of it. */
  readonly rewrites: readonly string[]
  /** Of those, the ones of whose rows it read some by a sequential scan. */
  readonly scans: readonly string[]
  /** Tables, views and what is like them that it created. */
  readonly created: readonly string[]
  /** Of the tables that it locked, those that are partitions, and the table at the top. */
  readonly partitions: readonly { readonly name: string; readonly of: string }[]
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
  /** What PostgreSQL said, the values of rows included. */
  readonly message: string
  /** Finds the rows that make it fail; null when none could be derived. */
  readonly query: string | null
  readonly diagnosis: Diagnosis | null
}

/** What up does to one object of the schema. Names and definitions are as PostgreSQL writes them, with their schema. */
export interface SchemaChange {
  /** Such as `column`, `index`, `grants on table`. */
  readonly kind: string
  /** Of a part of a table, without the table. */
  readonly name: string
  /** The table that it is, or is a part of; null for what belongs to none. */
  readonly table: string | null
  /** null when it was not there. */
  readonly before: string | null
  /** null when it is gone. */
  readonly after: string | null
}

/** What up does to the schema, table by table; what follows from a change, such as the owner of a new table, is left out. */
export interface SchemaDifference {
  readonly changes: readonly SchemaChange[]
  /** Changes beyond those that are kept. */
  readonly more: number
}

export type DrawnChange = 'added' | 'dropped' | 'altered' | null

export interface DrawnColumn {
  readonly name: string
  readonly type: string
  readonly keys: readonly ('PK' | 'FK' | 'UK')[]
  readonly change: DrawnChange
}

export interface DrawnTable {
  readonly name: string
  readonly change: DrawnChange
  readonly columns: readonly DrawnColumn[]
  /** Columns that are not among them. */
  readonly more: number
  /** All that it is made of, what stays as it is included; of a table that is only a neighbour none. */
  readonly parts: readonly SchemaChange[]
}

/** A foreign key. */
export interface DrawnRelation {
  /** The table that refers, and its columns. */
  readonly from: string
  readonly columns: readonly string[]
  /** The table that is referred to. */
  readonly to: string
  /** Whether a row may refer to none. */
  readonly optional: boolean
  /** Whether no two rows refer to the same one. */
  readonly unique: boolean
  readonly change: DrawnChange
}

/** The tables that up changes, as they are after up, with those that foreign keys tie them to. */
export interface Picture {
  readonly tables: readonly DrawnTable[]
  readonly relations: readonly DrawnRelation[]
  /** Tables beyond those that are kept. */
  readonly more: number
  /** Changed partitions, which are not drawn beside what they belong to. */
  readonly partitions: number
}

/** What became of rows that were written after up and before down, as an application would have. */
export interface Between {
  /** Rows that were written. */
  readonly rows: number
  /** `not-run`: it could not be seen. The two failures are of these rows: without them, down and up again went well. */
  readonly outcome: 'kept' | 'lost' | 'down-fails' | 'reapply-fails' | 'not-run'
  /** Why, in one sentence; null for `kept` and `lost`. */
  readonly reason: string | null
  readonly failure: SqlFailure | null
  /** Rows and values that up, down and up again did not bring back though their tables and columns are older than up. */
  readonly lost: readonly RowCount[]
  /** What went with the tables and columns that up had added, as it must. */
  readonly gone: readonly RowCount[]
}

/** What the team's own tool did with a migration on a sandbox of its own, with empty tables. */
export interface NativeProof {
  /** Such as `alembic 1.20.1`. */
  readonly tool: string
  /** Whether it was cut off from every other database of the network. */
  readonly contained: boolean
  /**
   * `equal`: its schemas are those of the rehearsal; `alone`: it ran, and there is no rehearsal to hold it against;
   * `failed`: one of its commands failed.
   */
  readonly verdict: 'equal' | 'differs' | 'alone' | 'failed' | 'not-run'
  /** What its own up, down and up again come to. */
  readonly outcome: RehearsalVerdict
  /** Why, in one sentence; null where there is nothing to say. */
  readonly reason: string | null
  /** Where its schemas differ from the rehearsal's, one line an object. */
  readonly lines: readonly string[]
  /** The end of what it printed when it failed; '' otherwise. */
  readonly output: string
  /** There only where the tool can compare the team's models with the schema after the migration, and did. */
  readonly drift?: Drift
}

/** Whether a team's models are what its migrations make. */
export type Drift =
  | { readonly kind: 'none' }
  /** What is in the one and not in the other, in the tool's words. */
  | { readonly kind: 'differs'; readonly said: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** What became of an up that was stopped half-way and run again from its start. */
export interface Recovery {
  /** Statements after which it can stop, and after how many of them that was tried. */
  readonly stops: number
  readonly tried: number
  /** The first stop after which up failed, with what PostgreSQL said and whether down ran from there; null when none did. */
  readonly failure: {
    readonly after: Span
    readonly at: Span
    readonly message: string
    readonly down: 'runs' | 'fails' | 'not-tried'
  } | null
}

/**
 * What goes wrong with a migration when its release is taken back as a whole and brought up again; `not-run`: that was not seen,
 * and `message` says why.
 */
export interface Window {
  readonly phase: 'down' | 'residue' | 'reapply' | 'not-run'
  readonly message: string
  readonly at: Span | null
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
  /** What up does to the schema; null when up did not run to its end. */
  readonly schema: SchemaDifference | null
  /** null when up did not run to its end. */
  readonly picture: Picture | null
  /** Rows that the tables held when up ran: 0 when they were empty. */
  readonly rows: number
  /** Tables that were rehearsed without rows, or whose rows could not be compared, and why. */
  readonly unfilled: readonly { readonly table: string; readonly reason: string }[]
  /** Rows, or values of a column, that were there before up and are not, or differ, after down. */
  readonly lost: readonly RowCount[]
  /** Where there was no value before up and is one after down. */
  readonly filled: readonly RowCount[]
  /** Rows, or values of a column, that were others after up and are as before again after down. */
  readonly changed: readonly RowCount[]
  /** null when no row was written, such as where nothing could have come of it. */
  readonly between: Between | null
  /** Rules that rows break after up. */
  readonly violations: readonly Violation[]
  /** Why up failed on generated rows that production need not have; the verdict is that of a rehearsal without such. */
  readonly dataDependent: DataDependent | null
  /** What up left half-way, also where it failed. */
  readonly unfinished: readonly {
    readonly what: 'invalid-index' | 'pending-detach'
    readonly object: string
    readonly table: string
  }[]
  /**
   * Functions whose bodies fitted the schema before up and do not after it, or that up created so, and what PostgreSQL says of
   * each.
   */
  readonly brokenFunctions: readonly {
    readonly function: string
    readonly message: string
    readonly created: boolean
  }[]
  /** Functions in PL/pgSQL that up may have broken, or created, and that nobody looked into. */
  readonly unreadFunctions: readonly string[]
  /** null where up cannot stop half-way, or failed anyway. */
  readonly recovery: Recovery | null
  /** null where nothing does, or nobody asked. */
  readonly window: Window | null
  /** Statements of the history before it that could not run here: then what is proven is partial. */
  readonly skipped: readonly { readonly sql: string; readonly at: Span; readonly reason: string }[]
  /** There only when the team's own tool was asked for. */
  readonly native?: NativeProof
}

/** The statement at which a phase ended; undefined when it ran to its end, or when no statement was to blame. */
export function failedStep({ steps }: Rehearsal, phase: RehearsalStep['phase']): RehearsalStep | undefined {
  return steps.find((step) => step.phase === phase && step.error !== null)
}

/** All that PostgreSQL said, on one line, but for the values of rows, which may be generated ones. */
export function saidBy({ message, detail, hint }: SqlFailure): string {
  return [message, detail !== null && QUOTES_ROWS.test(detail) ? null : detail, hint]
    .filter((part) => part !== null)
    .map((part) => part.replace(/\s+/g, ' ').replace(/\.$/, ''))
    .join('. ')
}

/** DETAIL of https://www.postgresql.org/docs/current/errcodes-appendix.html class 23 and of index builds. */
const QUOTES_ROWS = /^(?:Key \(|Failing row contains )/
