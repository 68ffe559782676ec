import type { Span } from '../source/span.js'
import type { LockMode } from './effect.js'
import type { Conventions } from './migration.js'
import { keyOf, type QualifiedName } from './names.js'

/** Since when a lock is held, in the words of a message. */
export interface HeldSince {
  readonly line: number
  /** The file of an earlier migration that took it, without its folder; '' for the migration at hand. */
  readonly file: string
  readonly tool: string
  /** How the tool is told to give each migration a transaction of its own; '' for a lock of the migration at hand. */
  readonly together: string
}

/** Since when the transaction holds a lock that an operation meets. */
export function heldSince(
  { at }: { readonly at: Span },
  { span }: { readonly span: Span },
  { tool, together = '' }: Conventions,
): HeldSince {
  const isEarlier = at.path !== span.path
  const file = isEarlier ? at.path.slice(at.path.lastIndexOf('/') + 1) : ''
  return { line: at.start.line, file, tool, together: isEarlier ? together : '' }
}

/** The lock among those of a transaction that closes a table to every query. */
export function closing<Lock extends { readonly table: QualifiedName; readonly mode: LockMode }>(
  held: readonly Lock[],
  table: QualifiedName,
): Lock | undefined {
  return held.find((lock) => lock.mode === 'ACCESS EXCLUSIVE' && keyOf(lock.table) === keyOf(table))
}
