import type { Severity } from './finding.js'
import { keyOf, type QualifiedName } from './names.js'

export type RuleSetting =
  Severity | 'off' | { readonly severity?: Severity | 'off'; readonly options?: Readonly<Record<string, unknown>> }

/** The policy in force, with every default filled in. */
export interface Settings {
  /** Target major version of PostgreSQL. */
  readonly postgres: number
  /** Named explicitly by the team; empty: detect. */
  readonly migrations: readonly { readonly path: string; readonly framework: string | null }[]
  /** A dump of the schema with which the replay of the history begins, from the top of the repository; null for none. */
  readonly baseline: string | null
  readonly rules: Readonly<Record<string, RuleSetting>>
  readonly tables: { readonly large: readonly string[]; readonly small: readonly string[] }
  readonly rehearsal: {
    readonly required: boolean
    readonly sandbox: 'auto' | SandboxChoice
    readonly seconds: number
    /** Generated rows a table; 0: empty tables. */ readonly rows: number
  }
  readonly approval: ApprovalPolicy
  /** When the App and the Action write to the pull request. */
  readonly comment: 'always' | 'on-findings' | 'never'
}

/**
 * Who may agree, in lower case: `@user`, `@organisation/team`, or `role:name` for whoever has that role in the repository or a
 * higher one. Nobody is meant by nobody being named.
 */
export interface ApprovalPolicy {
  /** To what destroys data, or was set to need agreement; never empty. */
  readonly data: readonly string[]
  /** To what changes tables; empty: that needs nobody's agreement. */
  readonly schema: readonly string[]
  /** Whether what needs agreement needs a linked issue as well. */
  readonly requireIssue: boolean
  /** Whether agreement to what destroys data has to say where the backup is. */
  readonly requireBackup: boolean
}

/** What the team says of a table's size; `unknown` is not small. */
export type TableSize = 'large' | 'small' | 'unknown'

/** The size of a table as the policy lists it. */
export function sizeOf({ tables }: Pick<Settings, 'tables'>, table: QualifiedName): TableSize {
  const key = keyOf(table)
  if (tables.large.includes(key)) return 'large'
  return tables.small.includes(key) ? 'small' : 'unknown'
}

export type SandboxChoice = 'pglite' | 'local' | 'service' | 'docker' | 'none'
