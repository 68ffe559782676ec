import type { CatalogTable } from '../../model/catalog.js'
import type { QualifiedName } from '../../model/names.js'
import { defaultPartitionOf, hasCheckOn } from '../../model/partition.js'
import { parsedName } from '../apply/tables.js'
import { alike } from '../indexes.js'
import { lockForeignKeysOf } from './constraints.js'
import type { Ledger, Predictions } from './ledger.js'
import { lockTree, scanTree } from './ledger.js'

export const tables: Predictions<
  | 'create-table'
  | 'drop-table'
  | 'rename-table'
  | 'alter-table'
  | 'toggle-trigger'
  | 'set-row-security'
  | 'attach-partition'
  | 'detach-partition'
> = {
  'create-table': (operation, ledger) => {
    if (operation.ifNotExists && ledger.catalog.table(operation.table) !== undefined) return
    const written = [...operation.columns.flatMap(({ constraints }) => constraints), ...operation.constraints]
    for (const constraint of written) {
      const target = constraint.type === 'foreign-key' ? constraint.references : null
      if (target !== null && !isSame(target, operation.table)) {
        for (const each of ledger.tree(target)) ledger.lock('SHARE ROW EXCLUSIVE', each)
      }
    }
    ledger.lock('ACCESS SHARE', ...operation.like)
    ledger.lock('SHARE UPDATE EXCLUSIVE', ...operation.inherits)
    if (operation.partitionOf === null) return
    const { parent } = operation.partitionOf
    ledger.lock('ACCESS EXCLUSIVE', parent)
    lockParentKeys(ledger, parent)
    searchDefault(ledger, parent)
  },

  'drop-table': (operation, ledger) => {
    const { catalog } = ledger
    if (catalog.table(operation.table) === undefined && operation.ifExists && catalog.complete) return
    dropTable(ledger, operation.table)
    if (operation.cascade) lockReaders(ledger, operation.table)
  },

  'rename-table': (operation, ledger) => ledger.lock('ACCESS EXCLUSIVE', operation.table),

  'alter-table': (operation, ledger) => {
    const { table, names } = operation
    switch (operation.action) {
      case 'set-options':
      case 'reset-options':
        return ledger.lock(names.every(isLight) ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE', table)
      case 'cluster-on':
      case 'set-without-cluster':
        return ledger.lock('SHARE UPDATE EXCLUSIVE', table)
      case 'set-logged':
      case 'set-unlogged': {
        ledger.lock('ACCESS EXCLUSIVE', table)
        const wanted = operation.action === 'set-logged' ? 'permanent' : 'unlogged'
        return ledger.catalog.table(table)?.persistence === wanted ? undefined : ledger.rewrite(table)
      }
      case 'set-tablespace':
        ledger.lock('ACCESS EXCLUSIVE', table)
        return names[0] === 'pg_default' ? undefined : rewriteOwnRows(ledger, table)
      case 'set-access-method':
        ledger.lock('ACCESS EXCLUSIVE', table)
        return names[0] === 'heap' ? undefined : rewriteOwnRows(ledger, table)
      case 'inherit':
      case 'no-inherit': {
        const parent = parsedName(names)
        ledger.lock('ACCESS EXCLUSIVE', table)
        if (parent === null) return
        return ledger.lock(operation.action === 'inherit' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS SHARE', parent)
      }
      case 'set-without-oids':
      case 'replica-identity':
      case 'of-type':
      case 'not-of':
      case 'foreign-options':
        return ledger.lock('ACCESS EXCLUSIVE', table)
    }
  },

  'toggle-trigger': ({ object, table }, ledger) => {
    if (object === 'rule') ledger.lock('ACCESS EXCLUSIVE', table)
    else lockTree(ledger, 'SHARE ROW EXCLUSIVE', table)
  },
  'set-row-security': ({ table }, ledger) => ledger.lock('ACCESS EXCLUSIVE', table),

  'attach-partition': (operation, ledger) => {
    const { catalog } = ledger
    ledger.lock('SHARE UPDATE EXCLUSIVE', operation.table)
    lockTree(ledger, 'ACCESS EXCLUSIVE', operation.partition)
    const parent = catalog.table(operation.table)
    const partition = catalog.table(operation.partition)
    if (!hasCheckOn(partition, parent?.partitionKey ?? []) || !hasIndexesOf(partition, parent)) {
      scanTree(ledger, operation.partition)
    }
    lockParentKeys(ledger, operation.table)
    searchDefault(ledger, operation.table)
  },

  'detach-partition': (operation, ledger) => {
    const isSlow = !operation.concurrently && !operation.finalize
    ledger.lock(isSlow ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', operation.table)
    ledger.lock('ACCESS EXCLUSIVE', operation.partition)
    const fallback = defaultPartitionOf(ledger.catalog, operation.table)
    if (fallback !== undefined && isSlow) ledger.lock('ACCESS EXCLUSIVE', fallback.name)
    for (const { references } of ledger.catalog.table(operation.table)?.constraints ?? []) {
      if (references !== null) ledger.lock('SHARE ROW EXCLUSIVE', references.table)
    }
  },
}

/** A table goes with its partitions; the tables that its foreign keys point to, and that point to it, lose their triggers. */
export function dropTable(ledger: Ledger, name: QualifiedName): void {
  const { catalog } = ledger
  lockTree(ledger, 'ACCESS EXCLUSIVE', name)
  for (const each of ledger.tree(name)) lockForeignKeysOf(ledger, each)
  const parent = catalog.table(name)?.partitionOf ?? null
  if (parent === null) return
  ledger.lock('ACCESS EXCLUSIVE', parent)
  const fallback = defaultPartitionOf(catalog, parent)
  if (fallback !== undefined) ledger.lock('ACCESS EXCLUSIVE', fallback.name)
}

/** Views over a relation, and views over those. */
export function lockReaders(ledger: Ledger, relation: QualifiedName): void {
  for (const view of ledger.catalog.readers(relation)) {
    ledger.lock('ACCESS EXCLUSIVE', view.name)
    lockReaders(ledger, view.name)
  }
}

/** A new partition gets its parent's foreign keys. */
function lockParentKeys(ledger: Ledger, parent: QualifiedName): void {
  for (const { references } of ledger.catalog.table(parent)?.constraints ?? []) {
    if (references !== null) ledger.lock('SHARE ROW EXCLUSIVE', ...ledger.tree(references.table))
  }
  for (const { table } of ledger.catalog.referencing(parent)) ledger.lock('SHARE ROW EXCLUSIVE', table)
}

/** The DEFAULT partition is searched for rows that belong into the new one, unless a CHECK says that it has none. */
function searchDefault(ledger: Ledger, parent: QualifiedName): void {
  const fallback = defaultPartitionOf(ledger.catalog, parent)
  if (fallback === undefined) return
  lockTree(ledger, 'ACCESS EXCLUSIVE', fallback.name)
  if (!hasCheckOn(fallback, ledger.catalog.table(parent)?.partitionKey ?? [])) scanTree(ledger, fallback.name)
}

/** A partitioned table has no rows of its own; what is set for it is for partitions to come. */
function rewriteOwnRows(ledger: Ledger, table: QualifiedName): void {
  if (ledger.catalog.table(table)?.partitioned !== true) ledger.rewrite(table)
}

/** Whether no index has to be built on the partition. */
function hasIndexesOf(partition: CatalogTable | undefined, parent: CatalogTable | undefined): boolean {
  return (
    parent?.indexes.every((wanted) =>
      partition?.indexes.some((index) => alike(index, wanted, wanted.constraint !== null)),
    ) !== false
  )
}

/** Storage parameters that readers and writers need not wait for. */
function isLight(name: string): boolean {
  return /^(?:toast\.)?(?:fillfactor|toast_tuple_target|parallel_workers|vacuum_\w+|autovacuum_\w+|log_autovacuum_\w+|n_distinct\w*)$/.test(
    name,
  )
}

function isSame(one: QualifiedName, other: QualifiedName): boolean {
  return one.name === other.name && one.schema === other.schema
}
