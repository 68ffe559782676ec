import { Logger, run, type Runner } from 'graphile-worker'
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

  const drain = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const lease = await claim(parts.database, parts.holder, { lasting, perInstallation: parts.perInstallation })
      if (lease === null) return
      const begun = parts.now()
      const turn = await track(running, serve(parts, lease, abort.signal))
      parts.onTurn?.(lease, turn, parts.now() - begun)
    }
  }
  // Whatever hinders it, the job has done what it was for: the sweep wakes another.
  const woken = (): Promise<void> =>
    drain().catch((error: unknown) => parts.log.warn('a worker was hindered', { error }))
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

/** Runs the queue's workers, and begins anew when they end by themselves, as they may when the database goes away. */
async function supervise(parts: QueueParts, drain: () => Promise<void>, stopping: AbortSignal): Promise<void> {
  const again = bell()
  stopping.addEventListener('abort', () => again.ring())
  while (!stopping.aborted) {
    try {
      const runner = await run({
        pgPool: parts.database.pool,
        schema: QUEUE_SCHEMA,
        concurrency: parts.concurrency,
        pollInterval: POLL_MILLISECONDS,
        noHandleSignals: true,
        taskList: { [WAKE_TASK]: drain },
        crontab: '',
        // Only in batches does it tell us when it cannot say that a job is done, as when the database is away; else it is an error
        // that nobody can catch, and the process would end.
        preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
        logger: loggerOf(parts),
      })
      const stop = (): void => void stopRunner(runner)
      stopping.addEventListener('abort', stop)
      if (stopping.aborted) stop()
      await runner.promise.finally(() => stopping.removeEventListener('abort', stop))
    } catch (error) {
      if (!stopping.aborted) parts.log.error('the queue stopped', { error })
    }
    if (!stopping.aborted) await again.wait(RESTART_MILLISECONDS)
  }
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
