import type { Violation } from '../model/evidence.js'
import type { SchemaDump, Session } from '../sandbox/sandbox.js'
import { shown } from './snapshot.js'

/** Rules that rows break, and those that could not be asked about. */
export interface Integrity {
  readonly broken: readonly Violation[]
  readonly unread: readonly { readonly table: string; readonly reason: string }[]
}

/**
 * Counts the rows that break a rule of the schema: foreign keys whether validated or not, and the checks, NOT NULLs and
 */
export async function violations(
  session: Session,
  before: SchemaDump,
  bookkeeping: readonly string[],
): Promise<Integrity> {
  const left = new Set(bookkeeping.map((name) => (name.includes('.') ? name : `public.${name}`)))
  const [listed] = await session.read([RULES])
  if (listed === undefined || 'error' in listed) throw new Error(`the rules could not be read: ${listed?.error}`)
  const rules = listed.rows.map(([key, constraint, table, from, people]) => ({
    key: key ?? '',
    constraint: constraint ?? '',
    table: table ?? '',
    from: from ?? '',
    people: people ?? '',
  }))
  const asked = rules.filter(({ table }) => !left.has(table))
  const broken: Violation[] = []
  const unread: Integrity['unread'][number][] = []
  const answers = await session.read(asked.map(({ from }) => `SELECT count(*) ${from}`))
  for (const [at, { key, constraint, table, people }] of asked.entries()) {
    const answer = answers[at]
    if (answer !== undefined && 'error' in answer) {
      unread.push({
        table: shown(table),
        reason: `whether its rows satisfy ${constraint} could not be asked: ${answer.error}`,
      })
    }
    const rows = answer !== undefined && 'rows' in answer ? Number(answer.rows[0]?.[0] ?? 0) : 0
    if (rows === 0) continue
    broken.push({ constraint, table: shown(table), rows, query: people, since: before.has(key) ? 'before' : 'up' })
  }
  return { broken, unread }
}

/** Pairs of columns of a foreign key: how they are compared, and how a person compares them. */
const PAIRS = (form: string): string => `(SELECT string_agg(${form}, ' AND ' ORDER BY w.at)
  FROM unnest(k.conkey, k.confkey, k.conpfeqop) WITH ORDINALITY AS w (mine, theirs, op, at)
  JOIN pg_catalog.pg_attribute m ON m.attrelid = k.conrelid AND m.attnum = w.mine
  JOIN pg_catalog.pg_attribute t ON t.attrelid = k.confrelid AND t.attnum = w.theirs
  JOIN pg_catalog.pg_operator o ON o.oid = w.op)`
const PRESENT = PAIRS(`'c.' || quote_ident(m.attname) || ' IS NOT NULL'`)
const EXACT = PAIRS(
  `format('p.%I OPERATOR(%I.%s) c.%I', t.attname, o.oprnamespace::regnamespace, o.oprname, m.attname)`,
)
const PLAIN = PAIRS(`format('p.%I = c.%I', t.attname, m.attname)`)
const ORPHANS = (pairs: string): string => `format('FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)',
  k.conrelid::regclass, ${PRESENT}, k.confrelid::regclass, ${pairs})`
const KEY = `'constraint ' || k.conrelid::regclass || '.' || quote_ident(k.conname)`
const COLUMN = `(SELECT quote_ident(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1])`
const UNIQUE = `(SELECT string_agg(pg_get_indexdef(i.indexrelid, g, true), ', ' ORDER BY g) FROM generate_series(1, i.indnkeyatts) g)`
const DUPLICATES = `format('FROM (SELECT %s, count(*) AS rows FROM %s%s GROUP BY %s HAVING count(*) > 1) d', ${UNIQUE}, i.indrelid::regclass,
  ' WHERE ' || pg_get_expr(i.indpred, i.indrelid), ${UNIQUE})`

/** PostgreSQL 18 has constraints that are only written down. */
const ENFORCED = `(to_jsonb(k) ->> 'conenforced') IS DISTINCT FROM 'false'`

const RULES = `
  SELECT ${KEY}, k.conname, k.conrelid::regclass, ${ORPHANS(EXACT)}, 'SELECT * ' || ${ORPHANS(PLAIN)}
    FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.conparentid = 0 AND ${ENFORCED}
  UNION ALL
  SELECT ${KEY}, k.conname, k.conrelid::regclass, said.what, 'SELECT * ' || said.what
    FROM pg_catalog.pg_constraint k, LATERAL (SELECT format('FROM %s WHERE (%s) IS FALSE', k.conrelid::regclass,
                                                            pg_get_expr(k.conbin, k.conrelid)) AS what) said
   WHERE k.contype = 'c' AND k.conrelid <> 0 AND NOT k.convalidated AND ${ENFORCED}
  UNION ALL
  SELECT ${KEY}, k.conname, k.conrelid::regclass, said.what, 'SELECT * ' || said.what
    FROM pg_catalog.pg_constraint k, LATERAL (SELECT format('FROM %s WHERE %s IS NULL', k.conrelid::regclass, ${COLUMN}) AS what) said
   WHERE k.contype = 'n' AND k.conrelid <> 0 AND NOT k.convalidated
  UNION ALL
  SELECT 'index ' || i.indexrelid::regclass, i.indexrelid::regclass::text, i.indrelid::regclass, ${DUPLICATES}, 'SELECT * ' || ${DUPLICATES}
    FROM pg_catalog.pg_index i WHERE i.indisunique AND NOT i.indisvalid AND i.indnkeyatts > 0
  ORDER BY 1`
