import type { LockMode } from '../../model/effect.js'
import { LOCK_MODES } from '../../model/effect.js'
import type { QualifiedName } from '../../model/names.js'
import { nothing } from '../apply/handlers.js'
import type { Ledger, Predictions } from './ledger.js'
import { lockTree, scanTree } from './ledger.js'

/** What reads and changes rows, and what concerns the session alone. */
export const rows: Predictions<
  | 'insert'
  | 'update'
  | 'delete'
  | 'merge'
  | 'truncate'
  | 'copy'
  | 'select'
  | 'call'
  | 'set'
  | 'lock-table'
  | 'transaction'
  | 'unmodelled'
> = {
  insert: ({ table }, ledger) => ledger.lock('ROW EXCLUSIVE', table),

  update: ({ table, where }, ledger) => {
    lockTree(ledger, 'ROW EXCLUSIVE', table)
    if (where === null || where.tautology) scanTree(ledger, table)
  },
  delete: ({ table, where }, ledger) => {
    lockTree(ledger, 'ROW EXCLUSIVE', table)
    if (where === null || where.tautology) scanTree(ledger, table)
  },
  merge: ({ table }, ledger) => lockTree(ledger, 'ROW EXCLUSIVE', table),

  // The files are replaced, but no row is written.
  truncate: ({ table, cascade }, ledger) => {
    const seen = new Set<string>()
    const empty = (name: QualifiedName): void => {
      const key = `${name.schema}.${name.name}`
      if (seen.has(key)) return
      seen.add(key)
      lockTree(ledger, 'ACCESS EXCLUSIVE', name)
      if (cascade) for (const owner of ledger.catalog.referencing(name)) empty(owner.table)
    }
    empty(table)
  },

  copy: ({ table, direction }, ledger) => {
    if (table !== null) ledger.lock(direction === 'from' ? 'ROW EXCLUSIVE' : 'ACCESS SHARE', table)
  },

  select: ({ reads }, ledger) => lockRead(ledger, reads),
  call: nothing,
  set: nothing,

  'lock-table': ({ table, mode }, ledger) => {
    const known = LOCK_MODES.find((each) => each === mode.toUpperCase().replace(/ MODE$/, ''))
    lockTree(ledger, known ?? ('ACCESS EXCLUSIVE' satisfies LockMode), table)
  },

  transaction: nothing,
  unmodelled: nothing,
}

function lockRead(ledger: Ledger, reads: readonly QualifiedName[]): void {
  for (const relation of reads) lockTree(ledger, 'ACCESS SHARE', relation)
}
