import type { Parts } from '../review/conclude.js'
import { BOUNDS, NotReviewed, ReviewerFailed, type Bounds, type MakeParts, type Order } from './review-apart.js'
import { startReviewer, type Reviewer } from './reviewer.js'

/** How processes that review are kept. */
export interface Keeping {
  /** The most there are at once, those included that nobody has need of at present. */
  readonly most: number
  /** After so many reviews one has served. */
  readonly reviews: number
  /** So long one waits for its next review, in milliseconds. */
  readonly idle: number
  /** One that takes more of the machine's memory after a review has served, in megabytes. */
  readonly megabytes: number
  /** How long one that was told to end may take to clean up its sandbox, in milliseconds. */
  readonly grace: number
}

export const KEEPING: Omit<Keeping, 'most'> = { reviews: 200, idle: 60_000, megabytes: 512, grace: 5_000 }

/** Processes in which reviews are made. */
export interface Reviewers {
  readonly makeParts: MakeParts
  /** Takes no more reviews, and ends every process within so many milliseconds. */
  close(milliseconds: number): Promise<void>
}

/**
 * Makes each review in a process without secrets, under limits. A process stays for the next review of the same installation and
 * never serves another: what a text may have left in it is seen by nobody else. It stays only where nothing went wrong: one that
 * met a limit, that failed or was called off, or in which a text broke or stopped anything, is ended. One that has read nothing
 * waits for whoever comes first, so that nobody waits for its start.
 */
export function openReviewers(keeping: Keeping, bounds: Bounds = BOUNDS): Reviewers {
  const seats = new Set<Seat>()
  const waiting: Waiting[] = []
  let closed = false

  const start = (whose: number | null): Seat => {
    const seat: Seat = { reviewer: startReviewer(bounds), whose, state: 'at work', served: 0, timer: undefined }
    seats.add(seat)
    void seat.reviewer.gone.then(() => {
      clearTimeout(seat.timer)
      seats.delete(seat)
      seatThoseWhoWait()
    })
    return seat
  }
  const retire = (seat: Seat, grace = keeping.grace): Promise<void> => {
    clearTimeout(seat.timer)
    seat.state = 'ending'
    return seat.reviewer.end(grace)
  }
  const rest = (seat: Seat): void => {
    seat.state = 'idle'
    seat.timer = setTimeout(() => void retire(seat), keeping.idle).unref()
    // The longest idle comes first.
    seats.delete(seat)
    seats.add(seat)
  }
  const idle = (): readonly Seat[] => [...seats].filter(({ state }) => state === 'idle')

  /** A process for this installation; null while there is none. `unread`: one that has read nothing. */
  const seatFor = ({ whose, unread }: Asked): Seat | null => {
    const free = idle()
    const own = unread ? undefined : free.findLast((each) => each.whose === whose)
    const seat = own ?? free.find((each) => each.whose === null)
    if (seat === undefined) return seats.size < keeping.most ? start(whose) : null
    clearTimeout(seat.timer)
    seat.state = 'at work'
    seat.whose = whose
    return seat
  }
  /** In the order in which they came; for each who still waits another's process makes room. */
  const seatThoseWhoWait = (): void => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const seat = seatFor(first)
      if (seat === null) break
      waiting.shift()
      first.seated(seat)
    }
    const ending = [...seats].filter(({ state }) => state === 'ending').length
    for (const seat of idle().slice(0, Math.max(0, waiting.length - ending))) void retire(seat)
  }
  const seated = (asked: Asked, signal: AbortSignal): Promise<Seat> =>
    new Promise((resolve, reject) => {
      const leave = (why: unknown): void => {
        signal.removeEventListener('abort', abort)
        waiting.splice(waiting.indexOf(mine), 1)
        reject(why as Error)
      }
      const abort = (): void => leave(signal.reason)
      const mine: Waiting = {
        ...asked,
        seated(seat) {
          signal.removeEventListener('abort', abort)
          resolve(seat)
        },
        leave,
      }
      signal.addEventListener('abort', abort)
      waiting.push(mine)
      seatThoseWhoWait()
    })
  /** One that has read nothing, beside those that are there and where there is room for it. */
  const provide = (): void => {
    const isThere = [...seats].some(({ whose }) => whose === null)
    const isRoom = waiting.length === 0 && seats.size > 0 && seats.size < keeping.most
    if (!closed && !isThere && isRoom) rest(start(null))
  }

  const made = async (seat: Seat, order: Order, signal: AbortSignal, progress: (text: string) => void) => {
    try {
      signal.throwIfAborted()
      const { parts, unharmed, megabytes } = await seat.reviewer.review(order, signal, progress)
      const stays = unharmed && megabytes <= keeping.megabytes && ++seat.served < keeping.reviews && !closed
      if (stays) rest(seat)
      else void retire(seat)
      return parts
    } catch (error) {
      // Nothing is left of it, its sandbox included, when this is heard of.
      await retire(seat)
      throw error
    }
  }

  const makeParts = async (
    order: Order,
    signal: AbortSignal,
    progress: (text: string) => void = () => undefined,
    unread = false,
  ): Promise<Parts> => {
    signal.throwIfAborted()
    if (closed) throw new NotReviewed(CLOSED)
    const seat = await seated({ whose: order.installation, unread }, signal)
    try {
      return await made(seat, order, signal, progress)
    } catch (error) {
      // It may be what an earlier text did to the process: nobody's review fails for another's.
      if (seat.served === 0 || !(error instanceof ReviewerFailed)) throw error
      return await makeParts(order, signal, progress, true)
    } finally {
      seatThoseWhoWait()
      provide()
    }
  }

  return {
    makeParts: (order, signal, progress) => makeParts(order, signal, progress),
    async close(milliseconds) {
      closed = true
      for (const each of [...waiting]) each.leave(new NotReviewed(CLOSED))
      await Promise.all([...seats].map((seat) => retire(seat, milliseconds)))
    },
  }
}

const CLOSED = 'the process ends'

/** A process, and for whom it is. */
interface Seat {
  readonly reviewer: Reviewer
  /** null: it has read nothing. */
  whose: number | null
  state: 'at work' | 'idle' | 'ending'
  served: number
  timer: NodeJS.Timeout | undefined
}

interface Asked {
  readonly whose: number
  readonly unread: boolean
}

interface Waiting extends Asked {
  seated(seat: Seat): void
  leave(why: unknown): void
}
