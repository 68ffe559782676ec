import type { Queryable } from '../database.js'

/** How far a loop has come, as it noted itself; null when it never ran. */
export async function watermark(database: Queryable, name: string): Promise<string | null> {
  const [row] = await database.query<{ value: string }>('SELECT value FROM dba.watermarks WHERE name = $1', [name])
  return row?.value ?? null
}

export async function moveWatermark(database: Queryable, name: string, value: string): Promise<void> {
  await database.query(
    `INSERT INTO dba.watermarks (name, value) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, moved_at = pg_catalog.clock_timestamp()`,
    [name, value],
  )
}
