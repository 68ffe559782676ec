import { Worker } from 'node:worker_threads'
import type { FileEntries } from '../model/file-set.js'
import { runnable } from '../source/runnable.js'
import type { Analysis, AnalysisInput } from './analyse.js'
import type { WorkerMessage, WorkerOrder } from './analysis-worker.js'

/** How long reading one file may take, in milliseconds: real migrations take less than one. */
const PER_FILE = 2_500
/** How long judging everything may take, in milliseconds: a thousand migrations take less than a second. */
const ALL_FILES = 60_000
/** How many files may stop the analysis before it is given up. */
const MOST_STOPPED = 16

/**
 * Analyses in a worker thread with a deep stack and a deadline a file, because neither the parsers nor a walk over a hostile
 * tree can be interrupted from inside. A file that stops the worker is refused by name and the rest is analysed without it.
 */
export async function analyseApart(input: AnalysisInput, signal: AbortSignal): Promise<Analysis> {
  const analyst = openAnalyst()
  try {
    return await analyst.analyse(input, signal)
  } finally {
    await analyst.close()
  }
}

/** Analyses as `analyseApart` does, one after the other, in a thread whose parsers stay loaded from one to the next. */
export interface Analyst {
  analyse(input: AnalysisInput, signal: AbortSignal): Promise<Analysis>
  /** Makes a thread ready for the next analysis, which does not wait for it otherwise. */
  warm(): void
  /** Whether nothing that was analysed has stopped a thread or broken a parser. Never true again once it was not. */
  unharmed(): boolean
  close(): Promise<void>
}

/**
 * A thread serves again only when it has come to the end of an analysis with its parsers as they were loaded; after anything
 * else another takes its place.
 */
export function openAnalyst(perFile = PER_FILE): Analyst {
  let idle: Worker | null = null
  let harmed = false
  let closed = false
  const start = (): Worker => {
    const worker = startWorker()
    worker.on('exit', () => {
      if (idle === worker) idle = null
    })
    return worker
  }
  const take = (): Worker => {
    const worker = idle ?? start()
    idle = null
    worker.ref()
    return worker
  }
  const keep = (worker: Worker): void => {
    // Nobody waits for one that has nothing to do.
    worker.unref()
    idle = worker
  }
  const attempt = async (input: AnalysisInput, signal: AbortSignal): Promise<Attempt> => {
    const worker = take()
    let again = false
    try {
      const result = await watch(worker, input, signal, perFile)
      again = result.kind === 'done' && result.pristine && idle === null && !closed
      if (result.kind === 'stopped' || !result.pristine) harmed = true
      return result
    } finally {
      if (again) keep(worker)
      else await worker.terminate()
    }
  }
  return {
    async analyse(input, signal) {
      let current = input
      for (let stopped = 0; stopped <= MOST_STOPPED; stopped++) {
        const result = await attempt(current, signal)
        if (result.kind === 'done') return result.analysis
        current = without(current, result.path, result.reason)
      }
      throw new Error(`more than ${MOST_STOPPED} files stopped the analysis; the change is too hostile to review`)
    },
    warm() {
      const worker = take()
      tell(worker, { kind: 'warm' })
      keep(worker)
    },
    unharmed: () => !harmed,
    async close() {
      closed = true
      await idle?.terminate()
    },
  }
}

function startWorker(): Worker {
  const worker = new Worker(runnable(import.meta.url, './analysis-worker.js'), {
    env: {},
    resourceLimits: { stackSizeMb: 64, maxOldGenerationSizeMb: 2048 },
  })
  // Whoever waits for an analysis hears of it; while nobody does, another takes its place.
  worker.on('error', () => undefined)
  return worker
}

function tell(worker: Worker, order: WorkerOrder): void {
  worker.postMessage(order)
}

type Attempt =
  | { readonly kind: 'done'; readonly analysis: Analysis; readonly pristine: boolean }
  | { readonly kind: 'stopped'; readonly path: string; readonly reason: string }

function watch(worker: Worker, input: AnalysisInput, signal: AbortSignal, perFile: number): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    let path: string | null = null
    let timer: NodeJS.Timeout | undefined
    const settled = (act: () => void): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      worker.off('error', onError).off('exit', onExit).off('message', onMessage)
      act()
    }
    const abort = (): void => settled(() => reject(signal.reason as Error))
    const stop = (reason: string, cause?: unknown): void =>
      settled(() => {
        if (path === null) reject(new Error(`the analysis stopped: ${reason}`, { cause }))
        else resolve({ kind: 'stopped', path, reason })
      })
    const onError = (error: Error): void => stop(error.message, error)
    const onExit = (code: number): void => stop(`the analysis ended with code ${code}`)
    const onMessage = (message: WorkerMessage): void => {
      clearTimeout(timer)
      if (message.kind === 'done') {
        const { analysis, pristine } = message
        return settled(() => resolve({ kind: 'done', analysis, pristine }))
      }
      if (message.kind === 'judging') {
        path = null
        timer = setTimeout(() => stop(`judging did not end within ${ALL_FILES / 1000} seconds`), ALL_FILES)
        return
      }
      path = message.path
      if (message.kind === 'poisoned') return stop('it broke the parser from inside')
      timer = setTimeout(() => stop(`reading it did not end within ${perFile / 1000} seconds`), perFile)
    }
    if (signal.aborted) return reject(signal.reason as Error)
    signal.addEventListener('abort', abort)
    worker.on('error', onError).on('exit', onExit).on('message', onMessage)
    tell(worker, { kind: 'analyse', input })
  })
}

/** The same input with one file refused on both sides. */
function without(input: AnalysisInput, path: string, reason: string): AnalysisInput {
  const refuse = (entries: FileEntries): FileEntries =>
    entries.has(path) ? new Map([...entries, [path, { reason, line: 1 }]]) : entries
  return { ...input, base: refuse(input.base), head: refuse(input.head) }
}
