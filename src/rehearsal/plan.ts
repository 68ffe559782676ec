import type { Revision, Script } from '../model/migration.js'

/** One migration of a history, in the order in which the tool applies them. */
export interface PlanItem {
  readonly revision: Revision
  readonly up: Script
  readonly down: Script
  /** `replay`: it has been applied elsewhere and only sets the stage. */
  readonly role: 'replay' | 'rehearse'
  /** Tables in which the tool keeps its books. */
  readonly bookkeeping: readonly string[]
  /** It is what the tool's platform provides, and no migration. */
  readonly provided?: true
}
