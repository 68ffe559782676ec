import type { Privileges } from './backend.js'
import { EXTENSIONS, KEEPER, promoteWith, promotion } from './keeper.js'

/*
 * What a throw-away cluster is made with, wherever its programs come from: how its data directory is initialised, what
 * is done once as superuser, and the settings and limits that its server runs under.
 */

/** The role and database of the migrations. */
export const MIGRATOR = 'postgres'

/** Arguments of `initdb`, and the locales to try in turn. */
export const INITDB: readonly string[] = [
  ...['--no-sync', '-A', 'trust', '-U', KEEPER, '-E', 'UTF8', '--wal-segsize=1'],
]
export const LOCALES: readonly string[] = ['C.UTF-8', 'C']

/** Arguments of `postgres` that run statements in a data directory without a server; the first that fails ends it. */
export function singleUser(data: string): readonly string[] {
  return ['--single', '-F', '-D', data, '-c', 'exit_on_error=true', 'postgres']
}

/** Statements as that reads them, one a line. */
export function singleUserInput(statements: readonly string[]): Uint8Array {
  return Buffer.from(statements.map((statement) => `${statement.replace(/\s*\n\s*/g, ' ')}\n`).join(''))
}

/** Limits of memory and of the size of a file, which PostgreSQL reports as errors of the statement. */
export const LIMITED = 'ulimit -c 0; ulimit -f 1048576; ulimit -v "$1" 2>/dev/null; shift; exec "$0" "$@"'

/** A cluster as its settings know it. */
export interface Setting {
  /** Its processes show it in their titles. */
  readonly name: string
  /** The directory of its socket. */
  readonly sockets: string
  readonly major: number
}

/** The settings as arguments: fixed on the command line, where nothing inside can change them. */
export function settingsOf(cluster: Setting): readonly string[] {
  return Object.entries(settingValues(cluster)).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

function settingValues({ name, sockets, major }: Setting): Readonly<Record<string, string | number>> {
  return {
    // So that none of its processes is overlooked at the end.
    cluster_name: name,
    listen_addresses: '',
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    // Other kinds outlive a server that is killed.
    dynamic_shared_memory_type: 'mmap',
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_replication_slots: 0,
    min_wal_size: '2MB',
    max_wal_size: '64MB',
    // What is not needed any more would be kept with a state.
    wal_recycle: 'off',
    wal_init_zero: 'off',
    autovacuum: 'off',
    shared_buffers: '8MB',
    max_connections: 8,
    max_worker_processes: 0,
    max_logical_replication_workers: 0,
    max_parallel_workers_per_gather: 0,
    max_parallel_maintenance_workers: 0,
    jit: 'off',
    temp_file_limit: '1GB',
    timezone: 'UTC',
    lc_messages: 'C',
    log_min_error_statement: 'panic',
    log_min_messages: 'fatal',
    log_timezone: 'UTC',
    ...(major >= 16 ? { createrole_self_grant: 'set, inherit' } : {}),
    ...(major >= 18 ? { io_method: 'sync' } : {}),
  }
}

/** What is done once as superuser: the migrations' role owns its database and nothing else. */
export function hardening(secretHash: string, major: number): readonly string[] {
  return [
    ...promotion(MIGRATOR, secretHash),
    `CREATE ROLE ${MIGRATOR} LOGIN CREATEROLE`,
    `ALTER DATABASE ${MIGRATOR} OWNER TO ${MIGRATOR}`,
    ...(major < 16 ? BEFORE_16 : []),
    // A sandbox has one database, and is copied.
    "UPDATE pg_catalog.pg_database SET datistemplate = false WHERE datname <> 'postgres'",
    'DROP DATABASE template0',
    'DROP DATABASE template1',
  ]
}

/**
 * Until PostgreSQL 15 CREATEROLE could grant itself every role but a superuser's, and had no part in what it created.
 * So the roles that reach out of the database are made to look like superusers, which nobody can become, and `adopt`
 * grants what the session creates as later versions do.
 */
const BEFORE_16: readonly string[] = [
  `UPDATE pg_catalog.pg_authid SET rolsuper = true
    WHERE rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_signal_backend')`,
  `CREATE FUNCTION ${KEEPER}.adopt() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
   AS $$ DECLARE made name; BEGIN FOR made IN SELECT r.rolname FROM pg_roles r WHERE r.oid >= 16384 AND NOT r.rolsuper
   AND r.rolname <> '${MIGRATOR}' AND NOT pg_has_role('${MIGRATOR}', r.oid, 'MEMBER') LOOP
   EXECUTE format('GRANT %I TO ${MIGRATOR}', made); END LOOP; END $$`,
  `ALTER FUNCTION ${KEEPER}.adopt OWNER TO ${KEEPER}`,
]

/** How the sandbox helps the session of a cluster that was made so. */
export function privilegesOf(secret: string, major: number): Privileges {
  return {
    promotion: promoteWith(secret),
    adoption: major < 16 ? `SELECT ${KEEPER}.adopt()` : null,
    extensions: new Set(EXTENSIONS),
    cast: { keeper: KEEPER, migrator: MIGRATOR, made: 'true' },
  }
}
