import type { QualifiedName } from '../../model/names.js'
import type { TableConstraint } from '../../model/operations/table.js'
import type { Ledger, Predictions } from './ledger.js'
import { lockTree, scanTree } from './ledger.js'
import { isProvenNotNull } from './not-null-proof.js'

export const constraints: Predictions<
  'add-constraint' | 'drop-constraint' | 'validate-constraint' | 'alter-constraint' | 'rename-constraint'
> = {
  'add-constraint': ({ table, constraint }, ledger) => addConstraintTo(ledger, table, constraint),

  'drop-constraint': ({ table, constraint: name }, ledger) => {
    const { catalog } = ledger
    lockTree(ledger, 'ACCESS EXCLUSIVE', table)
    const constraint = catalog.table(table)?.constraints.find((each) => each.name === name)
    if (constraint === undefined) return
    if (constraint.references !== null) ledger.lock('ACCESS EXCLUSIVE', constraint.references.table)
    if (constraint.type !== 'primary-key' && constraint.type !== 'unique') return
    for (const { table: owner, constraint: key } of catalog.referencing(table)) {
      if (sameColumns(key.references?.columns ?? [], constraint.columns)) ledger.lock('ACCESS EXCLUSIVE', owner)
    }
  },

  'validate-constraint': ({ table, constraint: name }, ledger) => {
    lockTree(ledger, 'SHARE UPDATE EXCLUSIVE', table)
    const constraint = ledger.catalog.table(table)?.constraints.find((each) => each.name === name)
    if (constraint?.validated === true) return
    scanTree(ledger, table)
    if (constraint === undefined || constraint.references === null) return
    ledger.lock('ROW SHARE', constraint.references.table)
    scanTree(ledger, constraint.references.table)
  },

  'alter-constraint': ({ table }, ledger) => lockTree(ledger, 'ACCESS EXCLUSIVE', table),
  'rename-constraint': ({ table }, ledger) => lockTree(ledger, 'ACCESS EXCLUSIVE', table),
}

/** What adding a constraint does to its table and to the one it points to. */
export function addConstraintTo(ledger: Ledger, table: QualifiedName, constraint: TableConstraint): void {
  const { catalog } = ledger
  const isProven = constraint.validated && constraint.enforced
  if (constraint.type === 'foreign-key') {
    lockTree(ledger, 'SHARE ROW EXCLUSIVE', table)
    lockTree(ledger, 'SHARE ROW EXCLUSIVE', constraint.references)
    // A table of this very transaction has few rows, if any, to look up.
    if (!isProven || (ledger.context.inTransaction && catalog.born(table) === 'transaction')) return
    scanTree(ledger, table)
    return scanTree(ledger, constraint.references)
  }
  lockTree(ledger, 'ACCESS EXCLUSIVE', table)
  switch (constraint.type) {
    case 'check':
      return isProven ? scanTree(ledger, table) : undefined
    case 'not-null': {
      const [column] = constraint.columns
      if (!isProven || column === undefined) return
      for (const each of ledger.tree(table)) if (!isProvenNotNull(catalog, each, column)) ledger.scan(each)
      return
    }
    case 'exclusion':
      return scanTree(ledger, table)
    case 'primary-key':
    case 'unique': {
      if (constraint.usingIndex === null) return scanTree(ledger, table)
      if (constraint.type === 'unique') return
      const index = catalog.indexes(table).find(({ name }) => name.name === constraint.usingIndex)
      const columns = index?.columns ?? [null]
      if (!columns.every((column) => column !== null && isProvenNotNull(catalog, table, column))) ledger.scan(table)
    }
  }
}

/** Losing a foreign key locks both of its ends; only those that mention the column, when one is given. */
export function lockForeignKeysOf(ledger: Ledger, table: QualifiedName, column?: string): void {
  for (const { columns, references } of ledger.catalog.table(table)?.constraints ?? []) {
    if (references !== null && (column === undefined || columns.includes(column))) {
      ledger.lock('ACCESS EXCLUSIVE', references.table)
    }
  }
  for (const { table: owner, constraint } of ledger.catalog.referencing(table)) {
    if (column === undefined || constraint.references?.columns.includes(column) === true) {
      ledger.lock('ACCESS EXCLUSIVE', owner)
    }
  }
}

function sameColumns(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join('\0') === other.toSorted().join('\0')
}
