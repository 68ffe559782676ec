import { within } from './bell.js'
import type { Log } from './log.js'

/** What has to be ended, in the order in which it is ended. */
export interface Ending {
  readonly name: string
  /** Ends by itself within so many milliseconds; is not waited for any longer. */
  readonly milliseconds: number
  end(milliseconds: number): Promise<void>
}

export interface Shutdown {
  /** Whether it has begun: no more work should be sent. */
  begun(): boolean
  /** Ends everything; the same promise however often it is asked. Resolves to the code to exit with. */
  end(reason: string): Promise<number>
}

/**
 * The end of the process: readiness first, then one thing after the other, each within its time. What fails or takes too long is
 * logged and left; it never keeps the rest from ending.
 */
export function shutdown(endings: readonly Ending[], log: Log): Shutdown {
  let ending: Promise<number> | null = null
  const end = async (reason: string): Promise<number> => {
    log.info('ending', { reason })
    let code = 0
    for (const { name, milliseconds, end } of endings) {
      try {
        // A little more than it was told, so that it can say itself what it left.
        const late = await within(
          end(milliseconds).then(() => false),
          milliseconds + 1_000,
          () => true,
        )
        if (late) log.warn('it took too long to end', { what: name })
      } catch (error) {
        code = 1
        log.error('it could not be ended', { what: name, error })
      }
    }
    log.info('ended', { reason, code })
    return code
  }
  return { begun: () => ending !== null, end: (reason) => (ending ??= end(reason)) }
}

/** What a process listens to: `process` itself, or something like it. */
export interface Signals {
  on(event: 'SIGTERM' | 'SIGINT', listener: () => void): unknown
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown
}

/**
 * Ends at a signal, and after an error that nobody caught: what such a process would go on to do cannot be trusted. A second signal
 * ends at once. `exit` is called when everything has ended.
 */
export function endOn(signals: Signals, down: Shutdown, log: Log, exit: (code: number) => void): void {
  let asked = 0
  const onSignal = (name: string) => (): void => {
    if (++asked > 1) return exit(1)
    void down.end(name).then(exit)
  }
  signals.on('SIGTERM', onSignal('SIGTERM'))
  signals.on('SIGINT', onSignal('SIGINT'))
  const onError = (error: unknown): void => {
    log.error('an error that nobody caught', { error })
    void down.end('an error that nobody caught').then(() => exit(1))
  }
  signals.on('uncaughtException', onError)
  signals.on('unhandledRejection', onError)
}
