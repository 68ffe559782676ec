import { MOST_ATTEMPTS } from './backoff.js'
import type { Database } from './database.js'
import { LEASE, type Lease } from './lease.js'

export interface ClaimLimits {
  /** How many subjects of one installation may be served at once, by all workers. */
  readonly perInstallation?: number | undefined
  /** How long the lease lasts, in milliseconds. */
  readonly lasting?: number
}

const PER_INSTALLATION = 4
/** Claims are made one after the other, so that each sees what the others have taken. */
const CLAIM_LOCK = 4_772_610_932

/**
 * Leases the subject that comes next, or null when none may be served now. The lane decides first; within it the installation that
 * has waited longest; then who has waited longest. Never two subjects of a repository with one head at once.
 */
export async function claim(database: Database, holder: string, limits: ClaimLimits = {}): Promise<Lease | null> {
  const [row] = await database.transaction(async (inside) => {
    await inside.query('SELECT pg_catalog.pg_advisory_xact_lock($1)', [CLAIM_LOCK])
    return inside.query<LeaseRow>(CLAIM, [
      holder,
      limits.lasting ?? LEASE.lasting,
      limits.perInstallation ?? PER_INSTALLATION,
    ])
  })
  if (row === undefined) return null
  return { ...row, holder }
}

/** Whether it has failed as often as it may: all that is left is to tell GitHub so. */
export function mustBeBuried(lease: Lease): boolean {
  return lease.failures >= MOST_ATTEMPTS
}

type LeaseRow = Omit<Lease, 'holder'>

const CLAIM = `
  WITH moment AS MATERIALIZED (SELECT pg_catalog.clock_timestamp() AS now),
  busy AS MATERIALIZED (
    SELECT s.installation_id, s.repository_id, s.head
    FROM dba.subjects AS s, moment WHERE s.lease_holder IS NOT NULL AND s.lease_until > moment.now),
  sated AS (SELECT installation_id FROM busy GROUP BY installation_id HAVING count(*) >= $3::int),
  ready AS (
    SELECT i.id, i.served_at, moment.now FROM dba.installations AS i, moment
    WHERE NOT i.suspended AND i.removed_at IS NULL AND (i.paused_until IS NULL OR i.paused_until <= moment.now)
      AND i.id NOT IN (SELECT installation_id FROM sated)),
  next AS (
    SELECT s.id, ready.now FROM dba.subjects AS s JOIN ready ON ready.id = s.installation_id
    WHERE s.wanted_epoch > s.done_epoch AND s.dead_at IS NULL AND s.next_at <= ready.now
      AND (s.lease_holder IS NULL OR s.lease_until <= ready.now)
      AND NOT EXISTS (SELECT FROM busy WHERE busy.repository_id = s.repository_id AND busy.head = s.head)
    ORDER BY s.lane, ready.served_at, s.next_at, s.id
    LIMIT 1
    FOR UPDATE OF s SKIP LOCKED),
  served AS (
    UPDATE dba.installations AS i SET served_at = next.now
    FROM next JOIN dba.subjects AS s ON s.id = next.id WHERE i.id = s.installation_id)
  UPDATE dba.subjects AS s SET
    lease_holder = $1, lease_epoch = s.lease_epoch + 1, lease_wanted = s.wanted_epoch,
    lease_until = next.now + $2::int * interval '1 ms',
    gathering_since = NULL,
    -- One that was taken and never given back has failed without a word: it may be what kills the workers.
    attempts = s.attempts + CASE WHEN s.lease_holder IS NULL THEN 0 ELSE 1 END,
    error = CASE WHEN s.lease_holder IS NULL THEN s.error ELSE 'the worker that was at it is gone' END
  FROM next WHERE s.id = next.id
  RETURNING s.id, s.installation_id AS installation, s.repository_id AS repository, s.subject, s.lease_epoch AS epoch,
    s.lease_wanted AS wanted, s.attempts AS failures, s.lane, s.head, s.error`
