import type { Queryable } from '../database.js'

/** Somebody pressed a button of a check run. */
export interface Press {
  readonly installation: number
  readonly repository: number
  readonly subject: string
  readonly button: string
  readonly user: { readonly id: number; readonly login: string }
}

/** Keeps it until it is acted on; pressed twice before that it is one press. */
export async function pressButton(database: Queryable, press: Press): Promise<void> {
  await database.query(
    `INSERT INTO dba.buttons (installation_id, repository_id, subject, button, user_id, login) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (repository_id, subject, button) DO NOTHING`,
    [press.installation, press.repository, press.subject, press.button, press.user.id, press.user.login],
  )
}

/** Those that wait to be acted on. */
export async function pressedButtons(
  database: Queryable,
  repository: number,
  subject: string,
): Promise<readonly Press[]> {
  const rows = await database.query<Omit<Press, 'user'> & { user_id: number; login: string }>(
    `SELECT installation_id AS installation, repository_id AS repository, subject, button, user_id, login
     FROM dba.buttons WHERE repository_id = $1 AND subject = $2 ORDER BY pressed_at`,
    [repository, subject],
  )
  return rows.map(({ user_id: id, login, ...rest }) => ({ ...rest, user: { id, login } }))
}

/** It was acted on. */
export async function settleButton(
  database: Queryable,
  repository: number,
  subject: string,
  button: string,
): Promise<void> {
  await database.query('DELETE FROM dba.buttons WHERE repository_id = $1 AND subject = $2 AND button = $3', [
    repository,
    subject,
    button,
  ])
}
