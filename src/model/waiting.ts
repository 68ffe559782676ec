import { compareLocks, type Effect } from './effect.js'
import type { Operation } from './operation.js'

/** The first lock of an operation for which it has to wait until nobody writes to the table any more, if it has such a lock. */
export function strongLockOf({ locks }: Effect): Effect['locks'][number] | undefined {
  return locks.find(({ mode }) => compareLocks(mode, 'SHARE') >= 0)
}

/** Whether an operation does its work CONCURRENTLY, in several transactions, and waits for those of others in between. */
export function isConcurrent(operation: Operation): boolean {
  return 'concurrently' in operation && operation.concurrently && operation.kind !== 'refresh-materialized-view'
}

/** SQL that sets a limit to waiting for locks, then runs a statement. */
export function limited(sql: string, inTransaction: boolean): string {
  return `SET ${inTransaction ? 'LOCAL ' : ''}lock_timeout = '2s';\n${sql.trim().replace(/;?$/, ';')}`
}
