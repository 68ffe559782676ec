import type { Database, Queryable } from '../database.js'
import { storable } from '../storable.js'
import { record } from './audit.js'

/** The pull request that is consented to. */
export interface ApprovalPlace {
  readonly installation: number
  readonly repository: number
  readonly pull: number
}

/** Somebody's consent to exactly one text. */
export interface Approval {
  readonly id: number
  readonly code: string
  readonly kinds: readonly string[]
  readonly user: { readonly id: number; readonly login: string }
  /** The role that the user had then. */
  readonly role: string
  readonly comment: number
  /** Where the backup is, in the user's words. */
  readonly backup: string | null
  readonly createdAt: Date
  readonly expiresAt: Date
}

/** How long a consent lasts, in milliseconds: three days. */
export const APPROVAL_LASTS = 72 * 60 * 60 * 1000

/** Keeps a consent and writes it into the audit, both or neither. False when this comment has given it before. */
export function approve(
  database: Database,
  place: ApprovalPlace,
  approval: Pick<Approval, 'code' | 'kinds' | 'user' | 'role' | 'comment' | 'backup'>,
  lasts = APPROVAL_LASTS,
): Promise<boolean> {
  const { code, kinds, user, role, comment, backup } = approval
  return database.transaction(async (inside) => {
    const rows = await inside.query(
      `INSERT INTO dba.approvals
         (installation_id, repository_id, pull, code, kinds, user_id, login, role, comment_id, expires_at, backup)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, pg_catalog.clock_timestamp() + $10::bigint * interval '1 ms', $11)
       ON CONFLICT (comment_id, code) DO NOTHING RETURNING id`,
      [
        ...[place.installation, place.repository, place.pull, code, kinds, user.id, user.login, role, comment, lasts],
        backup === null ? null : storable(backup),
      ],
    )
    if (rows.length === 0) return false
    await record(inside, place, { what: 'approved', user, detail: { code, kinds, role, comment, backup } })
    return true
  })
}

/** Those that count now: not taken back, not voided, not expired. */
export async function liveApprovals(
  database: Queryable,
  repository: number,
  pull: number,
): Promise<readonly Approval[]> {
  const rows = await database.query<Omit<Approval, 'user'> & { user_id: number; login: string }>(
    `SELECT id, code, kinds, user_id, login, role, comment_id AS comment, backup, created_at AS "createdAt", expires_at AS "expiresAt"
     FROM dba.approvals
     WHERE repository_id = $1 AND pull = $2 AND ended_at IS NULL AND expires_at > pg_catalog.clock_timestamp() ORDER BY id`,
    [repository, pull],
  )
  return rows.map(({ user_id: id, login, ...rest }) => ({ ...rest, user: { id, login } }))
}

/**
 * Ends every consent to a pull request that is live: taken back by somebody, or voided by what happened (`by` null). One that
 * was ended never counts again, even when the very text comes back. Returns how many there were.
 */
export function endApprovals(
  database: Database,
  place: ApprovalPlace,
  why: string,
  by: { readonly id: number; readonly login: string } | null,
  except: { readonly code: string } | null = null,
): Promise<number> {
  return database.transaction(async (inside) => {
    const rows = await inside.query<{ code: string; login: string }>(
      `UPDATE dba.approvals SET ended_at = pg_catalog.clock_timestamp(), ended_for = $3, ended_by = $4
       WHERE repository_id = $1 AND pull = $2 AND ended_at IS NULL AND code IS DISTINCT FROM $5 RETURNING code, login`,
      [place.repository, place.pull, storable(why), by?.id ?? null, except?.code ?? null],
    )
    for (const { code, login } of rows) {
      const what = by === null ? 'voided' : 'revoked'
      await record(inside, place, { what, user: by, detail: { code, why, approver: login } })
    }
    return rows.length
  })
}
