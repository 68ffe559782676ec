import type { Catalog, CatalogTable } from '../../model/catalog.js'
import { demandsValue } from '../../model/not-null.js'

/** Whether SET NOT NULL finds proof enough not to read the table. */
export function isProvenNotNull(catalog: Catalog, table: CatalogTable['name'], column: string): boolean {
  const known = catalog.table(table)
  if (catalog.column(table, column)?.notNull === true) {
    return !known?.constraints.some(
      ({ type, columns: of, validated }) => type === 'not-null' && !validated && of.includes(column),
    )
  }
  return (
    known?.constraints.some(
      ({ type, validated, expression }) =>
        type === 'check' && validated && expression !== null && demandsValue(expression.text, column),
    ) === true
  )
}
