import type { Answer, LockInterest, Outcome } from './sandbox.js'

/** What a parent asks once the child is ready; each is answered under its `id`. */
export type Question =
  | { readonly kind: 'run'; readonly id: number; readonly sql: string; readonly locks: LockInterest }
  | { readonly kind: 'dump'; readonly id: number; readonly bookkeeping: readonly string[] }
  | { readonly kind: 'read'; readonly id: number; readonly queries: readonly string[] }
  /** Ends what is open and forgets the session's state. */
  | { readonly kind: 'reset'; readonly id: number }

/** What a child says. */
export type Report =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'ready'; readonly version: string }
  /** The child is of no further use, and why. */
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'ran'; readonly id: number; readonly outcome: Outcome }
  | { readonly kind: 'dumped'; readonly id: number; readonly entries: readonly (readonly [string, string])[] }
  | { readonly kind: 'was-read'; readonly id: number; readonly answers: readonly Answer[] }
  | { readonly kind: 'was-reset'; readonly id: number }
