import type { Database } from './database.js'
import { QUEUE_SCHEMA } from './queue-schema.js'
import { wake } from './subjects.js'

/** So long after its time nobody has taken it, although somebody should have been woken. */
const OVERDUE_MILLISECONDS = 3_000
/** One that is woken takes all there is, so that as many as serve at once are enough. */
const MOST_WOKEN = 20

/**
 * Wakes workers for subjects that are due and that nobody holds: those whose worker is gone, and whatever else the queue may have lost.
 * Returns how many there were.
 */
export async function sweep(database: Database): Promise<number> {
  const [row] = await database.query<{ woken: number }>(
    `WITH overdue AS (
       SELECT s.id, s.next_at, s.lane FROM dba.subjects AS s JOIN dba.installations AS i ON i.id = s.installation_id
       WHERE wanted_epoch > done_epoch AND dead_at IS NULL AND NOT i.suspended AND i.removed_at IS NULL
         AND (i.paused_until IS NULL OR i.paused_until <= pg_catalog.clock_timestamp())
         AND greatest(next_at, lease_until) < pg_catalog.clock_timestamp()
           - CASE WHEN lease_holder IS NULL THEN $2::int ELSE 0 END * interval '1 ms'
       ORDER BY s.lane, s.next_at LIMIT $1)
     ${wake('overdue')}`,
    [MOST_WOKEN, OVERDUE_MILLISECONDS],
  )
  return row?.woken ?? 0
}

/** Forgets jobs of workers that are gone: others have done since what those were woken for. Returns how many there were. */
export async function forgetJobs(database: Database): Promise<number> {
  const rows = await database.query(
    `SELECT id FROM ${QUEUE_SCHEMA}.complete_jobs(ARRAY(
       SELECT id FROM ${QUEUE_SCHEMA}.jobs
       WHERE attempts >= max_attempts AND (locked_at IS NULL OR locked_at < pg_catalog.now() - interval '4 hours') LIMIT 5000))`,
  )
  return rows.length
}
