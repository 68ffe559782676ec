import type { Queryable } from './database.js'

/** Somebody installed the App, or has it again. */
export async function install(database: Queryable, installation: number, account: string | null): Promise<void> {
  await database.query(
    `INSERT INTO dba.installations (id, account) VALUES ($1, $2)
     ON CONFLICT (id) DO UPDATE SET account = coalesce(EXCLUDED.account, dba.installations.account),
       suspended = false, removed_at = NULL, paused_until = NULL, paused_for = NULL`,
    [installation, account],
  )
}

/** While it is suspended nothing of it is served; what was wished is kept. */
export async function suspend(database: Queryable, installation: number, suspended: boolean): Promise<void> {
  await database.query(
    `INSERT INTO dba.installations (id, suspended) VALUES ($1, $2)
     ON CONFLICT (id) DO UPDATE SET suspended = EXCLUDED.suspended`,
    [installation, suspended],
  )
}

/** It was removed: nothing of it is wished any more, and what is under way is not begun again. The audit stays. */
export async function remove(database: Queryable, installation: number): Promise<void> {
  await database.query(
    `WITH gone AS (
       INSERT INTO dba.installations (id, removed_at) VALUES ($1, pg_catalog.clock_timestamp())
       ON CONFLICT (id) DO UPDATE SET removed_at = EXCLUDED.removed_at),
     unwanted AS (DELETE FROM dba.subjects WHERE installation_id = $1),
     repositories AS (DELETE FROM dba.repositories WHERE installation_id = $1),
     reviews AS (DELETE FROM dba.reviews WHERE installation_id = $1),
     comments AS (DELETE FROM dba.sticky_comments WHERE installation_id = $1),
     remarks AS (DELETE FROM dba.remarks WHERE installation_id = $1),
     checks AS (DELETE FROM dba.check_runs WHERE installation_id = $1),
     parts AS (DELETE FROM dba.parts WHERE installation_id = $1),
     groups AS (DELETE FROM dba.merge_groups WHERE installation_id = $1),
     pushers AS (DELETE FROM dba.pushers WHERE installation_id = $1),
     buttons AS (DELETE FROM dba.buttons WHERE installation_id = $1),
     ignores AS (DELETE FROM dba.ignores WHERE installation_id = $1),
     commands AS (
       UPDATE dba.commands SET state = 'dead', note = 'the installation was removed', settled_at = pg_catalog.clock_timestamp()
       WHERE installation_id = $1 AND state = 'pending')
     UPDATE dba.approvals SET ended_at = pg_catalog.clock_timestamp(), ended_for = 'the installation was removed'
     WHERE installation_id = $1 AND ended_at IS NULL`,
    [installation],
  )
}

/**
 * Nothing of the installation is served for so long, and nothing is written to it by anybody; a longer pause is not shortened.
 * `growing`: GitHub did not say for how long, and each such pause soon after another lasts twice as long, up to an hour.
 */
export async function pause(
  database: Queryable,
  installation: number,
  {
    milliseconds,
    why,
    growing = false,
  }: { readonly milliseconds: number; readonly why: string; readonly growing?: boolean },
): Promise<void> {
  await database.query(
    `WITH moment AS MATERIALIZED (SELECT pg_catalog.clock_timestamp() AS now),
     next AS (
       SELECT id, now, CASE
           -- Several are told of one limit.
           WHEN paused_until > now THEN paused_times
           WHEN paused_until > now - interval '15 minutes' THEN least(paused_times + 1, 12)
           ELSE 1 END AS times
       FROM dba.installations, moment WHERE id = $1)
     UPDATE dba.installations AS i SET paused_for = $3, paused_times = greatest(times, 1),
       paused_until = greatest(paused_until,
         now + CASE WHEN $4 THEN least($2::bigint * 2 ^ greatest(times - 1, 0), greatest($2::bigint, 3600000))
           ELSE $2::bigint END * interval '1 ms')
     FROM next WHERE i.id = next.id`,
    [installation, Math.ceil(milliseconds), why, growing],
  )
}

/** GitHub asked for less: nothing may be written to an installation for so many milliseconds. */
export class Paused extends Error {
  override readonly name = 'Paused'
  readonly milliseconds: number

  constructor(milliseconds: number) {
    super('the installation is paused')
    this.milliseconds = milliseconds
  }
}

/** Throws `Paused` while nothing may be written to an installation, whoever was told to slow down. */
export async function unpaused(database: Queryable, installation: number): Promise<void> {
  const [row] = await database.query<{ left: number }>(
    `SELECT ceil(extract(epoch FROM paused_until - pg_catalog.clock_timestamp()) * 1000)::int AS left
     FROM dba.installations WHERE id = $1 AND paused_until > pg_catalog.clock_timestamp()`,
    [installation],
  )
  if (row !== undefined) throw new Paused(Math.max(row.left, 1))
}

export interface Repository {
  readonly id: number
  readonly installation: number
  readonly owner: string
  readonly name: string
}

/** Notes that something happened in a repository, and what it is called now: names change, ids do not. */
export async function sawRepository(database: Queryable, { id, installation, owner, name }: Repository): Promise<void> {
  await database.query(
    `WITH known AS (INSERT INTO dba.installations (id) VALUES ($2) ON CONFLICT (id) DO NOTHING)
     INSERT INTO dba.repositories (id, installation_id, owner, name) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET installation_id = EXCLUDED.installation_id, owner = EXCLUDED.owner, name = EXCLUDED.name,
       active_at = EXCLUDED.active_at, removed_at = NULL`,
    [id, installation, owner, name],
  )
}

/** Notes a repository in which nothing is known to have happened. */
export async function knowRepository(
  database: Queryable,
  { id, installation, owner, name }: Repository,
): Promise<void> {
  await database.query(
    `WITH known AS (INSERT INTO dba.installations (id) VALUES ($2) ON CONFLICT (id) DO NOTHING)
     INSERT INTO dba.repositories (id, installation_id, owner, name, active_at) VALUES ($1, $2, $3, $4, '-infinity')
     ON CONFLICT (id) DO UPDATE SET installation_id = EXCLUDED.installation_id, owner = EXCLUDED.owner, name = EXCLUDED.name,
       removed_at = NULL`,
    [id, installation, owner, name],
  )
}

/** The App may no longer see a repository. */
export async function removeRepository(database: Queryable, installation: number, repository: number): Promise<void> {
  await database.query(
    `WITH gone AS (
       UPDATE dba.repositories SET removed_at = pg_catalog.clock_timestamp() WHERE id = $2 AND installation_id = $1)
     DELETE FROM dba.subjects WHERE repository_id = $2 AND installation_id = $1`,
    [installation, repository],
  )
}

/** The repository as it was last seen; null for one that was never seen, or is no longer ours to see. */
export async function repositoryOf(database: Queryable, id: number): Promise<Repository | null> {
  const [row] = await database.query<Repository>(
    `SELECT id, installation_id AS installation, owner, name FROM dba.repositories WHERE id = $1 AND removed_at IS NULL`,
    [id],
  )
  return row ?? null
}
