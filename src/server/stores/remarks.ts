import type { Queryable } from '../database.js'

/** What the comments on lines of a pull request were last brought in step with. */
export interface Remarks {
  readonly head: string
  /** Of the comments that were wanted. */
  readonly digest: string
}

/** Null when none was ever written. */
export async function remarksOf(database: Queryable, repository: number, pull: number): Promise<Remarks | null> {
  const [row] = await database.query<Remarks>(
    'SELECT head, digest FROM dba.remarks WHERE repository_id = $1 AND pull = $2',
    [repository, pull],
  )
  return row ?? null
}

export async function wroteRemarks(
  database: Queryable,
  at: { readonly installation: number; readonly repository: number; readonly pull: number },
  { head, digest }: Remarks,
): Promise<void> {
  await database.query(
    `INSERT INTO dba.remarks (installation_id, repository_id, pull, head, digest) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (repository_id, pull) DO UPDATE SET installation_id = EXCLUDED.installation_id, head = EXCLUDED.head,
       digest = EXCLUDED.digest`,
    [at.installation, at.repository, at.pull, head, digest],
  )
}
