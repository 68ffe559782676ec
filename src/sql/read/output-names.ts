import type { Node, ResTarget } from '@pgsql/types'
import { all, as, strings } from './tree.js'

/**
 * What the columns of a query are called, in order, the first of them renamed by a list of aliases; null where the text
 * does not tell: `*`, or an expression whose name PostgreSQL makes up.
 */
export function outputNames(query: Node | undefined, aliases: readonly string[]): readonly string[] | null {
  let select = as('SelectStmt', query)
  // The first query of a UNION gives the names.
  while (select?.larg !== undefined) select = select.larg
  if (select === undefined || select.valuesLists !== undefined) return null
  const names = all('ResTarget', select.targetList).map((target, i) => aliases[i] ?? nameOf(target))
  return names.every((name) => name !== null) ? names : null
}

function nameOf({ name, val }: ResTarget): string | null {
  if (name !== undefined) return name
  const column = as('ColumnRef', val)?.fields ?? []
  const [last = null] = strings(column.slice(-1))
  return last ?? strings(as('FuncCall', val)?.funcname).at(-1) ?? null
}
