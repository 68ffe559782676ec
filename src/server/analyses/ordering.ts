import { randomUUID } from 'node:crypto'
import { bell, type Bell } from '../bell.js'
import type { Database } from '../database.js'
import type { Log } from '../log.js'
import { BOUNDS, NotReviewed, type MakeParts } from '../review-apart.js'
import { listen } from './listening.js'
import { look, MOST_TRIES, ORDERS, place, withdraw, type OrderTiming, type Standing } from './order-book.js'
import { partsIn, writtenInput } from './order-form.js'

export interface OrderingParts {
  readonly database: Database
  /** Of this program: only analysers of the same one are asked. */
  readonly version: string
  readonly log: Log
  /** Milliseconds that only go forward. */
  readonly now: () => number
  readonly timing?: OrderTiming
  /** Of an order or an answer, in characters. */
  readonly characters?: number
  /** Told how an order ended. */
  readonly onEnd?: (outcome: OrderOutcome, milliseconds: number) => void
}

/** `not-reviewed`: an analyser said why it could not. `given-up`: it ended those who tried. `unattended`: there was nobody to. */
export type OrderOutcome =
  'answered' | 'not-reviewed' | 'given-up' | 'unattended' | 'too-late' | 'called-off' | 'failed'

export interface Ordering {
  readonly makeParts: MakeParts
  /** Hears of nothing any more; orders that are waited for are called off by their own signals. */
  stop(): Promise<void>
}

/** Has the parts of reviews made by analysers, which are other processes at the same database. */
export function startOrdering(parts: OrderingParts): Ordering {
  const waiting = new Map<string, Bell>()
  const listening = listen({
    ...parts,
    // Looking at what was only just placed would keep an analyser from taking it in the same moment.
    heard: ({ what, id }) => (what === 'answered' ? waiting.get(id)?.ring() : undefined),
    begun: () => waiting.forEach((each) => each.ring()),
  })
  return {
    async makeParts(order, signal) {
      signal.throwIfAborted()
      const begun = parts.now()
      const id = randomUUID()
      const heard = bell()
      const ring = (): void => heard.ring()
      let outcome: OrderOutcome = 'failed'
      waiting.set(id, heard)
      signal.addEventListener('abort', ring)
      try {
        const input = bounded(writtenInput(order.input), 'what is to be reviewed', parts)
        const timing = parts.timing ?? ORDERS
        const { installation } = order
        await place(parts.database, { id, installation, version: parts.version, input }, timing.wanted)
        const ended = await answered(parts, id, heard, signal)
        outcome = ended.outcome
        if ('reason' in ended) throw new NotReviewed(ended.reason)
        const found = partsIn(bounded(ended.answer, 'what was found', parts), order.input)
        if (found !== null) return found
        outcome = 'failed'
        throw new NotReviewed('what the analyser answered is no review of this change')
      } finally {
        signal.removeEventListener('abort', ring)
        waiting.delete(id)
        // It is swept when it cannot be withdrawn.
        await withdraw(parts.database, id).catch((error: unknown) =>
          parts.log.warn('an order could not be withdrawn', { order: id, error }),
        )
        parts.onEnd?.(signal.aborted ? 'called-off' : outcome, parts.now() - begun)
      }
    },
    stop: () => listening.stop(),
  }
}

type Ended =
  | { readonly outcome: 'answered'; readonly answer: string }
  | { readonly outcome: Exclude<OrderOutcome, 'answered'>; readonly reason: string }

/** Waits until an order is answered, or until it is clear that it will not be. Throws when it is called off, or gone. */
async function answered(parts: OrderingParts, id: string, heard: Bell, signal: AbortSignal): Promise<Ended> {
  const timing = parts.timing ?? ORDERS
  const placed = parts.now()
  let attended = placed
  for (;;) {
    await heard.wait(timing.look)
    signal.throwIfAborted()
    const standing = await look(parts.database, id, timing.wanted).catch((error: unknown) => {
      parts.log.warn('an order could not be looked at', { order: id, error })
      return 'unknown' as const
    })
    signal.throwIfAborted()
    // Such as by a crash of the server, which such a table does not survive: the subject is tried again.
    if (standing === null) throw new Error('the order is gone')
    const now = parts.now()
    if (standing !== 'unknown') {
      const ended = endOf(standing)
      if (ended !== null) return ended
      if (standing.attended) attended = now
    }
    if (now - attended > timing.nobody) {
      const reason = `no analyser of version ${parts.version} took it within ${timing.nobody / 1000} seconds`
      return { outcome: 'unattended', reason }
    }
    if (now - placed > timing.longest) {
      return { outcome: 'too-late', reason: `no analyser was done with it within ${timing.longest / 1000} seconds` }
    }
  }
}

function endOf({ answer, reason, tries, held }: Standing): Ended | null {
  if (answer !== null) return { outcome: 'answered', answer }
  if (reason !== null) return { outcome: 'not-reviewed', reason }
  if (held || tries < MOST_TRIES) return null
  return { outcome: 'given-up', reason: `the analysis ended without a word, ${tries} times` }
}

function bounded(text: string, what: string, { characters = BOUNDS.characters }: OrderingParts): string {
  if (text.length > characters) throw new NotReviewed(`${what} takes ${text.length} characters`)
  return text
}
