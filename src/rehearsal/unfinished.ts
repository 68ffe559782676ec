import type { Rehearsal } from '../model/evidence.js'
import type { Session } from '../sandbox/sandbox.js'
import { shown } from './snapshot.js'

type Unfinished = Rehearsal['unfinished'][number]

/**
 * Indexes that are maintained and not used, and partitions that are half-way detached: what an interrupted CONCURRENTLY leaves
 * (https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY). The index of a partitioned
 * table is not meant: it is invalid by design until the last partition's is attached.
 */
export async function readUnfinished(session: Session): Promise<readonly Unfinished[]> {
  const [answer] = await session.read([UNFINISHED])
  if (answer === undefined || 'error' in answer) throw new Error(`the indexes could not be read: ${answer?.error}`)
  return answer.rows.map(([what, object, table]) => ({
    what: what === 'index' ? 'invalid-index' : 'pending-detach',
    object: shown(object ?? ''),
    table: shown(table ?? ''),
  }))
}

/** Those that were not there before. */
export function unfinishedSince(before: readonly Unfinished[], after: readonly Unfinished[]): readonly Unfinished[] {
  return after.filter(({ what, object }) => !before.some((old) => old.what === what && old.object === object))
}

const UNFINISHED = `
  SELECT 'index', i.indexrelid::regclass, i.indrelid::regclass
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname !~ '^pg_'
  UNION ALL
  SELECT 'partition', h.inhrelid::regclass, h.inhparent::regclass FROM pg_catalog.pg_inherits h WHERE h.inhdetachpending
   ORDER BY 1, 2`
