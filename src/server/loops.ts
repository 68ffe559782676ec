import { bell } from './bell.js'
import type { Log } from './log.js'
import type { Metrics } from './metrics.js'

/** Something that is done again and again. */
export interface Loop {
  readonly name: string
  /** How long after one run the next begins, in milliseconds. */
  readonly every: number
  /** Returns how much it found and repaired. */
  run(signal: AbortSignal): Promise<number>
}

/** Runs the loops, each on its own, until they are stopped. One that fails is logged and comes again. */
export function startLoops(
  loops: readonly Loop[],
  { log, metrics, now }: { readonly log: Log; readonly metrics: Metrics; readonly now: () => number },
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const going = loops.map(async ({ name, every, run }) => {
    const over = bell()
    stopping.signal.addEventListener('abort', () => over.ring())
    while (!stopping.signal.aborted) {
      const begun = now()
      try {
        const found = await run(stopping.signal)
        if (found > 0) {
          metrics.repaired(name, found)
          log.info('repaired', { loop: name, found })
        }
        metrics.swept(name, true, now() - begun)
      } catch (error) {
        if (!stopping.signal.aborted) log.warn('a loop failed', { loop: name, error })
        metrics.swept(name, false, now() - begun)
      }
      if (!stopping.signal.aborted) await over.wait(every)
    }
  })
  return {
    async stop() {
      stopping.abort()
      await Promise.all(going)
    },
  }
}
