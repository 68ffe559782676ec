import type { Account } from './people.js'
import type { Reaction } from './conversation.js'

export type Side = 'LEFT' | 'RIGHT'

export interface ReviewComment {
  readonly id: number
  readonly review: Review
  readonly thread: Thread
  readonly author: Account
  readonly path: string
  readonly side: Side
  readonly line: number
  readonly startLine: number | null
  readonly startSide: Side | null
  /** The commit that it was written about. */
  readonly commit: string
  readonly diffHunk: string
  readonly originalPosition: number
  readonly inReplyTo: number | null
  readonly createdAt: string
  updatedAt: string
  body: string
  readonly reactions: Reaction[]
}

export interface Thread {
  /** The id of the node that GraphQL knows it by. */
  readonly id: string
  resolvedBy: Account | null
  readonly comments: ReviewComment[]
}

export type ReviewState = 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED'

export interface Review {
  readonly id: number
  readonly author: Account
  readonly commit: string
  readonly submittedAt: string
  state: ReviewState
  body: string
}
