import { Worker } from 'node:worker_threads'
import type { FileEntries } from '../model/file-set.js'
import { runnable } from '../source/runnable.js'
import type { Analysis, AnalysisInput } from './analyse.js'
import type { WorkerMessage } from './analysis-worker.js'

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
  let current = input
  for (let stopped = 0; stopped <= MOST_STOPPED; stopped++) {
    const result = await attempt(current, signal)
    if (result.kind === 'done') return result.analysis
    current = without(current, result.path, result.reason)
  }
  throw new Error(`more than ${MOST_STOPPED} files stopped the analysis; the change is too hostile to review`)
}

type Attempt =
  | { readonly kind: 'done'; readonly analysis: Analysis }
  | { readonly kind: 'stopped'; readonly path: string; readonly reason: string }

async function attempt(input: AnalysisInput, signal: AbortSignal): Promise<Attempt> {
  const worker = new Worker(runnable(import.meta.url, './analysis-worker.js'), {
    workerData: { input },
    env: {},
    resourceLimits: { stackSizeMb: 64, maxOldGenerationSizeMb: 2048 },
  })
  try {
    return await watch(worker, signal)
  } finally {
    await worker.terminate()
  }
}

function watch(worker: Worker, signal: AbortSignal): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    let path: string | null = null
    let timer: NodeJS.Timeout | undefined
    const settled = (act: () => void): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      act()
    }
    const abort = (): void => settled(() => reject(signal.reason as Error))
    const stop = (reason: string, cause?: unknown): void =>
      settled(() => {
        if (path === null) reject(new Error(`the analysis stopped: ${reason}`, { cause }))
        else resolve({ kind: 'stopped', path, reason })
      })
    signal.addEventListener('abort', abort)
    worker.on('error', (error) => stop(error.message, error))
    worker.on('exit', (code) => stop(`the analysis ended with code ${code}`))
    worker.on('message', (message: WorkerMessage) => {
      clearTimeout(timer)
      if (message.kind === 'done') return settled(() => resolve({ kind: 'done', analysis: message.analysis }))
      if (message.kind === 'judging') {
        path = null
        timer = setTimeout(() => stop(`judging did not end within ${ALL_FILES / 1000} seconds`), ALL_FILES)
        return
      }
      path = message.path
      if (message.kind === 'poisoned') return stop('it broke the parser from inside')
      timer = setTimeout(() => stop(`reading it did not end within ${PER_FILE / 1000} seconds`), PER_FILE)
    })
  })
}

/** The same input with one file refused on both sides. */
function without(input: AnalysisInput, path: string, reason: string): AnalysisInput {
  const refuse = (entries: FileEntries): FileEntries =>
    entries.has(path) ? new Map([...entries, [path, { reason, line: 1 }]]) : entries
  return { ...input, base: refuse(input.base), head: refuse(input.head) }
}
