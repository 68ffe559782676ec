import type { CatalogTable } from '../../model/catalog.js'
import type { LockMode } from '../../model/effect.js'
import type { QualifiedName } from '../../model/names.js'
import { keyOf } from '../../model/names.js'
import type { ObjectKind } from '../../model/operations/object.js'
import { nothing } from '../apply/handlers.js'
import type { Ledger, Predictions } from './ledger.js'
import { lockTree } from './ledger.js'
import { dropTable, lockReaders } from './tables.js'

export const objects: Predictions<
  | 'create-enum'
  | 'add-enum-value'
  | 'rename-enum-value'
  | 'create-type'
  | 'alter-type'
  | 'create-domain'
  | 'alter-domain'
  | 'create-sequence'
  | 'alter-sequence'
  | 'create-function'
  | 'alter-function'
  | 'create-trigger'
  | 'create-policy'
  | 'alter-policy'
  | 'create-rule'
  | 'create-schema'
  | 'drop-schema'
  | 'create-extension'
  | 'alter-extension'
  | 'drop-object'
  | 'rename-object'
  | 'set-schema'
  | 'change-owner'
  | 'comment'
  | 'change-privileges'
  | 'change-role'
  | 'change-database'
  | 'change-publication'
> = {
  'create-enum': nothing,
  'add-enum-value': nothing,
  'rename-enum-value': nothing,
  'create-type': nothing,
  'alter-type': nothing,
  'create-domain': nothing,

  'alter-domain': ({ domain, action }, ledger) => {
    const isProof =
      action.type === 'set-not-null' ||
      action.type === 'validate-constraint' ||
      (action.type === 'add-constraint' && action.validated)
    if (!isProof) return
    const mode: LockMode =
      action.type === 'validate-constraint' && ledger.context.postgres >= 18 ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE'
    for (const table of tablesWith(ledger, domain)) {
      ledger.lock(mode, table.name)
      ledger.scan(table.name)
    }
  },

  'create-sequence': ({ ownedBy }, ledger) => {
    if (ownedBy !== null) ledger.lock('ACCESS SHARE', ownedBy.table)
  },
  'alter-sequence': ({ ownedBy }, ledger) => {
    if (ownedBy !== null && ownedBy !== 'none') ledger.lock('ACCESS SHARE', ownedBy.table)
  },
  'create-function': nothing,
  'alter-function': nothing,

  'create-trigger': ({ table, row }, ledger) => {
    const isPartitioned = ledger.catalog.table(table)?.partitioned === true
    if (row && isPartitioned) lockTree(ledger, 'SHARE ROW EXCLUSIVE', table)
    else ledger.lock('SHARE ROW EXCLUSIVE', table)
  },
  'create-policy': ({ table }, ledger) => ledger.lock('ACCESS EXCLUSIVE', table),
  'alter-policy': ({ table }, ledger) => ledger.lock('ACCESS EXCLUSIVE', table),
  'create-rule': ({ table }, ledger) => ledger.lock('ACCESS EXCLUSIVE', table),

  'create-schema': nothing,
  'drop-schema': ({ schema, cascade }, ledger) => {
    if (!cascade) return
    const within = (name: QualifiedName): boolean => (name.schema || 'public') === schema
    for (const { name } of ledger.catalog.tables) {
      if (!within(name)) continue
      dropTable(ledger, name)
      lockReaders(ledger, name)
    }
    for (const { name } of ledger.catalog.views) if (within(name)) ledger.lock('ACCESS EXCLUSIVE', name)
  },
  'create-extension': nothing,
  'alter-extension': nothing,

  'drop-object': ({ object, name, table, cascade }, ledger) => {
    const { catalog } = ledger
    if (isRelation(object)) {
      if (object === 'foreign table') dropTable(ledger, name)
      else ledger.lock('ACCESS EXCLUSIVE', catalog.view(name)?.name ?? name)
      return cascade ? lockReaders(ledger, name) : undefined
    }
    if (table !== null) return dropAttached(ledger, object, table)
    if (!cascade) return
    if (object === 'type' || object === 'domain') {
      for (const each of tablesWith(ledger, name)) ledger.lock('ACCESS EXCLUSIVE', each.name)
    }
    if (object === 'sequence') {
      for (const each of catalog.tables) {
        const isUsed = each.columns.some((column) => column.default?.strings.some((text) => text.endsWith(name.name)))
        if (isUsed) ledger.lock('ACCESS EXCLUSIVE', each.name)
      }
    }
  },

  'rename-object': ({ object, name, table }, ledger) => {
    if (isRelation(object)) return ledger.lock('ACCESS EXCLUSIVE', name)
    if (table !== null) dropAttached(ledger, object, table)
  },
  'set-schema': ({ object, name }, ledger) => {
    if (isRelation(object)) ledger.lock('ACCESS EXCLUSIVE', name)
  },
  'change-owner': ({ object, name }, ledger) => {
    if (isRelation(object)) ledger.lock('ACCESS EXCLUSIVE', name)
  },
  comment: ({ object, name, table }, ledger) => {
    if (object === 'column' && table !== null) ledger.lock('SHARE UPDATE EXCLUSIVE', table)
    if (isRelation(object)) ledger.lock('SHARE UPDATE EXCLUSIVE', name)
  },
  'change-privileges': nothing,
  'change-role': nothing,
  'change-database': nothing,
  'change-publication': ({ tables }, ledger) => {
    for (const table of tables) ledger.lock('SHARE UPDATE EXCLUSIVE', table)
  },
}

function isRelation(object: ObjectKind): boolean {
  return object === 'table' || object === 'view' || object === 'materialized view' || object === 'foreign table'
}

/** A trigger of a partitioned table has copies on its partitions. */
function dropAttached(ledger: Ledger, object: ObjectKind, table: QualifiedName): void {
  if (object === 'trigger' && ledger.catalog.table(table)?.partitioned === true) {
    return lockTree(ledger, 'ACCESS EXCLUSIVE', table)
  }
  ledger.lock('ACCESS EXCLUSIVE', table)
}

/** Tables with a column of the type. */
function tablesWith(ledger: Ledger, type: QualifiedName): readonly CatalogTable[] {
  const key = keyOf(type)
  return [...ledger.catalog.tables].filter((table) =>
    table.columns.some((column) => keyOf({ schema: column.type.schema, name: column.type.name }) === key),
  )
}
