import type { Database } from '../database.js'
import { ANALYSER_COLUMNS } from './order-book.js'

/** What the lock is taken on while rights are granted: two that do it at once would hinder each other. */
const GRANT_LOCK = 4_772_610_933

/**
 * Lets the login of the analysers read orders and answer them, and nothing else of the App's. The login has to be there: the App
 * makes none. Throws where it is not, or where it is the App's own.
 */
export async function admitAnalysers(database: Database, login: string): Promise<void> {
  await database.transaction(async (inside) => {
    await inside.query('SELECT pg_catalog.pg_advisory_xact_lock($1)', [GRANT_LOCK])
    const [row] = await inside.query<{ schema: string; table: string; own: boolean }>(
      `SELECT pg_catalog.format('GRANT USAGE ON SCHEMA dba TO %I', rolname) AS schema,
         pg_catalog.format('GRANT SELECT, UPDATE (${ANALYSER_COLUMNS.join(', ')}) ON dba.orders TO %I', rolname) AS table,
         rolname = CURRENT_USER AS own
       FROM pg_catalog.pg_roles WHERE rolname = $1 AND rolcanlogin`,
      [login],
    )
    if (row === undefined) throw new Error(`DBA_ANALYSER_LOGIN must be a login of the database: there is no ${login}`)
    if (row.own) throw new Error('DBA_ANALYSER_LOGIN must be another login than that of DATABASE_URL')
    await inside.query(row.schema)
    await inside.query(row.table)
  })
}
