import { bell } from './bell.js'
import type { Database } from './database.js'
import type { Log } from './log.js'

/** Something that is done again and again. */
export interface Loop {
  readonly name: string
  /** Milliseconds from one beginning to the next, by all processes together. */
  readonly every: number
  /** Returns how many things it has put right. */
  run(): Promise<number>
}

export interface LoopParts {
  readonly database: Database
  readonly log: Log
  /** From 0 to 1. */
  readonly random: () => number
  /** Milliseconds that only go forward. */
  readonly now: () => number
  readonly onRun?: (loop: string, ok: boolean, repaired: number, milliseconds: number) => void
}

export interface Loops {
  /** Begins none any more, and waits for those under way. */
  stop(): Promise<void>
}

/**
 * Runs loops, each by one process at a time however many there are: whoever comes first when its time has come takes the turn, and
 * the next turn may be another's. One that fails is run again at its next turn. `atOnce` are run when this process begins, whatever the time.
 */
export function startLoops(parts: LoopParts, loops: readonly Loop[], atOnce: readonly string[] = []): Loops {
  let stopping = false
  const bells = loops.map(() => bell())
  const work = loops.map(async (loop, index) => {
    let mine = atOnce.includes(loop.name)
    while (!stopping) {
      if (mine || (await takeTurn(parts, loop))) await once(parts, loop)
      mine = false
      // Asked somewhat oftener than it is run, and never by all processes in the same moment.
      if (!stopping) await bells[index]?.wait((loop.every / 2) * (0.75 + parts.random() / 2))
    }
  })
  return {
    async stop() {
      stopping = true
      for (const each of bells) each.ring()
      await Promise.allSettled(work)
    },
  }
}

async function once({ log, now, onRun }: LoopParts, loop: Loop): Promise<void> {
  const begun = now()
  try {
    const repaired = await loop.run()
    onRun?.(loop.name, true, repaired, now() - begun)
  } catch (error) {
    log.error('a loop failed', { loop: loop.name, error })
    onRun?.(loop.name, false, 0, now() - begun)
  }
}

async function takeTurn({ database, log }: LoopParts, { name, every }: Loop): Promise<boolean> {
  try {
    const taken = await database.query(
      `INSERT INTO dba.watermarks AS w (name, value) VALUES ('loop:' || $1::text, '')
       ON CONFLICT (name) DO UPDATE SET moved_at = pg_catalog.clock_timestamp()
         WHERE w.moved_at <= pg_catalog.clock_timestamp() - $2::bigint * interval '1 ms'
       RETURNING name`,
      [name, every],
    )
    return taken.length > 0
  } catch (error) {
    log.warn('a loop could not be begun', { loop: name, error })
    return false
  }
}
