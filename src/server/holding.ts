import type { Api } from '../github/api.js'
import type { WholePull } from '../github/pulls.js'
import { CONSENT_KINDS, type Consent, type StoredConsent } from '../model/consent.js'
import type { Queryable } from './database.js'
import type { Found } from './finding-out.js'
import { endApprovals, liveApprovals } from './stores/approvals.js'
import { pushersOf } from './stores/pushers.js'
import type { Hold } from './worker.js'
import type { Workshop } from './workshop.js'
import { standingOf } from './standing.js'
import { mayApprove } from '../review/consent-right.js'

/**
 * The agreements that hold for what was found. Those to another text are over for good; whether who agreed may still do so is asked
 * anew.
 */
export async function heldConsents(
  api: Api,
  hold: Hold,
  pull: WholePull,
  { code, settings }: Pick<Found, 'code' | 'settings'>,
  shop: Workshop,
): Promise<readonly Consent[]> {
  const { database } = shop
  const { lease } = hold
  const place = { installation: lease.installation, repository: lease.repository, pull: pull.number }
  const live = await liveApprovals(database, lease.repository, pull.number)
  if (live.length === 0) return []
  if (code === null || live.some((approval) => approval.code !== code)) {
    await endApprovals(database, place, 'changed', null, code === null ? null : { code })
  }
  const pushers = await pushersOf(database, lease.repository, pull.number)
  const about = { policy: settings.approval, pushers }
  const held = live.filter((approval) => approval.code === code)
  return Promise.all(
    held.map(async ({ kinds, user, createdAt, comment, code: to, backup }): Promise<Consent> => {
      const standing = await standingOf(api, pull, { ...user, type: 'User' }, false, about)
      const may = mayApprove(standing, settings.approval).kinds
      const given = CONSENT_KINDS.filter((kind) => kinds.includes(kind) && may.includes(kind))
      return { kinds: given, by: user, at: createdAt.toISOString(), comment, code: to, backup }
    }),
  )
}

/** The agreements to a pull request that stand, as commands see them. */
export async function storedConsents(
  database: Queryable,
  repository: number,
  pull: number,
): Promise<readonly StoredConsent[]> {
  const live = await liveApprovals(database, repository, pull)
  return live.map(({ kinds, user, createdAt, expiresAt, comment, code, backup }) => ({
    kinds: CONSENT_KINDS.filter((kind) => kinds.includes(kind)),
    by: user,
    at: createdAt.toISOString(),
    comment,
    code,
    backup,
    expires: expiresAt.toISOString(),
    ended: null,
  }))
}
