import { forget } from './inbox.js'
import type { Loop } from './loops.js'
import { commentSweep } from './reconcile/comment-sweep.js'
import { deliveryDiff } from './reconcile/delivery-diff.js'
import { drift } from './reconcile/drift.js'
import { activeRepositories, everything } from './reconcile/open-pulls.js'
import type { ReconcileParts } from './reconcile/parts.js'
import { watchdog } from './reconcile/watchdog.js'
import { sweepOrders } from './analyses/order-book.js'
import { forgetJobs, sweep } from './sweep.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** What keeps the App from staying wrong, whatever was lost: each says how many things it has put right. */
export function reconcileLoops(parts: ReconcileParts): readonly Loop[] {
  return [
    { name: 'sweep', every: 3 * SECOND, run: () => sweep(parts.database) },
    { name: 'orders', every: 10 * SECOND, run: () => sweepOrders(parts.database) },
    { name: 'deliveries', every: MINUTE, run: () => deliveryDiff(parts) },
    { name: 'watchdog', every: MINUTE, run: () => watchdog(parts) },
    { name: 'active-repositories', every: 10 * MINUTE, run: () => activeRepositories(parts) },
    { name: 'everything', every: 6 * HOUR, run: () => everything(parts) },
    { name: 'comments', every: 10 * MINUTE, run: () => commentSweep(parts) },
    { name: 'drift', every: 10 * MINUTE, run: () => drift(parts) },
    { name: 'forget', every: HOUR, run: () => tidy(parts) },
  ]
}

/** Nothing was wrong, so that nothing is counted. */
async function tidy({ database }: ReconcileParts): Promise<number> {
  await forget(database)
  await forgetJobs(database)
  return 0
}
