import type { Database, Queryable } from './database.js'
import { wake, type Subject } from './subjects.js'

/** The right to bring one subject up to date, for as long as it is renewed. The database's clock decides. */
export interface Lease extends Subject {
  readonly id: number
  readonly holder: string
  /** Greater with each lease of the subject: who holds an older one may not write any more. */
  readonly epoch: number
  /** The wish that is being served; later ones are not. */
  readonly wanted: number
  /** How often it has failed since it was wished. */
  readonly failures: number
  readonly lane: number
  /** The head that was seen when it was last looked at. */
  readonly head: string | null
  /** Why it failed last. */
  readonly error: string | null
}

/**
 * How long a lease lasts, in milliseconds. A worker that is killed is replaced after `lasting` at most; one that lives renews three
 * times within it. What is left when a request to GitHub begins must be enough for it to reach GitHub.
 */
export const LEASE = { lasting: 25_000, renewEvery: 8_000, enoughToWrite: 10_000 } as const

const HELD = 'id = $1 AND lease_epoch = $2 AND lease_holder = $3'
const key = ({ id, epoch, holder }: Lease): readonly unknown[] => [id, epoch, holder]

/** Renews; null when it is lost, else whether another wish has come since it was leased. */
export async function renew(
  database: Queryable,
  lease: Lease,
  lasting: number = LEASE.lasting,
): Promise<{ readonly wantedAgain: boolean } | null> {
  const [row] = await database.query<{ again: boolean }>(
    `UPDATE dba.subjects SET lease_until = pg_catalog.clock_timestamp() + $4::int * interval '1 ms'
     WHERE ${HELD} AND lease_until > pg_catalog.clock_timestamp()
     RETURNING wanted_epoch > lease_wanted AS again`,
    [...key(lease), lasting],
  )
  return row === undefined ? null : { wantedAgain: row.again }
}

/** Whether a write may begin: nobody else can have been given the subject, nor will be while the write is under way. */
export async function holds(database: Queryable, lease: Lease, enough: number = LEASE.enoughToWrite): Promise<boolean> {
  const [row] = await database.query<{ held: boolean }>(
    `SELECT EXISTS (SELECT FROM dba.subjects
       WHERE ${HELD} AND lease_until > pg_catalog.clock_timestamp() + $4::int * interval '1 ms') AS held`,
    [...key(lease), enough],
  )
  return row?.held === true
}

/**
 * Says which head the subject has now. False while another subject of the repository with this head is being brought up to date:
 * both would write the same check run, so that this one has to come later.
 */
export async function takeHead(database: Database, lease: Lease, head: string): Promise<boolean> {
  const [row] = await database.transaction(async (inside) => {
    await inside.query(
      "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('head ' || $1::text, $2))",
      [head, lease.repository],
    )
    return inside.query<{ taken: boolean }>(
      `WITH taken AS (
         UPDATE dba.subjects SET head = $4
         WHERE ${HELD} AND lease_until > pg_catalog.clock_timestamp() RETURNING id)
       SELECT EXISTS (SELECT FROM taken) AND NOT EXISTS (
         SELECT FROM dba.subjects WHERE repository_id = $5 AND head = $4 AND id <> $1
           AND lease_until > pg_catalog.clock_timestamp()) AS taken`,
      [...key(lease), head, lease.repository],
    )
  })
  return row?.taken === true
}

/** The subject has no head any more, such as a pull request that was closed: it is not among those that share one. */
export async function leaveHead(database: Queryable, lease: Lease): Promise<void> {
  await database.query(`UPDATE dba.subjects SET head = NULL WHERE ${HELD}`, key(lease))
}

/** The wish is served. False when the lease was lost: nothing is changed then. */
export function finish(database: Queryable, lease: Lease): Promise<boolean> {
  return end(
    database,
    lease,
    `done_epoch = greatest(done_epoch, lease_wanted), attempts = 0, error = NULL, dead_at = NULL,
     wanted_since = CASE WHEN wanted_epoch > lease_wanted THEN coalesce(gathering_since, pg_catalog.clock_timestamp()) END`,
    [],
  )
}

/** Gives the subject back as it was, to be served elsewhere at once. */
export function handBack(database: Queryable, lease: Lease): Promise<boolean> {
  return end(database, lease, 'next_at = least(next_at, pg_catalog.clock_timestamp())', [])
}

/** Puts it off without using an attempt: nothing is wrong with it, such as when a rate limit is reached. */
export function postpone(database: Queryable, lease: Lease, milliseconds: number): Promise<boolean> {
  return end(database, lease, "next_at = pg_catalog.clock_timestamp() + $4::int * interval '1 ms'", [milliseconds])
}

/** It failed: an attempt is used, and it comes again later. */
export function fail(database: Queryable, lease: Lease, error: string, milliseconds: number): Promise<boolean> {
  return end(
    database,
    lease,
    // A wish that came meanwhile has set the attempts back and said when.
    `attempts = attempts + 1, error = $4,
     next_at = CASE WHEN wanted_epoch > lease_wanted AND next_at > pg_catalog.clock_timestamp()
       THEN next_at ELSE pg_catalog.clock_timestamp() + $5::int * interval '1 ms' END`,
    [error, milliseconds],
  )
}

/** It is given up, and GitHub has been told. A wish that has come meanwhile is served as ever. */
export function bury(database: Queryable, lease: Lease): Promise<boolean> {
  return end(
    database,
    lease,
    `dead_at = CASE WHEN wanted_epoch > lease_wanted THEN NULL ELSE pg_catalog.clock_timestamp() END,
     attempts = CASE WHEN wanted_epoch > lease_wanted THEN 0 ELSE attempts END`,
    [],
  )
}

/** Ends the lease if it is still held, changes what is said, and wakes a worker when there is more to do. */
async function end(database: Queryable, lease: Lease, changes: string, values: readonly unknown[]): Promise<boolean> {
  const [row] = await database.query<{ ended: boolean }>(
    `WITH ended AS (
       UPDATE dba.subjects SET lease_holder = NULL, lease_until = NULL, ${changes}
       WHERE ${HELD} AND lease_until > pg_catalog.clock_timestamp()
       RETURNING id, next_at, lane, wanted_epoch > done_epoch AND dead_at IS NULL AS more),
     woken AS (${wake('(SELECT * FROM ended WHERE more) AS more')})
     SELECT EXISTS (SELECT FROM ended) AS ended, woken FROM woken`,
    [...key(lease), ...values],
  )
  return row?.ended === true
}
