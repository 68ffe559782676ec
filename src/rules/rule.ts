import type { Catalog } from '../model/catalog.js'
import type { ChangeSet } from '../model/change.js'
import type { Effect, LockMode } from '../model/effect.js'
import type { Rehearsal, RehearsalStep } from '../model/evidence.js'
import type { Confidence, Direction, Finding } from '../model/finding.js'
import type { Conventions, Migration, Script, Statement } from '../model/migration.js'
import type { QualifiedName } from '../model/names.js'
import type { Operation, OperationKind, OperationOf } from '../model/operation.js'
import type { ReviewedMigration } from '../model/review.js'
import type { TableSize } from '../model/settings.js'
import type { Span } from '../source/span.js'

/** What a rule is about; with the weight it decides the default severity (`lint/settle`). */
export type Family =
  | 'history'
  | 'environment'
  | 'data-loss'
  | 'blocking'
  | 'compatibility'
  | 'rollback'
  | 'failure'
  | 'transaction'
  | 'security'
  | 'hygiene'
  | 'reading'

export interface RuleMeta<Key extends string = string> {
  /** The rule's name everywhere: file, fixture folder, suppression, docs. */
  readonly id: string
  /** Its row in the catalogue of rules, such as `B3`. */
  readonly code: string
  readonly family: Family
  /** The rule's own weight; what a finding gets by default is policy. */
  readonly weight: 'error' | 'warning' | 'notice' | 'off'
  readonly confidence: Confidence
  /** `existing`: never asked about a table (or an index or view on it) that this pull request creates. */
  readonly tables: 'existing' | 'any'
  /** Which direction it judges; a drop in a down script is the natural inverse. */
  readonly directions: 'up' | 'both'
  /** Target majors it applies to; both ends inclusive. */
  readonly postgres?: { readonly from?: number; readonly until?: number }
  /** Only the first problem of a script or statement is kept: the rest are the same advice again. */
  readonly once?: 'script' | 'statement'
  /** What it says has been seen to happen and stands in a gate as well: no comment allows it. */
  readonly proven?: true
  /** One line, present tense, no full stop. */
  readonly summary: string
  /** What happens in production, in a few sentences, with the measured fact. */
  readonly why: string
  /** What to do instead, once, in a few sentences. */
  readonly instead: string
  /** Message texts by key; `{{name}}` is filled from the problem's data. Present tense, names the object, no full stop. */
  readonly messages: Readonly<Record<Key, string>>
}

export interface Problem<Key extends string = string> {
  readonly message: Key
  readonly at: Span
  readonly data?: Readonly<Record<string, string | number>>
  readonly related?: readonly Span[]
  /** SQL to use instead, with the author's own names. */
  readonly fix?: string
  /** When this case is less sure than the rule in general. */
  readonly confidence?: Confidence
  /** When this case weighs more or less than the rule in general; policy still has the last word. */
  readonly weight?: RuleMeta['weight']
  /** The table whose size decides how bad it is, when that is not the operation's own `table`. */
  readonly table?: QualifiedName
}
export type Problems<Key extends string> = Problem<Key> | readonly Problem<Key>[] | undefined | void

/** What is so for the session just before a statement runs. */
export interface SessionState {
  /** Whether the statement runs inside a transaction block, the tool's or its own. */
  readonly inTransaction: boolean
  /** Whether that block is the tool's. */
  readonly toolTransaction: boolean
  /** In milliseconds; null when none is in force (0 counts as none), NaN when one is and nobody can tell how long. */
  readonly lockTimeout: number | null
  readonly statementTimeout: number | null
  /** Locks taken earlier in the same transaction on relations that existed before it. */
  readonly held: readonly { readonly table: QualifiedName; readonly mode: LockMode; readonly at: Span }[]
}

interface ContextBase<Options> {
  readonly options: Options
  readonly postgres: number
  readonly conventions: Conventions
}
interface MigrationContextBase<Options> extends ContextBase<Options> {
  readonly migration: Migration
  /** The changed migrations of this pull request in order, this one included. */
  readonly pull: readonly Migration[]
}

/** What a check on an operation may ask. */
export interface OperationContext<Options> extends MigrationContextBase<Options> {
  readonly direction: Direction
  readonly script: Extract<Script, { kind: 'script' }>
  readonly statement: Statement
  /** The schema just before the statement. Valid during the call only. */
  readonly catalog: Catalog
  /** What the operation does to relations that existed before it. */
  readonly effect: Effect
  readonly session: SessionState
  /** Ids of the migrations of this pull request that come before and lock a table so that rows cannot be written, by its key. */
  readonly lockedEarlier: ReadonlyMap<string, string>
  /** What the team says of a table's size. */
  readonly sizeOf: (table: QualifiedName) => TableSize
  /** Names, without schema, of the tables and views that other projects create, which may use the same database. */
  readonly elsewhere: ReadonlySet<string>
}
/** What a check on a whole script may ask: also one that could not be read. */
export interface ScriptContext<Options> extends MigrationContextBase<Options> {
  readonly direction: Direction
}
/** What a check on a whole migration may ask. */
export interface MigrationContext<Options> extends MigrationContextBase<Options> {
  readonly before: Catalog
  readonly afterUp: Catalog
  /** null when there is no down script that could be read. */
  readonly afterDown: Catalog | null
  /** Objects that differ between `before` and `afterDown`, one line each, such as `index orders_customer_idx remains`. */
  readonly residue: readonly string[]
  /** Objects that differ between `afterUp` and `afterDown`, in the same form: what down does. */
  readonly undoing: readonly string[]
}
/** A statement that was rehearsed, with what was known of it before. */
export interface RehearsedStatement {
  readonly step: RehearsalStep
  readonly statement: Statement
  readonly direction: Direction
  /** What it was seen to do to relations that existed before the pull request and nobody predicted; null where nobody tried. */
  readonly unforeseen: Effect | null
}
/** What a check on a rehearsal may ask. */
export interface EvidenceContext<Options> extends ContextBase<Options> {
  readonly migration: ReviewedMigration
  /** The changed migrations that come after it in this pull request. */
  readonly later: readonly ReviewedMigration[]
  /** The statements of the first up and of down, as far as they ran. */
  readonly statements: readonly RehearsedStatement[]
  /** What the analysis found in this migration: a cause that has its finding needs no other. */
  readonly findings: readonly Finding[]
  /** Whether the analysis has a finding of one of these families in the statement at a place. */
  readonly told: (at: Span, families: readonly Family[]) => boolean
}
/** What a check on a project's history may ask. */
export interface HistoryContext<Options> extends ContextBase<Options> {
  /** The day of the review, `YYYY-MM-DD`. */
  readonly today: string
  /** Repository paths of all kinds of files that the pull request adds or changes. */
  readonly changedPaths: readonly string[]
}

/** Why a comment that should allow a finding allows none, or less than its author thinks. */
export type SuppressionFault =
  | { readonly kind: 'nameless' }
  /** Written as other tools have it, or with a slip; or it means all rules, or too many at once. */
  | { readonly kind: 'unheard' | 'wide'; readonly written: string }
  /** There is no such rule; `meant` are those with a name like it. */
  | { readonly kind: 'unknown'; readonly written: string; readonly meant: readonly string[] }

/** A comment that allows a finding. */
export interface Suppression {
  readonly at: Span
  readonly rules: readonly string[]
  readonly reason: string | null
  /** Whether it allowed at least one finding, or would if it had a reason. */
  readonly used: boolean
  /** Those of its rules that find nothing there. */
  readonly unused: readonly string[]
  readonly fault: SuppressionFault | null
  /** Whether the pull request writes it into a file that the base has as an applied migration. */
  readonly late: boolean
}

/** A table of checks: by operation kind, or by a wider grain when the question is wider. Checks never throw and never wait. */
export type Checks<Key extends string, Options> = {
  readonly [Kind in OperationKind]?: (operation: OperationOf<Kind>, context: OperationContext<Options>) => Problems<Key>
} & {
  /** Asked about operations of every kind. */
  readonly operation?: (operation: Operation, context: OperationContext<Options>) => Problems<Key>
  /** Asked about operations of every kind that take a lock on a relation that existed before the pull request. */
  readonly lock?: (operation: Operation, context: OperationContext<Options>) => Problems<Key>
  readonly script?: (script: Script, context: ScriptContext<Options>) => Problems<Key>
  readonly migration?: (migration: Migration, context: MigrationContext<Options>) => Problems<Key>
  readonly history?: (changes: ChangeSet, context: HistoryContext<Options>) => Problems<Key>
  readonly suppression?: (suppression: Suppression, context: { readonly options: Options }) => Problems<Key>
  /** Asked after the rehearsal; a rule that asks it asks nothing else. */
  readonly evidence?: (rehearsal: Rehearsal, context: EvidenceContext<Options>) => Problems<Key>
}

/** What the engine holds: the types that tied the parts together have done their work. */
export interface Rule {
  readonly meta: RuleMeta
  readonly defaults: Readonly<Record<string, unknown>>
  readonly check: Checks<string, never>
}

/** Identity at run time; at compile time it ties messages, options and checks together. */
export function rule<Key extends string, Options extends object = Record<never, never>>(spec: {
  readonly meta: RuleMeta<Key>
  readonly defaults?: Options
  readonly check: Checks<NoInfer<Key>, Options>
}): Rule {
  return { meta: spec.meta, defaults: { ...spec.defaults }, check: spec.check as Checks<string, never> }
}
