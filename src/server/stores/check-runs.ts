import type { Queryable } from '../database.js'

/** The check run of a commit: one for a repository, a head and a name. */
export interface CheckRunKey {
  readonly installation: number
  readonly repository: number
  readonly head: string
  readonly name: string
}

/** What is known of it: what it is meant to say, and what GitHub has been told of that. */
export interface CheckRunRow {
  /** GitHub's id; null before it was created, as far as is known. */
  readonly run: number | null
  readonly externalId: string
  readonly status: 'in_progress' | 'completed'
  readonly conclusion: string | null
  /** Of what is said: whether it would be the same again. */
  readonly digest: string | null
  readonly annotationsPlanned: number
  readonly annotationsSent: number
  /** How many runs were created for this head; GitHub drops the oldest of many. */
  readonly createdRuns: number
  /** Whether GitHub has confirmed what is said here. */
  readonly sent: boolean
}

const COLUMNS = `run_id AS run, external_id AS "externalId", status, conclusion, digest,
  annotations_planned AS "annotationsPlanned", annotations_sent AS "annotationsSent", created_runs AS "createdRuns",
  sent_at IS NOT NULL AS sent`

export async function checkRunOf(
  database: Queryable,
  { repository, head, name }: Pick<CheckRunKey, 'repository' | 'head' | 'name'>,
): Promise<CheckRunRow | null> {
  const [row] = await database.query<CheckRunRow>(
    `SELECT ${COLUMNS} FROM dba.check_runs WHERE repository_id = $1 AND head = $2 AND name = $3`,
    [repository, head, name],
  )
  return row ?? null
}

/** It is to be in progress. To be written before GitHub is told: a run that nobody remembers would stay in progress for ever. */
export async function intendInProgress(database: Queryable, key: CheckRunKey, externalId: string): Promise<void> {
  await database.query(
    `INSERT INTO dba.check_runs (installation_id, repository_id, head, name, external_id, status)
     VALUES ($1, $2, $3, $4, $5, 'in_progress')
     ON CONFLICT (repository_id, head, name) DO UPDATE SET
       installation_id = EXCLUDED.installation_id, external_id = EXCLUDED.external_id, status = 'in_progress',
       conclusion = NULL, digest = NULL, annotations_planned = 0, annotations_sent = 0, sent_at = NULL, verified_at = NULL,
       started_at = CASE WHEN dba.check_runs.status = 'in_progress'
         THEN dba.check_runs.started_at ELSE pg_catalog.clock_timestamp() END,
       changed_at = pg_catalog.clock_timestamp()`,
    [key.installation, key.repository, key.head, key.name, externalId],
  )
}

/** GitHub has the run under this id, in progress. */
export async function startedRun(database: Queryable, key: CheckRunKey, run: number, created: boolean): Promise<void> {
  await database.query(
    `UPDATE dba.check_runs SET run_id = $4, created_runs = created_runs + $5::int,
       sent_at = CASE WHEN status = 'in_progress' THEN pg_catalog.clock_timestamp() ELSE sent_at END,
       changed_at = pg_catalog.clock_timestamp()
     WHERE repository_id = $1 AND head = $2 AND name = $3`,
    [key.repository, key.head, key.name, run, created ? 1 : 0],
  )
}

/** It is to be completed like this. To be written before GitHub is told, so that what was not sent is known. */
export async function intendCompleted(
  database: Queryable,
  key: CheckRunKey,
  intended: {
    readonly externalId: string
    readonly conclusion: string
    readonly digest: string
    readonly annotations: number
  },
): Promise<void> {
  await database.query(
    `INSERT INTO dba.check_runs
       (installation_id, repository_id, head, name, external_id, status, conclusion, digest, annotations_planned)
     VALUES ($1, $2, $3, $4, $5, 'completed', $6, $7, $8)
     ON CONFLICT (repository_id, head, name) DO UPDATE SET
       installation_id = EXCLUDED.installation_id, external_id = EXCLUDED.external_id, status = 'completed',
       conclusion = EXCLUDED.conclusion, digest = EXCLUDED.digest, annotations_planned = EXCLUDED.annotations_planned,
       annotations_sent = 0, sent_at = NULL, verified_at = NULL, changed_at = pg_catalog.clock_timestamp()`,
    [
      key.installation,
      key.repository,
      key.head,
      key.name,
      intended.externalId,
      intended.conclusion,
      intended.digest,
      intended.annotations,
    ],
  )
}

/** So many annotations have arrived; GitHub adds those of each request to those that are there. */
export async function sentAnnotations(database: Queryable, key: CheckRunKey, sent: number): Promise<void> {
  await database.query(
    `UPDATE dba.check_runs SET annotations_sent = $4, changed_at = pg_catalog.clock_timestamp()
     WHERE repository_id = $1 AND head = $2 AND name = $3`,
    [key.repository, key.head, key.name, sent],
  )
}

/** GitHub has confirmed what is intended; `digest` says what that was, so that a later intention is not taken for sent. */
export async function completedRun(database: Queryable, key: CheckRunKey, run: number, digest: string): Promise<void> {
  await database.query(
    `UPDATE dba.check_runs SET run_id = $4, sent_at = pg_catalog.clock_timestamp(), changed_at = pg_catalog.clock_timestamp()
     WHERE repository_id = $1 AND head = $2 AND name = $3 AND digest = $5 AND status = 'completed'`,
    [key.repository, key.head, key.name, run, digest],
  )
}

/** Nothing more is to be said of it, and nobody needs to look whether it was. */
export async function forgetRun(
  database: Queryable,
  { repository, head, name }: Pick<CheckRunKey, 'repository' | 'head' | 'name'>,
): Promise<void> {
  await database.query('DELETE FROM dba.check_runs WHERE repository_id = $1 AND head = $2 AND name = $3', [
    repository,
    head,
    name,
  ])
}

/** Who a run belongs to, by GitHub's id. */
export async function checkRunById(
  database: Queryable,
  repository: number,
  run: number,
): Promise<(CheckRunKey & CheckRunRow) | null> {
  const [row] = await database.query<CheckRunKey & CheckRunRow>(
    `SELECT installation_id AS installation, repository_id AS repository, head, name, ${COLUMNS}
     FROM dba.check_runs WHERE run_id = $2 AND repository_id = $1`,
    [repository, run],
  )
  return row ?? null
}

/** Runs of which GitHub was not told everything for so long, or that have been in progress for so long. */
export function unsettledRuns(
  database: Queryable,
  milliseconds: number,
  most = 200,
): Promise<readonly (CheckRunKey & CheckRunRow)[]> {
  return database.query<CheckRunKey & CheckRunRow>(
    `SELECT installation_id AS installation, repository_id AS repository, head, name, ${COLUMNS}
     FROM dba.check_runs WHERE (status = 'in_progress' OR sent_at IS NULL)
       AND changed_at < pg_catalog.clock_timestamp() - $1::bigint * interval '1 ms'
     ORDER BY changed_at LIMIT $2`,
    [milliseconds, most],
  )
}

/** Completed runs of the last day that nobody has compared with GitHub's for so long. */
export function unverifiedRuns(
  database: Queryable,
  milliseconds: number,
  most = 100,
): Promise<readonly (CheckRunKey & CheckRunRow)[]> {
  return database.query<CheckRunKey & CheckRunRow>(
    `SELECT installation_id AS installation, repository_id AS repository, head, name, ${COLUMNS}
     FROM dba.check_runs WHERE status = 'completed' AND sent_at IS NOT NULL
       AND changed_at > pg_catalog.clock_timestamp() - interval '24 hours'
       AND coalesce(verified_at, sent_at) < pg_catalog.clock_timestamp() - $1::bigint * interval '1 ms'
     ORDER BY coalesce(verified_at, sent_at) LIMIT $2`,
    [milliseconds, most],
  )
}

export async function verifiedRun(database: Queryable, key: CheckRunKey): Promise<void> {
  await database.query(
    `UPDATE dba.check_runs SET verified_at = pg_catalog.clock_timestamp()
     WHERE repository_id = $1 AND head = $2 AND name = $3`,
    [key.repository, key.head, key.name],
  )
}
