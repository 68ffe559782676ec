import { completeCheck, makeCheck, startCheck, type CheckRun } from '../github/checks.js'
import type { Api } from '../github/api.js'
import { keepReview } from '../github/inline-review.js'
import { stickComment } from '../github/sticky-comment.js'
import type { Review, Verdict } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import { announce, givenUpRun, onBehalfOf } from '../report/announcement.js'
import { checkRunOf, type CheckRunPayload } from '../report/check-run.js'
import { commentOf, hasNews } from '../report/comment.js'
import type { Extras } from '../report/extras.js'
import { inlineOf } from '../report/inline.js'
import { wantUnknownWithHead } from './companions.js'
import { digestOf } from './digest.js'
import { diffIn, lookupsIn, type Quotes } from './quotes.js'
import {
  checkRunOf as checkRow,
  completedRun,
  intendCompleted,
  intendInProgress,
  startedRun,
} from './stores/check-runs.js'
import { remarksOf, wroteRemarks } from './stores/remarks.js'
import { publishedReview, reviewsOfHead } from './stores/reviews.js'
import { unjudgedWithHead } from './subjects.js'
import { stickyCommentOf, wroteStickyComment } from './stores/sticky-comments.js'
import type { Hold } from './worker.js'
import type { Workshop } from './workshop.js'

/** The name of the check run, as a ruleset asks for it. */
const NAME = 'dba'

/** Where a check run of a subject is kept. */
function keyOf({ lease }: Hold, head: string): Parameters<typeof intendInProgress>[1] {
  return { installation: lease.installation, repository: lease.repository, head, name: NAME }
}

/** Shows that the review of a head is under way; nothing that was said of it before counts from now on. */
export async function showAtWork(api: Api, hold: Hold, head: string, shop: Workshop): Promise<CheckRun> {
  const key = keyOf(hold, head)
  const externalId = externalIdOf(hold, head)
  await intendInProgress(shop.database, key, externalId)
  const run = await startCheck(api, {
    sha: head,
    maker: shop.appId,
    externalId,
    startedAt: shop.now(),
    ...announce(shop.templates, 'reviewing'),
  })
  await startedRun(shop.database, key, run.id, true)
  return run
}

/** What a check run of ours bears, so that it is known again. */
export function externalIdOf({ lease }: Hold, head: string): string {
  return `v1:${lease.repository}:${head}`
}

const WEIGHT: readonly Verdict[] = ['pass', 'approval', 'block']

/**
 * Publishes a review: kept first, then the check run, then the comment, so that no comment says what no check run does. A check run
 * belongs to a commit, so it shows the worst of what is said of the pull requests with this head. `started` is the run in
 * progress, if there is one.
 */
export async function publish(
  api: Api,
  hold: Hold,
  published: { readonly review: Review; readonly settings: Settings; readonly target: string; readonly extras: Extras },
  started: CheckRun | null,
  shop: Workshop,
): Promise<void> {
  const { review, target, extras } = published
  const { head, base } = review.pull
  const { lease } = hold
  await publishedReview(shop.database, lease, {
    head,
    base,
    target,
    migrations: review.migrations.length,
    code: review.approval.code,
    conclusion: review.conclusion,
    review,
  })
  const others = await reviewsOfHead(shop.database, lease.repository, head)
  const worst = others
    .filter(({ subject }) => subject !== lease.subject)
    .map((row) => ({ subject: row.subject, review: row.review as Review }))
    .reduce((one, other) => (weight(other.review) > weight(one.review) ? other : one), {
      subject: lease.subject,
      review,
    })
  const unjudged = await unjudgedWithHead(shop.database, lease, head)
  const payload = checkRunOf(worst.review, extras, shop, shop.templates)
  // Nothing is known of it, so that nothing good can be said of the commit; at worst, somebody says so.
  if (unjudged !== null && worst.review.verdict !== 'block') {
    if (unjudged.givenUp) {
      const failing = onBehalf(givenUpRun(shop.templates, { ...lease, ...unjudged }), unjudged.subject, shop)
      await complete(api, hold, failing, started, head, shop)
    } else if (started === null) await showAtWork(api, hold, head, shop)
    return
  }
  const said = worst.subject === lease.subject ? payload : onBehalf(payload, worst.subject, shop)
  if (await isTold(hold, said, started, head, shop)) return
  const judged = others.map(({ subject }) => subject)
  if (isPull(lease) && worst.review.verdict === 'pass' && (await wantUnknownWithHead(api, hold, head, judged, shop))) {
    if (started === null) await showAtWork(api, hold, head, shop)
    return
  }
  await tell(api, hold, said, started, head, shop)
}

/** Says that a review came to nothing: a completed check run that fails, with a button to try again. */
export async function publishGivenUp(api: Api, hold: Hold, head: string, shop: Workshop): Promise<void> {
  await complete(api, hold, givenUpRun(shop.templates, hold.lease), null, head, shop)
}

function weight({ verdict }: Review): number {
  return WEIGHT.indexOf(verdict)
}

/** Says that a check run speaks of another pull request with the same head. */
function onBehalf(payload: CheckRunPayload, subject: string, { templates }: Workshop): CheckRunPayload {
  return onBehalfOf(templates, payload, `#${subject.replace(/^\w+\//, '')}`)
}

function isPull({ subject }: Hold['lease']): boolean {
  return subject.startsWith('pull/')
}

/** Whether GitHub has been told exactly this of a head. */
async function isTold(
  hold: Hold,
  payload: CheckRunPayload,
  started: CheckRun | null,
  head: string,
  shop: Workshop,
): Promise<boolean> {
  if (started !== null) return false
  const row = await checkRow(shop.database, keyOf(hold, head))
  return row?.sent === true && row.status === 'completed' && row.digest === digestOf(JSON.stringify(payload))
}

/** Completes the check run of a head, unless GitHub has been told exactly this. */
async function complete(
  api: Api,
  hold: Hold,
  payload: CheckRunPayload,
  started: CheckRun | null,
  head: string,
  shop: Workshop,
): Promise<void> {
  if (!(await isTold(hold, payload, started, head, shop))) await tell(api, hold, payload, started, head, shop)
}

/** Completes the check run of a head, whatever GitHub has been told. */
async function tell(
  api: Api,
  hold: Hold,
  payload: CheckRunPayload,
  started: CheckRun | null,
  head: string,
  shop: Workshop,
): Promise<void> {
  const key = keyOf(hold, head)
  const digest = digestOf(JSON.stringify(payload))
  const intended = { conclusion: payload.conclusion, digest, annotations: payload.annotations.length }
  const externalId = externalIdOf(hold, head)
  await intendCompleted(shop.database, key, { externalId, ...intended })
  const maker = shop.appId
  const now = shop.now()
  const replaced = announce(shop.templates, 'replaced')
  const done =
    started === null
      ? await makeCheck(api, { sha: head, maker, externalId, startedAt: now, replaced }, payload)
      : await completeCheck(api, started, payload, { maker, completedAt: now, replaced })
  await completedRun(shop.database, key, done.id, digest)
}

/** Keeps the one comment on a pull request in step with its review, as the policy wants it. */
export async function comment(
  api: Api,
  hold: Hold,
  pull: number,
  { review, settings, extras }: { readonly review: Review; readonly settings: Settings; readonly extras: Extras },
  shop: Workshop,
): Promise<void> {
  const { lease } = hold
  const known = await stickyCommentOf(shop.database, lease.repository, pull)
  const wanted =
    settings.comment !== 'never' && (hasNews(review) || (settings.comment === 'always' && review.migrations.length > 0))
  if (known === null && !wanted) return
  const body = commentOf(review, extras, shop, shop.templates)
  const digest = digestOf(JSON.stringify(body))
  if (known?.digest === digest) return
  const stuck = await stickComment(api, {
    pull,
    writer: shop.appId,
    known: known?.comment ?? null,
    body,
    whenMissing: wanted ? 'create' : 'skip',
  })
  if (stuck.id !== null) {
    await wroteStickyComment(shop.database, { ...lease, pull }, { comment: stuck.id, digest })
  }
}

/** Keeps the comments on lines in step with a review, as the policy wants it. */
export async function remark(
  api: Api,
  hold: Hold,
  pull: number,
  { review, settings, quotes }: { readonly review: Review; readonly settings: Settings; readonly quotes: Quotes },
  shop: Workshop,
): Promise<void> {
  const { lease } = hold
  const { head } = review.pull
  const before = await remarksOf(shop.database, lease.repository, pull)
  const wanted =
    settings.comment === 'never'
      ? []
      : inlineOf(review, diffIn(quotes), lookupsIn(quotes, shop.describe), shop.templates)
  const digest = digestOf(JSON.stringify(wanted))
  // What is there already, and what nobody asked for, costs no request.
  if (before === null ? wanted.length === 0 : before.digest === digest && before.head === head) return
  // Known before it is done, so that what was written and not noted is looked for.
  if (before === null) await wroteRemarks(shop.database, { ...lease, pull }, { head: '', digest: '' })
  const words = shop.templates.render('remarks', {}).trimEnd()
  await keepReview(api, { pull, head, wanted, words, begun: before !== null })
  await wroteRemarks(shop.database, { ...lease, pull }, { head, digest })
}
