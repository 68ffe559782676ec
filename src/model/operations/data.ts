import type { QualifiedName } from '../names.js'
import type { Operation } from '../operation.js'
import type { Expression, Placed } from './shared.js'

export interface Insert extends Placed {
  readonly kind: 'insert'
  readonly table: QualifiedName
  /** null when the statement names no columns. */
  readonly columns: readonly string[] | null
  readonly source: 'values' | 'query' | 'default'
  /** Number of VALUES rows; 0 when the rows come from a query. */
  readonly rows: number
  /** How many values its rows have, each number once; none where the text does not tell, as with `SELECT *`. */
  readonly widths: readonly number[]
  /** Places, from 0, of values in VALUES that come out otherwise each time: random ones and those of the clock. */
  readonly drawn: readonly number[]
  readonly onConflict: 'nothing' | 'update' | null
  readonly strings: readonly string[]
}
export interface Update extends Placed {
  readonly kind: 'update'
  readonly table: QualifiedName
  readonly columns: readonly string[]
  /** null when there is no WHERE. */
  readonly where: Condition | null
  /** Tables of the FROM list, by alias or name. */
  readonly from: readonly string[]
  /** How the target is called inside the statement: its alias or name. */
  readonly alias: string
  readonly strings: readonly string[]
}
export interface Delete extends Placed {
  readonly kind: 'delete'
  readonly table: QualifiedName
  readonly where: Condition | null
  readonly using: readonly string[]
  readonly strings: readonly string[]
}
/** A WHERE clause: what it mentions, and whether it is always true by its text (`true`, `1 = 1`). */
export interface Condition extends Expression {
  readonly tautology: boolean
  /** Qualifiers of the columns it mentions (`u` in `u.id`), each once. */
  readonly qualifiers: readonly string[]
}
export interface Merge extends Placed {
  readonly kind: 'merge'
  readonly table: QualifiedName
}
export interface Truncate extends Placed {
  readonly kind: 'truncate'
  readonly table: QualifiedName
  readonly cascade: boolean
  readonly restartIdentity: boolean
}
export interface Copy extends Placed {
  readonly kind: 'copy'
  readonly table: QualifiedName | null
  readonly direction: 'from' | 'to'
  readonly endpoint: 'stdin' | 'file' | 'program'
}
/** A query run for its result or its side effects. */
export interface Select extends Placed {
  readonly kind: 'select'
  /** Functions called, lower case and unqualified, each once. */
  readonly functions: readonly string[]
  readonly reads: readonly QualifiedName[]
}
/** DO block; `inner` are the operations of its literal statements, `dynamic` whether it runs text built at run time. */
export interface DoBlock extends Placed {
  readonly kind: 'do'
  readonly language: string
  readonly body: string
  readonly inner: readonly Operation[]
  readonly dynamic: boolean
  /** Parts of the body that could not be read as SQL. */
  readonly unread: number
}
export interface Call extends Placed {
  readonly kind: 'call'
  readonly procedure: QualifiedName
}

/** SET, RESET and their LOCAL forms; `value` is null for RESET and DEFAULT. */
export interface SetVariable extends Placed {
  readonly kind: 'set'
  readonly name: string
  readonly value: string | null
  readonly local: boolean
}
export interface LockTable extends Placed {
  readonly kind: 'lock-table'
  readonly table: QualifiedName
  readonly mode: string
  readonly nowait: boolean
}
export interface Transaction extends Placed {
  readonly kind: 'transaction'
  readonly action:
    | 'begin'
    | 'commit'
    | 'rollback'
    | 'savepoint'
    | 'release'
    | 'rollback-to'
    | 'prepare'
    | 'commit-prepared'
    | 'rollback-prepared'
  /** AND CHAIN. */
  readonly chain: boolean
  /** Name of the savepoint, where the action has one. */
  readonly savepoint?: string
}
export interface Vacuum extends Placed {
  readonly kind: 'vacuum'
  readonly full: boolean
  readonly analyze: boolean
  /** null: the whole database. */
  readonly table: QualifiedName | null
}
export interface Analyze extends Placed {
  readonly kind: 'analyze'
  readonly table: QualifiedName | null
}
export interface Cluster extends Placed {
  readonly kind: 'cluster'
  readonly table: QualifiedName | null
}
/** Parsed, but no rule understands it. Said aloud rather than skipped; `node` is the parse tree's name for it. */
export interface Unmodelled extends Placed {
  readonly kind: 'unmodelled'
  readonly node: string
}

export type DataOperation =
  | Insert
  | Update
  | Delete
  | Merge
  | Truncate
  | Copy
  | Select
  | DoBlock
  | Call
  | SetVariable
  | LockTable
  | Transaction
  | Vacuum
  | Analyze
  | Cluster
  | Unmodelled
