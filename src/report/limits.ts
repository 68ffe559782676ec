import { count } from './wording.js'

/** Parts that can be left out of a page, in the order in which they are when it is too long. */
export const PARTS = ['picture', 'schema', 'statements', 'locks', 'plan'] as const
export type Part = (typeof PARTS)[number]

/** How much of a review is shown. */
export interface Limits {
  /** Findings, gates and proofs that are seen without unfolding. */
  readonly visible: number
  /** Rows of each folded list. */
  readonly folded: number
  /** Characters of each text. */
  readonly text: number
  /** Lines of each block of SQL. */
  readonly block: number
  /** Lines of the diff of one migration's schema, and characters of a picture. */
  readonly diff: number
  readonly picture: number
  /** Parts that are left out: so many of `PARTS`, from the first. */
  readonly omitted: number
}

/** Shortens a text to what the limits allow. */
export type Cut = (text: string) => string

/** How many of a list are not shown; '' when all are. */
export function more(length: number, shown: number, noun: string): string {
  return length > shown ? `… and ${count(length - shown, `more ${noun}`)}` : ''
}
