import type { Queryable } from '../database.js'
import { storableJson } from '../storable.js'

/** What was found of a subject, and the code of its text. */
export interface StoredParts {
  readonly parts: unknown
  /** What reports may quote of it. */
  readonly quotes: unknown
  readonly code: string | null
}

/** What was found under exactly this key; null when it has to be found out. */
export async function partsUnder(
  database: Queryable,
  repository: number,
  subject: string,
  key: string,
): Promise<StoredParts | null> {
  const [row] = await database.query<StoredParts>(
    'SELECT parts, quotes, code FROM dba.parts WHERE repository_id = $1 AND subject = $2 AND key = $3',
    [repository, subject, key],
  )
  return row ?? null
}

/** Keeps what was found, in the place of what was found before. */
export async function keepParts(
  database: Queryable,
  at: { readonly installation: number; readonly repository: number; readonly subject: string },
  key: string,
  { parts, quotes, code }: StoredParts,
): Promise<void> {
  await database.query(
    `INSERT INTO dba.parts (installation_id, repository_id, subject, key, parts, quotes, code)
     VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7)
     ON CONFLICT (repository_id, subject) DO UPDATE SET installation_id = EXCLUDED.installation_id, key = EXCLUDED.key,
       parts = EXCLUDED.parts, quotes = EXCLUDED.quotes, code = EXCLUDED.code`,
    [at.installation, at.repository, at.subject, key, storableJson(parts), storableJson(quotes), code],
  )
}

/** Forgets it: it is to be found out again, or the subject is gone. */
export async function forgetParts(database: Queryable, repository: number, subject: string): Promise<void> {
  await database.query('DELETE FROM dba.parts WHERE repository_id = $1 AND subject = $2', [repository, subject])
}
