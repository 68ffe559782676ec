import type { Queryable } from './database.js'

/** How things stand, as the tables say. Ages are in seconds; 0 when there is nothing. */
export interface State {
  readonly oldestEvent: number
  readonly oldestRunnable: number
  readonly pendingDeliveries: number
  readonly waiting: number
  readonly running: number
  readonly dead: number
  readonly staleChecks: number
  readonly unparseable: number
  readonly pausedInstallations: number
}

export async function stateOf(database: Queryable): Promise<State> {
  const [state] = await database.query<State>(`
    WITH moment AS MATERIALIZED (SELECT pg_catalog.clock_timestamp() AS now),
    wanted AS (SELECT s.*, now, coalesce(lease_until > now, false) AS leased
      FROM dba.subjects AS s JOIN dba.installations AS i ON i.id = s.installation_id, moment
      -- What is not ours to serve now is nobody's fault.
      WHERE wanted_epoch > done_epoch AND dead_at IS NULL AND NOT i.suspended AND i.removed_at IS NULL),
    pending AS (SELECT i.received_at, now FROM dba.inbox AS i, moment WHERE state = 'pending')
    SELECT
      greatest(
        (SELECT extract(epoch FROM max(now - received_at)) FROM pending),
        (SELECT extract(epoch FROM max(now - wanted_since)) FROM wanted), 0)::float8 AS "oldestEvent",
      greatest((SELECT extract(epoch FROM max(now - next_at)) FROM wanted WHERE NOT leased), 0)::float8 AS "oldestRunnable",
      (SELECT count(*) FROM pending)::int AS "pendingDeliveries",
      (SELECT count(*) FROM wanted WHERE NOT leased)::int AS waiting,
      (SELECT count(*) FROM wanted WHERE leased)::int AS running,
      ((SELECT count(*) FROM dba.subjects WHERE dead_at IS NOT NULL)
        + (SELECT count(*) FROM dba.inbox WHERE state = 'dead'))::int AS dead,
      (SELECT count(*) FROM dba.check_runs, moment
        WHERE status = 'in_progress' AND started_at < now - interval '10 minutes')::int AS "staleChecks",
      (SELECT count(*) FROM dba.inbox WHERE state = 'unparseable')::int AS unparseable,
      (SELECT count(*) FROM dba.installations, moment WHERE paused_until > now)::int AS "pausedInstallations"`)
  if (state === undefined) throw new Error('the database said nothing')
  return state
}
