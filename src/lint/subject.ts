import type { Born, Catalog } from '../model/catalog.js'
import type { QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'

/** The relation that an operation is about: its table, or for an index or a view the one it belongs to; null when it has none. */
export function subjectOf(operation: Operation, catalog: Catalog): QualifiedName | null {
  switch (operation.kind) {
    case 'drop-index':
    case 'alter-index':
      return catalog.index(operation.index)?.table ?? null
    case 'reindex':
      if (operation.name === null) return null
      return operation.target === 'index' ? (catalog.index(operation.name)?.table ?? null) : operation.name
    case 'create-view':
    case 'refresh-materialized-view':
      return operation.view
    case 'drop-object':
    case 'rename-object':
      return operation.table ?? operation.name
    default:
      return 'table' in operation ? operation.table : null
  }
}

/** Whether something born then existed before the pull request, as far as anybody knows. */
export function existedBefore(born: Born | 'unknown'): boolean {
  return born === 'base' || born === 'unknown'
}
