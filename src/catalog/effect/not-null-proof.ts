import type { Catalog, CatalogTable } from '../../model/catalog.js'
import type { Expression } from '../../model/operations/shared.js'

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
        type === 'check' && validated && expression !== null && implies(expression, column),
    ) === true
  )
}

/** Whether a CHECK, or one of the parts it joins by AND, says that the column is not null. */
function implies(expression: Expression, column: string): boolean {
  return expression.text.split(/\band\b/i).some((part) => {
    const [, name] = /^[\s(]*(?:[\w$]+\.)?"?([^"()\s]+|[^"]+)"?\s+is\s+not\s+null[\s)]*$/i.exec(part) ?? []
    return name === column && !/\bor\b/i.test(expression.text)
  })
}
