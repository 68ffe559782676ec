import { columnIsNew, type Catalog } from './catalog.js'
import { isSystem } from './names.js'
import type { Update } from './operations/data.js'

/**
 * The columns whose old values an UPDATE with a condition replaces, `catalog` being the schema just before it: not those that the
 * pull request adds, nor those that its condition says are NULL.
 */
export function overwrittenBy({ table, columns, where }: Update, catalog: Catalog): readonly string[] {
  if (isSystem(table) || where === null || where.tautology) return []
  const isEmpty = (column: string): boolean =>
    new RegExp(`\\b${column.replace(/\W/g, '\\$&')}"?\\s+is\\s+null\\b`, 'i').test(where.text)
  return columns.filter((column) => !columnIsNew(catalog, table, column) && !isEmpty(column))
}
