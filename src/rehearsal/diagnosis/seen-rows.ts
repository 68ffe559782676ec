import type { SeenRow } from '../../model/evidence.js'
import type { Answer, Session } from '../../sandbox/sandbox.js'
import type { Relation } from './relation.js'

/** More rows, columns and characters than that are not shown. */
const MOST = { rows: 5, columns: 6, characters: 60 }

/** Some rows, and how many there are. */
export interface Sight {
  readonly rows: readonly SeenRow[]
  readonly total: number | null
}

export const NOT_SEEN: Sight = { rows: [], total: null }

/**
 * The first rows of what follows FROM. The query runs with only pg_catalog on the search path; what it cannot be asked
 * is not seen.
 */
export async function look(
  session: Session,
  columns: readonly string[],
  from: string,
  order: readonly string[] = [],
): Promise<Sight> {
  const shown = [...new Set(columns)].slice(0, MOST.columns)
  const values = shown.map((column) => `left((${column})::text, ${MOST.characters + 1})`)
  const sorted = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`
  const [some, counted] = await session.read([
    `SELECT ${values.join(', ')} ${from}${sorted} LIMIT ${MOST.rows}`,
    `SELECT count(*) FROM (SELECT 1 ${from}) s`,
  ])
  const total = counted !== undefined && 'rows' in counted ? Number(counted.rows[0]?.[0] ?? 0) : null
  return { rows: named(shown, some), total }
}

/** Rows of an answer, cut, under their columns as people write them. */
export function named(columns: readonly string[], answer: Answer | undefined): readonly SeenRow[] {
  if (answer === undefined || 'error' in answer) return []
  return answer.rows
    .slice(0, MOST.rows)
    .map((row) => columns.map((column, at) => ({ column: column.replace(/^c\./, ''), value: cut(row[at] ?? null) })))
}

function cut(value: string | null): string | null {
  if (value === null) return null
  const points = Array.from(value)
  return points.length > MOST.characters ? `${points.slice(0, MOST.characters - 1).join('')}…` : value
}

/** The columns by which a person knows a row: its key, and those that matter. */
export function telling(relation: Relation, columns: readonly string[], alias = ''): readonly string[] {
  return [...relation.key, ...columns].map((column) => `${alias}${column}`)
}
