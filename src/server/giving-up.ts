import type { Api } from '../github/api.js'
import { readPull } from '../github/pulls.js'
import { publishGivenUp } from './publishing.js'
import type { Hold } from './worker.js'
import type { Workshop } from './workshop.js'

/** Tells GitHub that a review came to nothing, on the head as it is now. */
export async function tellGivenUp(api: Api, hold: Hold, shop: Workshop): Promise<void> {
  const [kind, name = ''] = hold.lease.subject.split('/')
  const head = kind === 'group' ? name : (await readPull(api, Number(name))).head.sha
  await hold.takeHead(head)
  await publishGivenUp(api, hold, head, shop)
}
