// What it takes to have a review made by another process: an order goes through the database and its answer comes back. The
// analysis itself takes nothing here, so that all of the time is that of the way.
import { randomUUID } from 'node:crypto'
import { startAnalysing } from '../dist/server/analyses/analysing.js'
import { startOrdering } from '../dist/server/analyses/ordering.js'
import { openDatabase } from '../dist/server/database.js'
import { upgrade } from '../dist/server/schema.js'

const ORDERS = 200
const log = { info() {}, warn: console.log, error: console.log, with: () => log }
const now = () => performance.now()

/** How long an order of so many bytes is on its way, there and back, one by one, in milliseconds, the shortest first. */
export async function timesOfOrders(url, bytes) {
  const [broker, analyser] = ['broker', 'analyser'].map((name) => openDatabase({ url, name }))
  await upgrade(broker)
  const common = { version: 'bench', log, now }
  const ordering = startOrdering({ ...common, database: broker })
  const makeParts = async ({ input: { pull } }) => ({ ...NOTHING, pull, notes: [{ message: 'x'.repeat(bytes / 2) }] })
  const analysing = startAnalysing({
    ...common,
    database: analyser,
    holder: randomUUID(),
    concurrency: 2,
    surroundings: {},
    makeParts,
  })
  const head = new Map([['migrations/1.up.sql', { text: 'x'.repeat(bytes) }]])
  const pull = { repository: 'acme/shop', number: 1, base: 'b', head: 'a' }
  const input = { pull, base: new Map(), head, complete: true, settings: {}, today: '2026-01-15' }
  const times = []
  try {
    for (let i = 0; i < ORDERS + 10; i++) {
      const begun = now()
      await ordering.makeParts({ installation: 1, input, surroundings: {} }, new AbortController().signal)
      // The first find connections that are being made.
      if (i >= 10) times.push(now() - begun)
    }
  } finally {
    await analysing.stop(0)
    await ordering.stop()
    await Promise.all([broker.close(), analyser.close()])
  }
  return times.sort((a, b) => a - b)
}

const NOTHING = { projects: [], migrations: [], findings: [], rehearsals: [] }
