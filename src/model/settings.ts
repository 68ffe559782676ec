import type { Severity } from './finding.js'
import { keyOf, type QualifiedName } from './names.js'

export type RuleSetting =
  Severity | 'off' | { readonly severity?: Severity | 'off'; readonly options?: Readonly<Record<string, unknown>> }

/** From the one that stops least to the one that stops most; none of them lowers what another raises. */
export const PRESETS = ['relaxed', 'recommended', 'strict'] as const
/** A set of severities for what the team has not set itself. */
export type Preset = (typeof PRESETS)[number]

/** From where on a measured table is large, by any of these, and up to where it is small, by all of them. */
export interface Thresholds {
  readonly largeRows: number
  readonly largeBytes: number
  /** Rows inserted, updated and deleted in a second. */
  readonly busyWrites: number
  readonly smallRows: number
  readonly smallBytes: number
}

/** Keys of tables, such as `orders` or `audit.log`. */
export interface Sizes {
  readonly large: readonly string[]
  readonly small: readonly string[]
}

/** A finding that the team knows of and lets be. */
export interface KnownFinding {
  readonly path: string
  readonly rule: string
  readonly fingerprint: string
  readonly reason: string
  /** The day on which it was written down, `YYYY-MM-DD`. */
  readonly since: string
}

/** The policy in force, with every default filled in. */
export interface Settings {
  /** Target major version of PostgreSQL. */
  readonly postgres: number
  readonly preset: Preset
  /** Named explicitly by the team; empty: detect. */
  readonly migrations: readonly { readonly path: string; readonly framework: string | null }[]
  /** A dump of the schema with which the replay of the history begins, from the top of the repository; null for none. */
  readonly baseline: string | null
  readonly rules: Readonly<Record<string, RuleSetting>>
  /** What the file of known findings on the base branch holds. */
  readonly known: readonly KnownFinding[]
  /** What the team has named wins over what was measured; a table that is in none of the lists has an unknown size. */
  readonly tables: Sizes & {
    /** The file with the statistics, from the top of the repository; null for none. */
    readonly statistics: string | null
    readonly thresholds: Thresholds
    /** What the thresholds make of that file. */
    readonly measured: Sizes
  }
  readonly rehearsal: {
    readonly required: boolean
    readonly sandbox: 'auto' | SandboxChoice
    readonly seconds: number
    /** Generated rows a table; 0: empty tables. */ readonly rows: number
  }
  /** How the team's own tool is started, where it is not Alembic; null where nothing is said. Only who runs `native` does that. */
  readonly commands: Commands | null
  readonly approval: ApprovalPolicy
  /** When the App and the Action write to the pull request. */
  readonly comment: 'always' | 'on-findings' | 'never'
}

/** Commands of a migration tool: to a version, back by one, and the one that says where it stands and changes nothing. */
export interface Commands {
  readonly up: string
  readonly down: string
  readonly version: string
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
export function sizeOf(
  { tables: { large, small, measured } }: Pick<Settings, 'tables'>,
  table: QualifiedName,
): TableSize {
  const key = keyOf(table)
  if (large.includes(key)) return 'large'
  if (small.includes(key)) return 'small'
  if (measured.large.includes(key)) return 'large'
  return measured.small.includes(key) ? 'small' : 'unknown'
}

export type SandboxChoice = 'pglite' | 'local' | 'service' | 'docker' | 'none'
