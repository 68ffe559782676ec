import { bringGroupUpToDate } from './group-subject.js'
import { judged } from './failure.js'
import { tellGivenUp } from './giving-up.js'
import { bringPullUpToDate } from './pull-subject.js'
import type { Work } from './worker.js'
import { openRepository, type Workshop } from './workshop.js'

/** What is done with subjects of either kind. */
export function workOf(shop: Workshop): Work {
  return {
    async bringUpToDate(hold) {
      const api = await openRepository(hold, shop)
      const [kind, name = ''] = hold.lease.subject.split('/')
      if (kind === 'group') await bringGroupUpToDate(api, hold, name, shop)
      else await bringPullUpToDate(api, hold, Number(name), shop)
    },
    async giveUp(hold, error) {
      shop.log.error('given up', { error, subject: hold.lease.subject, repository: hold.lease.repository })
      const api = await openRepository(hold, shop)
      await tellGivenUp(api, hold, shop)
    },
    judge: (error) => judged(error, shop.now().getTime()),
  }
}
