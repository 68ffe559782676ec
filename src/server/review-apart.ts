import type { Parts } from '../review/conclude.js'
import type { ReviewInput } from '../review/review.js'
import type { Surroundings } from '../sandbox/choose.js'

/** A review that is to be made: whose it is, what is reviewed, and where it may be rehearsed. */
export interface Order {
  /** Nobody's text is ever read in a process that has read another installation's. */
  readonly installation: number
  readonly input: ReviewInput
  readonly surroundings: Omit<Surroundings, 'onProgress'>
}

/** Limits from outside, which nothing that a pull request holds can move. */
export interface Bounds {
  /** From its start to its answer, in milliseconds. */
  readonly milliseconds: number
  /** Of the JavaScript heap, in megabytes. */
  readonly megabytes: number
  /** Of the answer, in characters. */
  readonly characters: number
}

export const BOUNDS: Bounds = { milliseconds: 180_000, megabytes: 2_048, characters: 64 * 2 ** 20 }

/** Makes the parts of a review where its text can do no harm. Throws `NotReviewed` when they cannot be made: never half an answer. */
export type MakeParts = (order: Order, signal: AbortSignal, progress?: (text: string) => void) => Promise<Parts>

/** A review that could not be made, with the reason as a person may read it. */
export class NotReviewed extends Error {
  override readonly name = 'NotReviewed'
}

/** The process failed at it, which need not be the doing of what it was to review. */
export class ReviewerFailed extends NotReviewed {}
