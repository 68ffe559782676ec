import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { KEEPER, promotion } from './keeper.js'
import { ownDirectory } from './own-directory.js'
import { readSeed, SECRET_LENGTH, sha256, writeSeed, type Seed } from './seed-file.js'

/** How every instance is started; without PGlite's own `-O`, which would let a migration change the catalogs. */
export const START_PARAMS: readonly string[] = [
  ...['--single', '-F', '-j'],
  ...Object.entries({
    exit_on_error: 'false',
    log_checkpoints: 'false',
    max_worker_processes: '0',
    max_parallel_workers: '0',
    max_parallel_workers_per_gather: '0',
    max_parallel_maintenance_workers: '0',
    io_method: 'sync',
    shared_buffers: '4MB',
    max_stack_depth: '400kB',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
]

/**
 * Run once as superuser, in this order. PGlite's only user is the bootstrap superuser, who owns everything built in and
 * to whom every session can return: so the power goes to a keeper whom nobody can become, and the user keeps nothing
 * but the database. CREATEROLE is harmless from PostgreSQL 16 on: it gives no membership in what one did not create.
 * `promote` needs the secret; `adopt` needs none, as it only lets who created a role act as that role, which the
 * migrations' usual user can and the bootstrap user cannot grant to itself. `settle` writes everything to the files, from
 * which the state can be copied; that anybody may call it does no harm.
 */
function hardening(secretHash: string): readonly string[] {
  const owned = {
    pg_class: 'rel',
    pg_proc: 'pro',
    pg_type: 'typ',
    pg_namespace: 'nsp',
    pg_operator: 'opr',
    pg_opclass: 'opc',
    pg_opfamily: 'opf',
    pg_language: 'lan',
    pg_collation: 'coll',
    pg_conversion: 'con',
    pg_ts_config: 'cfg',
    pg_ts_dict: 'dict',
  }
  const withGrants = ['pg_class', 'pg_proc', 'pg_type', 'pg_namespace', 'pg_language'] as const
  return [
    `CREATE ROLE ${KEEPER} SUPERUSER NOLOGIN`,
    ...promotion('postgres', secretHash),
    `CREATE FUNCTION ${KEEPER}.adopt() RETURNS void LANGUAGE sql SECURITY DEFINER
       SET search_path = pg_catalog, pg_temp
       AS $$ UPDATE pg_catalog.pg_auth_members SET set_option = true, inherit_option = true
              WHERE member = 10 AND admin_option AND NOT (set_option AND inherit_option) $$`,
    `ALTER FUNCTION ${KEEPER}.adopt OWNER TO ${KEEPER}`,
    `CREATE FUNCTION ${KEEPER}.settle() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
       SET search_path = pg_catalog, pg_temp AS $$ BEGIN CHECKPOINT; END $$`,
    `ALTER FUNCTION ${KEEPER}.settle OWNER TO ${KEEPER}`,
    ...withGrants.map(
      (catalog) =>
        `UPDATE pg_catalog.${catalog}
            SET ${owned[catalog]}acl = replace(${owned[catalog]}acl::text, 'postgres=', '${KEEPER}=')::aclitem[]
          WHERE oid < 16384 AND ${owned[catalog]}acl IS NOT NULL`,
    ),
    ...Object.entries(owned).map(
      ([catalog, prefix]) =>
        `UPDATE pg_catalog.${catalog} SET ${prefix}owner = '${KEEPER}'::regrole WHERE oid < 16384 AND ${prefix}owner = 10`,
    ),
    'CHECKPOINT',
    `UPDATE pg_catalog.pg_authid
        SET rolsuper = false, rolcreatedb = false, rolreplication = false, rolbypassrls = false WHERE oid = 10`,
  ]
}

/** The template from the cache directory, or a new one that is put there; what is not ours to trust is built anew. */
export async function template(directory: string, onProgress: (text: string) => void): Promise<Seed> {
  const file = join(directory, `${recipe()}.template`)
  const trusted = await ownDirectory(directory)
  const cached = trusted ? await readSeed(file) : null
  if (cached !== null) return cached
  onProgress('preparing the sandbox template; this happens once on a machine')
  const built = await build()
  if (trusted) await writeSeed(file, built)
  return built
}

/** What decides whether a data directory fits: PGlite's version, how it is started, how it was made. */
export function recipe(): string {
  const manifest = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const text = JSON.stringify([START_PARAMS, hardening(''), FORMAT])
  return `pglite-${version(manifest)}-${sha256(Buffer.from(text)).slice(0, 16)}`
}

/** PGlite does not export its manifest, so the version is read from the path's package. */
function version(entry: string): string {
  const require = createRequire(entry)
  return (require('../package.json') as { version: string }).version
}

/** Bump when the file's layout changes. */
const FORMAT = 1

async function build(): Promise<Seed> {
  const secret = randomBytes(SECRET_LENGTH / 2).toString('hex')
  const database = await PGlite.create({ startParams: [...START_PARAMS], initDbStartParams: ['--wal-segsize=1'] })
  try {
    for (const statement of hardening(sha256(Buffer.from(secret)))) await database.exec(statement)
    const tarball = await database.dumpDataDir('none')
    return { secret, tarball: new Uint8Array(await tarball.arrayBuffer()) }
  } finally {
    await database.close()
  }
}
