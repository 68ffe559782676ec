import type { Catalog } from './catalog.js'
import type { Migration } from './migration.js'
import { keyOf, type QualifiedName } from './names.js'
import { operationsIn } from './pulled.js'

/** Whether a table is known to have a policy that lets rows through, from before or by these migrations. */
export function hasPolicy(catalog: Catalog, table: QualifiedName, pull: readonly Migration[]): boolean {
  const key = keyOf(catalog.table(table)?.name ?? table)
  const isKnown = [...catalog.objects].some(
    (each) => each.kind === 'policy' && each.table !== null && keyOf(each.table) === key,
  )
  return (
    isKnown || operationsIn(pull).some((each) => each.kind === 'create-policy' && keyOf(each.table) === keyOf(table))
  )
}
