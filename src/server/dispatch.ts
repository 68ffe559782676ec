import { backoff } from './backoff.js'
import { bell, within } from './bell.js'
import type { Database } from './database.js'
import { parsed, settle, take, type Outcome, type Pending } from './inbox.js'
import type { Log } from './log.js'
import { storableMessage } from './storable.js'

/** Hands a delivery to whoever acts on it. It must only note what is to be done: it is called again when it failed or took too long. */
export type Receive = (delivery: {
  readonly id: string
  readonly name: string
  readonly payload: object
}) => Promise<'done' | 'ignored'>

export interface DispatchParts {
  readonly database: Database
  readonly receive: Receive
  readonly log: Log
  /** From 0 to 1. */
  readonly random: () => number
  /** How many are handed over at once. */
  readonly concurrency?: number
  readonly onSettled?: (event: string, state: Outcome['state']) => void
  readonly timing?: Partial<DispatchTiming>
}

export interface DispatchTiming {
  /** How often to look when nothing is known to have come, in milliseconds. */
  readonly poll: number
  /** How long handing one over may take. */
  readonly patience: number
  /** After how long one that was taken comes again, as whoever took it may be gone; longer than the patience. */
  readonly visible: number
}

export interface Dispatch {
  /** Something came: looks at once. */
  wake(): void
  /** Takes no more, and waits for those at hand. */
  stop(): Promise<void>
}

const CONCURRENCY = 8
const MOST_TRIES = 6
const TIMING: DispatchTiming = { poll: 250, patience: 20_000, visible: 30_000 }

/**
 * Hands over what the inbox holds, as often as it takes. A delivery that cannot be handed over waits, longer each time, and is
 * given up in the end; the others do not wait for it.
 */
export function startDispatch(parts: DispatchParts): Dispatch {
  const timing = { ...TIMING, ...parts.timing }
  const concurrency = parts.concurrency ?? CONCURRENCY
  const come = bell()
  let stopping = false

  const hand = async (pending: Pending): Promise<void> => {
    const outcome = await attempt(parts, timing, pending)
    parts.onSettled?.(pending.event, outcome.state)
    await settle(parts.database, pending, outcome)
  }
  const loop = async (): Promise<void> => {
    const busy = new Set<Promise<void>>()
    while (!stopping) {
      const free = concurrency - busy.size
      const taken = await take(parts.database, free, timing.visible).catch((error: unknown) => {
        parts.log.warn('the inbox could not be read', { error })
        return []
      })
      for (const pending of taken) {
        const handing = hand(pending)
          .catch((error: unknown) =>
            parts.log.warn('a delivery could not be settled', { delivery: pending.delivery, error }),
          )
          .finally(() => busy.delete(handing))
        busy.add(handing)
      }
      if (busy.size >= concurrency) await Promise.race(busy)
      // Fewer than there was room for are all that there are.
      else if (taken.length < free) await come.wait(timing.poll)
    }
    await Promise.allSettled(busy)
  }
  const done = loop()
  return {
    wake: () => come.ring(),
    async stop() {
      stopping = true
      come.ring()
      await done
    },
  }
}

async function attempt(parts: DispatchParts, timing: DispatchTiming, pending: Pending): Promise<Outcome> {
  const payload = parsed(pending.body)
  const about = { delivery: pending.delivery, event: pending.event }
  if (payload === null) return { state: 'unparseable' }
  try {
    const handed = parts.receive({ id: pending.delivery, name: pending.event, payload })
    return { state: await within(handed, timing.patience, tooLong) }
  } catch (error) {
    const message = storableMessage(error)
    if (pending.attempts >= MOST_TRIES) {
      parts.log.error('a delivery is given up', { ...about, error })
      return { state: 'dead', error: message }
    }
    parts.log.warn('a delivery failed', { ...about, error, attempts: pending.attempts })
    return { state: 'again', error: message, milliseconds: backoff(pending.attempts, parts.random()) }
  }
}

function tooLong(): never {
  throw new Error('handing it over took too long')
}
