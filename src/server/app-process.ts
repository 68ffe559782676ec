import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { openAppAuth } from '../github/app-auth.js'
import type { Connection } from '../github/api.js'
import { memoryCache } from '../github/cache.js'
import type { Fetch } from '../github/transport.js'
import { openTemplates } from '../report/render.js'
import { rules } from '../rules/index.js'
import type { AppSettings } from './app-settings.js'
import { openDatabase, type Database } from './database.js'
import { startDispatch, type Receive } from './dispatch.js'
import { intake } from './intake.js'
import { jsonLog, type Log } from './log.js'
import { startLoops, type Loop } from './loops.js'
import { metrics as openMetrics, type Metrics } from './metrics.js'
import { ownDatabase } from './own-database.js'
import { startQueue } from './queue.js'
import { redactor } from './redact.js'
import { upgrade } from './schema.js'
import { forget } from './inbox.js'
import { sweep } from './sweep.js'
import { statusPages } from './status-pages.js'
import { listen, type Routes, type WebServer } from './web-server.js'
import { workOf } from './work.js'
import type { Workshop } from './workshop.js'

/** What the door hands in. */
export interface Outside {
  readonly now: () => Date
  /** Milliseconds that only go forward. */
  readonly ticks: () => number
  /** From 0 to 1. */
  readonly random: () => number
  readonly fetch: Fetch
  readonly write: (line: string) => void
  /** Hands deliveries to whoever notes what they make necessary. */
  readonly router: (database: Database) => Receive
}

export interface RunningApp {
  readonly port: number
  readonly log: Log
  /** Takes no more, ends what is at hand within so many milliseconds or hands it back, and closes. */
  stop(milliseconds: number): Promise<void>
}

/** Where GitHub may deliver: Probot's registration names the first, its documentation the second. */
const WEBHOOK_PATHS = ['/', '/api/github/webhooks']
/** What is being answered when the process is told to end may take so long. */
const LAST_ANSWERS = 8_000

/** Starts what the role asks for: the intake of webhooks, the workers, or both. Serves when it returns. */
export async function startApp(settings: AppSettings, outside: Outside): Promise<RunningApp> {
  const log = jsonLog(outside.write, redactor(settings.hidden), outside.now)
  const own = settings.databaseUrl === null ? await databaseIn(settings, log) : null
  const url = settings.databaseUrl ?? own?.url ?? ''
  const database = openDatabase({
    url,
    name: `dba ${settings.role}`,
    onBroken: (error) => log.warn('a connection to the database broke', { error }),
  })
  const metrics = openMetrics(database)
  const stops: (() => Promise<void>)[] = [() => database.close(), ...(own === null ? [] : [() => own.stop()])]
  try {
    await upgrade(database)
    const works = settings.role === 'intake' ? null : startWorking(settings, outside, { database, log, metrics })
    if (works !== null) stops.unshift(works.stop)
    let stopping = false
    const web = await serve(settings, outside, {
      database,
      log,
      metrics,
      wake: () => works?.wake(),
      stopping: () => stopping,
    })
    log.info('serving', {
      port: web.port,
      role: settings.role,
      database: own === null ? 'DATABASE_URL' : settings.data,
    })
    return {
      port: web.port,
      log,
      async stop(milliseconds) {
        stopping = true
        log.info('ending', { running: works?.running() ?? 0 })
        await web.close(Math.min(LAST_ANSWERS, milliseconds))
        for (const stop of stops) await stop()
        log.info('ended', {})
      },
    }
  } catch (error) {
    for (const stop of stops) await stop().catch(() => undefined)
    throw error
  }
}

function databaseIn({ data, rehearsal: { path = '' } }: AppSettings, log: Log): ReturnType<typeof ownDatabase> {
  return ownDatabase({ folder: data, programs: [], path, log })
}

interface Common {
  readonly database: Database
  readonly log: Log
  readonly metrics: Metrics
}

/** Pages for whoever runs it, and the intake where the role has one. */
function serve(
  settings: AppSettings,
  outside: Outside,
  { database, log, metrics, wake, stopping }: Common & { wake(): void; stopping(): boolean },
): Promise<WebServer> {
  const pages = statusPages({
    unready: async () => {
      if (stopping()) return 'it is ending'
      await database.query('SELECT 1')
      return null
    },
    figures: () => metrics.figures(),
  })
  const receives: Routes =
    settings.role === 'worker'
      ? {}
      : webhookRoutes(
          intake({
            database,
            secrets: settings.secrets,
            log,
            now: outside.ticks,
            onKept: wake,
            onAnswer: (status, milliseconds) => metrics.answered(status, milliseconds),
          }),
        )
  return listen({ ...pages, ...receives }, settings)
}

function webhookRoutes(receive: ReturnType<typeof intake>): Routes {
  return Object.fromEntries(WEBHOOK_PATHS.map((path) => [path, { POST: receive }]))
}

/** Hands deliveries over, serves subjects, and looks for what was missed. */
function startWorking(
  settings: AppSettings,
  outside: Outside,
  common: Common,
): { wake(): void; running(): number; stop(): Promise<void> } {
  const { database, log, metrics } = common
  const shop = workshop(settings, outside, common)
  const dispatch = startDispatch({
    database,
    receive: outside.router(database),
    log,
    random: outside.random,
    onSettled: (event, state) => metrics.settled(event, state),
  })
  const queue = startQueue({
    database,
    work: workOf(shop),
    log,
    random: outside.random,
    now: outside.ticks,
    holder: `${hostname()} ${randomUUID()}`,
    concurrency: settings.concurrency,
    onFenced: () => metrics.fenced(),
    onTurn: (_, turn, milliseconds) => metrics.turn(turn, milliseconds),
  })
  const loops = startLoops(loopsOf(shop), { log, metrics, now: outside.ticks })
  return {
    wake: () => dispatch.wake(),
    running: () => queue.running(),
    async stop() {
      await Promise.all([loops.stop(), dispatch.stop(), queue.stop(QUEUE_GRACE)])
    },
  }
}

/** What looks for what was missed. */
function loopsOf({ database }: Workshop): readonly Loop[] {
  return [
    { name: 'sweep', every: 5_000, run: () => sweep(database) },
    { name: 'purge', every: 600_000, run: async () => (await forget(database, 1_000)).rows },
  ]
}

/** How long reviews at hand may go on when the process ends; then they are handed back. */
const QUEUE_GRACE = 10_000

function workshop(settings: AppSettings, outside: Outside, { database, log, metrics }: Common): Workshop {
  const connection: Connection = {
    baseUrl: settings.apiUrl,
    fetch: outside.fetch,
    now: () => outside.now().getTime(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: outside.random,
    observe: ({ status }) => metrics.request(status === null ? 'none' : String(status)),
  }
  const { appId, privateKey, rehearsal } = settings
  const metas = new Map(rules.map(({ meta }) => [meta.id, meta]))
  return {
    database,
    appId,
    auth: openAppAuth({ appId, privateKey }, connection),
    connection,
    objects: memoryCache(),
    surroundings: {
      databaseUrl: rehearsal.databaseUrl,
      disposable: rehearsal.disposable,
      path: rehearsal.path,
      docker: { host: rehearsal.dockerHost, certificates: undefined, image: rehearsal.dockerImage },
    },
    templates: openTemplates(),
    describe: (rule) => metas.get(rule),
    version: settings.version,
    now: outside.now,
    log,
    metrics,
  }
}
