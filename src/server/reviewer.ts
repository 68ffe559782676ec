import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Parts } from '../review/conclude.js'
import { runnable } from '../source/runnable.js'
import { NotReviewed, ReviewerFailed, type Bounds, type Order } from './review-apart.js'

/** What the process is told to review; its answer bears the same number. */
export type ChildOrder = Omit<Order, 'installation'> & { readonly number: number }

/** What the process says of a review: at last that it is done, with the parts as JSON, or why there are none. */
export type ChildMessage =
  | { readonly kind: 'progress'; readonly text: string }
  | {
      readonly kind: 'done'
      readonly number: number
      readonly parts: string
      /** Nothing in the process was broken or cut short by what it read. */
      readonly unharmed: boolean
      /** What the process takes of the machine's memory. */
      readonly megabytes: number
    }
  | { readonly kind: 'failed'; readonly reason: string }

/** A review, and how the process is after it. */
export interface Made {
  readonly parts: Parts
  readonly unharmed: boolean
  readonly megabytes: number
}

/** A process that reviews, one pull request after the other. */
export interface Reviewer {
  /**
   * Throws `NotReviewed` when a limit was met or the process failed, and the signal's reason when it was called off: the process
   * is to be ended then, and asked for nothing more.
   */
  review(order: Order, signal: AbortSignal, progress: (text: string) => void): Promise<Made>
  /** Ends it with its sandbox: it is told to at first, and made to when it does not within so many milliseconds. */
  end(grace: number): Promise<void>
  /** When it is no more, whatever the reason. */
  readonly gone: Promise<void>
}

/** Starts a process without environment, and so without any secret, under limits on time, memory and the size of each answer. */
export function startReviewer(bounds: Bounds): Reviewer {
  const child = fork(fileURLToPath(runnable(import.meta.url, './review-child.js')), [], {
    env: {},
    execArgv: [`--max-old-space-size=${bounds.megabytes}`, '--disable-proto=delete', '--no-warnings'],
    // Structured cloning carries the maps of an order; the answer is JSON, which has no form that runs anything.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // Not at its exit: what it said last may still be on its way.
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  // Whoever waits for a review hears of it.
  child.on('error', () => undefined)
  let number = 0

  return {
    gone,
    async end(grace) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      const forced = setTimeout(() => child.kill('SIGKILL'), grace)
      await gone
      clearTimeout(forced)
    },
    review({ input, surroundings }, signal, progress) {
      const mine = ++number
      return new Promise<Made>((resolve, reject) => {
        const settle = (act: () => void): void => {
          clearTimeout(late)
          signal.removeEventListener('abort', abort)
          child.off('message', onMessage).off('error', onError).off('close', onClose)
          act()
        }
        const fail = (reason: string, cause?: unknown): void =>
          settle(() => reject(new ReviewerFailed(reason, { cause })))
        const limit = (reason: string): void => settle(() => reject(new NotReviewed(reason)))
        const abort = (): void => settle(() => reject(signal.reason as Error))
        const onMessage = (message: ChildMessage): void => {
          if (message.kind === 'progress') return progress(message.text)
          if (message.kind === 'failed') return fail(message.reason)
          const { parts, unharmed, megabytes } = message
          if (message.number !== mine) return fail('the answer belongs to another review')
          if (parts.length > bounds.characters) return limit(`what was found takes ${parts.length} characters`)
          settle(() => resolve({ parts: JSON.parse(parts) as Parts, unharmed, megabytes }))
        }
        const onError = (error: Error): void => fail('the review did not start', error)
        const onClose = (code: number | null, by: string | null): void =>
          fail(`the review ended before it was made (${by ?? `exit code ${code}`})`)
        const late = setTimeout(
          () => limit(`the review took longer than ${bounds.milliseconds / 1000} seconds`),
          bounds.milliseconds,
        )
        signal.addEventListener('abort', abort)
        child.on('message', onMessage).once('error', onError).once('close', onClose)
        child.send({ number: mine, input, surroundings } satisfies ChildOrder)
      })
    },
  }
}
