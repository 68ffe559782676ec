import type { Api } from '../github/api.js'
import { hiddenIn, type Hide } from '../github/hiding.js'
import { readPull } from '../github/pulls.js'
import { openSnapshot } from '../github/snapshot.js'
import { DEFAULTS } from '../config/schema.js'
import type { OpenSnapshot } from '../model/open-snapshot.js'
import type { Settings } from '../model/settings.js'
import type { Parts } from '../review/conclude.js'
import { codeOf } from '../review/consent-code.js'
import { policyChange } from '../review/policy-change.js'
import { policyOn, type Policy } from '../review/policy.js'
import { prepareReview } from '../review/prepare.js'
import { touchesMigrations } from '../review/touched.js'
import { unseen, untouched } from '../review/without.js'
import { digestOf } from './digest.js'
import { NotReviewed } from './review-apart.js'
import { whileCurrent } from './outdated.js'
import { NO_QUOTES, quotesOf, type Quotes } from './quotes.js'
import { keepParts, partsUnder } from './stores/parts.js'
import type { Hold } from './worker.js'
import { today, type Workshop } from './workshop.js'

/** What is compared with what. */
export interface Comparison {
  /** The pull request's number; null for a group of a merge queue. */
  readonly number: number | null
  /** The newest commit of the branch that it goes to, and that branch's name. */
  readonly base: string
  readonly target: string
  readonly head: string
  /** How many commits the head is ahead, where that is known. */
  readonly commits?: number
}

/** What was found of a comparison, by the policy of its target. */
export interface Found {
  readonly parts: Parts
  readonly settings: Settings
  /** The code of the text; null for what nobody can agree to. */
  readonly code: string | null
  readonly quotes: Quotes
  /** The line of each key of the target's policy; null where it keeps none and every value is a default. */
  readonly policy: Readonly<Record<string, number>> | null
}

/**
 * Finds out what there is to say of a comparison. What was found before of the same text, under the same policy, by the same
 * program and on the same day is not found out again. `atWork` is called before what takes long.
 */
export async function findOut(
  api: Api,
  hold: Hold,
  comparison: Comparison,
  shop: Workshop,
  atWork: () => Promise<void>,
): Promise<Found> {
  const opened = await openSnapshot(api, comparison, shop.objects)
  if ('problem' in opened) return hidden(comparison, api, opened.problem)
  const policy = await policyOn(opened.policy, api.repository.owner)
  if ('problem' in policy) return hidden(opened.pull, api, policy.problem)
  const { settings, lines } = policy
  const key = keyOf(comparison, opened, settings, shop)
  const { repository, subject } = hold.lease
  const known = await partsUnder(shop.database, repository, subject, key)
  if (known !== null) {
    return {
      ...(known as unknown as Pick<Found, 'parts' | 'code' | 'quotes'>),
      settings,
      policy: lines,
    }
  }
  if (!(await touchesMigrations(opened, settings))) {
    const changed = hiddenIn(await policyChange(opened, api.repository.owner, settings.tables), hideOf(shop))
    const parts = untouched(opened, changed)
    // Nothing but a change of the policy waits for anybody here.
    const code = changed.findings.length === 0 ? null : agreedTo(api, comparison, opened, NO_FILES, parts, settings)
    return { parts, settings, code, quotes: NO_QUOTES, policy: lines }
  }
  await atWork()
  const found = await looked(api, hold, comparison, opened, policy, shop)
  // What could not be looked at may be seen at the next try.
  if (found.lasting) await keepParts(shop.database, hold.lease, key, found)
  return { ...found, settings, policy: lines }
}

async function looked(
  api: Api,
  hold: Hold,
  comparison: Comparison,
  opened: OpenSnapshot,
  { settings }: Extract<Policy, { settings: Settings }>,
  shop: Workshop,
): Promise<Pick<Found, 'parts' | 'code' | 'quotes'> & { readonly lasting: boolean }> {
  const { number, head } = comparison
  const prepared = await prepareReview(opened, settings, api.repository.owner)
  const isCurrent = async (): Promise<boolean> => {
    if (number === null) return true
    const pull = await readPull(api, number)
    return pull.state !== 'closed' && pull.head.sha === head
  }
  const { files, parts: all, lasting } = await made({ ...prepared, today: today(shop) }, hold, isCurrent, shop)
  // Here as well as where it goes out: what is cut short, or put into other letters, is not known again.
  const hide = hideOf(shop)
  const parts = hiddenIn(all, hide)
  return {
    parts,
    quotes: quotesOf(files, parts, hide),
    code: agreedTo(api, comparison, opened, files, parts, settings),
    lasting,
  }
}

function hideOf({ connection }: Workshop): Hide {
  return connection.hide ?? ((text) => text)
}

type Files = Parameters<typeof codeOf>[0]['files']
const NO_FILES: Files = { base: new Map(), head: new Map() }

/** The code of what was found; null for a group of a merge queue, to which nobody can agree. */
function agreedTo(
  { repository: { id } }: Api,
  { number, target, head }: Comparison,
  { pull: { base } }: OpenSnapshot,
  files: Files,
  { findings }: Pick<Parts, 'findings'>,
  settings: Settings,
): string | null {
  return number === null ? null : codeOf({ repository: id, number, target, base, head, files, findings, settings })
}

async function made(
  input: Awaited<ReturnType<typeof prepareReview>> & { readonly today: string },
  hold: Hold,
  isCurrent: () => Promise<boolean>,
  shop: Workshop,
): Promise<{ readonly files: Pick<typeof input, 'base' | 'head'>; readonly parts: Parts; readonly lasting: boolean }> {
  const files = { base: input.base, head: input.head }
  try {
    const order = { installation: hold.lease.installation, input, surroundings: shop.surroundings }
    const make = (signal: AbortSignal): Promise<Parts> => shop.makeParts(order, signal)
    return { files, parts: await whileCurrent(hold, isCurrent, make), lasting: true }
  } catch (error) {
    if (!(error instanceof NotReviewed)) throw error
    shop.log.warn('a review could not be made', {
      error,
      subject: hold.lease.subject,
      repository: hold.lease.repository,
    })
    shop.metrics.inconclusive('not-reviewed')
    const reason = `the review could not be made: ${error.message}`
    return { files, parts: unseen(input.pull, reason, input.policy), lasting: false }
  }
}

/** The same text, policy, program and day come to the same findings. */
function keyOf({ number, target, head }: Comparison, opened: OpenSnapshot, settings: Settings, shop: Workshop): string {
  const { base } = opened.pull
  const complete = opened.complete === true
  const identity = [
    number,
    target,
    base,
    head,
    settings,
    complete,
    shop.version,
    today(shop),
    shop.surroundings.databaseUrl,
  ]
  return digestOf(JSON.stringify(identity))
}

function hidden({ number, base, head }: Parts['pull'] | Comparison, { repository }: Api, problem: string): Found {
  const pull = { repository: `${repository.owner}/${repository.name}`, number, base, head }
  return { parts: unseen(pull, problem), settings: DEFAULTS, code: null, quotes: NO_QUOTES, policy: null }
}
