import type { Trace } from '../../model/description.js'
import type { Session } from '../../sandbox/sandbox.js'

/** Which revisions wrote the rows of PostgreSQL's own catalogs, as far as was seen. */
export interface Chronicle {
  /** Looks at what was written since the last look, and takes it for the work of a revision. Never throws. */
  note(revision: string): Promise<void>
  /** By what a column, constraint, index, trigger, policy or rule was written, by its key. */
  traceOf(key: string): Trace
  /** By what a relation was written: itself, any of its parts, or one that is gone. */
  traceOfRelation(relation: string): Trace
}

/**
 * Begins a chronicle of a database. A row of a catalog says which transaction wrote it last, so one look after each
 * revision is enough, and what a revision does by a function, a block or a cascade is seen as well.
 */
export async function chronicle(session: Session): Promise<Chronicle> {
  const parts = new Map<string, Trace>()
  const relations = new Map<string, Trace>()
  let standing = new Map<string, string>()
  let unseen = 0
  const boundary = await look(session, '0')
  let next = boundary?.next ?? null
  return {
    async note(revision) {
      const seen = next === null ? null : await look(session, next)
      if (seen === null) {
        unseen++
        return
      }
      // What came about since the last look is of more than one revision when one could not be followed by a look.
      const by = unseen === 0 ? revision : null
      unseen = 0
      next = seen.next
      const write = (traces: Map<string, Trace>, key: string): void => {
        const known = traces.get(key)
        traces.set(key, { created: known === undefined ? by : known.created, changed: by })
      }
      for (const { key, relation } of seen.written) {
        write(parts, key)
        if (relation !== key) write(relations, relation)
      }
      for (const { key, relation } of seen.written) if (relation === key) write(relations, relation)
      for (const [key, relation] of standing) if (!seen.standing.has(key)) write(relations, relation)
      standing = seen.standing
    },
    traceOf: (key) => parts.get(key) ?? UNKNOWN,
    traceOfRelation: (relation) => relations.get(relation) ?? UNKNOWN,
  }
}

const UNKNOWN: Trace = { created: null, changed: null }

interface Look {
  /** The first transaction that this look knows nothing of. */
  readonly next: string
  readonly written: readonly { readonly key: string; readonly relation: string }[]
  /** Everything that can go without leaving a row behind, with its relation. */
  readonly standing: Map<string, string>
}

async function look(session: Session, since: string): Promise<Look | null> {
  const answers = await session.read([NEXT, written(since), STANDING]).catch(() => [])
  const [next, rows, standing] = answers.map((answer) => ('error' in answer ? null : answer.rows))
  const first = next?.[0]?.[0]
  if (first === undefined || first === null || !rows || !standing) return null
  return {
    next: first,
    written: rows.map(([key, relation]) => ({ key: key ?? '', relation: relation ?? '' })),
    standing: new Map(standing.map(([key, relation]) => [key ?? '', relation ?? ''])),
  }
}

const NEXT = 'SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text'

/** Where what a table is made of is kept: its key, the relation that it belongs to, and its rows. */
const PARTS: readonly { readonly key: string; readonly relation: string; readonly from: string }[] = [
  { key: `'relation ' || x.oid`, relation: 'x.oid', from: `pg_class x WHERE x.relkind IN ('r', 'p', 'f', 'v', 'm')` },
  {
    key: `'column ' || x.attrelid || ' ' || x.attnum`,
    relation: 'x.attrelid',
    from: 'pg_attribute x WHERE x.attnum > 0',
  },
  { key: `'column ' || x.adrelid || ' ' || x.adnum`, relation: 'x.adrelid', from: 'pg_attrdef x WHERE true' },
  { key: `'constraint ' || x.oid`, relation: 'x.conrelid', from: 'pg_constraint x WHERE x.conrelid <> 0' },
  { key: `'index ' || x.indexrelid`, relation: 'x.indrelid', from: 'pg_index x WHERE true' },
  { key: `'trigger ' || x.oid`, relation: 'x.tgrelid', from: 'pg_trigger x WHERE NOT x.tgisinternal' },
  { key: `'policy ' || x.oid`, relation: 'x.polrelid', from: 'pg_policy x WHERE true' },
  { key: `'rule ' || x.oid`, relation: 'x.ev_class', from: 'pg_rewrite x WHERE true' },
  {
    key: `CASE x.objsubid WHEN 0 THEN 'relation ' || x.objoid ELSE 'column ' || x.objoid || ' ' || x.objsubid END`,
    relation: 'x.objoid',
    from: `pg_description x WHERE x.classoid = 'pg_catalog.pg_class'::regclass`,
  },
]

/** What PostgreSQL itself is born with has smaller numbers. */
const OURS = 16_384

function written(since: string): string {
  return PARTS.map(
    ({ key, relation, from }) => `SELECT ${key}, 'relation ' || ${relation} FROM pg_catalog.${from}
      AND ${relation} >= ${OURS} AND x.xmin::text::bigint >= ${since}`,
  ).join('\nUNION ')
}

const STANDING = PARTS.slice(3, 8)
  .map(
    ({ key, relation, from }) =>
      `SELECT ${key}, 'relation ' || ${relation} FROM pg_catalog.${from} AND ${relation} >= ${OURS}`,
  )
  .join('\nUNION ALL ')
