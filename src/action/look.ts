import { DEFAULTS } from '../config/schema.js'
import type { OpenSnapshot } from '../model/open-snapshot.js'
import type { Review } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import type { Quotable } from '../report/lookups.js'
import { ON_ITS_OWN } from '../review/circumstances.js'
import { conclude, type Parts } from '../review/conclude.js'
import { policyChange } from '../review/policy-change.js'
import { CONFIG_PATH, policyOn, type Policy } from '../review/policy.js'
import { prepareReview } from '../review/prepare.js'
import { partsOf, type ReviewMeans } from '../review/review.js'
import { touchesMigrations } from '../review/touched.js'
import { unseen, untouched } from '../review/without.js'
import type { Inputs } from './inputs.js'

/** A review, and what is needed to report it. */
export interface Looked {
  readonly review: Review
  /** The policy with what the workflow says instead. */
  readonly settings: Settings
  readonly files: Quotable
}

/** What a review is made with, once the policy says where to rehearse. */
export type MeansFor = (settings: Settings) => Promise<ReviewMeans>

/** Reviews a comparison by the policy of its base branch, as every door does. Never throws for what a change holds. */
export async function look(
  opened: OpenSnapshot,
  { config, sandbox, comment }: Pick<Inputs, 'config' | 'sandbox' | 'comment'>,
  owner: string,
  today: string,
  meansFor: MeansFor,
): Promise<Looked> {
  const done = (parts: Parts, settings: Settings, files: Quotable = NO_FILES): Looked => ({
    review: conclude(parts, settings, { ...ON_ITS_OWN, today }),
    settings,
    files,
  })
  const path = config ?? CONFIG_PATH
  const policy = await policyAt(path, config !== null, opened, owner)
  if ('problem' in policy) return done(unseen(opened.pull, policy.problem), DEFAULTS)
  const settings: Settings = {
    ...policy.settings,
    rehearsal: { ...policy.settings.rehearsal, sandbox: sandbox ?? policy.settings.rehearsal.sandbox },
    comment: comment ?? policy.settings.comment,
  }
  if (!(await touchesMigrations(opened, settings))) {
    return done(
      untouched(opened, await policyChange(opened, owner, { path, statistics: settings.tables.statistics })),
      settings,
    )
  }
  const input = { ...(await prepareReview(opened, settings, owner, path)), today }
  const means = await meansFor(settings)
  const parts = await partsOf(input, means).catch((error: unknown): Parts => {
    if (means.signal.aborted || !(error instanceof Error)) throw error
    return unseen(opened.pull, `the review could not be made: ${error.message}`, input.policy)
  })
  return done(parts, settings, { base: input.base, head: input.head })
}

const NO_FILES: Quotable = { base: new Map(), head: new Map() }

/** The policy; one that the workflow names has to be there, or to come with this change. */
async function policyAt(path: string, named: boolean, opened: OpenSnapshot, owner: string): Promise<Policy> {
  if (named && !opened.policy.has(path) && !opened.head.has(path)) {
    return { problem: `The input config names ${path}, which is not on the base branch.` }
  }
  return policyOn(opened.policy, owner, path)
}
