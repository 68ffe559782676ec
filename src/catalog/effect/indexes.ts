import type { Predictions } from './ledger.js'
import { lockTree, scanTree } from './ledger.js'

export const indexes: Predictions<
  | 'create-index'
  | 'drop-index'
  | 'alter-index'
  | 'reindex'
  | 'create-view'
  | 'refresh-materialized-view'
  | 'cluster'
  | 'vacuum'
  | 'analyze'
> = {
  'create-index': (operation, ledger) => {
    const { table, only, concurrently } = operation
    const mode = concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE'
    if (only) ledger.lock(mode, table)
    else lockTree(ledger, mode, table)
    const isThere =
      operation.ifNotExists &&
      operation.name !== null &&
      ledger.catalog.index({ schema: table.schema, name: operation.name }) !== undefined
    if (isThere) return
    if (only) ledger.scan(table)
    else scanTree(ledger, table)
  },

  'drop-index': (operation, ledger) => {
    const table = ledger.catalog.index(operation.index)?.table
    if (table === undefined) return
    const mode = operation.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE'
    if (ledger.catalog.table(table)?.partitioned === true) lockTree(ledger, mode, table)
    else ledger.lock(mode, table)
    if (!operation.cascade) return
    for (const { table: owner } of ledger.catalog.referencing(table)) ledger.lock('ACCESS EXCLUSIVE', owner)
  },

  'alter-index': (operation, ledger) => {
    if (operation.action !== 'attach-partition') return
    const table = ledger.catalog.index(operation.index)?.table
    if (table !== undefined) lockTree(ledger, 'ACCESS SHARE', table)
  },

  reindex: ({ target, name, concurrently }, ledger) => {
    const mode = concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE'
    if (target === 'index' || target === 'table') {
      const table = name === null ? undefined : target === 'index' ? ledger.catalog.index(name)?.table : name
      if (table === undefined) return
      lockTree(ledger, mode, table)
      return scanTree(ledger, table)
    }
    for (const { name: table } of ledger.catalog.tables) {
      const isWithin = target !== 'schema' || (table.schema || 'public') === (name?.name ?? '')
      if (!isWithin) continue
      ledger.lock(mode, table)
      ledger.scan(table)
    }
  },

  'create-view': (operation, ledger) => {
    const before = ledger.catalog.view(operation.view)
    if (before !== undefined && operation.ifNotExists) return
    if (before !== undefined && operation.replace) ledger.lock('ACCESS EXCLUSIVE', before.name)
    ledger.lock('ACCESS SHARE', ...operation.reads)
    if (operation.materialized && operation.withData) for (const table of operation.reads) scanTree(ledger, table)
  },

  'refresh-materialized-view': ({ view, concurrently, withData }, ledger) => {
    ledger.lock(concurrently ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE', view)
    if (concurrently) ledger.scan(view)
    else ledger.rewrite(view)
    if (!withData) return
    const reads = ledger.catalog.view(view)?.reads ?? []
    ledger.lock('ACCESS SHARE', ...reads)
    for (const table of reads) scanTree(ledger, table)
  },

  cluster: ({ table }, ledger) => {
    const tables = table === null ? [...ledger.catalog.tables].map(({ name }) => name) : [table]
    for (const each of tables) {
      ledger.lock('ACCESS EXCLUSIVE', each)
      ledger.rewrite(each)
    }
  },

  vacuum: ({ full, table }, ledger) => {
    const tables = table === null ? [...ledger.catalog.tables].map(({ name }) => name) : ledger.tree(table)
    for (const each of tables) {
      ledger.lock(full ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', each)
      if (full && ledger.catalog.table(each)?.partitioned !== true) ledger.rewrite(each)
    }
  },

  analyze: ({ table }, ledger) => {
    const tables = table === null ? [...ledger.catalog.tables].map(({ name }) => name) : [table]
    ledger.lock('SHARE UPDATE EXCLUSIVE', ...tables)
  },
}
