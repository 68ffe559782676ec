import type { Database } from '../database.js'
import type { Log } from '../log.js'
import type { ReconcilePorts } from './ports.js'

/** What the loops work with. */
export interface ReconcileParts {
  readonly database: Database
  readonly ports: ReconcilePorts
  readonly log: Log
  /** GitHub's times are compared with this one; an hour more or less does no harm but work. */
  readonly time: () => Date
  /** The name of the check run. */
  readonly check: string
}

/** Does each of a list; one that fails does not keep the others from being done. Throws at the end when any has. */
export async function each<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<number>,
  { log }: Pick<ReconcileParts, 'log'>,
  about: (item: Item) => Readonly<Record<string, unknown>>,
): Promise<number> {
  let count = 0
  const failures: unknown[] = []
  for (const item of items) {
    try {
      count += await work(item)
    } catch (error) {
      log.warn('it could not be looked at', { ...about(item), error })
      failures.push(error)
    }
  }
  if (failures.length > 0 && failures.length === items.length) throw failures[0]
  return count
}
