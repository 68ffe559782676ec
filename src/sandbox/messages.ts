import type { Address, Answer, Baseline, LockInterest, Outcome } from './sandbox.js'

/** What a parent asks once the child is ready; each is answered under its `id`. */
export type Question =
  | { readonly kind: 'run'; readonly id: number; readonly sql: string; readonly locks: LockInterest }
  | { readonly kind: 'run-all'; readonly id: number; readonly statements: readonly string[] }
  | { readonly kind: 'dump'; readonly id: number; readonly bookkeeping: readonly string[] }
  | { readonly kind: 'read'; readonly id: number; readonly queries: readonly string[] }
  /** Ends what is open and forgets the session's state. */
  | { readonly kind: 'reset'; readonly id: number }
  | { readonly kind: 'keep'; readonly id: number; readonly baseline: Baseline; readonly hint: string | null }

/** What a child says. */
export type Report =
  | { readonly kind: 'progress'; readonly text: string }
  | {
      readonly kind: 'ready'
      readonly version: string
      readonly baseline: Baseline | null
      readonly address: Address | null
    }
  /** The child is of no further use, and why. */
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'ran'; readonly id: number; readonly outcome: Outcome }
  | { readonly kind: 'ran-all'; readonly id: number; readonly outcomes: readonly Outcome[] }
  | { readonly kind: 'dumped'; readonly id: number; readonly entries: readonly (readonly [string, string])[] }
  | { readonly kind: 'was-read'; readonly id: number; readonly answers: readonly Answer[] }
  | { readonly kind: 'was-reset'; readonly id: number }
  | { readonly kind: 'was-kept'; readonly id: number }
