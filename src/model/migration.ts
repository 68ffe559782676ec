import { startOf, type Span } from '../source/span.js'
import { isSystem, type QualifiedName } from './names.js'
import type { Note } from './note.js'
import type { Operation } from './operation.js'

/** What a migration tool does, so that rules can speak of it without knowing which tool is in use. */
export interface Conventions {
  /** The tool's name as people write it. */
  readonly tool: string
  /**
   * Whether it sends a file to PostgreSQL as it stands, through a driver: psql's commands and placeholders mean nothing to it then.
   * Absent: it reads some of them, or nobody can tell.
   */
  readonly verbatim?: true
  /**
   * Whether the tool itself writes revisions that do nothing, and teams keep them: to hold a place in the graph, or in place of
   * one that was taken back. Absent: a file without a statement has lost what was meant to be in it.
   */
  readonly placeholders?: true
  /** Whether the tool hashes applied files, so that any changed byte stops it. */
  readonly hashesFiles: boolean
  /** Of a tool that hashes files: where lines end, and whether the last one does, makes no other hash. */
  readonly hashesLines?: true
  /** What the tool does with a migration that sorts before one already applied. `graph`: order is by parents, not names. */
  readonly lateVersion: 'refused' | 'skipped' | 'applied' | 'graph'
  /** What the tool does when it meets a history that was changed behind its back. */
  readonly reactions: Reactions
  /** Whether a hole in the numbers matters; only where versions are strictly sequential. */
  readonly numbering: 'sequential' | 'timestamp' | 'opaque'
  /** Whether the tool has down scripts at all. */
  readonly downs: 'expected' | 'optional' | 'none'
  /** Tables in which the tool keeps its books. */
  readonly bookkeeping: readonly string[]
  /** What the tool's platform has in every database before the first migration runs. */
  readonly provided?: Provided
  /** What the tool is told to set for its session before a migration runs. */
  readonly settings?: readonly SessionSetting[]
  /**
   * Where the tool runs all pending migrations in one transaction: how it is told to begin one for each, as an instruction to
   * the author.
   */
  readonly together?: string
  /** How to make one migration run outside a transaction, as an instruction to the author; null when the tool cannot. */
  readonly withoutTransaction: string | null
  /**
   * The command that undoes the newest applied migration, where the tool has one. `{root}` stands for the project's folder;
   * the database is whatever the tool is set to.
   */
  readonly rollback: string | null
  /** File name pattern for people, such as `000001_name.up.sql`. */
  readonly filePattern: string
}

/** What a platform has in every database of its own, as far as migrations refer to it. */
export interface Provided {
  /** Statements that bring it about in an empty database, one after the other. */
  readonly statements: readonly string[]
  /** The search_path that a connection begins with. */
  readonly searchPath: string
}

/** What a tool does about changes of what it has applied: clauses that name the tool and end without a full stop. */
export interface Reactions {
  /** On a database that ran a file whose SQL is now another. */
  readonly edited: string
  /**
   * On a database that ran a file whose bytes are others now and whose SQL is the same; absent where `hashesFiles` tells: it
   * stops, or keeps no hash.
   */
  readonly rewritten?: string
  /** On a database that ran a file that is gone. */
  readonly deleted: string
  /** On a database that is past the version of a new file. */
  readonly late: string
  /** About two files that claim one version. */
  readonly duplicate: string
}

/** A setting of the session. */
export interface SessionSetting {
  readonly name: string
  /** null: it is set, and nobody can tell to what. */
  readonly value: string | null
  /** Whether it ends with the transaction. */
  readonly local: boolean
}

/** A folder of migrations of one tool. `root` is a repository path without trailing slash ('' for the top). */
export interface Project {
  readonly framework: string
  readonly root: string
  readonly conventions: Conventions
  /** Framework-specific facts found at detection (script location, naming dialect). */
  readonly config: Readonly<Record<string, string>>
}

/** One step of a history. */
export interface Revision {
  /** Unique within the project in a healthy history: version number, revision id, or folder name. */
  readonly id: string
  readonly parents: readonly string[]
  /** The file with the up script. */
  readonly path: string
  /** The file with the down script, when it is another one; null when absent or the same. */
  readonly downPath: string | null
  readonly title: string
  /** Applied again whenever its text changes (Flyway R__ and the like). */
  readonly repeatable: boolean
  /**
   * What a database remembers of the newest revision that it ran, where that is not the place in the order: one that comes with
   * the same or a lower rank is late.
   */
  readonly rank?: number
  /** A database that is empty begins with it and runs none of those before it; one that is not never runs it. */
  readonly baseline?: true
  /**
   * What it is known by whatever its file is called, where the tool renames files of applied revisions (a change of Sqitch that is
   * reworked). The same on both sides of a pull request.
   */
  readonly identity?: string
  /** The part of its file that is the revision, where one file holds several (a Liquibase changeSet); absent: the whole file. */
  readonly within?: Span
  /** Files whose text is part of it as if it stood in its own, where its file names such (an sqlFile of Liquibase). */
  readonly including?: readonly string[]
  /** What the tool's checksum is taken of, where that is not the file as it is; '' where the tool takes any. */
  readonly hashed?: string
  /** What its file says of its place in the history, where the tool reads that from the file and not from its name. */
  readonly told?: Told
}

/** What a revision's file says of its place in the history, each with where it is said. */
export interface Told {
  readonly id: Span
  /** Where parents are named, also when there are none. */
  readonly parents: Span
  readonly links: readonly Link[]
  /** Names of the branch that begins here (Alembic's branch labels). */
  readonly labels: readonly string[]
}

/** Another revision that is named by one; `depends`: it only has to run before. */
export interface Link {
  readonly kind: 'follows' | 'depends'
  /** The name as written. */
  readonly name: string
  /** The id that it stands for; null when it stands for nothing. */
  readonly id: string | null
  readonly at: Span
}

/** Whether two are one revision of one side: a file may hold several. */
export function isSameRevision(a: Revision, b: Revision): boolean {
  return a.path === b.path && a.id === b.id
}

/** Where a revision begins: its file, or its part of it. */
export function beginOf({ path, within }: Revision): Span {
  return within === undefined ? startOf(path) : { path, start: within.start, end: within.start }
}

/** What a reader is told a revision by: its file, and which part of it, where it is one. */
export function labelOf({ path, id, within }: Revision): string {
  return within === undefined ? path : `${path} (${id.replace(/^.*?::/, '')})`
}

/** Whether its up script, or part of it, is in a file. */
export function hasUpIn({ path, including = [] }: Revision, file: string): boolean {
  return file === path || including.includes(file)
}

/** The files of a revision. */
export function pathsOf({ path, downPath }: Revision): readonly string[] {
  return downPath === null ? [path] : [path, downPath]
}

/** A file in a migrations folder that the tool will not pick up. */
export interface Stray {
  readonly path: string
  readonly reason: string
  /** The tool does not pass over it: it stops, and applies nothing. */
  readonly stops?: true
}

/** A file that the tool runs or is configured by, whatever it migrates. `meaning` changes when what the file says does. */
export interface Surrounding {
  readonly path: string
  readonly role: 'runs' | 'configures'
  readonly meaning: string
}

/** All revisions of a project in the order in which the tool applies them. */
export interface History {
  readonly project: Project
  readonly revisions: readonly Revision[]
  /** Ids of revisions that nothing follows; one in a healthy history with revisions, none in an empty one. */
  readonly heads: readonly string[]
  readonly strays: readonly Stray[]
  /** Files besides the migrations that decide what the tool does with them. */
  readonly surroundings?: readonly Surrounding[]
  readonly notes: readonly Note[]
}

/** A contiguous piece of SQL that is sent to PostgreSQL as one statement. */
export interface Statement {
  /** Position in its script, from 0. */
  readonly index: number
  /** Where the reviewer reads it. */
  readonly span: Span
  /** What PostgreSQL is sent. */
  readonly sql: string
  /** `translated`: the file is not SQL and `span` is the call that this SQL came from. */
  readonly origin: 'written' | 'translated'
  readonly operations: readonly Operation[]
  /**
   * What is sent in its place when the script runs a second and a third time, where it holds values that are made at run time and
   * `sql` has what stands for them. Absent: the same each time.
   */
  readonly again?: readonly string[]
  /** Byte range of `sql` in the file, for written statements. */
  readonly bytes: { readonly start: number; readonly end: number } | null
}

/** What the code of a migration does beside sending SQL. */
export interface Remark {
  readonly kind: RemarkKind
  /** What it calls, imports or depends on, as the code names it; of `always-fails`, why. */
  readonly what: string
  readonly at: Span
  /** Whether it is done whenever any command of the tool loads the file, or when this direction is run. */
  readonly when: 'loading' | 'running'
  /** Whether the file says so itself, or calls code of the application that does. */
  readonly by: 'itself' | 'application'
}

export type RemarkKind =
  /** Runs code that the file makes or finds at run time. */
  | 'runs-code'
  /** Reaches the network or other programs, or writes files. */
  | 'reaches-out'
  | 'reads-files'
  | 'waits'
  /** Imports classes that the application maps to tables. */
  | 'imports-model'
  /** Imports code by which the application does its work. */
  | 'imports-service'
  /** Imports something else that is neither the language's nor a known library's. */
  | 'imports'
  /** Puts SQL together from what is not known. */
  | 'composes-sql'
  /** Puts SQL together from what the application or its environment sets. */
  | 'composes-sql-from-settings'
  /** Sends SQL: said of loading alone. */
  | 'sends-sql'
  /** Calls what refuses to be called so. */
  | 'always-fails'
  /** Leaves the transaction of the tool, by its author's will. */
  | 'leaves-transaction'

/** One direction of a migration. */
export type Script =
  | {
      readonly kind: 'script'
      readonly statements: readonly Statement[]
      /** Whether the tool runs it as one transaction, or each statement on its own. */
      readonly transaction: 'one' | 'none'
      /**
       * Of one that says itself where the tool's transactions begin and end: whether the first is the one that the migration before
       * left open, and whether the last stays open for the next migration, where all of them share one.
       */
      readonly shares?: { readonly first: boolean; readonly last: boolean }
      /** The search_path that the tool's connection begins with, where that is not PostgreSQL's own. */
      readonly searchPath?: string
      /** Lines no one could translate; each withholds a pass. */
      readonly gaps: readonly Note[]
      /** Every comment of the file, for suppressions and markers. */
      readonly comments: readonly SourceComment[]
      /** What else the code does, where the file is code. */
      readonly remarks?: readonly Remark[]
      /** The end of the last statement, where no semicolon comes after it; absent where one does, or nobody looked. */
      readonly unended?: Span
      /** Where the script begins, where it is part of a file. */
      readonly at?: Span
    }
  | { readonly kind: 'absent' }
  /** A down that fails or does nothing, by intent. `reason` is what its author says, or null. */
  | { readonly kind: 'irreversible'; readonly reason: string | null; readonly at: Span }
  /** Could not be read. `syntax`: it does not parse; `refused`: it was not attempted. */
  | {
      readonly kind: 'refused'
      readonly cause: 'syntax' | 'version' | 'refused'
      readonly reason: string
      readonly at: Span
    }

/** A comment of a file, without its markers, trimmed. */
export interface SourceComment {
  readonly text: string
  readonly span: Span
}

export interface Migration {
  readonly revision: Revision
  readonly up: Script
  readonly down: Script
}

/** The operations of a script in order; none when it could not be read. */
export function operationsOf(script: Script): readonly Operation[] {
  if (script.kind !== 'script') return []
  const [first, second] = script.statements
  if (first !== undefined && second === undefined) return first.operations
  const known = OPERATIONS.get(script)
  if (known !== undefined) return known
  const operations = script.statements.flatMap((statement) => statement.operations)
  OPERATIONS.set(script, operations)
  return operations
}

/** Of each script that was asked for them: dozens of rules ask, and a script never changes. */
const OPERATIONS = new WeakMap<Script, readonly Operation[]>()

/** What else the code of a script does; nothing where it is no code or could not be read. */
export function remarksOf(script: Script): readonly Remark[] {
  return script.kind === 'script' ? (script.remarks ?? []) : []
}

/** Whether the tool, on a database that ran a revision, finds that it was changed, and stops. */
export function stopsOver({ hashesFiles }: Conventions, before: Revision, after: Revision): boolean {
  return hashesFiles && after.hashed !== '' && (after.hashed === undefined || before.hashed !== after.hashed)
}

/** Whether the tool keeps its own books in the table. */
export function keepsBooks({ bookkeeping }: Conventions, { name }: QualifiedName): boolean {
  return bookkeeping.some((entry) => entry.split('.').at(-1) === name)
}

/** Whether an operation can change anything; settings, transaction control and a plain SELECT cannot. */
export function canChange(operation: Operation): boolean {
  if (operation.kind === 'select') return operation.functions.length > 0
  return operation.kind !== 'set' && operation.kind !== 'transaction'
}

/** Whether the script was read to its last line. */
export function isRead(script: Script): script is Extract<Script, { kind: 'script' }> {
  return script.kind === 'script' && script.gaps.every(({ bearing }) => bearing !== 'withholds')
}

/** Whether every statement of a script was read, and none runs what cannot be. */
export function isPlain(script: Script): script is Extract<Script, { kind: 'script' }> {
  return isRead(script) && !operationsOf(script).some(isOpaque)
}

function isOpaque(operation: Operation): boolean {
  if (operation.kind === 'do') return operation.dynamic || operation.unread > 0
  if (operation.kind === 'insert' || operation.kind === 'update' || operation.kind === 'delete') {
    return isSystem(operation.table)
  }
  return operation.kind === 'call' || operation.kind === 'unmodelled'
}

/** Where a script begins to change something; where it ends, when it changes nothing. */
export function firstChangeIn(script: Script, otherwise: Span): Span {
  const first = operationsOf(script).find(canChange)?.span
  return first ?? (script.kind === 'script' ? script.statements.at(-1)?.span : undefined) ?? otherwise
}
