import type { Queryable } from '../database.js'

/** Somebody pushed the head of a pull request, or opened it. */
export async function keepPusher(
  database: Queryable,
  push: {
    readonly installation: number
    readonly repository: number
    readonly pull: number
    readonly user: { readonly id: number; readonly login: string }
  },
): Promise<void> {
  await database.query(
    `INSERT INTO dba.pushers (installation_id, repository_id, pull, user_id, login) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (repository_id, pull, user_id) DO NOTHING`,
    [push.installation, push.repository, push.pull, push.user.id, push.user.login],
  )
}

/** The numbers of all who are known to have pushed to a pull request. */
export async function pushersOf(database: Queryable, repository: number, pull: number): Promise<readonly number[]> {
  const rows = await database.query<{ id: number }>(
    'SELECT user_id AS id FROM dba.pushers WHERE repository_id = $1 AND pull = $2',
    [repository, pull],
  )
  return rows.map(({ id }) => id)
}
