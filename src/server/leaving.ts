import type { Api } from '../github/api.js'
import { endCheck, findCheck, isVanished } from '../github/checks.js'
import { announce, type Occasion } from '../report/announcement.js'
import { checkRunOf, forgetRun } from './stores/check-runs.js'
import { subjectsWithHead, want } from './subjects.js'
import type { Hold } from './worker.js'
import type { Workshop } from './workshop.js'

/** Nobody judges a head any more, unless others share it. A check run that is in progress on it will never be completed otherwise. */
export async function leave(
  api: Api,
  hold: Hold,
  head: string | null,
  occasion: Occasion,
  shop: Workshop,
): Promise<void> {
  if (head === null || (await wakeOthers(hold, head, shop)) > 0) return
  const key = { repository: hold.lease.repository, head, name: 'dba' }
  const row = await checkRunOf(shop.database, key)
  if (row === null || (row.status === 'completed' && row.sent)) return
  try {
    const run = await findCheck(api, head, shop.appId)
    if (run !== null && run.status !== 'completed') {
      await endCheck(
        api,
        run,
        { conclusion: 'cancelled', ...announce(shop.templates, occasion) },
        { completedAt: shop.now() },
      )
    }
  } catch (error) {
    // A commit that is gone has no check run that anybody sees.
    if (!isVanished(error)) throw error
  }
  await hold.fence()
  await forgetRun(shop.database, key)
}

/** Wishes that the other subjects with a head be brought up to date; how many there are. */
async function wakeOthers(hold: Hold, head: string, { database }: Workshop): Promise<number> {
  const { lease } = hold
  const sharing = await subjectsWithHead(database, lease.repository, head)
  const others = sharing.filter(({ subject }) => subject !== lease.subject)
  for (const { subject } of others) await want(database, { ...lease, subject }, { lane: 'event' })
  return others.length
}
