import type { Session } from '../../sandbox/sandbox.js'

/** A table into which rows can be put: an ordinary one, or a partition that has none of its own. */
export interface TableFacts {
  readonly oid: string
  /** Qualified and quoted. */
  readonly name: string
  /** What rows are inserted into: the root of a partition, else the table itself. */
  readonly into: string
  /** What every row of a partition satisfies; null for what is none. */
  readonly bound: string | null
  readonly columns: readonly ColumnFacts[]
  readonly checks: readonly { readonly expression: string; readonly columns: readonly number[] }[]
  /** Columns of unique constraints, unique indexes and exclusion constraints, those in expressions too. */
  readonly uniques: readonly (readonly number[])[]
  readonly references: readonly ReferenceFacts[]
  /** Triggers that fire, with what brings each back. */
  readonly triggers: readonly { readonly table: string; readonly name: string; readonly state: 'O' | 'R' | 'A' }[]
}

export interface ColumnFacts {
  readonly number: number
  /** Quoted. */
  readonly name: string
  readonly type: string
  /** With its modifier, such as `numeric(10,2)`. */
  readonly typeName: string
  readonly notNull: boolean
  /** Where a value comes from when none is written; only those of `written` are. */
  readonly source: 'written' | 'sequence' | 'generated'
}

/** A foreign key. */
export interface ReferenceFacts {
  readonly columns: readonly number[]
  /** Object id of the referenced table. */
  readonly target: string
  readonly targetName: string
  readonly targetColumns: readonly string[]
}

/** A data type that a column is of, or that one of those is made of. */
export interface TypeFacts {
  readonly oid: string
  readonly kind: 'base' | 'enum' | 'domain' | 'composite' | 'range' | 'multirange' | 'array'
  /** Unqualified and unquoted, such as `int4`. */
  readonly name: string
  /** Qualified and quoted; also the name of a range's constructor. */
  readonly qualified: string
  /** An array's element, a domain's base, a range's subtype, a multirange's range. */
  readonly of: string | null
  /** `of` with its modifier. */
  readonly ofName: string
  readonly labels: readonly string[]
  /** What a domain's values satisfy, in terms of VALUE. */
  readonly checks: readonly string[]
  readonly notNull: boolean
  readonly fields: readonly { readonly type: string; readonly typeName: string }[]
}

/** What a database says about its own tables. */
export interface Facts {
  readonly tables: readonly TableFacts[]
  /** Partitioned tables that have no partition a row could go to. */
  readonly hollow: readonly string[]
  readonly types: ReadonlyMap<string, TypeFacts>
}

/** Reads what the tables require of their rows. */
export async function readFacts(session: Session, bookkeeping: readonly string[]): Promise<Facts> {
  const left = new Set(bookkeeping.map((name) => (name.includes('.') ? name : `public.${name}`)))
  const [tables, hollow, types] = await session.read([TABLES, HOLLOW, TYPES])
  const lines = (answer: typeof tables): readonly (readonly (string | null)[])[] => {
    if (answer === undefined || 'error' in answer) throw new Error(`the tables could not be read: ${answer?.error}`)
    return answer.rows
  }
  return {
    tables: lines(tables)
      .map(([fact]) => JSON.parse(fact ?? '') as TableFacts)
      .filter(({ name, into }) => !left.has(name) && !left.has(into)),
    hollow: lines(hollow).map(([name]) => name ?? ''),
    types: new Map(lines(types).map(([oid, fact]) => [oid ?? '', JSON.parse(fact ?? '') as TypeFacts])),
  }
}

/** Ordinary tables, partitions and partitioned tables of the user's. */
const MINE = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass
                     AND e.objid = c.oid AND e.deptype = 'e')`

const LIST = (query: string): string => `coalesce((${query}), '[]')`

const COLUMNS = LIST(`SELECT json_agg(json_build_object('number', a.attnum, 'name', quote_ident(a.attname),
    'type', a.atttypid::text, 'typeName', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
    'source', CASE WHEN a.attgenerated <> '' THEN 'generated'
                   WHEN a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\\(' THEN 'sequence'
                   ELSE 'written' END) ORDER BY a.attnum)
  FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`)

const CHECKS = LIST(`SELECT json_agg(json_build_object('expression', pg_get_expr(k.conbin, k.conrelid), 'columns',
    coalesce(k.conkey, '{}')) ORDER BY k.conname)
  FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'`)

const UNIQUES = LIST(`SELECT json_agg(s.columns) FROM (SELECT array_agg(DISTINCT u.number) AS columns
  FROM pg_catalog.pg_index i CROSS JOIN LATERAL (
    SELECT p.number FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS p (number, at)
     WHERE p.number > 0 AND p.at <= i.indnkeyatts
    UNION ALL
    SELECT d.refobjsubid FROM pg_catalog.pg_depend d WHERE d.refobjid = i.indrelid AND d.refobjsubid > 0
       AND (d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
         OR d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid IN (
              SELECT k.oid FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')))) u
 WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion) GROUP BY i.indexrelid) s`)

const KEYS = (array: string): string => `(SELECT json_agg(quote_ident(b.attname) ORDER BY w.at)
  FROM unnest(${array}) WITH ORDINALITY AS w (number, at)
  JOIN pg_catalog.pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = w.number)`

const REFERENCES = LIST(`SELECT json_agg(json_build_object('columns', k.conkey, 'target', k.confrelid::text,
    'targetName', k.confrelid::regclass::text, 'targetColumns', ${KEYS('k.confkey')})
    ORDER BY k.conname)
  FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.oid = k.conparentid AND o.conrelid = k.conrelid)`)

const TRIGGERS =
  LIST(`SELECT json_agg(json_build_object('table', g.tgrelid::regclass::text, 'name', quote_ident(g.tgname),
    'state', g.tgenabled) ORDER BY g.tgname)
  FROM pg_catalog.pg_trigger g WHERE NOT g.tgisinternal AND g.tgenabled <> 'D'
   AND (g.tgrelid = c.oid OR g.tgrelid IN (SELECT a.relid FROM pg_catalog.pg_partition_ancestors(c.oid) a))`)

const TABLES = `SELECT json_build_object('oid', c.oid::text, 'name', c.oid::regclass::text,
    'into', coalesce(pg_partition_root(c.oid), c.oid)::regclass::text,
    'bound', CASE WHEN c.relispartition THEN pg_get_partition_constraintdef(c.oid) END,
    'columns', ${COLUMNS}, 'checks', ${CHECKS}, 'uniques', ${UNIQUES}, 'references', ${REFERENCES}, 'triggers', ${TRIGGERS})
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND ${MINE}
 ORDER BY n.nspname, c.relname`

const HOLLOW = `SELECT c.oid::regclass::text
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'p' AND ${MINE} AND NOT EXISTS (SELECT FROM pg_catalog.pg_partition_tree(c.oid) t WHERE t.isleaf
         AND (SELECT l.relkind FROM pg_catalog.pg_class l WHERE l.oid = t.relid) = 'r')
 ORDER BY n.nspname, c.relname`

/** The types of all columns, and what those are made of. */
const TYPES = `WITH RECURSIVE reached (oid) AS (
    SELECT a.atttypid FROM pg_catalog.pg_attribute a, pg_catalog.pg_class c, pg_catalog.pg_namespace n
     WHERE a.attrelid = c.oid AND c.relnamespace = n.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND ${MINE}
    UNION
    SELECT p.oid FROM reached r JOIN pg_catalog.pg_type t ON t.oid = r.oid CROSS JOIN LATERAL (
      SELECT t.typelem AS oid WHERE t.typcategory = 'A'
      UNION ALL SELECT t.typbasetype
      UNION ALL SELECT f.atttypid FROM pg_catalog.pg_attribute f WHERE f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped
      UNION ALL SELECT g.rngsubtype FROM pg_catalog.pg_range g WHERE g.rngtypid = t.oid
      UNION ALL SELECT g.rngtypid FROM pg_catalog.pg_range g WHERE g.rngmultitypid = t.oid) p
     WHERE p.oid <> 0)
  SELECT t.oid::text, json_build_object('oid', t.oid::text, 'name', t.typname,
    'kind', CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range'
                 WHEN 'm' THEN 'multirange' ELSE CASE t.typcategory WHEN 'A' THEN 'array' ELSE 'base' END END,
    'qualified', quote_ident(s.nspname) || '.' || quote_ident(t.typname),
    'of', p.oid::text, 'ofName', format_type(p.oid, p.modifier),
    'labels', ${LIST(`SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid`)},
    'checks', ${LIST(`SELECT json_agg(pg_get_expr(k.conbin, 0) ORDER BY k.conname) FROM pg_catalog.pg_constraint k
                       WHERE k.contypid = t.oid AND k.contype = 'c'`)},
    'notNull', t.typnotnull,
    'fields', ${LIST(`SELECT json_agg(json_build_object('type', f.atttypid::text, 'typeName', format_type(f.atttypid, f.atttypmod))
                                      ORDER BY f.attnum)
                        FROM pg_catalog.pg_attribute f WHERE f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped`)})
  FROM reached r JOIN pg_catalog.pg_type t ON t.oid = r.oid JOIN pg_catalog.pg_namespace s ON s.oid = t.typnamespace
  LEFT JOIN LATERAL (
    SELECT t.typelem AS oid, -1 AS modifier WHERE t.typcategory = 'A'
    UNION ALL SELECT t.typbasetype, t.typtypmod WHERE t.typbasetype <> 0
    UNION ALL SELECT g.rngsubtype, -1 FROM pg_catalog.pg_range g WHERE g.rngtypid = t.oid
    UNION ALL SELECT g.rngtypid, -1 FROM pg_catalog.pg_range g WHERE g.rngmultitypid = t.oid) p ON true`
