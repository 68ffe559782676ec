import { randomBytes } from 'node:crypto'
import type { ServerConnection } from './connection.js'
import { promotion } from './keeper.js'
import { sha256 } from './seed-file.js'

/** A database and a role of the same name on a server that also serves others. */
export interface Lodging {
  readonly name: string
  readonly password: string
  readonly version: string
  /** Lends power for one statement; null where the one who lets has none. */
  readonly secret: string | null
}

/** The oldest whose CREATEROLE reaches no further than what it creates. */
const OLDEST = 16
const NAME = '^dba_[0-9]+_[0-9a-f]{12}$'

/** Asks the server something that must be answered. */
export async function ask(
  { exchange }: ServerConnection,
  sql: string,
): Promise<readonly (readonly (string | null)[])[]> {
  const { error, status, tag, rows } = await exchange(sql, true)
  if (error !== null) throw new Error(error.message)
  if (status === null || tag === null) throw new Error('the server stopped answering')
  return rows
}

/** Why nothing may be created on this server from this database; null when it may. */
export async function objection(admin: ServerConnection): Promise<string | null> {
  const [[version = '', able, tables] = []] = await ask(admin, INSPECTION)
  if (Number(version) < OLDEST * 10_000) {
    return `the service runs a PostgreSQL before ${OLDEST}, where a role that may create roles may do too much`
  }
  if (able !== 't') return 'the role of the URL may not create databases and roles'
  if (tables !== '0') return `the database of the URL holds tables (${tables}), which one to throw away does not`
  return null
}

const INSPECTION = `SELECT pg_catalog.current_setting('server_version_num'),
  (SELECT rolsuper OR (rolcreatedb AND rolcreaterole) FROM pg_catalog.pg_roles WHERE rolname = current_user),
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'f', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')`

/** A name that carries the time, by the server's clock. */
export async function newName(admin: ServerConnection): Promise<string> {
  const [[seconds] = []] = await ask(admin, 'SELECT extract(epoch FROM pg_catalog.now())::pg_catalog.int8')
  return `dba_${seconds}_${randomBytes(6).toString('hex')}`
}

/** Creates the role and its database. As long as `admin` is connected, its session says whose they are. */
export async function lodge(admin: ServerConnection, name: string): Promise<Lodging> {
  await ask(admin, `SET application_name = ${name}`)
  const password = randomBytes(24).toString('hex')
  await ask(admin, `CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD '${password}'`)
  const [[superuser, version] = []] = await ask(admin, WHO)
  if (superuser === 't') await ask(admin, `ALTER ROLE ${name} SET lc_messages = 'C'`)
  else await ask(admin, `GRANT ${name} TO current_user`)
  await ask(admin, `CREATE DATABASE ${name} OWNER ${name} TEMPLATE template0 ENCODING 'UTF8'`)
  await ask(admin, `REVOKE CONNECT, TEMPORARY ON DATABASE ${name} FROM PUBLIC`)
  const secret = superuser === 't' ? randomBytes(32).toString('hex') : null
  return { name, password, version: version ?? '', secret }
}

const WHO = `SELECT rolsuper, pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1)
  FROM pg_catalog.pg_roles WHERE rolname = current_user`

/** Puts into the new database what lends power; `watcher` is the one who lets, connected to it. */
export async function furnish(watcher: ServerConnection, { name, secret }: Lodging): Promise<void> {
  if (secret === null) return
  for (const statement of promotion(name, sha256(Buffer.from(secret)), 'current_user')) await ask(watcher, statement)
}

/** The roles that a lodger made, as a condition on `r` of pg_roles that holds under any search path. */
export function madeBy(name: string): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_auth_members a JOIN pg_catalog.pg_roles m ON m.oid OPERATOR(pg_catalog.=) a.member
    WHERE a.roleid OPERATOR(pg_catalog.=) r.oid AND a.admin_option AND m.rolname OPERATOR(pg_catalog.=) '${name}')`
}

/** Drops a lodger's database, the roles that it made and its own, as far as they are there. */
export async function evict(admin: ServerConnection, name: string): Promise<void> {
  await ask(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  const made = await ask(
    admin,
    `SELECT pg_catalog.quote_ident(r.rolname) FROM pg_catalog.pg_roles r WHERE ${madeBy(name)}`,
  )
  for (const [role] of made) await ask(admin, `DROP ROLE IF EXISTS ${role}`)
  await ask(admin, `DROP ROLE IF EXISTS ${name}`)
}

/** Removes what crashed reviews left: what no session says is its own. */
export async function evictStale(admin: ServerConnection): Promise<void> {
  const stale = await ask(
    admin,
    `SELECT name FROM (SELECT datname AS name FROM pg_catalog.pg_database UNION SELECT rolname FROM pg_catalog.pg_roles) AS names
      WHERE name ~ '${NAME}'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.application_name = name)`,
  )
  // Another review may be faster.
  for (const [name] of stale) await evict(admin, name ?? '').catch(() => undefined)
}
