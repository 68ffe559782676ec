import type { Queryable } from '../database.js'

/** Keeps what a merge queue asked about; nothing but the event says which base a group has. */
export async function keepGroup(
  database: Queryable,
  group: { readonly installation: number; readonly repository: number; readonly head: string; readonly base: string },
): Promise<void> {
  await database.query(
    `INSERT INTO dba.merge_groups (installation_id, repository_id, head, base) VALUES ($1, $2, $3, $4)
     ON CONFLICT (repository_id, head) DO UPDATE SET base = EXCLUDED.base, installation_id = EXCLUDED.installation_id`,
    [group.installation, group.repository, group.head, group.base],
  )
}

/** The commit on which a group stands; null when nobody asked about it. */
export async function baseOfGroup(database: Queryable, repository: number, head: string): Promise<string | null> {
  const [row] = await database.query<{ base: string }>(
    'SELECT base FROM dba.merge_groups WHERE repository_id = $1 AND head = $2',
    [repository, head],
  )
  return row?.base ?? null
}

export async function forgetGroup(database: Queryable, repository: number, head: string): Promise<void> {
  await database.query('DELETE FROM dba.merge_groups WHERE repository_id = $1 AND head = $2', [repository, head])
}
