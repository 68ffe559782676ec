import { quote, type QualifiedName } from '../../model/names.js'
import type { Session } from '../../sandbox/sandbox.js'
import { literal } from '../seed/literal.js'

/** A table as the catalog has it; every name is quoted where SQL needs that. */
export interface Relation {
  /** Qualified, for a reading. */
  readonly name: string
  /** As a person writes it. */
  readonly shown: string
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly notNull: boolean
    readonly hasDefault: boolean
  }[]
  /** Columns of the primary key; none when there is none. */
  readonly key: readonly string[]
}

/** The table that a name means: in the schema that is written, else the first in the order of the search path. */
export async function relationOf(
  session: Session,
  written: QualifiedName | string,
  path: readonly string[] = [],
): Promise<Relation | null> {
  const { schema, name } = typeof written === 'string' ? { schema: '', name: written } : written
  const where = schema === '' ? MINE : `n.nspname = ${literal(schema)}`
  const order = `array_position(ARRAY[${['public', ...path].map(literal).join(', ')}]::text[], n.nspname::text)`
  const [answer] = await session.read([
    `${RELATION} AND c.relname = ${literal(name)} AND ${where}
    ORDER BY ${order} NULLS LAST, n.nspname LIMIT 1`,
  ])
  const fact = answer !== undefined && 'rows' in answer ? answer.rows[0]?.[0] : undefined
  if (typeof fact !== 'string') return null
  const relation = JSON.parse(fact) as Omit<Relation, 'shown'>
  return { ...relation, shown: relation.name.replace(/^public\./, '') }
}

/** How a table is called in a query for people, found or not. */
export function called(relation: Relation | null, written: QualifiedName | string): string {
  return relation?.shown ?? quote(written)
}

/** Schemas that are the user's. */
export const MINE = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`

const RELATION = `SELECT json_build_object('name', quote_ident(n.nspname) || '.' || quote_ident(c.relname),
    'columns', coalesce((SELECT json_agg(json_build_object('name', quote_ident(a.attname),
        'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull, 'hasDefault', a.atthasdef) ORDER BY a.attnum)
       FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
    'key', coalesce((SELECT json_agg(quote_ident(a.attname) ORDER BY array_position(i.indkey::int2[], a.attnum))
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = c.oid AND i.indisprimary), '[]'))
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p')`
