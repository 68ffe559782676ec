import { setTimeout } from 'node:timers/promises'
import { answerer, reasonOf } from './answerer.js'
import { backend } from './backend.js'
import { destroyCluster, MIGRATOR, startCluster, type ClusterPlan } from './cluster.js'
import { connect, type ServerConnection } from './connection.js'
import { EXTENSIONS, KEEPER, promoteWith } from './keeper.js'
import type { Question, Report } from './messages.js'

/*
 * The process that looks after a cluster. It waits for the server and never blocks, so that it is free to end the
 * server with everything that is left of it: when it is told to, when its parent is gone, or when an answer grows too
 * large for its memory.
 */

const MEMORY_CHECK_MILLISECONDS = 100
/** Rows that nobody asked for come all the same. */
const MEGABYTES = 300
const START_SECONDS = 20

function tell(report: Report): void {
  if (process.connected) process.send?.(report)
}

process.once('message', (plan: ClusterPlan) => {
  let ending: Promise<void> | null = null
  const end = (): void => {
    ending ??= destroyCluster(plan.directory).finally(() => process.kill(process.pid, 'SIGKILL'))
  }
  const fail = (reason: string): void => {
    if (ending === null) tell({ kind: 'broken', reason })
    end()
  }
  process.on('disconnect', end)
  process.on('SIGTERM', end)
  // What a terminal sends to all of its processes is for the parent to act upon.
  for (const name of ['SIGINT', 'SIGHUP'] as const) process.on(name, () => undefined)
  setInterval(() => {
    if (process.memoryUsage.rss() > MEGABYTES * 2 ** 20) fail(`an answer took more than ${MEGABYTES} MB of memory`)
  }, MEMORY_CHECK_MILLISECONDS)
  boot(plan, fail).catch((error: unknown) => fail(`the sandbox did not start: ${reasonOf(error)}`))
})

async function boot(plan: ClusterPlan, fail: (reason: string) => void): Promise<void> {
  const { secret, ended } = await startCluster(plan, (text) => tell({ kind: 'progress', text }))
  let last: string | null = null
  void ended.then((said) => {
    last = said
    fail(`the server ended: ${said}`)
  })
  const watcher = await reach(plan.directory, KEEPER, () => last)
  const session = await reach(plan.directory, MIGRATOR, () => last)
  const server = backend(
    session.exchange,
    {
      promotion: promoteWith(secret),
      adoption: plan.binaries.major < 16 ? `SELECT ${KEEPER}.adopt()` : null,
      extensions: new Set(EXTENSIONS),
      cast: { keeper: KEEPER, migrator: MIGRATOR, made: 'true' },
    },
    { exchange: watcher.exchange, watched: session.backend },
  )
  const ask = answerer(server, tell)
  process.on('message', (question: Question) => ask(question))
  tell({ kind: 'ready', version: await server.version() })
}

/** Connects as soon as the server lets in. */
async function reach(directory: string, user: string, ended: () => string | null): Promise<ServerConnection> {
  const deadline = performance.now() + START_SECONDS * 1000
  for (;;) {
    try {
      return await connect({ host: directory, port: 5432, user, database: MIGRATOR })
    } catch (error) {
      const gone = ended()
      if (gone !== null) throw new Error(gone)
      if (performance.now() > deadline) throw error
      await setTimeout(10)
    }
  }
}
