import { setTimeout } from 'node:timers/promises'
import { answerer } from './answerer.js'
import { backend } from './backend.js'
import { checkpointed } from './checkpointed.js'
import { keep, tell } from './child.js'
import { destroyCluster, keepCluster, startCluster, type ClusterPlan } from './cluster.js'
import type * as Connection from './connection.js'
import { KEEPER } from './keeper.js'
import type { Question } from './messages.js'
import { MIGRATOR, privilegesOf } from './recipe.js'

const START_SECONDS = 20
/** Of which only the socket's name speaks. */
const PORT = 5432

/** States that are still being put away while the server goes on. */
let shelving: Promise<unknown> = Promise.resolve()

keep({
  boot,
  clear: async ({ directory }: ClusterPlan) => {
    await Promise.all([destroyCluster(directory), shelving])
  },
})

async function boot(plan: ClusterPlan, fail: (reason: string) => void): Promise<void> {
  const { secret, baseline, ended } = await startCluster(plan, (text) => tell({ kind: 'progress', text }))
  let last: string | null = null
  void ended.then((said) => {
    last = said
    fail(`the server ended: ${said}`)
  })
  // The driver is loaded while the server starts.
  const { connect } = await import('./connection.js')
  const watcher = await reach(connect, plan.directory, KEEPER, () => last)
  const session = await reach(connect, plan.directory, MIGRATOR, () => last)
  const reader = await reach(connect, plan.directory, MIGRATOR, () => last)
  const privileges = privilegesOf(secret, plan.binaries.major)
  const server = backend(session.exchange, privileges, {
    exchange: watcher.exchange,
    reader: reader.exchange,
    watched: session.backend,
  })
  const keep = checkpointed(server, watcher, async (state, hint) => {
    const { shelved } = await keepCluster(plan, secret, state, hint)
    shelving = Promise.all([shelving, shelved.catch(() => undefined)])
  })
  const ask = answerer(server, tell, keep)
  process.on('message', (question: Question) => ask(question))
  const address = { host: plan.directory, port: PORT, user: MIGRATOR, database: MIGRATOR, password: null }
  tell({ kind: 'ready', version: await server.version(), baseline, address })
}

type Connect = (typeof Connection)['connect']

/** Connects as soon as the server lets in. */
async function reach(
  connect: Connect,
  directory: string,
  user: string,
  ended: () => string | null,
): Promise<Connection.ServerConnection> {
  const deadline = performance.now() + START_SECONDS * 1000
  for (;;) {
    try {
      return await connect({ host: directory, port: PORT, user, database: MIGRATOR })
    } catch (error) {
      const gone = ended()
      if (gone !== null) throw new Error(gone)
      if (performance.now() > deadline) throw error
      await setTimeout(10)
    }
  }
}
