import { Worker } from 'node:worker_threads'
import type { FunctionBody, ReadFunctionBodies } from '../model/function-body.js'
import { runnable } from '../source/runnable.js'

/** How long reading them all may take, in milliseconds. */
const MOST = 5_000

/** Reads function bodies in a worker thread with a deep stack and a deadline; none of them when one stops it. */
export const readFunctionsApart: ReadFunctionBodies = async (functions, signal) => {
  const none = functions.map(() => null)
  if (functions.length === 0 || signal.aborted) return none
  const worker = new Worker(runnable(import.meta.url, './function-worker.js'), {
    workerData: { functions },
    env: {},
    resourceLimits: { stackSizeMb: 64, maxOldGenerationSizeMb: 1024 },
  })
  const limit = AbortSignal.any([signal, AbortSignal.timeout(MOST)])
  try {
    return await new Promise<readonly (FunctionBody | null)[]>((resolve) => {
      worker.once('message', resolve)
      worker.once('error', () => resolve(none))
      worker.once('exit', () => resolve(none))
      limit.addEventListener('abort', () => resolve(none), { once: true })
    })
  } finally {
    await worker.terminate()
  }
}
