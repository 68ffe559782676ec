import type { Catalog, CatalogTable } from './catalog.js'
import type { QualifiedName } from './names.js'

/** The DEFAULT partition of a table. */
export function defaultPartitionOf(catalog: Catalog, parent: QualifiedName): CatalogTable | undefined {
  return catalog.children(parent).find((child) => child.defaultPartition)
}

/**
 * Whether a validated CHECK of the table speaks of the partition key. It is taken to prove the bounds, which the catalog does not
 * hold.
 */
export function hasCheckOn(table: CatalogTable | undefined, key: readonly string[]): boolean {
  return (
    table?.constraints.some(
      (constraint) =>
        constraint.type === 'check' && constraint.validated && constraint.columns.some((each) => key.includes(each)),
    ) === true
  )
}
