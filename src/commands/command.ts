import type { Consent, StoredConsent } from '../model/consent.js'
import type { Review } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import type { Templates } from '../report/render.js'
import type { Standing } from '../review/consent-right.js'
import type { Ignore } from '../review/ignore.js'
import type { Span } from '../source/span.js'
import type { Asked } from './parse.js'

/** Something that people can ask for in a comment. It asks GitHub nothing: what it needs is handed in, what it wants done is handed back. */
export interface Command {
  readonly name: string
  /** The name with its arguments, as the help shows it. */
  readonly usage: string
  /** What it does, in one line, without a full stop. */
  readonly summary: string
  readonly who: 'anyone' | 'write' | 'approver'
  /** Whether it speaks about a report: then it is worth waiting for one that is not out yet. */
  readonly about: 'report' | 'nothing'
  run(asked: Asked, context: Context): Answer
}

/** All that is known when a command is run; plain data. */
export interface Context {
  /** The last report that was published on this pull request; null when none was. */
  readonly review: Review | null
  /** Whether that report is about what stands there now. */
  readonly current: boolean
  readonly policy: Policy
  readonly standing: Standing
  /** The number of the comment, and the time, in ISO 8601. */
  readonly comment: number
  readonly now: string
  /** The agreements of this pull request, also those that have ended. */
  readonly consents: readonly StoredConsent[]
  /** The text of a place in the files of the report, as far as they are at hand. */
  readonly textOf?: (span: Span) => string | undefined
  readonly templates: Templates
  /** Bytes that a reply may have. */
  readonly room: number
}

/** The policy in force, and where its values come from. */
export interface Policy {
  readonly settings: Settings
  /** The file on the base branch; null where there is none and every value is a default. */
  readonly path: string | null
  /** The line of each key that the file has, such as `approval.data`; what is not in it is a default. */
  readonly lines: Readonly<Record<string, number>>
}

/** What comes of a command. */
export interface Answer {
  readonly reaction: '+1' | 'confused'
  /** Markdown; null when there is nothing to say. */
  readonly reply: string | null
  readonly effects: readonly Effect[]
}

/** What is to be done. */
export type Effect =
  | { readonly kind: 'rerun' }
  | { readonly kind: 'approve'; readonly consent: Consent }
  /** Ends every agreement of this pull request. */
  | { readonly kind: 'revoke' }
  | { readonly kind: 'ignore'; readonly ignore: Ignore }
