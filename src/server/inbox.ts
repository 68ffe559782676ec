import { createHash } from 'node:crypto'
import type { Queryable } from './database.js'

/** What GitHub delivered. */
export interface Delivery {
  /** A UUID; the same when GitHub delivers it again. */
  readonly delivery: string
  readonly event: string
  readonly body: Buffer
  /** 0 for what comes now, 1 for what was found missing: that waits for the rest. */
  readonly lane?: 0 | 1
}

/** What became of it: kept now, kept before, kept before and to be tried again, or kept before with another body. */
export type Kept = 'new' | 'known' | 'revived' | 'differs'

/**
 * Keeps a delivery; it is on disk when this returns. One that was given up is tried again when it comes again: GitHub repeats
 * its id, so that whoever redelivers it means just that. Of two bodies with one id the first is kept.
 */
export async function keep(database: Queryable, delivery: Delivery): Promise<Kept> {
  const { ids, action } = outlineOf(delivery.body)
  const digest = createHash('sha256').update(delivery.body).digest()
  const [row] = await database.query<{ kept: Kept }>(KEEP, [
    delivery.delivery,
    delivery.event,
    action,
    ids?.installation ?? null,
    ids?.repository ?? null,
    delivery.lane ?? 0,
    delivery.body,
    digest,
    ids === null ? 'unparseable' : 'pending',
  ])
  if (row === undefined) throw new Error('the inbox answered nothing')
  return row.kept
}

const KEEP = `
  WITH kept AS (
    INSERT INTO dba.inbox AS i (delivery, event, action, installation_id, repository_id, lane, body, digest, state, settled_at)
    VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9,
      CASE WHEN $9 = 'pending' THEN NULL ELSE pg_catalog.clock_timestamp() END)
    ON CONFLICT (delivery) DO UPDATE SET
      state = CASE WHEN i.body IS NULL AND i.digest <> EXCLUDED.digest THEN i.state ELSE 'pending' END,
      body = coalesce(i.body, CASE WHEN i.digest = EXCLUDED.digest THEN EXCLUDED.body END),
      attempts = 0, next_at = pg_catalog.clock_timestamp(), settled_at = NULL, lane = EXCLUDED.lane
      WHERE i.state = 'dead'
    RETURNING i.digest, xmax = 0 AS fresh)
  SELECT CASE WHEN fresh THEN 'new' WHEN digest <> $8 THEN 'differs' ELSE 'revived' END AS kept FROM kept
  UNION ALL
  SELECT CASE WHEN digest <> $8 THEN 'differs' ELSE 'known' END FROM dba.inbox
  WHERE delivery = $1::uuid AND NOT EXISTS (SELECT FROM kept)
  UNION ALL
  -- Somebody else has just kept it, in a transaction that began after this statement.
  SELECT 'known' WHERE NOT EXISTS (SELECT FROM kept)
    AND NOT EXISTS (SELECT FROM dba.inbox WHERE delivery = $1::uuid)
  LIMIT 1`

/** Ids by which a row can be found, and nothing is decided. Null for what is no JSON object. */
function outlineOf(body: Buffer): {
  readonly ids: { readonly installation: number | null; readonly repository: number | null } | null
  readonly action: string | null
} {
  const payload = parsed(body)
  if (payload === null) return { ids: null, action: null }
  const { installation, repository, action } = payload as Record<string, unknown>
  return {
    ids: { installation: idIn(installation), repository: idIn(repository) },
    action: typeof action === 'string' && /^[a-z_]{1,64}$/.test(action) ? action : null,
  }
}

/** The object that a body holds; null when it holds none. Bytes that are no UTF-8 are none. */
export function parsed(body: Buffer): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function idIn(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null
  const { id } = value as { readonly id?: unknown }
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : null
}

/** A delivery whose turn it is. */
export interface Pending {
  readonly id: number
  readonly delivery: string
  readonly event: string
  readonly body: Buffer
  /** How often it was tried, this time included. */
  readonly attempts: number
}

/**
 * Takes deliveries whose turn it is. They come again after `milliseconds` unless they are settled before: whoever took them
 * may be gone. What was taken has used an attempt, so that one that kills its reader is given up at last.
 */
export function take(database: Queryable, most: number, milliseconds: number): Promise<readonly Pending[]> {
  return database.query<Pending>(
    `WITH next AS (
       SELECT id FROM dba.inbox WHERE state = 'pending' AND next_at <= pg_catalog.clock_timestamp()
       ORDER BY lane, next_at, id LIMIT $1 FOR UPDATE SKIP LOCKED)
     UPDATE dba.inbox AS i SET attempts = attempts + 1,
       next_at = pg_catalog.clock_timestamp() + $2::int * interval '1 ms'
     FROM next WHERE i.id = next.id
     RETURNING i.id, i.delivery::text, i.event, coalesce(i.body, '') AS body, i.attempts`,
    [most, milliseconds],
  )
}

/** How a delivery ended, or that it comes again. */
export type Outcome =
  | { readonly state: 'done' | 'ignored' | 'unparseable' }
  | { readonly state: 'dead'; readonly error: string }
  | { readonly state: 'again'; readonly error: string; readonly milliseconds: number }

export async function settle(database: Queryable, { id, attempts }: Pending, outcome: Outcome): Promise<void> {
  const again = outcome.state === 'again'
  // Nothing is changed when it has been taken again meanwhile.
  await database.query(
    `UPDATE dba.inbox SET state = $3, error = $4,
       settled_at = CASE WHEN $3 = 'pending' THEN NULL ELSE pg_catalog.clock_timestamp() END,
       next_at = pg_catalog.clock_timestamp() + $5::int * interval '1 ms'
     WHERE id = $1 AND attempts = $2 AND state = 'pending'`,
    [
      id,
      attempts,
      again ? 'pending' : outcome.state,
      'error' in outcome ? outcome.error : null,
      again ? outcome.milliseconds : 0,
    ],
  )
}

/** Which of the deliveries were never kept, in their order. */
export async function missing(database: Queryable, deliveries: readonly string[]): Promise<readonly string[]> {
  const rows = await database.query<{ delivery: string }>(
    `SELECT wanted.delivery::text FROM pg_catalog.unnest($1::uuid[]) WITH ORDINALITY AS wanted (delivery, place)
     WHERE NOT EXISTS (SELECT FROM dba.inbox WHERE dba.inbox.delivery = wanted.delivery) ORDER BY place`,
    [deliveries],
  )
  return rows.map(({ delivery }) => delivery)
}

/** Forgets rows that are older than fourteen days, and bodies that were settled three days ago: GitHub delivers none again then. */
export async function forget(
  database: Queryable,
  most = 5_000,
): Promise<{ readonly rows: number; readonly bodies: number }> {
  const rows = await database.query(
    `DELETE FROM dba.inbox WHERE id IN (
       SELECT id FROM dba.inbox
       WHERE received_at < pg_catalog.clock_timestamp() - interval '14 days' AND state <> 'pending' LIMIT $1)
     RETURNING id`,
    [most],
  )
  const bodies = await database.query(
    `UPDATE dba.inbox SET body = NULL WHERE id IN (
       SELECT id FROM dba.inbox WHERE body IS NOT NULL AND state IN ('done', 'ignored')
         AND settled_at < pg_catalog.clock_timestamp() - interval '3 days' LIMIT $1)
     RETURNING id`,
    [most],
  )
  return { rows: rows.length, bodies: bodies.length }
}
