import { runMigrations } from 'graphile-worker'
import type { PoolClient } from 'pg'
import type { Database } from './database.js'
import { QUEUE_SCHEMA } from './queue-schema.js'
import { STEPS } from './schema-steps.js'

/** What the lock is taken on while the schema is changed; a number that nobody else uses. */
const SCHEMA_LOCK = 4_772_610_931

/**
 * Creates or upgrades the tables, and the queue's. Several processes may begin at once: one does it, the others wait and find it done.
 * A database that a newer version has upgraded is served as well: steps only add, so that old and new run beside each other.
 */
export async function upgrade(database: Database): Promise<{ readonly applied: readonly number[] }> {
  const client = await database.pool.connect()
  try {
    // The one who waits may wait for long: for as long as the other's steps take.
    await client.query("SELECT pg_catalog.set_config('statement_timeout', '0', false)")
    await client.query('SELECT pg_catalog.pg_advisory_lock($1)', [SCHEMA_LOCK])
    const applied = await applySteps(client)
    await runMigrations({ pgPool: database.pool, schema: QUEUE_SCHEMA, noHandleSignals: true })
    return { applied }
  } finally {
    // The lock and the setting go with the connection.
    client.release(true)
  }
}

async function applySteps(client: PoolClient): Promise<readonly number[]> {
  await client.query('CREATE SCHEMA IF NOT EXISTS dba')
  await client.query(
    `CREATE TABLE IF NOT EXISTS dba.schema_steps (
       step int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp())`,
  )
  const { rows } = await client.query<{ step: number }>('SELECT step FROM dba.schema_steps')
  const done = new Set(rows.map(({ step }) => step))
  const applied: number[] = []
  for (const [index, sql] of STEPS.entries()) {
    const step = index + 1
    if (done.has(step)) continue
    try {
      await client.query('BEGIN')
      await client.query(sql)
      await client.query('INSERT INTO dba.schema_steps (step) VALUES ($1)', [step])
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined)
      throw error
    }
    applied.push(step)
  }
  return applied
}
