import type { Catalog } from '../../model/catalog.js'
import type { Effect, LockMode } from '../../model/effect.js'
import { compareLocks } from '../../model/effect.js'
import type { OperationKind, OperationOf } from '../../model/operation.js'
import type { QualifiedName } from '../../model/names.js'
import { keyOf } from '../../model/names.js'

/** What the predictions need to know besides the operation. */
export interface EffectContext {
  readonly postgres: number
  readonly inTransaction: boolean
  /** Whether the session's TimeZone is known to be UTC; it is not taken to be when this is left out. */
  readonly utc?: boolean
}

/** Gathers what one operation does; of two locks on a table the stronger stays. Leaves out what this transaction created. */
export interface Ledger {
  readonly catalog: Catalog
  readonly context: EffectContext
  lock(mode: LockMode, ...tables: readonly QualifiedName[]): void
  rewrite(table: QualifiedName): void
  scan(...tables: readonly QualifiedName[]): void
  /** Leaves a table out from here on, as one that this very statement has created. */
  ignore(table: QualifiedName): void
  /** The table and everything below it; just the name when nothing is known. */
  tree(table: QualifiedName): readonly QualifiedName[]
  effect(): Effect
}

/** What each kind of operation of a family does to what exists, one function a kind. */
export type Predictions<Kind extends OperationKind> = {
  readonly [Each in Kind]: (operation: OperationOf<Each>, ledger: Ledger) => void
}

/** An empty ledger. */
export function ledgerOf(catalog: Catalog, context: EffectContext): Ledger {
  const locks = new Map<string, Effect['locks'][number]>()
  const rewrites = new Map<string, QualifiedName>()
  const scans = new Map<string, QualifiedName>()
  const ignored = new Set<string>()

  const known = (name: QualifiedName): QualifiedName => (catalog.table(name) ?? catalog.view(name))?.name ?? name
  const counts = (name: QualifiedName): boolean =>
    !ignored.has(keyOf(known(name))) && !(context.inTransaction && catalog.born(name) === 'transaction')
  const tree = (name: QualifiedName): readonly QualifiedName[] => {
    const table = catalog.table(name)
    if (table === undefined) return [name]
    return [table.name, ...catalog.children(table.name).flatMap((child) => tree(child.name))]
  }

  return {
    catalog,
    context,
    tree,
    lock(mode, ...tables) {
      for (const name of tables.filter(counts)) {
        const table = known(name)
        const before = locks.get(keyOf(table))
        if (before === undefined || compareLocks(before.mode, mode) < 0) locks.set(keyOf(table), { table, mode })
      }
    },
    rewrite(table) {
      if (counts(table)) rewrites.set(keyOf(known(table)), known(table))
    },
    scan(...tables) {
      for (const name of tables.filter(counts)) {
        if (catalog.table(name)?.partitioned !== true) scans.set(keyOf(known(name)), known(name))
      }
    },
    ignore(table) {
      ignored.add(keyOf(known(table)))
    },
    effect: () => ({ locks: [...locks.values()], rewrites: [...rewrites.values()], scans: [...scans.values()] }),
  }
}

/** Locks a table and everything below it. */
export function lockTree(ledger: Ledger, mode: LockMode, table: QualifiedName): void {
  ledger.lock(mode, ...ledger.tree(table))
}

/** Reads a table and everything below it. */
export function scanTree(ledger: Ledger, table: QualifiedName): void {
  ledger.scan(...ledger.tree(table))
}

/** Writes every row of a table and of everything below it anew. */
export function rewriteTree(ledger: Ledger, table: QualifiedName): void {
  for (const each of ledger.tree(table)) if (ledger.catalog.table(each)?.partitioned !== true) ledger.rewrite(each)
}
