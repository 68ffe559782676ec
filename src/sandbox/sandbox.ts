import type { ObservedLock, SandboxId } from '../model/evidence.js'

/** What a review asks of a sandbox. */
export interface Wish {
  /** Target major; a sandbox that has another says so in `can.version`. */
  readonly postgres: number
  /** Words among which are the extensions that may be wanted; all that the sandbox has when not said. */
  readonly extensions?: readonly string[]
  /** The state to begin with, when it was kept; an empty database otherwise. */
  readonly baseline?: BaselineWish
}

/** A kept state by its key, or, where that is not known yet, by a hint with which a key was kept. */
export interface BaselineWish {
  readonly key: string | null
  readonly hint: string | null
}

/** A state of the database: the key says what brought it about, the note what is to be known of it. */
export interface Baseline {
  readonly key: string
  readonly note: string
}

export interface SandboxProvider {
  readonly id: SandboxId
  /** Never throws for a sandbox that is not there: says why instead. */
  open(wish: Wish, signal: AbortSignal): Promise<Sandbox | { readonly unavailable: string }>
}

/** A throw-away PostgreSQL. Disposing it ends its processes whatever they are doing. */
export interface Sandbox extends AsyncDisposable {
  readonly provider: SandboxId
  readonly can: {
    /** Server version such as `18.6`. */
    readonly version: string
    /** false: locks are read from inside and waiting is not observed. */
    readonly secondSession: boolean
  }
  /** The kept state that it began with; null when the database was empty. */
  readonly baseline: Baseline | null
  /** Where a program of its own can connect; null where none can. */
  readonly address: Address | null
  session(): Promise<Session>
  /**
   * Keeps the present state for later openings where the provider can, and does nothing elsewhere; it can be had at the latest
   * once this sandbox has been disposed of. No transaction may be open. Throws only when the sandbox is lost.
   */
  keep(baseline: Baseline, hint: string | null): Promise<void>
}

/** How to connect as the migrations' role: with less power than `session` has, whose statements the sandbox helps. */
export interface Address {
  /** A name or number, or the folder of a socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** null where the socket's folder is what keeps others out. */
  readonly password: string | null
}

/** How the session stands after a statement. */
export type TransactionState = 'none' | 'open' | 'failed'

/** What PostgreSQL answered. `position` is a one-based code point index into the statement. */
export type Outcome =
  | {
      readonly kind: 'done'
      readonly tag: string
      readonly milliseconds: number
      /** Table locks that this statement took on relations older than its transaction. */
      readonly locks: readonly ObservedLock[]
      /** Tables older than its transaction whose rows it wrote anew; without rows nothing is seen of it. */
      readonly rewrites: readonly string[]
      /** Tables older than its transaction of whose rows it read some by a sequential scan, itself or by what it called. */
      readonly scans: readonly string[]
      /** Tables, views and what is like them that it created. */
      readonly created: readonly string[]
      /** Of the tables older than its transaction that it has locked, those that are partitions, and the table at the top. */
      readonly partitions: readonly { readonly name: string; readonly of: string }[]
      readonly transaction: TransactionState
    }
  | {
      readonly kind: 'failed'
      readonly sqlstate: string
      readonly message: string
      readonly detail: string | null
      readonly hint: string | null
      readonly position: number | null
      readonly milliseconds: number
      readonly transaction: TransactionState
    }
  /** The answer cannot be trusted or did not come: no command tag, wrong tag, killed, deadline. Never success. */
  | { readonly kind: 'lost'; readonly reason: string }

/** A schema, object by object: key such as `index public.orders_customer_idx`, value its definition. */
export type SchemaDump = ReadonlyMap<string, string>

/** What one query of the reviewer's own answered, each value as PostgreSQL writes it. */
export type Answer = { readonly rows: readonly (readonly (string | null)[])[] } | { readonly error: string }

/** Whether anybody asks what a transaction locks, reads and writes; decided as it begins. To look costs more the more tables there are. */
export type LockInterest = 'observed' | 'ignored'

export interface Session extends AsyncDisposable {
  /** Runs one statement, and looks at what it does when asked to. An SQL error is an outcome, not an exception. */
  run(sql: string, signal: AbortSignal, interest?: LockInterest): Promise<Outcome>
  /**
   * Runs one statement after the other, without looking at locks, up to the first that does not succeed: an outcome for
   * each that was run. What `run` takes a question for each, this takes one for all.
   */
  runAll(statements: readonly string[], signal: AbortSignal): Promise<readonly Outcome[]>
  /** Rolls back what is open and makes the session as a new connection finds it. */
  reset(): Promise<void>
  /**
   * Reads the schema with qualified names from outside the migration's reach; `bookkeeping` tables are left out.
   * Throws when a transaction is open or the sandbox is lost.
   */
  dump(bookkeeping: readonly string[]): Promise<SchemaDump>
  /**
   * Answers queries of the reviewer's own in one read-only transaction, with only pg_catalog on the search path and
   * every setting as `dump` has it. Throws when a transaction is open or the sandbox is lost.
   */
  read(queries: readonly string[]): Promise<readonly Answer[]>
}
