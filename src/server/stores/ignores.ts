import type { Database, Queryable } from '../database.js'
import { storable } from '../storable.js'
import { record } from './audit.js'

/** A finding that is not to be shown in one pull request. */
export interface Ignore {
  readonly fingerprint: string
  readonly reason: string
  /** The last day on which it holds, `YYYY-MM-DD`; null for as long as the pull request is open. */
  readonly until: string | null
  readonly user: { readonly id: number; readonly login: string }
  readonly comment: number
}

export function ignore(
  database: Database,
  place: { readonly installation: number; readonly repository: number; readonly pull: number },
  { fingerprint, reason, until, user, comment }: Ignore,
): Promise<void> {
  return database.transaction(async (inside) => {
    await inside.query(
      `INSERT INTO dba.ignores (installation_id, repository_id, pull, fingerprint, reason, until, user_id, login, comment_id)
       VALUES ($1, $2, $3, $4, $5, $6::date, $7, $8, $9)
       ON CONFLICT (repository_id, pull, fingerprint) DO UPDATE SET reason = EXCLUDED.reason, until = EXCLUDED.until,
         user_id = EXCLUDED.user_id, login = EXCLUDED.login, comment_id = EXCLUDED.comment_id`,
      [
        place.installation,
        place.repository,
        place.pull,
        fingerprint,
        storable(reason),
        until,
        user.id,
        user.login,
        comment,
      ],
    )
    await record(inside, place, { what: 'ignored', user, detail: { fingerprint, reason, until, comment } })
  })
}

/** Those that hold on the day that the database's clock shows in UTC. */
export async function ignoresOf(database: Queryable, repository: number, pull: number): Promise<readonly Ignore[]> {
  const rows = await database.query<Omit<Ignore, 'user'> & { user_id: number; login: string }>(
    `SELECT fingerprint, reason, pg_catalog.to_char(until, 'YYYY-MM-DD') AS until, user_id, login, comment_id AS comment
     FROM dba.ignores WHERE repository_id = $1 AND pull = $2
       AND (until IS NULL OR until >= (pg_catalog.clock_timestamp() AT TIME ZONE 'UTC')::date)
     ORDER BY fingerprint`,
    [repository, pull],
  )
  return rows.map(({ user_id: id, login, ...rest }) => ({ ...rest, user: { id, login } }))
}
