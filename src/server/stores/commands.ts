import type { Queryable } from '../database.js'
import { storable } from '../storable.js'

/** A comment that may hold commands. */
export interface CommandComment {
  readonly comment: number
  readonly installation: number
  readonly repository: number
  readonly pull: number
  readonly author: { readonly id: number; readonly login: string }
  /** SHA-256 of the body that was seen, in hexadecimal: one that is edited before it is read again is not obeyed. */
  readonly bodyDigest: string
}

/** One that is waiting. */
export interface PendingCommand extends CommandComment {
  /** How many of its commands were carried out, when whoever did it was stopped in between. */
  readonly carriedOut: number
  readonly receivedAt: Date
}

/** Keeps it; false when it was kept before, whatever has become of it. */
export async function keepCommand(database: Queryable, command: CommandComment): Promise<boolean> {
  const kept = await database.query(
    `INSERT INTO dba.commands (comment_id, installation_id, repository_id, pull, author_id, author_login, body_digest)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (comment_id) DO NOTHING RETURNING comment_id`,
    [
      command.comment,
      command.installation,
      command.repository,
      command.pull,
      command.author.id,
      command.author.login,
      command.bodyDigest,
    ],
  )
  return kept.length > 0
}

/** Those of a pull request, in the order in which they were written: GitHub's ids grow. */
export async function pendingCommands(
  database: Queryable,
  repository: number,
  pull: number,
): Promise<readonly PendingCommand[]> {
  const rows = await database.query<Omit<PendingCommand, 'author'> & { id: number; login: string }>(
    `SELECT comment_id AS comment, installation_id AS installation, repository_id AS repository, pull, author_id AS id,
       author_login AS login, body_digest AS "bodyDigest", carried_out AS "carriedOut", received_at AS "receivedAt"
     FROM dba.commands WHERE repository_id = $1 AND pull = $2 AND state = 'pending' ORDER BY comment_id`,
    [repository, pull],
  )
  return rows.map(({ id, login, ...rest }) => ({ ...rest, author: { id, login } }))
}

/** So many of its commands were carried out; they are not repeated. */
export async function carriedOut(database: Queryable, comment: number, count: number): Promise<void> {
  await database.query('UPDATE dba.commands SET carried_out = greatest(carried_out, $2) WHERE comment_id = $1', [
    comment,
    count,
  ])
}

export async function settleCommand(
  database: Queryable,
  comment: number,
  state: 'done' | 'refused' | 'dead',
  note: string | null,
): Promise<void> {
  await database.query(
    `UPDATE dba.commands SET state = $2, note = $3, settled_at = pg_catalog.clock_timestamp()
     WHERE comment_id = $1 AND state = 'pending'`,
    [comment, state, note === null ? null : storable(note.slice(0, 2000))],
  )
}

/** How many comments with commands a pull request has had within so long. */
export async function commandsWithin(
  database: Queryable,
  repository: number,
  pull: number,
  milliseconds: number,
): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM dba.commands WHERE repository_id = $1 AND pull = $2
       AND received_at > pg_catalog.clock_timestamp() - $3::bigint * interval '1 ms'`,
    [repository, pull, milliseconds],
  )
  return row?.count ?? 0
}

/** Pull requests with commands that have been waiting for so long that their worker may have been forgotten. */
export function waitingCommands(
  database: Queryable,
  milliseconds: number,
): Promise<readonly { readonly installation: number; readonly repository: number; readonly pull: number }[]> {
  return database.query(
    `SELECT DISTINCT installation_id AS installation, repository_id AS repository, pull FROM dba.commands
     WHERE state = 'pending' AND received_at < pg_catalog.clock_timestamp() - $1::bigint * interval '1 ms' LIMIT 500`,
    [milliseconds],
  )
}
