import type { CheckRun } from '../github/checks.js'
import type { Api } from '../github/api.js'
import { linkedIssues } from '../github/linked-issues.js'
import { readPull, tipOf, type WholePull } from '../github/pulls.js'
import type { OpenClash } from '../model/open-clash.js'
import type { Review } from '../model/review.js'
import { conclude } from '../review/conclude.js'
import type { Circumstances } from '../review/circumstances.js'
import { clashesWith, tellOthers } from './clashes.js'
import { converse, refuseAll } from './conversation.js'
import { findOut, type Found } from './finding-out.js'
import { heldConsents } from './holding.js'
import { leaveHead } from './lease.js'
import { leave } from './leaving.js'
import { answerButtons, rerunPressed } from './pressing.js'
import { comment, publish, remark, showAtWork } from './publishing.js'
import { endApprovals } from './stores/approvals.js'
import { ignoresOf } from './stores/ignores.js'
import { forgetParts } from './stores/parts.js'
import { forgetReview, reviewOf, type PublishedReview } from './stores/reviews.js'
import type { Hold } from './worker.js'
import { today, type Workshop } from './workshop.js'
import { EXTRAS } from './extras.js'

/**
 * Brings a pull request up to date: its check run, its comments, and the answers to its commands. All is read anew from GitHub; what
 * was said before counts for nothing but to be kept in step.
 */
export async function bringPullUpToDate(api: Api, hold: Hold, number: number, shop: Workshop): Promise<void> {
  const pull = await readPull(api, number)
  if (pull.state === 'closed') return closed(api, hold, number, shop)
  const tip = await tipOf(api, pull.base.ref)
  if (tip === null) throw new Error(`the branch ${pull.base.ref} is not there`)
  const before = hold.lease.head
  // Before the new head is taken: what fails here is tried again only while the old one is known.
  if (before !== null && before !== pull.head.sha) await superseded(api, hold, before, number, shop)
  await hold.takeHead(pull.head.sha)

  let started: CheckRun | null = null
  const look = async (): Promise<Found> => {
    const { base, head, commits } = pull
    const comparison = { number, base: tip, target: base.ref, head: head.sha, commits }
    return findOut(api, hold, comparison, shop, async () => {
      started ??= await showAtWork(api, hold, head.sha, shop)
    })
  }
  const published = await lastReview(hold, shop)
  if (await rerunPressed(hold, shop)) await forgetParts(shop.database, hold.lease.repository, hold.lease.subject)
  let found = await look()
  let review = await weighed(api, hold, pull, found, shop)
  const talk = await converse(api, hold, pull, { review, found, published }, shop)
  if (talk.again) {
    await forgetParts(shop.database, hold.lease.repository, hold.lease.subject)
    found = await look()
  }
  if (talk.again || talk.changed) review = await weighed(api, hold, pull, found, shop)
  const { settings } = found
  await publish(api, hold, { review, settings, target: pull.base.ref, extras: EXTRAS }, started, shop)
  await tellOthers(hold, clashesIn(published), review.clashes ?? [], shop)
  await comment(api, hold, number, { review, settings, extras: EXTRAS }, shop)
  await remark(api, hold, number, { review, settings, quotes: found.quotes }, shop)
  await talk.answer()
  await answerButtons(api, hold, pull, { review, found, published }, shop)
}

/** What is found, with all that people have said of it. */
async function weighed(api: Api, hold: Hold, pull: WholePull, found: Found, shop: Workshop): Promise<Review> {
  const { parts, settings, code } = found
  const { database } = shop
  const { repository } = hold.lease
  const circumstances: Circumstances = {
    code,
    consents: await heldConsents(api, hold, pull, found, shop),
    issues: 0,
    ignores: (await ignoresOf(database, repository, pull.number)).map(({ user, ...rest }) => ({ ...rest, by: user })),
    today: today(shop),
    clashes: await clashesWith(hold, parts, pull.base.ref, shop),
  }
  const review = conclude(parts, settings, circumstances)
  if (!settings.approval.requireIssue || review.approval.needed.length === 0) return review
  return conclude(parts, settings, { ...circumstances, issues: await linkedIssues(api, pull.number) })
}

/** Nobody merges it any more. What was agreed to is over, and whoever shares its head may be judged otherwise without it. */
async function closed(api: Api, hold: Hold, number: number, shop: Workshop): Promise<void> {
  const { database } = shop
  const { lease } = hold
  await endApprovals(database, { ...lease, pull: number }, 'closed', null)
  await refuseAll(api, hold, number, shop)
  await tellOthers(hold, clashesIn(await lastReview(hold, shop)), [], shop)
  await forgetReview(database, lease.repository, lease.subject)
  await forgetParts(database, lease.repository, lease.subject)
  await leave(api, hold, lease.head, 'closed', shop)
  await leaveHead(database, lease)
}

function lastReview({ lease }: Hold, { database }: Workshop): Promise<PublishedReview | null> {
  return reviewOf(database, lease.repository, lease.subject)
}

/** What a published review said was in the way. */
function clashesIn(published: PublishedReview | null): readonly OpenClash[] {
  return (published?.review as Review | undefined)?.clashes ?? []
}

/** Its head moved on. */
async function superseded(api: Api, hold: Hold, head: string, number: number, shop: Workshop): Promise<void> {
  await endApprovals(shop.database, { ...hold.lease, pull: number }, 'changed', null)
  await leave(api, hold, head, 'superseded', shop)
}
