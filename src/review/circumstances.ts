import type { Consent } from '../model/consent.js'
import type { OpenClash } from '../model/open-clash.js'
import type { Ignore } from './ignore.js'

/** What is known of a pull request beside its text, and may change while the text does not. */
export interface Circumstances {
  /** The code of the text; null where nobody takes agreements, as for a branch on somebody's machine. */
  readonly code: string | null
  readonly consents: readonly Consent[]
  /** How many issues are linked to the pull request. */
  readonly issues: number | 'unknown'
  /** Findings that somebody has set aside in this pull request. */
  readonly ignores: readonly Ignore[]
  /** The day of the review, `YYYY-MM-DD`: what is set aside is so for a time. */
  readonly today: string
  /** Other open pull requests that are in the way of this one; null where nobody looked. */
  readonly clashes: readonly OpenClash[] | null
}

/** A change on its own, to which nobody can agree. */
export const ON_ITS_OWN: Circumstances = {
  code: null,
  consents: [],
  issues: 'unknown',
  ignores: [],
  today: '',
  clashes: null,
}
