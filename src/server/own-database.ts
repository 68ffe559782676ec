import { setTimeout } from 'node:timers/promises'
import { Client } from 'pg'
import { serverAccount } from '../sandbox/account.js'
import { findBinaries, type Binaries } from '../sandbox/binaries.js'
import type { Log } from './log.js'
import {
  createData,
  endServer,
  majorOf,
  passwordOf,
  placeOf,
  prepareFolders,
  startServer,
  SUPERUSER,
  type ClusterPlace,
  type RunsAs,
} from './own-cluster.js'

export interface OwnDatabaseOptions {
  /** Where the data are kept, across restarts and versions of the App. A folder of its own. */
  readonly folder: string
  /** Folders in which PostgreSQL's programs may be, looked into first. */
  readonly programs: readonly string[]
  /** The PATH of the environment. */
  readonly path: string
  readonly log: Log
}

/** A PostgreSQL that belongs to this process. */
export interface OwnDatabase {
  readonly url: string
  readonly version: string
  /** Secret: for the redactor. */
  readonly password: string
  /** Ends the server, and gives the folder free. */
  stop(): Promise<void>
}

/** Held by the process to which the folder belongs, for as long as it lives and the server does. */
const OWNER_LOCK = 4_772_610_930
const START_MILLISECONDS = 300_000
const STOP_MILLISECONDS = 20_000

/**
 * A PostgreSQL on disk for a process that was given none: created the first time, found again later, taken over running
 * when the process before was killed, started again when it goes down. It has a socket and no port. One process
 * at a time: a second throws.
 */
export async function ownDatabase(options: OwnDatabaseOptions): Promise<OwnDatabase> {
  const place = placeOf(options.folder)
  const account = await serverAccount()
  if (account !== null && 'unavailable' in account) {
    throw new Error(`${account.unavailable}: start the App as another user, or set DATABASE_URL`)
  }
  await prepareFolders(place, account)
  const password = await passwordOf(place)
  const binaries = await programsFor(place, options, account)
  if ((await majorOf(place)) === null) {
    options.log.info('creating the database', { folder: options.folder, postgres: binaries.version })
    await createData(place, binaries, account, password)
  }
  let stopping = false
  let owner = await own(place, binaries, account, password)

  const watch = (): void => {
    owner.once('end', () => {
      if (!stopping) void again()
    })
  }
  const again = async (): Promise<void> => {
    options.log.error('the database went down', { folder: options.folder })
    while (!stopping) {
      try {
        owner = await own(place, binaries, account, password)
        options.log.info('the database is up again', { folder: options.folder })
        return watch()
      } catch (error) {
        options.log.error('the database cannot be started', { folder: options.folder, error })
        await setTimeout(1_000)
      }
    }
  }
  watch()
  return {
    url: urlOf(place, password),
    version: binaries.version,
    password,
    async stop() {
      stopping = true
      await endServer(place, STOP_MILLISECONDS, setTimeout)
      await owner.end().catch(() => undefined)
    },
  }
}

/** The programs of the version that has written the data, or the newest when there are none yet. */
async function programsFor(
  place: ClusterPlace,
  { programs, path }: OwnDatabaseOptions,
  account: RunsAs,
): Promise<Binaries> {
  const found = await findBinaries(programs, path, account)
  const major = await majorOf(place)
  const chosen = major === null ? found[0] : found.find((each) => each.major === major)
  if (chosen !== undefined) return chosen
  throw new Error(
    major === null
      ? 'there is no DATABASE_URL, and no PostgreSQL of 15 or newer was found on this machine to keep the data with: set the one, or install the other (Debian: apt install postgresql; macOS: brew install postgresql@18)'
      : `the data in ${place.folder} were written by PostgreSQL ${major}, which was not found on this machine`,
  )
}

/** Finds the server running or starts it, and takes it for ourselves. */
async function own(place: ClusterPlace, binaries: Binaries, account: RunsAs, password: string): Promise<Client> {
  const first = await enter(place, password)
  if (first !== null) return first
  let server = await startServer(place, binaries, account)
  for (let waited = 0; waited < START_MILLISECONDS; waited += 50) {
    await setTimeout(50)
    // Asked before it is tried: somebody else's may have been faster than ours, which ends then.
    const said = server.said()
    const client = await enter(place, password)
    if (client !== null) return client
    if (said === null) continue
    // Processes of one that was killed go one after the other.
    if (waited > LEFTOVERS_MILLISECONDS || !LEFTOVERS.test(said)) throw new Error(`PostgreSQL did not start: ${said}`)
    server = await startServer(place, binaries, account)
  }
  throw new Error('PostgreSQL did not start in time')
}

/** How long what is left of a server that was killed may hinder the next. */
const LEFTOVERS_MILLISECONDS = 10_000
const LEFTOVERS = /lock file|shared memory block/

/** A connection that holds the lock; null when no server answers yet. Throws when the server is somebody else's. */
async function enter(place: ClusterPlace, password: string): Promise<Client | null> {
  const client = new Client({ connectionString: urlOf(place, password), application_name: 'dba owner' })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => undefined)
    if (isNotThere(error)) return null
    throw error
  }
  const { rows } = await client.query<{ mine: boolean }>('SELECT pg_catalog.pg_try_advisory_lock($1) AS mine', [
    OWNER_LOCK,
  ])
  if (rows[0]?.mine === true) return client
  await client.end()
  throw new Error(`another process is using the database in ${place.folder}`)
}

/** There is no server, or it is still starting or already ending. */
function isNotThere(error: unknown): boolean {
  const { code } = error as { readonly code?: string }
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === '57P03' || code === '57P01'
}

function urlOf({ home }: ClusterPlace, password: string): string {
  return `postgresql://${SUPERUSER}:${password}@localhost/postgres?host=${encodeURIComponent(home)}`
}
