import { bell, within } from '../bell.js'
import type { Database } from '../database.js'
import type { Log } from '../log.js'
import { NotReviewed, type MakeParts, type Order } from '../review-apart.js'
import { storableMessage } from '../storable.js'
import { Stopping } from '../worker.js'
import { listen } from './listening.js'
import {
  answer,
  giveBack,
  ORDERS,
  renewOrder,
  take,
  type NextOrder,
  type OrderTiming,
  type TakenOrder,
} from './order-book.js'
import { inputIn } from './order-form.js'

export interface AnalysingParts {
  readonly database: Database
  /** Of this program: only its orders are taken. */
  readonly version: string
  /** Who this process is; no other has this name. */
  readonly holder: string
  /** How many orders are filled at once. */
  readonly concurrency: number
  /** Where this process may rehearse. */
  readonly surroundings: Order['surroundings']
  readonly makeParts: MakeParts
  readonly log: Log
  /** Milliseconds that only go forward. */
  readonly now: () => number
  readonly timing?: OrderTiming
  readonly onEnd?: (outcome: AnalysisOutcome, milliseconds: number) => void
}

/** `called-off`: nobody wants it any more, or not from here. */
export type AnalysisOutcome = 'answered' | 'not-reviewed' | 'failed' | 'called-off' | 'handed-back'

export interface Analysing {
  /** How many orders are being filled. */
  running(): number
  /** Takes no more, waits for those at hand for `milliseconds` at most, and then gives them back to be filled elsewhere. */
  stop(milliseconds: number): Promise<void>
}

/** How long work may take to stop once it was told to: its process ends its sandbox first. */
const ABORT_MILLISECONDS = 6_000

class CalledOff extends Error {}

/** Fills the orders of brokers, as they come. */
export function startAnalysing(parts: AnalysingParts): Analysing {
  const timing = parts.timing ?? ORDERS
  const come = bell()
  const ends = new AbortController()
  const working = new Map<string, AbortController>()
  const busy = new Set<Promise<void>>()
  let stopping = false
  const listening = listen({
    ...parts,
    heard({ what, id }) {
      if (what === 'placed') come.ring()
      if (what === 'withdrawn') working.get(id)?.abort(new CalledOff('nobody wants it any more'))
    },
    begun: () => come.ring(),
  })

  const fill = async (taken: NextOrder): Promise<void> => {
    const abort = new AbortController()
    working.set(taken.id, abort)
    const begun = parts.now()
    try {
      const outcome = await filled(parts, timing, taken, abort, ends.signal)
      parts.onEnd?.(outcome, parts.now() - begun)
    } finally {
      working.delete(taken.id)
    }
  }
  const loop = async (): Promise<void> => {
    while (!stopping) {
      const taken = await take(parts.database, { ...parts, lasting: timing.lasting }).catch((error: unknown) => {
        parts.log.warn('orders could not be taken', { error })
        return null
      })
      if (taken !== null) {
        const filling = fill(taken)
          .catch((error: unknown) => parts.log.warn('an order could not be settled', { order: taken.id, error }))
          .finally(() => busy.delete(filling))
        busy.add(filling)
      }
      if (busy.size >= parts.concurrency) await Promise.race(busy)
      else if (taken === null) await come.wait(timing.poll)
    }
  }
  const looping = loop()
  const idle = async (): Promise<void> => {
    await looping
    while (busy.size > 0) await Promise.allSettled(busy)
  }

  return {
    running: () => busy.size,
    async stop(milliseconds) {
      stopping = true
      come.ring()
      const isIdle = await within(
        idle().then(() => true),
        milliseconds,
        () => false,
      )
      ends.abort(new Stopping('the process ends'))
      if (!isIdle) await within(idle(), ABORT_MILLISECONDS, () => undefined)
      await listening.stop()
    },
  }
}

/** Fills one order to its end, whatever that is. */
async function filled(
  parts: AnalysingParts,
  timing: OrderTiming,
  taken: NextOrder,
  abort: AbortController,
  ends: AbortSignal,
): Promise<AnalysisOutcome> {
  const { database, log } = parts
  const signal = AbortSignal.any([abort.signal, ends])
  const over = bell()
  const renewing = keepRenewing(parts, timing, taken, () => over.wait(timing.renewEvery), abort)
  try {
    const { installation } = taken
    const order = { installation, input: readInput(taken.input), surroundings: parts.surroundings }
    const found = await parts.makeParts(order, signal)
    return (await answer(database, taken, { answer: JSON.stringify(found) })) ? 'answered' : 'called-off'
  } catch (error) {
    if (abort.signal.aborted) return 'called-off'
    if (ends.aborted) {
      await giveBack(database, taken, true)
      return 'handed-back'
    }
    log.warn('an order was not filled', { order: taken.id, tries: taken.tries, error })
    if (error instanceof NotReviewed) {
      await answer(database, taken, { reason: storableMessage(error) })
      return 'not-reviewed'
    }
    await giveBack(database, taken, false)
    return 'failed'
  } finally {
    over.ring()
    await renewing
  }
}

function readInput(text: string): Order['input'] {
  try {
    return inputIn(text)
  } catch (error) {
    throw new NotReviewed('the order cannot be read', { cause: error })
  }
}

/** Renews until it is over; calls the work off when the lease is lost. A renewal that fails is tried again. */
async function keepRenewing(
  { database, log }: AnalysingParts,
  { lasting }: OrderTiming,
  taken: TakenOrder,
  over: () => Promise<boolean>,
  abort: AbortController,
): Promise<void> {
  while (!(await over())) {
    try {
      if (!(await renewOrder(database, taken, lasting))) return abort.abort(new CalledOff('the order is lost'))
    } catch (error) {
      log.warn('an order could not be renewed', { order: taken.id, error })
    }
  }
}
