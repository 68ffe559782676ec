import type { BaselineWish } from './sandbox.js'

/** What the parent tells the child at its start. */
export interface PgliteBoot {
  /** Where the template is kept. */
  readonly cache: string
  /** The extensions to make available; all when null. */
  readonly extensions: readonly string[] | null
  /** The kept state to begin with, when it is there. */
  readonly baseline: BaselineWish
  /** The resident memory at which the child ends itself. */
  readonly megabytes: number
}
