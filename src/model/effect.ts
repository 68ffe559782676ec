import type { QualifiedName } from './names.js'

/** PostgreSQL's table lock modes, weakest first (https://www.postgresql.org/docs/current/explicit-locking.html). */
export const LOCK_MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const
export type LockMode = (typeof LOCK_MODES)[number]

/** What a table lock makes others wait for: `ddl` is other schema changes and VACUUM. */
export type Blocked = 'reads' | 'writes' | 'ddl'

/** What an operation does to relations that existed before it. */
export interface Effect {
  readonly locks: readonly { readonly table: QualifiedName; readonly mode: LockMode }[]
  /** Tables whose rows are all written anew. */
  readonly rewrites: readonly QualifiedName[]
  /** Tables that are read in full while the lock is held. */
  readonly scans: readonly QualifiedName[]
}

/** Orders lock modes by strength. */
export function compareLocks(a: LockMode, b: LockMode): number {
  return LOCK_MODES.indexOf(a) - LOCK_MODES.indexOf(b)
}

/** The strongest of some locks, or null. */
export function strongest(modes: readonly LockMode[]): LockMode | null {
  return modes.reduce<LockMode | null>(
    (best, mode) => (best === null || compareLocks(mode, best) > 0 ? mode : best),
    null,
  )
}

/** What a lock mode blocks. */
export function blockedBy(mode: LockMode): readonly Blocked[] {
  if (mode === 'ACCESS EXCLUSIVE') return ['reads', 'writes', 'ddl']
  if (compareLocks(mode, 'SHARE') >= 0) return ['writes', 'ddl']
  if (mode === 'SHARE UPDATE EXCLUSIVE') return ['ddl']
  return []
}
