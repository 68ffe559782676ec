import type { Finding } from './finding.js'
import type { Note } from './note.js'

/** What a pull request makes of the policy: a finding for each value that asks for less, and a word that it changes at all. */
export interface PolicyChange {
  readonly findings: readonly Finding[]
  readonly notes: readonly Note[]
}

/** The policy stays as it is. */
export const NO_POLICY_CHANGE: PolicyChange = { findings: [], notes: [] }
