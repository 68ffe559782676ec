import type { Api } from '../github/api.js'
import type { CheckRun } from '../github/checks.js'
import type { Consent } from '../model/consent.js'
import type { Finding } from '../model/finding.js'
import type { Review } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import { conclude } from '../review/conclude.js'
import { ON_ITS_OWN } from '../review/circumstances.js'
import { EXTRAS } from './extras.js'
import { findOut } from './finding-out.js'
import { leaveHead } from './lease.js'
import { leave } from './leaving.js'
import { rerunPressed } from './pressing.js'
import { publish, showAtWork } from './publishing.js'
import { pressedButtons, settleButton } from './stores/buttons.js'
import { forgetParts } from './stores/parts.js'
import { baseOfGroup } from './stores/merge-groups.js'
import { reviewsOfRepository } from './stores/reviews.js'
import type { Hold } from './worker.js'
import { NothingToDo, today, type Workshop } from './workshop.js'

/**
 * Judges what a merge queue is about to merge: the group's head against the commit on which it stands. Two pull requests that were
 * green each on its own meet here for the first time.
 */
export async function bringGroupUpToDate(api: Api, hold: Hold, head: string, shop: Workshop): Promise<void> {
  const base = await baseOfGroup(shop.database, hold.lease.repository, head)
  if (base === null) {
    await leave(api, hold, hold.lease.head, 'taken-apart', shop)
    await leaveHead(shop.database, hold.lease)
    throw new NothingToDo('the group was taken apart')
  }
  await hold.takeHead(head)
  const { repository, subject } = hold.lease
  if (await rerunPressed(hold, shop)) await forgetParts(shop.database, repository, subject)
  let started: CheckRun | null = null
  const found = await findOut(api, hold, { number: null, base, target: '', head }, shop, async () => {
    started = await showAtWork(api, hold, head, shop)
  })
  const { parts, settings } = found
  const consents = await agreedBefore(hold, parts.findings, shop)
  // An issue is asked of each pull request, not of a group.
  const policy: Settings = { ...settings, approval: { ...settings.approval, requireIssue: false } }
  const review = conclude(parts, policy, { ...ON_ITS_OWN, code: GROUP_CODE, consents, today: today(shop) })
  await publish(api, hold, { review, settings, target: '', extras: EXTRAS }, started, shop)
  // Nobody explains a group, or asks for agreement to it: its pull requests are the place.
  for (const { button } of await pressedButtons(shop.database, repository, subject)) {
    await settleButton(shop.database, repository, subject, button)
  }
}

/** Nobody agrees to a group: what its pull requests have counts. */
const GROUP_CODE = 'merge-group'

/**
 * The agreements of the open pull requests, if all in the group that needs one has it: a finding bears the same fingerprint in the
 * group as in the pull request whose green review shows it agreed to.
 */
async function agreedBefore(
  hold: Hold,
  findings: readonly Finding[],
  { database }: Workshop,
): Promise<readonly Consent[]> {
  const rows = await reviewsOfRepository(database, hold.lease.repository)
  const green = rows
    .map(({ review }) => review as Review)
    .filter(({ verdict, approval }) => verdict === 'pass' && approval.given.length > 0)
  const covered = new Set(green.flatMap((review) => review.findings.map(({ fingerprint }) => fingerprint)))
  const open = findings.filter(({ severity, allowed }) => severity === 'approval' && allowed === null)
  if (!open.every(({ fingerprint }) => covered.has(fingerprint))) return []
  const needed = new Set(open.map(({ fingerprint }) => fingerprint))
  return green
    .filter((review) => review.findings.some(({ fingerprint }) => needed.has(fingerprint)))
    .flatMap(({ approval }) => approval.given.map((consent) => ({ ...consent, code: GROUP_CODE })))
}
