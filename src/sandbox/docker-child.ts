import { answerer } from './answerer.js'
import { backend } from './backend.js'
import { checkpointed } from './checkpointed.js'
import { keep, tell } from './child.js'
import { connect } from './connection.js'
import type { DockerBoot } from './docker-boot.js'
import { keepInside, startServer } from './docker-cluster.js'
import { removeContainer, removeStale, startContainer, statusOf } from './docker-container.js'
import { reachEngine, type Engine } from './docker-engine.js'
import { dial } from './docker-relay.js'
import { KEEPER } from './keeper.js'
import type { Question } from './messages.js'
import { MIGRATOR, privilegesOf } from './recipe.js'

/** What there is to remove, and the request that is making it: before that is answered there may be nothing yet. */
let engine: Engine | null = null
let starting: Promise<unknown> = Promise.resolve()

keep({
  boot,
  clear: async ({ name }: DockerBoot) => {
    await starting.catch(() => undefined)
    if (engine !== null) await removeContainer(engine, name)
  },
})

async function boot(plan: DockerBoot, fail: (reason: string) => void): Promise<void> {
  const reached = await reachEngine(plan.place)
  if ('unavailable' in reached) return fail(reached.unavailable)
  engine = reached
  const image = await engine.docker
    .getImage(plan.image)
    .inspect()
    .catch((error: unknown) => {
      if (statusOf(error) === 404) return null
      throw error
    })
  if (image === null) return fail(`the image ${plan.image} is not there; docker pull ${plan.image} fetches it`)
  const started = startContainer(engine, image, plan, () => fail('the container ended'))
  starting = started
  const [container] = await Promise.all([started, removeStale(engine, plan.owner)])
  const server = await startServer(container, { ...plan, image: image.Id }, (text) => tell({ kind: 'progress', text }))
  void server.ended.then((said) => fail(`the server ended: ${said}`))
  tell({ kind: 'progress', text: `rehearsing on PostgreSQL ${server.version} in a container of ${plan.image}` })
  const [watcher, session, reader] = await Promise.all(
    [KEEPER, MIGRATOR, MIGRATOR].map(async (user) => {
      const stream = await dial(container)
      return connect({ stream: () => stream, user, database: MIGRATOR })
    }),
  )
  if (watcher === undefined || session === undefined || reader === undefined) throw new Error('unreachable')
  const privileges = privilegesOf(server.secret, server.major)
  const answering = backend(session.exchange, privileges, {
    exchange: watcher.exchange,
    reader: reader.exchange,
    watched: session.backend,
  })
  const copy = checkpointed(answering, watcher, (state, hint) => keepInside(container, server, state, hint))
  const ask = answerer(answering, tell, copy)
  process.on('message', (question: Question) => ask(question))
  tell({ kind: 'ready', version: await answering.version(), baseline: server.baseline, address: null })
}
