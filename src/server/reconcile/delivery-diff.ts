import { keep, missing } from '../inbox.js'
import { moveWatermark, watermark } from '../stores/watermarks.js'
import type { LoggedDelivery } from './ports.js'
import type { ReconcileParts } from './parts.js'

const WATERMARK = 'deliveries'
/** Lines may enter the log late. */
const OVERLAP = 15 * 60_000
/** GitHub keeps what it delivered for so long. */
const KEPT = 3 * 24 * 60 * 60_000
const MOST_PAGES = 500

/**
 * Compares GitHub's log of deliveries with the inbox, and fetches what is not there. Only whether the id is there counts, not what
 * the log says of it: one that was answered well may still be lost. Returns how many were fetched.
 */
export async function deliveryDiff({ database, ports, log, time }: ReconcileParts): Promise<number> {
  const seen = await watermark(database, WATERMARK)
  const oldest = Math.max(seen === null ? -Infinity : Date.parse(seen) - OVERLAP, time().getTime() - KEPT)
  const logged = await logSince(ports, oldest)
  // The same delivery may be there several times: one line of it is enough.
  const lines = new Map(logged.map((line) => [line.guid.toLowerCase(), line]))
  const lost = await missing(database, [...lines.keys()])
  let found = 0
  for (const guid of lost) {
    const line = lines.get(guid)
    const delivery = line === undefined ? null : await ports.delivery(line.id)
    if (delivery === null) {
      log.error('a delivery was lost, and GitHub does not have it any more', { delivery: guid })
      continue
    }
    log.warn('a delivery was lost; it was fetched', { delivery: guid, event: delivery.event })
    await keep(database, {
      delivery: guid,
      event: delivery.event,
      body: Buffer.from(JSON.stringify(delivery.payload)),
      lane: 1,
    })
    found++
  }
  // Not before all of them are kept: what breaks off before is looked at again.
  const newest = Math.max(...logged.map(({ deliveredAt }) => deliveredAt.getTime()))
  if (Number.isFinite(newest) && (seen === null || newest > Date.parse(seen))) {
    await moveWatermark(database, WATERMARK, new Date(newest).toISOString())
  }
  return found
}

async function logSince(ports: ReconcileParts['ports'], oldest: number): Promise<readonly LoggedDelivery[]> {
  const lines: LoggedDelivery[] = []
  let cursor: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next }: { readonly items: readonly LoggedDelivery[]; readonly next: string | null } =
      await ports.deliveries(cursor)
    lines.push(...items.filter(({ deliveredAt }) => deliveredAt.getTime() >= oldest))
    const last = items.at(-1)
    if (next === null || last === undefined || last.deliveredAt.getTime() < oldest) return lines
    if (next === cursor) throw new Error('the log of deliveries does not go on')
    cursor = next
  }
  throw new Error(`the log of deliveries has more than ${MOST_PAGES} pages`)
}
