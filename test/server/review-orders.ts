import { DEFAULTS } from '../../src/config/schema.js'
import type { ReviewInput } from '../../src/review/review.js'
import type { Order } from '../../src/server/review-apart.js'
import { KEEPING, type Keeping } from '../../src/server/reviewers.js'
import { folderEntries, type Sides } from '../support/history-file.js'

export const signal = new AbortController().signal

/** As the App keeps its reviewers, but none ends because a test was slow. */
export const KEPT: Omit<Keeping, 'most'> = { ...KEEPING, idle: 600_000 }

interface Wish {
  readonly installation?: number
  readonly sandbox?: 'pglite' | 'none'
  /** Files that the head has besides, by their paths. */
  readonly more?: Readonly<Record<string, string>>
}

/** The review of a pull request of `fixtures/pulls`. */
export function order(name: string, { more = {}, ...wish }: Wish = {}): Order {
  const folder = `fixtures/pulls/${name}`
  const added = Object.entries(more).map(([path, text]) => [path, { text }] as const)
  return orderOf(
    { base: folderEntries(`${folder}/base`), head: new Map([...folderEntries(`${folder}/head`), ...added]) },
    wish,
  )
}

export function orderOf(sides: Sides, { installation = 7, sandbox = 'pglite' }: Omit<Wish, 'more'> = {}): Order {
  const input: ReviewInput = {
    pull: { repository: 'acme/shop', number: 7, base: 'b'.repeat(40), head: 'a'.repeat(40) },
    ...sides,
    complete: true,
    settings: { ...DEFAULTS, rehearsal: { ...DEFAULTS.rehearsal, sandbox } },
    today: '2026-01-15',
  }
  return { installation, input, surroundings: {} }
}
