import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { Question, Report } from './messages.js'
import type { PgliteBoot } from './pglite-boot.js'

/*
 * The child process of a sandbox. The engine blocks its thread for as long as a statement runs, so it has a thread of
 * its own, and this one stays free to end the process: when the parent is gone, or when the memory grows too far.
 */

/** Deep expressions recurse on the native stack; with this much PostgreSQL's own depth check speaks first. */
const STACK_MEGABYTES = 64
const MEMORY_CHECK_MILLISECONDS = 100

function tell(report: Report, then?: () => void): void {
  if (process.connected) process.send?.(report, undefined, undefined, then)
}

function end(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('unreachable')
}

function fail(reason: string): void {
  tell({ kind: 'broken', reason }, end)
}

// A sandbox lives for seconds: optimising its code costs twice the time and half the memory that it would save.
setFlagsFromString('--liftoff-only')

process.on('disconnect', end)
process.once('message', (boot: PgliteBoot) => {
  const worker = new Worker(new URL('./pglite-worker.js', import.meta.url), {
    workerData: boot,
    resourceLimits: { stackSizeMb: STACK_MEGABYTES },
  })
  worker.on('message', (report: Report) => tell(report))
  worker.on('error', (error) => fail(`the sandbox engine stopped: ${error.message}`))
  worker.on('exit', (code) => fail(`the sandbox engine stopped with exit code ${code}`))
  process.on('message', (question: Question) => worker.postMessage(question))
  setInterval(() => {
    if (process.memoryUsage.rss() > boot.megabytes * 2 ** 20) fail(`it took more than ${boot.megabytes} MB of memory`)
  }, MEMORY_CHECK_MILLISECONDS)
})
