import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { openAppAuth } from '../github/app-auth.js'
import type { Connection } from '../github/api.js'
import { memoryCache } from '../github/cache.js'
import type { Fetch } from '../github/transport.js'
import { openTemplates } from '../report/render.js'
import { metaOf } from '../rules/index.js'
import { admitAnalysers } from './analyses/analyser-login.js'
import { startAnalysing } from './analyses/analysing.js'
import { ORDERS } from './analyses/order-book.js'
import { ORDER_FIGURES } from './analyses/order-figures.js'
import { startOrdering } from './analyses/ordering.js'
import type { AppSettings } from './app-settings.js'
import { openDatabase, type Database } from './database.js'
import { embeddedPrograms } from './embedded-programs.js'
import { act } from './effects.js'
import type { Effect } from './events.js'
import { greet } from './greeting.js'
import { startDispatch, type Receive } from './dispatch.js'
import { intake } from './intake.js'
import { jsonLog, type Log } from './log.js'
import { startLoops } from './loops.js'
import { metrics as openMetrics, STATE, type Figures, type Metrics } from './metrics.js'
import { ownDatabase, type OwnDatabase } from './own-database.js'
import { startQueue } from './queue.js'
import { publishedRedactor, redactor } from '../report/redact.js'
import type { MakeParts, Order } from './review-apart.js'
import { KEEPING, openReviewers } from './reviewers.js'
import { DUTIES, type Duties } from './roles.js'
import { upgrade } from './schema.js'
import { reconcileLoops } from './reconcile.js'
import { githubPorts } from './reconcile/github-ports.js'
import { shutdown, type Ending, type Shutdown } from './shutdown.js'
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
  /** Told as soon as there is something to end: who is asked to end while it starts is not one who does not listen. */
  readonly onBegun: (down: Shutdown, log: Log) => void
  /** Tells what deliveries make necessary, which `note` keeps. */
  readonly router: (note: (effects: readonly Effect[]) => Promise<void>) => Receive
}

export interface RunningApp {
  readonly port: number
  readonly log: Log
  readonly down: Shutdown
}

/** Where GitHub may deliver: Probot's registration names the first, its documentation the second. */
const WEBHOOK_PATHS = ['/', '/api/github/webhooks']
/** What each part may take to end, in milliseconds: within the thirty seconds that most platforms grant. */
const TIME = { answers: 8_000, work: 14_000, reviewers: 3_000, database: 3_000, own: 20_000 }

/** Starts what the role asks for: the intake of webhooks, the broker, the analyser, or several. Serves when it returns. */
export async function startApp(settings: AppSettings, outside: Outside): Promise<RunningApp> {
  const own = await databaseIn(settings, outside)
  const hidden = own === null ? settings.hidden : [...settings.hidden, own.password]
  const log = jsonLog(outside.write, redactor(hidden), outside.now)
  const connecting = {
    url: settings.databaseUrl ?? own?.url ?? '',
    name: `dba ${settings.role}`,
    onBroken: (error: Error) => log.warn('a connection to the database broke', { error }),
  }
  const database = openDatabase(connecting)
  const duties: Duties = DUTIES[settings.role]
  const metrics = openMetrics(database, figuresOf(duties))
  // What was started last is ended first.
  const endings: Ending[] = []
  const down = shutdown(endings, log)
  outside.onBegun(down, log)
  if (own !== null) endings.unshift({ name: 'own database', milliseconds: TIME.own, end: () => own.stop() })
  endings.unshift({ name: 'database', milliseconds: TIME.database, end: () => database.close() })
  try {
    // An analyser may change no tables; it waits for whoever may.
    if (duties.intake || duties.broker) await upgrade(database)
    if (settings.analyserLogin !== null) await admitAnalysers(database, settings.analyserLogin)
    const reviewers = openReviewers({ ...KEEPING, most: settings.concurrency + MORE_REVIEWERS })
    const close = (milliseconds: number): Promise<void> => reviewers.close(milliseconds)
    endings.unshift({ name: 'reviewers', milliseconds: TIME.reviewers, end: close })
    const works = startWork(duties, settings, outside, { database, log, metrics, hidden }, reviewers.makeParts)
    if (works !== null) endings.unshift({ name: 'work', milliseconds: TIME.work, end: works.stop })
    const wake = (): void => works?.wake()
    const inbox = duties.intake ? openDatabase({ ...connecting, ...IN_TIME }) : null
    if (inbox !== null) endings.unshift({ name: 'inbox', milliseconds: TIME.database, end: () => inbox.close() })
    const ending = (): boolean => down.begun()
    const web = await serve(settings, outside, { database, inbox, log, metrics, hidden, wake, ending })
    endings.unshift({ name: 'web server', milliseconds: TIME.answers, end: (milliseconds) => web.close(milliseconds) })
    log.info('serving', { port: web.port, role: settings.role, database: own === null ? 'DATABASE_URL' : own.version })
    return { port: web.port, log, down }
  } catch (error) {
    await down.end('it could not be started')
    throw error
  }
}

/** Beside one for each subject that is served: one that has read nothing. */
const MORE_REVIEWERS = 1
/** Webhooks have connections of their own: work that is under way must not make GitHub wait. */
const IN_TIME = { statementMilliseconds: 6_000, connectMilliseconds: 1_500 }

/** The database of a process that was given none; null for one that was. */
async function databaseIn(
  { databaseUrl, data, hidden, rehearsal: { path = '' } }: AppSettings,
  outside: Outside,
): Promise<OwnDatabase | null> {
  if (databaseUrl !== null) return null
  return ownDatabase({
    folder: data,
    programs: embeddedPrograms(),
    path,
    log: jsonLog(outside.write, redactor(hidden), outside.now),
  })
}

interface Common {
  readonly database: Database
  /** What nobody may read. */
  readonly hidden: readonly string[]
  readonly log: Log
  readonly metrics: Metrics
}

/** Pages for whoever runs it, and the intake where the role has one. */
function serve(
  settings: AppSettings,
  outside: Outside,
  {
    database,
    inbox,
    log,
    metrics,
    wake,
    ending,
  }: Common & {
    readonly inbox: Database | null
    wake(): void
    ending(): boolean
  },
): Promise<WebServer> {
  const pages = statusPages({
    unready: async () => {
      if (ending()) return 'it is ending'
      await database.query(settings.role === 'analyser' ? 'SELECT FROM dba.orders LIMIT 0' : 'SELECT 1')
      return null
    },
    figures: () => metrics.figures(),
  })
  const receives: Routes =
    inbox === null
      ? {}
      : webhookRoutes(
          intake({
            database: inbox,
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

/** What is done beside serving pages. */
interface Working {
  /** A delivery was kept. */
  wake(): void
  stop(): Promise<void>
}

/** Starts what the duties ask for beside the intake; null where that is nothing. */
function startWork(
  duties: Duties,
  settings: AppSettings,
  outside: Outside,
  common: Common,
  here: MakeParts,
): Working | null {
  const { broker, analyser } = duties
  const { database, log, metrics } = common
  if (broker && analyser) return startBroker(settings, outside, common, here)
  const now = outside.ticks
  const { version, concurrency } = settings
  if (broker) {
    const timing = { ...ORDERS, nobody: settings.analyserSeconds * 1_000 }
    const ordering = startOrdering({ database, version, log, now, timing, onEnd: metrics.ordered })
    const works = startBroker(settings, outside, common, ordering.makeParts)
    return {
      wake: works.wake,
      async stop() {
        await works.stop()
        await ordering.stop()
      },
    }
  }
  if (!analyser) return null
  const analysing = startAnalysing({
    database,
    version,
    holder: holder(),
    concurrency,
    surroundings: surroundingsOf(settings),
    makeParts: here,
    log,
    now,
    onEnd: metrics.analysed,
  })
  return { wake: () => undefined, stop: () => analysing.stop(ANALYSIS_GRACE) }
}

/** What no other process is called. */
function holder(): string {
  return `${hostname()} ${randomUUID()}`
}

/** Hands deliveries over, serves subjects, and looks for what was missed. */
function startBroker(settings: AppSettings, outside: Outside, common: Common, makeParts: MakeParts): Working {
  const { database, log, metrics } = common
  const shop = workshop(settings, outside, common, makeParts)
  const dispatch = startDispatch({
    database,
    receive: outside.router(async (effects) => {
      await act(database, effects)
      // Nobody waits for a greeting.
      for (const effect of effects) if (effect.kind === 'command') void greet(effect, shop)
    }),
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
    holder: holder(),
    concurrency: settings.concurrency,
    onFenced: () => metrics.fenced(),
    onTurn: (_, turn, milliseconds) => metrics.turn(turn, milliseconds),
  })
  const ports = githubPorts(shop)
  const loops = startLoops(
    {
      database,
      log,
      random: outside.random,
      now: outside.ticks,
      onRun: (loop, ok, repaired, milliseconds) => {
        metrics.swept(loop, ok, milliseconds)
        if (repaired > 0) metrics.repaired(loop, repaired)
      },
    },
    reconcileLoops({ database, ports, log, time: outside.now, check: 'dba' }),
    // What happened while no process was there is looked for as soon as one is.
    ['deliveries', 'everything'],
  )
  return {
    wake: () => dispatch.wake(),
    async stop() {
      await Promise.all([loops.stop(), dispatch.stop(), queue.stop(QUEUE_GRACE)])
    },
  }
}

/** How long reviews at hand may go on when the process ends; then they are handed back. */
const QUEUE_GRACE = 10_000
/** And analyses, whose processes then have to end their sandboxes. */
const ANALYSIS_GRACE = 7_000

/** What each may know: who analyses for others sees nothing but their orders. */
function figuresOf({ intake, broker, analyser }: Duties): readonly Figures[] {
  if (!intake && !broker) return [ORDER_FIGURES]
  return broker && !analyser ? [STATE, ORDER_FIGURES] : [STATE]
}

/** Where a process may rehearse. */
function surroundingsOf({ rehearsal }: AppSettings): Order['surroundings'] {
  return {
    databaseUrl: rehearsal.databaseUrl,
    disposable: rehearsal.disposable,
    path: rehearsal.path,
    folders: embeddedPrograms(),
    docker: { host: rehearsal.dockerHost, certificates: undefined, image: rehearsal.dockerImage },
  }
}

function workshop(
  settings: AppSettings,
  outside: Outside,
  { database, log, metrics, hidden }: Common,
  makeParts: MakeParts,
): Workshop {
  const connection: Connection = {
    baseUrl: settings.apiUrl,
    fetch: outside.fetch,
    now: () => outside.now().getTime(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: outside.random,
    hide: publishedRedactor(hidden),
    observe: ({ status }) => metrics.request(status === null ? 'none' : String(status)),
  }
  const { appId, privateKey } = settings
  return {
    database,
    appId,
    auth: openAppAuth({ appId, privateKey }, connection),
    connection,
    objects: memoryCache(),
    surroundings: surroundingsOf(settings),
    makeParts,
    templates: openTemplates(),
    describe: metaOf,
    version: settings.version,
    now: outside.now,
    log,
    metrics,
  }
}
