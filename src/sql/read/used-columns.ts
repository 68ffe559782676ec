import type { Node } from '@pgsql/types'
import { columnsIn } from '../expression.js'
import { all, as, every } from './tree.js'

/**
 * The columns that a query of one relation uses, or `all` of them; null where it has several parts, each of which may have
 * a column of a name. PostgreSQL keeps whatever a view names, be it shown or only in a condition
 * (https://www.postgresql.org/docs/current/ddl-depend.html).
 */
export function usedColumns(query: Node | undefined): readonly string[] | 'all' | null {
  const select = as('SelectStmt', query)
  const isOne = every('RangeVar', query).length === 1 && select?.fromClause?.length === 1
  if (select === undefined || !isOne || as('RangeVar', select.fromClause?.[0]) === undefined) return null
  if (select.larg !== undefined || every('SelectStmt', query).length > 1) return null
  if (every('A_Star', query).length > 0) return 'all'
  const { sortClause, ...rest } = select
  // In ORDER BY a name of the result comes before one of the table.
  const given = new Set(all('ResTarget', select.targetList).map(({ name }) => name))
  return [...new Set([...columnsIn(rest), ...columnsIn(sortClause).filter((name) => !given.has(name))])]
}
