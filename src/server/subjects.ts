import type { Queryable } from './database.js'
import { LANES, type Lane } from './lanes.js'
import { QUEUE_SCHEMA, WAKE_TASK } from './queue-schema.js'

/** A pull request, or a group of a merge queue: what is brought up to date as one. */
export interface Subject {
  readonly installation: number
  readonly repository: number
  /** `pull/7`, or `group/` and the commit. */
  readonly subject: string
}

export interface Want {
  readonly lane: Lane
  /** How long to wait for more wishes before it is served, in milliseconds; never longer than the patience in all. */
  readonly gather?: number
}

/** What pushes in a row may put off, in milliseconds; a wish that is always put off would starve. */
const PATIENCE = 10_000
/** A push seldom comes alone. */
const GATHER = 1_500

/** SQL: wakes a worker for the rows of a list (`id`, `next_at`, `lane`), once each; put at the end of a statement that changed them. */
export const wake = (list: string): string =>
  `SELECT pg_catalog.count(job)::int AS woken FROM (
     SELECT ${QUEUE_SCHEMA}.add_job('${WAKE_TASK}', job_key => 'subject:' || id, run_at => next_at, priority => lane,
       max_attempts => 100) AS job FROM ${list}) AS jobs`

/**
 * Wishes that the subject be brought up to date. The wish is kept when this returns; that it was wished before costs nothing,
 * and what is being done for an earlier wish does not serve this one.
 */
export async function want(database: Queryable, subject: Subject, { lane, gather }: Want): Promise<void> {
  await database.query(WANT, [
    subject.installation,
    subject.repository,
    subject.subject,
    LANES[lane],
    gather ?? (lane === 'event' ? GATHER : 0),
    PATIENCE,
    LANES.reconcile,
  ])
}

// A wish of a loop changes nothing about one that is waiting: else a loop that looks every minute would keep what fails alive
// for ever. A wish of a person or of an event begins anew with all attempts.
const WANT = `
  WITH moment AS (SELECT pg_catalog.clock_timestamp() AS now),
  known AS (INSERT INTO dba.installations (id) VALUES ($1) ON CONFLICT (id) DO NOTHING),
  wanted AS (
    INSERT INTO dba.subjects AS s (installation_id, repository_id, subject, wanted_epoch, lane, wanted_since, gathering_since, next_at)
    SELECT $1, $2, $3, 1, $4, now, now, now + $5::int * interval '1 ms' FROM moment
    ON CONFLICT (repository_id, subject) DO UPDATE SET
      installation_id = EXCLUDED.installation_id,
      wanted_epoch = s.wanted_epoch + 1,
      lane = CASE WHEN s.wanted_epoch > s.done_epoch AND s.dead_at IS NULL
        THEN least(s.lane, EXCLUDED.lane) ELSE EXCLUDED.lane END,
      wanted_since = coalesce(CASE WHEN s.dead_at IS NULL THEN s.wanted_since END, EXCLUDED.wanted_since),
      gathering_since = coalesce(CASE WHEN s.dead_at IS NULL THEN s.gathering_since END, EXCLUDED.gathering_since),
      next_at = CASE
        WHEN s.wanted_epoch > s.done_epoch AND s.dead_at IS NULL AND EXCLUDED.lane >= $7::int THEN s.next_at
        ELSE least(
          EXCLUDED.next_at,
          greatest(
            coalesce(CASE WHEN s.dead_at IS NULL THEN s.gathering_since END, EXCLUDED.gathering_since)
              + $6::int * interval '1 ms',
            EXCLUDED.gathering_since))
        END,
      attempts = CASE
        WHEN s.wanted_epoch > s.done_epoch AND s.dead_at IS NULL AND EXCLUDED.lane >= $7::int THEN s.attempts
        ELSE 0 END,
      dead_at = NULL
    RETURNING s.id, s.next_at, s.lane
  )
  ${wake('wanted')}`

/** Takes back every wish for a subject that is no more, such as a pull request that was closed. Who is at it goes on and ends. */
export async function unwant(database: Queryable, repository: number, subject: string): Promise<void> {
  await database.query(
    `UPDATE dba.subjects SET done_epoch = wanted_epoch, wanted_since = NULL, gathering_since = NULL, dead_at = NULL, attempts = 0
     WHERE repository_id = $1 AND subject = $2`,
    [repository, subject],
  )
}

/** The subjects that had this head when they were last looked at. */
export function subjectsWithHead(database: Queryable, repository: number, head: string): Promise<readonly Subject[]> {
  return database.query<Subject>(
    `SELECT installation_id AS installation, repository_id AS repository, subject FROM dba.subjects
     WHERE repository_id = $1 AND head = $2 ORDER BY id`,
    [repository, head],
  )
}

/**
 * Another subject with a head of which nothing has been published: one that was given up before one that is still to be judged.
 * Null where each has been.
 */
export async function unjudgedWithHead(
  database: Queryable,
  { repository, subject }: Pick<Subject, 'repository' | 'subject'>,
  head: string,
): Promise<{ readonly subject: string; readonly givenUp: boolean } | null> {
  const [row] = await database.query<{ subject: string; givenUp: boolean }>(
    `SELECT s.subject, s.dead_at IS NOT NULL AS "givenUp" FROM dba.subjects AS s
     WHERE s.repository_id = $1 AND s.head = $2 AND s.subject <> $3 AND s.wanted_epoch > s.done_epoch
       AND (s.dead_at IS NOT NULL OR NOT EXISTS (
         SELECT FROM dba.reviews AS r WHERE r.repository_id = $1 AND r.subject = s.subject AND r.head = $2))
     ORDER BY s.dead_at IS NULL, s.id LIMIT 1`,
    [repository, head, subject],
  )
  return row ?? null
}

/** Whether a subject was given up at this head, and nobody has wished for it since. */
export async function isGivenUp(
  database: Queryable,
  { repository, subject }: Pick<Subject, 'repository' | 'subject'>,
  head: string,
): Promise<boolean> {
  const rows = await database.query(
    'SELECT FROM dba.subjects WHERE repository_id = $1 AND subject = $2 AND head = $3 AND dead_at IS NOT NULL',
    [repository, subject, head],
  )
  return rows.length > 0
}

/** Wishes for every subject that had this head when it was last looked at. Returns how many there are. */
export async function wantHead(database: Queryable, repository: number, head: string, how: Want): Promise<number> {
  const found = await subjectsWithHead(database, repository, head)
  for (const subject of found) await want(database, subject, how)
  return found.length
}
