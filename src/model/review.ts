import type { RevisionChange } from './change.js'
import type { Approval } from './consent.js'
import type { Effect } from './effect.js'
import type { Rehearsal } from './evidence.js'
import type { Finding } from './finding.js'
import type { OpenClash } from './open-clash.js'
import type { Project, Revision, Script } from './migration.js'
import type { Note } from './note.js'
import type { PullRequest } from './pull-request.js'

export const GATES = [
  'history',
  'syntax',
  'destructive',
  'availability',
  'compatibility',
  'forward',
  'rollback',
  'data',
  're-apply',
  'integrity',
  'performance',
  'standards',
  'approval',
] as const
export type GateName = (typeof GATES)[number]

export interface Gate {
  readonly gate: GateName
  readonly status: 'pass' | 'fail' | 'needs-approval' | 'inconclusive' | 'not-applicable'
  /** One line of evidence. */
  readonly detail: string
}

export type Verdict = 'pass' | 'approval' | 'block'
export type Conclusion = 'success' | 'action_required' | 'failure'

/** A changed migration with each direction's statements judged. */
export interface ReviewedMigration {
  readonly revision: Revision
  readonly framework: string
  readonly change: RevisionChange['kind']
  readonly up: ReviewedScript
  readonly down: ReviewedScript
}
export interface ReviewedScript {
  readonly script: Script
  /** As long as the script's statements; empty for other kinds of script. */
  readonly effects: readonly Effect[]
}

/** Everything a reporter may show. */
export interface Review {
  readonly pull: PullRequest
  readonly projects: readonly Project[]
  readonly migrations: readonly ReviewedMigration[]
  /** Allowed ones too, marked; in reading order. */
  readonly findings: readonly Finding[]
  readonly rehearsals: readonly Rehearsal[]
  readonly notes: readonly Note[]
  /** Other open pull requests that are in the way of this one; null where nobody looked. */
  readonly clashes: readonly OpenClash[] | null
  readonly approval: Approval
  readonly gates: readonly Gate[]
  readonly verdict: Verdict
  readonly conclusion: Conclusion
}
