import type { Queryable } from '../database.js'

/** A comment of ours on a line, by the finding that it speaks of. */
export interface InlineComment {
  readonly fingerprint: string
  readonly comment: number
  /** The head it was written at. */
  readonly head: string
  readonly resolved: boolean
}

export function inlineCommentsOf(
  database: Queryable,
  repository: number,
  pull: number,
): Promise<readonly InlineComment[]> {
  return database.query<InlineComment>(
    `SELECT fingerprint, comment_id AS comment, head, resolved_at IS NOT NULL AS resolved
     FROM dba.inline_comments WHERE repository_id = $1 AND pull = $2 ORDER BY fingerprint`,
    [repository, pull],
  )
}

export async function wroteInlineComments(
  database: Queryable,
  at: { readonly installation: number; readonly repository: number; readonly pull: number },
  comments: readonly Omit<InlineComment, 'resolved'>[],
): Promise<void> {
  await database.query(
    `INSERT INTO dba.inline_comments (installation_id, repository_id, pull, fingerprint, comment_id, head)
     SELECT $1, $2, $3, fingerprint, comment, head
     FROM pg_catalog.unnest($4::text[], $5::bigint[], $6::text[]) AS written (fingerprint, comment, head)
     ON CONFLICT (repository_id, pull, fingerprint) DO UPDATE SET installation_id = EXCLUDED.installation_id,
       comment_id = EXCLUDED.comment_id, head = EXCLUDED.head, resolved_at = NULL,
       written_at = pg_catalog.clock_timestamp()`,
    [
      at.installation,
      at.repository,
      at.pull,
      comments.map(({ fingerprint }) => fingerprint),
      comments.map(({ comment }) => comment),
      comments.map(({ head }) => head),
    ],
  )
}

export async function resolvedInlineComments(
  database: Queryable,
  repository: number,
  pull: number,
  fingerprints: readonly string[],
): Promise<void> {
  await database.query(
    `UPDATE dba.inline_comments SET resolved_at = pg_catalog.clock_timestamp()
     WHERE repository_id = $1 AND pull = $2 AND fingerprint = ANY ($3::text[]) AND resolved_at IS NULL`,
    [repository, pull, fingerprints],
  )
}
