import type { Queryable } from '../database.js'
import { storableJson } from '../storable.js'

/** What was last published of a subject. */
export interface PublishedReview {
  readonly head: string
  readonly base: string
  /** The branch that it goes to. */
  readonly target: string
  /** How many migrations it changes. */
  readonly migrations: number
  /** What is typed to approve it; null when nothing can be approved. */
  readonly code: string | null
  readonly conclusion: string
  /** As it was given; plain JSON. */
  readonly review: unknown
  readonly publishedAt: Date
}

const COLUMNS = 'head, base, target, migrations, code, conclusion, review, published_at AS "publishedAt"'

export async function reviewOf(
  database: Queryable,
  repository: number,
  subject: string,
): Promise<PublishedReview | null> {
  const [row] = await database.query<PublishedReview>(
    `SELECT ${COLUMNS} FROM dba.reviews WHERE repository_id = $1 AND subject = $2`,
    [repository, subject],
  )
  return row ?? null
}

/** The reviews of a head, one a subject: the check run shows the worst. */
export function reviewsOfHead(
  database: Queryable,
  repository: number,
  head: string,
): Promise<readonly (PublishedReview & { readonly subject: string })[]> {
  return database.query(
    `SELECT subject, ${COLUMNS} FROM dba.reviews WHERE repository_id = $1 AND head = $2 ORDER BY subject`,
    [repository, head],
  )
}

export async function publishedReview(
  database: Queryable,
  at: { readonly installation: number; readonly repository: number; readonly subject: string },
  published: Omit<PublishedReview, 'publishedAt'>,
): Promise<void> {
  await database.query(
    `INSERT INTO dba.reviews (installation_id, repository_id, subject, head, base, code, conclusion, review, target, migrations)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10)
     ON CONFLICT (repository_id, subject) DO UPDATE SET installation_id = EXCLUDED.installation_id, head = EXCLUDED.head,
       base = EXCLUDED.base, code = EXCLUDED.code, conclusion = EXCLUDED.conclusion, review = EXCLUDED.review,
       target = EXCLUDED.target, migrations = EXCLUDED.migrations,
       published_at = pg_catalog.clock_timestamp()`,
    [
      at.installation,
      at.repository,
      at.subject,
      published.head,
      published.base,
      published.code,
      published.conclusion,
      storableJson(published.review),
      published.target,
      published.migrations,
    ],
  )
}

/** What was published of the open pull requests of a repository with migrations, or with something else to agree to. */
export function reviewsOfRepository(
  database: Queryable,
  repository: number,
): Promise<readonly (PublishedReview & { readonly subject: string })[]> {
  return database.query(
    `SELECT subject, ${COLUMNS} FROM dba.reviews
     WHERE repository_id = $1 AND (migrations > 0 OR code IS NOT NULL) AND subject LIKE 'pull/%' ORDER BY subject`,
    [repository],
  )
}

/** The subject is gone: nothing can be said of it, or approved, any more. */
export async function forgetReview(database: Queryable, repository: number, subject: string): Promise<void> {
  await database.query('DELETE FROM dba.reviews WHERE repository_id = $1 AND subject = $2', [repository, subject])
}
