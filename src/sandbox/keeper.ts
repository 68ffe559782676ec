/*
 * What a sandbox lets a migration do though its role is no superuser: a keeper whom nobody can become owns a function
 * that, for one statement and to who knows a secret, lends the power that PostgreSQL asks for.
 */

/** The schema and the role of the sandbox itself; dumps leave them out. */
export const KEEPER = 'dba_sandbox'

/** Extensions that a migration may create though its role is no superuser: the trusted ones, and harmless others. */
export const EXTENSIONS: readonly string[] = [
  ...['autoinc', 'bloom', 'btree_gin', 'btree_gist', 'citext', 'cube', 'dict_int', 'dict_xsyn', 'earthdistance'],
  ...[
    'fuzzystrmatch',
    'hstore',
    'insert_username',
    'intarray',
    'isn',
    'lo',
    'ltree',
    'moddatetime',
    'pg_stat_statements',
  ],
  ...[
    'pg_trgm',
    'pgcrypto',
    'refint',
    'seg',
    'tablefunc',
    'tcn',
    'tsm_system_rows',
    'tsm_system_time',
    'unaccent',
    'uuid-ossp',
  ],
]

/** The keeper's schema, and in it `promote`, by which the one role named becomes superuser or ceases to be. */
export function promotion(role: string, secretHash: string, keeper = KEEPER): readonly string[] {
  return [
    `CREATE SCHEMA ${KEEPER} AUTHORIZATION ${keeper}`,
    `CREATE FUNCTION ${KEEPER}.promote(secret text, super boolean) RETURNS void LANGUAGE sql SECURITY DEFINER
       SET search_path = pg_catalog, pg_temp
       AS $$ UPDATE pg_catalog.pg_authid SET rolsuper = $2 WHERE rolname = '${role}'
                AND pg_catalog.sha256($1::pg_catalog.bytea) = '\\x${secretHash}'::pg_catalog.bytea $$`,
    `ALTER FUNCTION ${KEEPER}.promote OWNER TO ${keeper}`,
    `GRANT USAGE ON SCHEMA ${KEEPER} TO PUBLIC`,
  ]
}

/** The statement that lends the power, or takes it back. */
export function promoteWith(secret: string): (superuser: boolean) => string {
  return (superuser) => `SELECT ${KEEPER}.promote('${secret}', ${superuser})`
}
