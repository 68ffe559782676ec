import { bell } from '../bell.js'
import type { Database } from '../database.js'
import type { Log } from '../log.js'
import { CHANNEL, toldIn, type Told } from './order-book.js'

export interface ListeningParts {
  readonly database: Database
  readonly log: Log
  /** Told of each order that something became of. */
  readonly heard: (told: Told) => void
  /** Listening has begun, for the first time or again: what was told before was missed. */
  readonly begun: () => void
}

export interface Listening {
  stop(): Promise<void>
}

const AGAIN_MILLISECONDS = 1_000

/**
 * Hears what is told of orders, on a connection of its own, which is made anew when it breaks. Whoever listens looks from time to
 * time all the same: a pooler between it and the server may let nothing through.
 */
export function listen(parts: ListeningParts): Listening {
  const { database, log } = parts
  const over = bell()
  let stopping = false
  const once = async (): Promise<void> => {
    const client = await database.pool.connect()
    try {
      const ended = new Promise<void>((resolve) => client.once('end', resolve).once('error', () => resolve()))
      client.on('notification', ({ channel, payload = '' }) => {
        const told = channel === CHANNEL ? toldIn(payload) : null
        if (told !== null) parts.heard(told)
      })
      await client.query(`LISTEN ${CHANNEL}`)
      parts.begun()
      void ended.then(() => over.ring())
      while (!stopping && !(await over.wait(LONG))) continue
    } finally {
      client.release(true)
    }
  }
  const work = (async (): Promise<void> => {
    while (!stopping) {
      await once().catch((error: unknown) => log.warn('orders cannot be listened to', { error }))
      if (!stopping) await over.wait(AGAIN_MILLISECONDS)
    }
  })()
  return {
    async stop() {
      stopping = true
      over.ring()
      await work
    },
  }
}

/** A connection that breaks ends the waiting, and so does the end. */
const LONG = 3_600_000
