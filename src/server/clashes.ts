import { clashesBetween, type OpenClash } from '../model/open-clash.js'
import type { Review } from '../model/review.js'
import { claimsOf } from '../review/claims.js'
import type { Parts } from '../review/conclude.js'
import { reviewsOfRepository } from './stores/reviews.js'
import { want } from './subjects.js'
import type { Hold } from './worker.js'
import type { Workshop } from './workshop.js'

/** What is in the way of a pull request: the others into the same branch, by what was last found of them. */
export async function clashesWith(
  hold: Hold,
  parts: Parts,
  target: string,
  { database }: Pick<Workshop, 'database'>,
): Promise<readonly OpenClash[]> {
  const mine = claimsOf(parts)
  if (mine === null || mine.projects.length === 0) return []
  const rows = await reviewsOfRepository(database, hold.lease.repository)
  const others = rows
    .filter((row) => row.subject !== hold.lease.subject && row.target === target)
    .flatMap(({ review }) => claimsOf(review as Review) ?? [])
  return clashesBetween(mine, others)
}

/** Both are told: wishes that those be looked at again with whom there is a clash now and was none before, or the reverse. */
export async function tellOthers(
  hold: Hold,
  before: readonly OpenClash[],
  now: readonly OpenClash[],
  { database }: Pick<Workshop, 'database'>,
): Promise<void> {
  // Not by their JSON: the database gives members back in another order, and the two would tell each other for ever.
  const keyOf = ({ pull, kind, message }: OpenClash): string => `${pull} ${kind} ${message}`
  const [was, is] = [before, now].map((clashes) => new Set(clashes.map(keyOf)))
  const changed = [...before, ...now].filter((clash) => was?.has(keyOf(clash)) !== is?.has(keyOf(clash)))
  for (const pull of new Set(changed.map((clash) => clash.pull))) {
    await want(database, { ...hold.lease, subject: `pull/${pull}` }, { lane: 'reconcile' })
  }
}
