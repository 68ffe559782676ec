import { EventEmitter } from 'node:events'
import { Logger, run, type Runner, type WorkerEvents } from 'graphile-worker'
import { bell, within } from './bell.js'
import { claim } from './claim.js'
import { QUEUE_SCHEMA, WAKE_TASK } from './queue-schema.js'
import { serve, Stopping, type Turn, type WorkerParts } from './worker.js'
import { LEASE, type Lease } from './lease.js'

export interface QueueParts extends WorkerParts {
  /** Who this process is; no other has this name. */
  readonly holder: string
  /** How many subjects are served at once. */
  readonly concurrency: number
  /** How many subjects of one installation may be served at once, by all workers. */
  readonly perInstallation?: number
  readonly onTurn?: (lease: Lease, turn: Turn, milliseconds: number) => void
  /** Milliseconds that only go forward. */
  readonly now: () => number
}

export interface Queue {
  /** How many subjects are being served. */
  running(): number
  /**
   * Takes no more subjects and waits until those at hand are done, for `milliseconds` at most; then their work is told to stop,
   * and they are handed back to be served elsewhere.
   */
  stop(milliseconds: number): Promise<void>
}

const POLL_MILLISECONDS = 500
const RESTART_MILLISECONDS = 1_000
/** How long the queue's workers may take to end when something is wrong with them: they may wait for ever for what has failed. */
const END_MILLISECONDS = 5_000
/**
 * That a job is done or has failed is noted in batches: one by one nobody waits for it to be noted, and a database that is away
 * would be an error that nobody catches, where a batch that fails only ends the queue's workers.
 */
const SETTLED_IN_BATCHES = { completeJobBatchDelay: 0, failJobBatchDelay: 0 }
/** How long work may take to stop once it was told to. */
const ABORT_MILLISECONDS = 3_000

/**
 * Workers that serve subjects as they are wished. The queue only says *that* there may be something to do, soon after it was wished
 * or when its time has come; *what* is decided by the claim. So a job that is lost, doubled or held by a worker that was killed
 * does no harm: the next one takes what is there.
 */
export function startQueue(parts: QueueParts): Queue {
  const stopping = new AbortController()
  const abort = new AbortController()
  const running = new Set<Promise<unknown>>()
  const { lasting } = parts.timing ?? LEASE

  const drain = async (ending: AbortSignal): Promise<void> => {
    while (!ending.aborted) {
      const lease = await claim(parts.database, parts.holder, { lasting, perInstallation: parts.perInstallation })
      if (lease === null) return
      const begun = parts.now()
      const turn = await track(running, serve(parts, lease, abort.signal))
      parts.onTurn?.(lease, turn, parts.now() - begun)
    }
  }
  // Whatever hinders it, the job has done what it was for: the sweep wakes another.
  const woken: Drain = (ending) =>
    drain(ending).catch((error: unknown) => parts.log.warn('a worker was hindered', { error }))
  const supervised = supervise(parts, woken, stopping.signal)

  return {
    running: () => running.size,
    async stop(milliseconds) {
      stopping.abort()
      const idle = async (): Promise<void> => {
        while (running.size > 0) await Promise.allSettled([...running])
      }
      await within(idle(), milliseconds, nothing)
      abort.abort(new Stopping('the process ends'))
      await within(idle(), ABORT_MILLISECONDS, nothing)
      await within(supervised, ABORT_MILLISECONDS, nothing)
    },
  }
}

/** Runs the queue's workers, and begins anew when they end by themselves, as they do when the database goes away. */
async function supervise(parts: QueueParts, drain: Drain, stopping: AbortSignal): Promise<void> {
  const again = bell()
  stopping.addEventListener('abort', () => again.ring())
  while (!stopping.aborted) {
    try {
      await runWorkers(parts, drain, stopping)
    } catch (error) {
      if (!stopping.aborted) parts.log.error('the queue stopped', { error })
    }
    if (!stopping.aborted) await again.wait(RESTART_MILLISECONDS)
  }
}

/** Takes what there is until it is told to end. */
type Drain = (ending: AbortSignal) => Promise<void>

/** One life of the queue's workers. Those that do not come to their end in time are left: they take nothing any more. */
async function runWorkers(parts: QueueParts, drain: Drain, stopping: AbortSignal): Promise<void> {
  const events: WorkerEvents = new EventEmitter()
  const dying = new AbortController()
  const dies = new Promise<void>((resolve) => {
    events.once('pool:gracefulShutdown', () => {
      dying.abort()
      resolve()
    })
  })
  const ending = AbortSignal.any([stopping, dying.signal])
  const runner = await run({
    pgPool: parts.database.pool,
    schema: QUEUE_SCHEMA,
    concurrency: parts.concurrency,
    pollInterval: POLL_MILLISECONDS,
    noHandleSignals: true,
    events,
    preset: { worker: SETTLED_IN_BATCHES },
    taskList: { [WAKE_TASK]: () => drain(ending) },
    crontab: '',
    logger: loggerOf(parts),
  })
  const stop = (): void => void stopRunner(runner)
  stopping.addEventListener('abort', stop)
  if (stopping.aborted) stop()
  const late = dies.then(() => within(runner.promise, END_MILLISECONDS, nothing))
  await Promise.race([runner.promise, late]).finally(() => stopping.removeEventListener('abort', stop))
  stop()
}

function nothing(): void {
  // It goes on by itself, and nobody waits for it.
}

async function stopRunner(runner: Runner): Promise<void> {
  // It was stopped already when this fails.
  await runner.stop().catch(() => undefined)
}

function loggerOf({ log }: QueueParts): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.warn(`queue: ${message}`, {})
  })
}

async function track<Result>(running: Set<Promise<unknown>>, work: Promise<Result>): Promise<Result> {
  running.add(work)
  try {
    return await work
  } finally {
    running.delete(work)
  }
}
