import { reasonOf } from './answerer.js'
import type { Report } from './messages.js'

/** What a child process that looks after a server does with what its parent sends first. */
export interface Keeping<Boot> {
  /** Opens the sandbox and answers questions; `fail` ends it with a reason. */
  boot(boot: Boot, fail: (reason: string) => void): Promise<void>
  /** Removes all that there is of it, in whatever state it is. */
  clear(boot: Boot): Promise<void>
}

const MEMORY_CHECK_MILLISECONDS = 100
/** Rows that nobody asked for come all the same. */
const MEGABYTES = 300

/** Tells the parent, if there still is one. */
export function tell(report: Report): void {
  if (process.connected) process.send?.(report)
}

/**
 * Looks after a server, and ends with everything that is left of it: when it is told to, when its parent is gone, or
 * when an answer grows too large for its memory.
 */
export function keep<Boot>({ boot, clear }: Keeping<Boot>): void {
  process.once('message', (first: Boot) => {
    let ending: Promise<void> | null = null
    const end = (): void => {
      const die = (): unknown => process.kill(process.pid, 'SIGKILL')
      ending ??= clear(first).then(die, die) as Promise<void>
    }
    const fail = (reason: string): void => {
      if (ending === null) tell({ kind: 'broken', reason })
      end()
    }
    process.on('disconnect', end)
    process.on('SIGTERM', end)
    // What a terminal sends to all of its processes is for the parent to act upon.
    for (const name of ['SIGINT', 'SIGHUP'] as const) process.on(name, () => undefined)
    setInterval(() => {
      if (process.memoryUsage.rss() > MEGABYTES * 2 ** 20) fail(`an answer took more than ${MEGABYTES} MB of memory`)
    }, MEMORY_CHECK_MILLISECONDS)
    boot(first, fail).catch((error: unknown) => fail(`the sandbox did not start: ${reasonOf(error)}`))
  })
}
