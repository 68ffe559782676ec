import { Client, type ClientConfig } from 'pg'
import { answerer } from './answerer.js'
import { backend, type Backend } from './backend.js'
import { keep, tell } from './child.js'
import { connect, type ServerConnection } from './connection.js'
import { evict, evictStale, furnish, lodge, madeBy, newName, objection } from './disposable.js'
import { EXTENSIONS, KEEPER, promoteWith } from './keeper.js'
import type { Question } from './messages.js'
import type { ServiceBoot } from './service-boot.js'

const CONNECT_MILLISECONDS = 10_000
/** Settings of the session's own: what it creates it may act as, and a broken connection ends what it is doing. */
const SESSION_OPTIONS = '-c createrole_self_grant=set,inherit -c client_connection_check_interval=1000'

/** What there is to remove. */
let guest: { readonly admin: ServerConnection; readonly name: string } | null = null

keep({
  boot,
  clear: async () => {
    if (guest !== null) await evict(guest.admin, guest.name)
  },
})

async function boot({ url, postgres }: ServiceBoot, fail: (reason: string) => void): Promise<void> {
  const { host, port, user, password, database, ssl } = new Client({ connectionString: url })
  const place: ClientConfig = { host, port, ssl, connectionTimeoutMillis: CONNECT_MILLISECONDS }
  const owner = { ...place, user, password: password ?? undefined }
  const admin = await connect({ ...owner, database })
  const against = await objection(admin)
  if (against !== null) return fail(against)
  await evictStale(admin)
  const name = await newName(admin)
  guest = { admin, name }
  const lodging = await lodge(admin, name)
  const major = Number.parseInt(lodging.version, 10)
  if (major !== postgres) tell({ kind: 'progress', text: `the service runs PostgreSQL ${lodging.version}` })
  const watcher = await connect({ ...owner, database: name })
  await furnish(watcher, lodging)
  const lodger = { ...place, user: name, password: lodging.password, database: name, options: SESSION_OPTIONS }
  const session = await connect(lodger)
  const reader = await connect(lodger)
  const server = backend(
    session.exchange,
    {
      promotion: lodging.secret === null ? null : promoteWith(lodging.secret),
      adoption: null,
      extensions: new Set(EXTENSIONS),
      cast: { keeper: KEEPER, migrator: name, made: madeBy(name) },
    },
    { exchange: watcher.exchange, reader: reader.exchange, watched: session.backend },
  )
  const ask = answerer(renamed(server, name), tell)
  process.on('message', (question: Question) => ask(question))
  const address = { host, port, user: name, database: name, password: lodging.password }
  tell({ kind: 'ready', version: await server.version(), baseline: null, address })
}

/** The same words in every review, whatever the role is called this time. */
function renamed(server: Backend, name: string): Backend {
  const known = (text: string): string => text.replaceAll(name, 'postgres')
  return {
    ...server,
    dump: async (bookkeeping) =>
      (await server.dump(bookkeeping)).map(([key, value]) => [known(key), known(value)] as const),
  }
}
