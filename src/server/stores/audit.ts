import type { Queryable } from '../database.js'
import { storableJson } from '../storable.js'

/** One thing that somebody did, or that happened to what somebody did. */
export interface AuditEntry {
  readonly what: string
  /** Null when nobody did it: it happened by a push, or by time. */
  readonly user: { readonly id: number; readonly login: string } | null
  readonly detail: Readonly<Record<string, unknown>>
}

/** Writes into the audit. Its rows can be neither changed nor deleted: the database refuses. */
export async function record(
  database: Queryable,
  place: { readonly installation: number; readonly repository: number; readonly pull: number },
  { what, user, detail }: AuditEntry,
): Promise<void> {
  await database.query(
    `INSERT INTO dba.audit (installation_id, repository_id, pull, what, user_id, login, detail)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)`,
    [
      place.installation,
      place.repository,
      place.pull,
      what,
      user?.id ?? null,
      user?.login ?? null,
      storableJson(detail),
    ],
  )
}

/** The audit of a pull request, oldest first. */
export async function auditOf(
  database: Queryable,
  repository: number,
  pull: number,
): Promise<readonly (AuditEntry & { readonly at: Date })[]> {
  const rows = await database.query<{
    what: string
    id: number | null
    login: string | null
    detail: Record<string, unknown>
    at: Date
  }>(
    `SELECT what, user_id AS id, login, detail, happened_at AS at FROM dba.audit
     WHERE repository_id = $1 AND pull = $2 ORDER BY dba.audit.id`,
    [repository, pull],
  )
  return rows.map(({ what, id, login, detail, at }) => ({
    what,
    user: id === null ? null : { id, login: login ?? '' },
    detail,
    at,
  }))
}
