import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Parts } from '../review/conclude.js'
import type { ReviewInput } from '../review/review.js'
import type { Surroundings } from '../sandbox/choose.js'
import { runnable } from '../source/runnable.js'

/** A review that is to be made: whose it is, what is reviewed, and where it may be rehearsed. */
export interface Order {
  /** Of the App, to which the repository belongs. */
  readonly installation: number
  readonly input: ReviewInput
  readonly surroundings: Omit<Surroundings, 'onProgress'>
}

/** What the process says: at last that it is done, with the parts of the review as JSON, or why there are none. */
export type ChildMessage =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'done'; readonly parts: string }
  | { readonly kind: 'failed'; readonly reason: string }

/** Limits from outside, which nothing that a pull request holds can move. */
export interface Bounds {
  /** From its start to its answer, in milliseconds. */
  readonly milliseconds: number
  /** Of the JavaScript heap, in megabytes. */
  readonly megabytes: number
  /** Of the answer, in characters. */
  readonly characters: number
}

export const BOUNDS: Bounds = { milliseconds: 180_000, megabytes: 2_048, characters: 64 * 2 ** 20 }

/** How long a process that was told to end may take to clean up its sandbox, in milliseconds. */
const GRACE = 5_000

/** Makes the parts of a review where its text can do no harm. Throws `NotReviewed` when they cannot be made: never half an answer. */
export type MakeParts = (order: Order, signal: AbortSignal) => Promise<Parts>

/** A review that could not be made, with the reason as a person may read it. */
export class NotReviewed extends Error {
  override readonly name = 'NotReviewed'
}

/**
 * Makes the parts of a review in a process of its own, without environment and so without any secret, under limits on time,
 * memory and the size of the answer. Throws `NotReviewed` when a limit was met or the process failed: never half an answer.
 */
export async function partsApart(
  order: Order,
  signal: AbortSignal,
  progress: (text: string) => void = () => undefined,
  bounds: Bounds = BOUNDS,
): Promise<Parts> {
  signal.throwIfAborted()
  const child = fork(fileURLToPath(runnable(import.meta.url, './review-child.js')), [], {
    env: {},
    execArgv: [`--max-old-space-size=${bounds.megabytes}`, '--disable-proto=delete', '--no-warnings'],
    // Structured cloning carries the maps of an order; the answer is JSON, which has no form that runs anything.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  try {
    return await new Promise<Parts>((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(late)
        signal.removeEventListener('abort', abort)
        act()
      }
      const fail = (reason: string, cause?: unknown): void => settle(() => reject(new NotReviewed(reason, { cause })))
      const abort = (): void => settle(() => reject(signal.reason as Error))
      const late = setTimeout(
        () => fail(`the review took longer than ${bounds.milliseconds / 1000} seconds`),
        bounds.milliseconds,
      )
      signal.addEventListener('abort', abort)
      child.on('message', (message: ChildMessage) => {
        if (message.kind === 'progress') return progress(message.text)
        if (message.kind === 'failed') return fail(message.reason)
        const { parts } = message
        if (parts.length > bounds.characters) return fail(`what was found takes ${parts.length} characters`)
        settle(() => resolve(JSON.parse(parts) as Parts))
      })
      child.once('error', (error) => fail('the review did not start', error))
      // Not at its exit: what it said last may still be on its way.
      child.once('close', (code, by) => fail(`the review ended before it was made (${by ?? `exit code ${code}`})`))
      child.send(order)
    })
  } finally {
    // Its sandbox goes with it: it is told to end first, and made to when it does not.
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const forced = setTimeout(() => child.kill('SIGKILL'), GRACE)
      await exited
      clearTimeout(forced)
    }
  }
}
