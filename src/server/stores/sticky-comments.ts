import type { Queryable } from '../database.js'

/** The one comment of a pull request that is kept up to date. */
export interface StickyComment {
  readonly comment: number
  /** Of the body that GitHub has: what would be the same is not written again. */
  readonly digest: string
}

export async function stickyCommentOf(
  database: Queryable,
  repository: number,
  pull: number,
): Promise<StickyComment | null> {
  const [row] = await database.query<StickyComment>(
    `SELECT comment_id AS comment, body_digest AS digest FROM dba.sticky_comments WHERE repository_id = $1 AND pull = $2`,
    [repository, pull],
  )
  return row ?? null
}

export async function wroteStickyComment(
  database: Queryable,
  at: { readonly installation: number; readonly repository: number; readonly pull: number },
  { comment, digest }: StickyComment,
): Promise<void> {
  await database.query(
    `INSERT INTO dba.sticky_comments (installation_id, repository_id, pull, comment_id, body_digest) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (repository_id, pull) DO UPDATE SET installation_id = EXCLUDED.installation_id,
       comment_id = EXCLUDED.comment_id, body_digest = EXCLUDED.body_digest, written_at = pg_catalog.clock_timestamp()`,
    [at.installation, at.repository, at.pull, comment, digest],
  )
}

/** It is not there any more. */
export async function lostStickyComment(database: Queryable, repository: number, pull: number): Promise<void> {
  await database.query('DELETE FROM dba.sticky_comments WHERE repository_id = $1 AND pull = $2', [repository, pull])
}
