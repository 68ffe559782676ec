import { openApi, type Access, type Api, type Connection } from '../github/api.js'
import type { AppAuth } from '../github/app-auth.js'
import type { SnapshotCache } from '../github/cache.js'
import type { Lookups } from '../report/lookups.js'
import type { Templates } from '../report/render.js'
import type { Database } from './database.js'
import { pause, repositoryOf, unpaused, type Repository } from './installations.js'
import type { Log } from './log.js'
import type { Metrics } from './metrics.js'
import type { MakeParts, Order } from './review-apart.js'
import { storableMessage } from './storable.js'
import type { Hold } from './worker.js'

/** What a worker has at hand to bring subjects up to date. */
export interface Workshop {
  readonly database: Database
  readonly appId: number
  readonly auth: AppAuth
  readonly connection: Connection
  /** Trees and blobs by their names, which say what they hold. */
  readonly objects: SnapshotCache
  /** Where migrations may be rehearsed. */
  readonly surroundings: Order['surroundings']
  readonly makeParts: MakeParts
  readonly templates: Templates
  readonly describe: Lookups['describe']
  /** Of this program: another may find other things. */
  readonly version: string
  readonly now: () => Date
  readonly log: Log
  readonly metrics: Metrics
}

/** There is nothing left to bring up to date. */
export class NothingToDo extends Error {
  override readonly name = 'NothingToDo'
}

/** Opens the repository of a subject with a token for nothing else; each write asks first whether the lease still holds. */
export async function openRepository(hold: Hold, shop: Workshop): Promise<Api> {
  const known = await repositoryOf(shop.database, hold.lease.repository)
  if (known === null) throw new NothingToDo('the repository is not ours to see any more')
  const { installation } = hold.lease
  return apiOf({ ...known, installation }, shop, { beforeWrite: () => hold.fence(), signal: hold.signal })
}

/**
 * The way to a repository, with a token for nothing else. While GitHub wants less of an installation nothing is written to any of its
 * repositories, by whomever of all processes it was told.
 */
export function apiOf(
  { id, installation, owner, name }: Repository,
  { auth, connection, database, now }: Pick<Workshop, 'auth' | 'connection' | 'database' | 'now'>,
  more: Pick<Access, 'beforeWrite' | 'signal'> = {},
): Api {
  return openApi(
    { id, owner, name },
    {
      connection,
      token: auth.tokens({ installation, repositoryId: id }),
      ...more,
      async beforeWrite() {
        await unpaused(database, installation)
        await more.beforeWrite?.()
      },
      onLimit: ({ retryAt, named, message }) => {
        const milliseconds = Math.max((retryAt?.getTime() ?? 0) - now().getTime(), 1_000)
        return pause(database, installation, { milliseconds, why: storableMessage(message), growing: !named })
      },
    },
  )
}

/** The day by the clock, `YYYY-MM-DD`. */
export function today({ now }: Pick<Workshop, 'now'>): string {
  return now().toISOString().slice(0, 10)
}
