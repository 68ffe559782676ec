import type { Span } from '../source/span.js'

/** Which revisions wrote something, by their ids; null where that was not seen. */
export interface Trace {
  readonly created: string | null
  /** The last one that wrote it; the one that created it, when none has since. */
  readonly changed: string | null
}

/** A part of a table by its name, without the table. */
export interface DescribedPart extends Trace {
  readonly name: string
  /** As PostgreSQL writes it, with qualified names. */
  readonly definition: string
}

export interface DescribedColumn extends Trace {
  readonly name: string
  /** As PostgreSQL writes it, such as `character varying(80)`. */
  readonly type: string
  readonly notNull: boolean
  /** The expression of the default, or what generates the values (`GENERATED ALWAYS AS IDENTITY`); null for none. */
  readonly value: string | null
  readonly comment: string | null
}

/** A foreign key, seen from either end. */
export interface DescribedReference extends Trace {
  readonly name: string
  /** The table that refers, qualified, and its columns. */
  readonly from: string
  readonly columns: readonly string[]
  /** The table that is referred to, qualified, and its columns. */
  readonly to: string
  readonly toColumns: readonly string[]
  readonly definition: string
}

/** One table, or what is like one, as a history of migrations makes it. */
export interface TableDescription extends Trace {
  /** Qualified, quoted where PostgreSQL quotes. */
  readonly name: string
  readonly kind: 'table' | 'partitioned table' | 'foreign table' | 'view' | 'materialized view'
  readonly comment: string | null
  /** The query of a view; null for a table. */
  readonly query: string | null
  /** What a partitioned table is partitioned by, such as `RANGE (day)`. */
  readonly partitionedBy: string | null
  /** The tables that it is a partition of, or inherits from. */
  readonly parents: readonly string[]
  /** Its own bound, when it is a partition. */
  readonly bound: string | null
  /** What is a partition of it or inherits from it; `bound` is null for the latter. */
  readonly children: readonly { readonly name: string; readonly bound: string | null }[]
  readonly rowSecurity: 'off' | 'on' | 'forced'
  readonly columns: readonly DescribedColumn[]
  /** Keys, checks and exclusions; foreign keys are `references`. */
  readonly constraints: readonly DescribedPart[]
  /** Those that carry no constraint. */
  readonly indexes: readonly DescribedPart[]
  readonly triggers: readonly DescribedPart[]
  readonly policies: readonly DescribedPart[]
  readonly rules: readonly DescribedPart[]
  readonly references: readonly DescribedReference[]
  readonly referencedBy: readonly DescribedReference[]
}

/** What was seen of a table when a history was replayed. */
export interface SeenTable {
  /** null when there is no such table. */
  readonly table: TableDescription | null
  /** Qualified names of all tables and views; what `table` was looked for among. */
  readonly names: readonly string[]
  /** The tables that a name without a schema may mean, when it is more than one. */
  readonly meant: readonly string[]
  /** Where it was seen: the sandbox, and its server's version. */
  readonly sandbox: string
  readonly postgres: string
  /** Revisions that were replayed. */
  readonly revisions: number
  /** What could not be brought about, so that the table may be another in truth. */
  readonly skipped: readonly { readonly sql: string; readonly at: Span; readonly reason: string }[]
}
