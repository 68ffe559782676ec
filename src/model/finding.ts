import type { Span } from '../source/span.js'

export const SEVERITIES = ['notice', 'warning', 'approval', 'error'] as const
/** `error` blocks; `approval` holds until a named approver agrees; `warning` and `notice` inform. */
export type Severity = (typeof SEVERITIES)[number]

export type Confidence = 'certain' | 'likely' | 'possible'

export type Direction = 'up' | 'down'

/** Families of rules whose findings need a named person: no comment of the author allows them. */
export const NOT_BY_COMMENT: ReadonlySet<string> = new Set(['history', 'environment', 'data-loss'])

export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly message: string
  readonly at: Span
  readonly related: readonly Span[]
  readonly direction: Direction | null
  /** Id of the migration it is about; null for one about the history. */
  readonly migration: string | null
  readonly place: 'in-diff' | 'in-file' | 'elsewhere'
  /**
   * `command`: somebody with write access has set it aside, in this pull request only. `baseline`: the base branch holds it as one
   * that the team knows of.
   */
  readonly allowed: { readonly by: 'comment' | 'config' | 'command' | 'baseline'; readonly reason: string } | null
  /** Stays the same while the finding does: over pushes, rebases and moved lines. 16 hexadecimal digits. */
  readonly fingerprint: string
  /** SQL to use instead, with the author's own names; null when there is no ready text. */
  readonly fix: string | null
}
