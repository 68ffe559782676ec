/*
 * How a schema is read: queries as data. Each row is an object: its key, its definition, and the relation that it
 * belongs to ('' for none), by which a tool's own tables are left out. They run as the session's own user with only
 * pg_catalog on the search path, so that unqualified functions and operators are PostgreSQL's; relations are qualified
 * all the same, and names in definitions come out qualified.
 */

/** Whose things a reading leaves out, and which roles of the server it is about. */
export interface Cast {
  /** The sandbox's own schema and role. */
  readonly keeper: string
  /** The role that the migrations run as. */
  readonly migrator: string
  /** A condition on `r` of pg_roles: the roles that the migrations may have made. */
  readonly made: string
}

/** One statement that reads one kind of object; `keeper` is a schema and role to leave out. */
export type Kind = (keeper: string, cast: Cast) => string

/** The server version such as `18.6`. */
export const VERSION = "SELECT pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1)"

/** What makes the reading independent of anything that a migration set; all of it ends with the transaction. */
export const ISOLATION: readonly string[] = [
  'SET LOCAL SESSION AUTHORIZATION DEFAULT',
  'SET LOCAL ROLE NONE',
  'SET LOCAL search_path = pg_catalog, pg_temp',
  'SET LOCAL quote_all_identifiers = off',
  'SET LOCAL standard_conforming_strings = on',
  'SET LOCAL row_security = on',
  "SET LOCAL DateStyle = 'ISO, YMD'",
  'SET LOCAL IntervalStyle = postgres',
  "SET LOCAL TimeZone = 'UTC'",
  'SET LOCAL bytea_output = hex',
  'SET LOCAL xmlbinary = base64',
  'SET LOCAL extra_float_digits = 1',
  "SET LOCAL lc_monetary = 'C'",
]

/** An object that is the user's: in a schema of theirs, and not part of an extension. */
function mine(keeper: string, catalog: string, oid: string, schema: string): string {
  return `${schema} IN (SELECT s.oid FROM pg_catalog.pg_namespace s WHERE (s.oid >= 16384 OR s.nspname = 'public')
                         AND s.nspname <> '${keeper}' AND s.nspname !~ '^pg_')
      AND ${free(catalog, oid)}`
}

function free(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.${catalog}'::regclass
                         AND e.objid = ${oid} AND e.deptype = 'e')`
}

/** Privileges in a stable order, owner's and PUBLIC's defaults included. */
function privileges(acl: string): string {
  return `(SELECT string_agg(line, '; ' ORDER BY line COLLATE "C") FROM (
     SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END || ': ' ||
            string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN ' with grant option' ELSE '' END, ', '
                       ORDER BY a.privilege_type) AS line
       FROM aclexplode(${acl}) a GROUP BY a.grantee) AS granted)`
}

/** Rows for what has other privileges than it is born with. */
function grants(what: string, acl: string, byDefault: string, relation: string, from: string): string {
  return `SELECT 'grants on ' || ${what}, coalesce(${privileges(acl)}, 'none'), ${relation} ${from}
      AND ${acl} IS NOT NULL AND ${privileges(acl)} IS DISTINCT FROM ${privileges(byDefault)}`
}

const NAME = `quote_ident(n.nspname) || '.' || quote_ident(c.relname)`
const RELKIND = `CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
  WHEN 'f' THEN 'foreign table' ELSE 'table' END`
const OWNED_SEQUENCE_TABLE = `(SELECT d.refobjid::regclass::text FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 LIMIT 1)`
/** The relation as bookkeeping names it; a sequence belongs to its column's table. */
const OF_RELATION = `CASE WHEN c.relkind = 'S' THEN coalesce(${OWNED_SEQUENCE_TABLE}, ${NAME}) ELSE ${NAME} END`

const relations =
  (kinds: string) =>
  (keeper: string): string =>
    `FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN (${kinds}) AND ${mine(keeper, 'pg_class', 'c.oid', 'c.relnamespace')}`
const anyRelation = relations(`'r', 'p', 'f', 'v', 'm', 'S'`)
const tables = relations(`'r', 'p', 'f'`)

const schemas: Kind = (keeper) => `SELECT 'schema ' || quote_ident(n.nspname), 'owned by ' || n.nspowner::regrole, ''
  FROM pg_catalog.pg_namespace n
  WHERE (n.oid >= 16384 OR n.nspname = 'public') AND n.nspname <> '${keeper}' AND n.nspname !~ '^pg_'
    AND ${free('pg_namespace', 'n.oid')}`

const tableKinds: Kind = (keeper) => `SELECT 'table ' || ${NAME}, concat_ws(', ',
    CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
    CASE c.relkind WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned by ' || pg_get_partkeydef(c.oid) ELSE 'table' END,
    (SELECT CASE WHEN c.relispartition THEN 'partition of ' ELSE 'inherits ' END ||
            string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
       FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid),
    pg_get_expr(c.relpartbound, c.oid),
    'of type ' || nullif(c.reloftype, 0)::regtype,
    'using ' || (SELECT nullif(m.amname, 'heap') FROM pg_catalog.pg_am m WHERE m.oid = c.relam),
    'tablespace ' || (SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace)), ${NAME}
  ${tables(keeper)}`

const views: Kind = (keeper) => `SELECT ${RELKIND} || ' ' || ${NAME},
    pg_get_viewdef(c.oid) || CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN ' (not populated)' ELSE '' END, ${NAME}
  ${relations(`'v', 'm'`)(keeper)}`

const sequences: Kind = (
  keeper,
) => `SELECT 'sequence ' || ${NAME}, concat_ws(', ', q.seqtypid::regtype, 'starts at ' || q.seqstart,
    'by ' || q.seqincrement, 'from ' || q.seqmin || ' to ' || q.seqmax, 'cache ' || q.seqcache,
    CASE WHEN q.seqcycle THEN 'cycles' END, CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
    (SELECT CASE d.deptype WHEN 'i' THEN 'identity of ' ELSE 'owned by ' END || d.refobjid::regclass || '.' || quote_ident(a.attname)
       FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
      LIMIT 1)), ${OF_RELATION}
  FROM pg_catalog.pg_sequence q, pg_catalog.pg_class c, pg_catalog.pg_namespace n
  WHERE q.seqrelid = c.oid AND n.oid = c.relnamespace AND ${mine(keeper, 'pg_class', 'c.oid', 'c.relnamespace')}`

const owners: Kind = (keeper) =>
  `SELECT 'owner of ' || ${RELKIND} || ' ' || ${NAME}, c.relowner::regrole, ${OF_RELATION} ${anyRelation(keeper)}`

const storageParameters: Kind = (keeper) => `SELECT 'storage parameters of ' || ${RELKIND} || ' ' || ${NAME},
    array_to_string(ARRAY(
      SELECT option FROM unnest(c.reloptions || (SELECT o.reloptions FROM pg_catalog.pg_class o WHERE o.oid = c.reltoastrelid)) option
       WHERE ${SAYS_SOMETHING} ORDER BY 1), ', '), ${NAME}
  ${anyRelation(keeper)} AND EXISTS (SELECT FROM unnest(c.reloptions) option WHERE ${SAYS_SOMETHING})`

/** A view is the same with this and without. */
const SAYS_SOMETHING = `option !~ '^security_(barrier|invoker)=(f|false|n|no|off|0)$'`

const rowSecurity: Kind = (keeper) => `SELECT 'row security of table ' || ${NAME},
    concat_ws(', ', CASE WHEN c.relrowsecurity THEN 'enabled' END, CASE WHEN c.relforcerowsecurity THEN 'forced' END), ${NAME}
  ${tables(keeper)} AND (c.relrowsecurity OR c.relforcerowsecurity)`

const replicaIdentity: Kind = (keeper) => `SELECT 'replica identity of table ' || ${NAME},
    CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' ELSE 'index ' ||
      (SELECT i.indexrelid::regclass FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisreplident) END, ${NAME}
  ${tables(keeper)} AND c.relreplident <> 'd'`

/** What a server from 15.20 on writes into the options of each column for itself: another number every time. */
const STAMP = 'pg_attver'

const columns: Kind = (keeper) => `SELECT 'column ' || ${NAME} || '.' || quote_ident(a.attname), concat_ws(' ',
    format_type(a.atttypid, a.atttypmod),
    'COLLATE ' || (SELECT nullif(a.attcollation, t.typcollation)::regcollation FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid),
    CASE WHEN a.attnotnull THEN 'NOT NULL' END,
    CASE a.attidentity WHEN 'a' THEN 'GENERATED ALWAYS AS IDENTITY' WHEN 'd' THEN 'GENERATED BY DEFAULT AS IDENTITY' END,
    (SELECT CASE a.attgenerated WHEN '' THEN 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
              WHEN 's' THEN 'GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
              ELSE 'GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') VIRTUAL' END
       FROM pg_catalog.pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum),
    (SELECT CASE a.attstorage WHEN t.typstorage THEN NULL WHEN 'p' THEN 'STORAGE PLAIN' WHEN 'e' THEN 'STORAGE EXTERNAL'
              WHEN 'm' THEN 'STORAGE MAIN' ELSE 'STORAGE EXTENDED' END FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid),
    CASE a.attcompression WHEN 'p' THEN 'COMPRESSION pglz' WHEN 'l' THEN 'COMPRESSION lz4' END,
    'STATISTICS ' || nullif(a.attstattarget, -1),
    'OPTIONS (' || (SELECT string_agg(o, ', ') FROM unnest(a.attoptions) o WHERE NOT starts_with(o, '${STAMP}=')) || ')',
    CASE WHEN a.attislocal THEN NULL ELSE '(inherited)' END), ${NAME}
  FROM pg_catalog.pg_attribute a, pg_catalog.pg_class c, pg_catalog.pg_namespace n
  WHERE a.attrelid = c.oid AND n.oid = c.relnamespace AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relkind IN ('r', 'p', 'f') AND ${mine(keeper, 'pg_class', 'c.oid', 'c.relnamespace')}`

const columnOrder: Kind = (keeper) => `SELECT 'column order of table ' || ${NAME},
    (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), ${NAME}
  ${tables(keeper)}`

/** A plain NOT NULL is said with its column; since PostgreSQL 18 it is a constraint as well. */
const constraints: Kind = (keeper) => `SELECT 'constraint ' || ${NAME} || '.' || quote_ident(k.conname),
    pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated OR pg_get_constraintdef(k.oid) ~ 'NOT (VALID|ENFORCED)'
                                        THEN '' ELSE ' NOT VALID' END, ${NAME}
  FROM pg_catalog.pg_constraint k, pg_catalog.pg_class c, pg_catalog.pg_namespace n
  WHERE k.conrelid = c.oid AND n.oid = c.relnamespace AND ${mine(keeper, 'pg_class', 'c.oid', 'c.relnamespace')}
    AND (k.contype <> 'n' OR NOT k.convalidated OR k.connoinherit)`

const domainConstraints: Kind = (
  keeper,
) => `SELECT 'constraint of domain ' || t.oid::regtype || '.' || quote_ident(k.conname),
    pg_get_constraintdef(k.oid), ''
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = k.contypid
  WHERE ${mine(keeper, 'pg_type', 't.oid', 't.typnamespace')}`

/** An index that carries a constraint is said with it, unless it is invalid. */
const indexes: Kind = (
  keeper,
) => `SELECT 'index ' || i.indexrelid::regclass, concat_ws(' ', pg_get_indexdef(i.indexrelid),
    CASE WHEN i.indisvalid THEN NULL ELSE '(invalid)' END, CASE WHEN i.indisclustered THEN '(clustered)' END,
    (SELECT '(partition of ' || p.inhparent::regclass || ')' FROM pg_catalog.pg_inherits p WHERE p.inhrelid = i.indexrelid),
    (SELECT '(column ' || x.attnum || ' statistics ' || x.attstattarget || ')' FROM pg_catalog.pg_attribute x
      WHERE x.attrelid = i.indexrelid AND x.attstattarget >= 0 ORDER BY x.attnum LIMIT 1)), ${NAME}
  FROM pg_catalog.pg_index i, pg_catalog.pg_class c, pg_catalog.pg_namespace n
  WHERE i.indrelid = c.oid AND n.oid = c.relnamespace AND ${mine(keeper, 'pg_class', 'c.oid', 'c.relnamespace')}
    AND (NOT i.indisvalid OR i.indisclustered OR NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
          WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')))`

const triggers: Kind = (
  keeper,
) => `SELECT 'trigger ' || ${NAME} || '.' || quote_ident(g.tgname), pg_get_triggerdef(g.oid) ||
    CASE g.tgenabled WHEN 'D' THEN ' (disabled)' WHEN 'R' THEN ' (replica)' WHEN 'A' THEN ' (always)' ELSE '' END, ${NAME}
  FROM pg_catalog.pg_trigger g, pg_catalog.pg_class c, pg_catalog.pg_namespace n
  WHERE g.tgrelid = c.oid AND n.oid = c.relnamespace AND NOT g.tgisinternal
    AND ${mine(keeper, 'pg_class', 'c.oid', 'c.relnamespace')}`

const rules: Kind = (keeper) => `SELECT 'rule ' || ${NAME} || '.' || quote_ident(r.rulename), pg_get_ruledef(r.oid) ||
    CASE r.ev_enabled WHEN 'O' THEN '' ELSE ' (' || r.ev_enabled::text || ')' END, ${NAME}
  FROM pg_catalog.pg_rewrite r, pg_catalog.pg_class c, pg_catalog.pg_namespace n
  WHERE r.ev_class = c.oid AND n.oid = c.relnamespace AND r.rulename <> '_RETURN'
    AND ${mine(keeper, 'pg_class', 'c.oid', 'c.relnamespace')}`

const policies: Kind = (keeper) => `SELECT 'policy ' || ${NAME} || '.' || quote_ident(p.polname), concat_ws(' ',
    CASE WHEN p.polpermissive THEN NULL ELSE 'AS RESTRICTIVE' END,
    'FOR ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    'TO ' || (SELECT string_agg(CASE o.role WHEN 0 THEN 'PUBLIC' ELSE o.role::regrole::text END, ', ' ORDER BY 1)
                FROM unnest(p.polroles) AS o (role)),
    'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
    'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'), ${NAME}
  FROM pg_catalog.pg_policy p, pg_catalog.pg_class c, pg_catalog.pg_namespace n
  WHERE p.polrelid = c.oid AND n.oid = c.relnamespace AND ${mine(keeper, 'pg_class', 'c.oid', 'c.relnamespace')}`

/** Enums, domains, composite types, ranges and base types; a table's row type and array types go with their owner. */
const types: Kind = (keeper) => `SELECT
    CASE t.typtype WHEN 'e' THEN 'enum ' WHEN 'd' THEN 'domain ' WHEN 'r' THEN 'range type ' ELSE 'type ' END || t.oid::regtype,
    concat_ws(' ',
      (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
      CASE WHEN t.typtype = 'd' THEN concat_ws(' ', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'NOT NULL' END,
        'DEFAULT ' || t.typdefault, 'COLLATE ' || (SELECT nullif(t.typcollation, b.typcollation)::regcollation
          FROM pg_catalog.pg_type b WHERE b.oid = t.typbasetype)) END,
      (SELECT 'of ' || r.rngsubtype::regtype || ' ' || r.rngsubopc || ' ' || r.rngcanonical || ' ' || r.rngsubdiff
         FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid),
      (SELECT '(' || string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) || ')'
         FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
      CASE WHEN t.typtype = 'b' THEN 'input ' || t.typinput || ', output ' || t.typoutput || ', length ' || t.typlen END,
      CASE WHEN t.typtype = 'p' THEN 'shell' END,
      'owned by ' || t.typowner::regrole), ''
  FROM pg_catalog.pg_type t
  WHERE ${mine(keeper, 'pg_type', 't.oid', 't.typnamespace')} AND t.typtype <> 'm'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
    AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_catalog.pg_class k WHERE k.oid = t.typrelid AND k.relkind = 'c'))`

const SIGNATURE = `quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')'`
const ROUTINE = `CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END || ${SIGNATURE}`

const functions: Kind = (keeper) => `SELECT ${ROUTINE}, concat_ws(' ',
    CASE WHEN p.prokind = 'a' THEN (SELECT concat_ws(' ', 'state', g.aggtransfn, g.aggtranstype::regtype, g.aggfinalfn, g.agginitval,
        g.aggcombinefn, g.aggkind, g.aggsortop) FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid)
      ELSE pg_get_functiondef(p.oid) END, 'owned by ' || p.proowner::regrole), ''
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE ${mine(keeper, 'pg_proc', 'p.oid', 'p.pronamespace')}`

const relationGrants: Kind = (keeper) =>
  grants(
    `${RELKIND} || ' ' || ${NAME}`,
    'c.relacl',
    `acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)`,
    OF_RELATION,
    anyRelation(keeper),
  )

const columnGrants: Kind = (keeper) => `SELECT 'grants on column ' || ${NAME} || '.' || quote_ident(a.attname),
    ${privileges('a.attacl')}, ${NAME}
  FROM pg_catalog.pg_attribute a, pg_catalog.pg_class c, pg_catalog.pg_namespace n
  WHERE a.attrelid = c.oid AND n.oid = c.relnamespace AND a.attnum > 0 AND NOT a.attisdropped AND cardinality(a.attacl) > 0
    AND ${mine(keeper, 'pg_class', 'c.oid', 'c.relnamespace')}`

const functionGrants: Kind = (keeper) =>
  grants(
    ROUTINE,
    'p.proacl',
    `acldefault('f', p.proowner)`,
    `''`,
    `FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE ${mine(keeper, 'pg_proc', 'p.oid', 'p.pronamespace')}`,
  )

const typeGrants: Kind = (keeper) =>
  grants(
    `'type ' || t.oid::regtype`,
    't.typacl',
    `acldefault('T', t.typowner)`,
    `''`,
    `FROM pg_catalog.pg_type t WHERE ${mine(keeper, 'pg_type', 't.oid', 't.typnamespace')}`,
  )

/** The schema public is born with grants of its own, so all of a schema's are said. */
const schemaGrants: Kind = (keeper) => `SELECT 'grants on schema ' || quote_ident(n.nspname),
    ${privileges(`coalesce(n.nspacl, acldefault('n', n.nspowner))`)}, ''
  FROM pg_catalog.pg_namespace n
  WHERE (n.oid >= 16384 OR n.nspname = 'public') AND n.nspname <> '${keeper}' AND n.nspname !~ '^pg_'`

const defaultPrivileges: Kind =
  () => `SELECT concat_ws(' ', 'default privileges of', d.defaclrole::regrole::text, 'for',
    CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
      WHEN 'n' THEN 'schemas' ELSE d.defaclobjtype::text END, 'in ' || nullif(d.defaclnamespace, 0)::regnamespace),
    coalesce(${privileges('d.defaclacl')}, 'none'), ''
  FROM pg_catalog.pg_default_acl d`

const comments: Kind = (keeper) => `SELECT 'comment on ' || o.type || ' ' || o.identity, d.description,
    CASE WHEN d.classoid = 'pg_catalog.pg_class'::regclass THEN d.objoid::regclass::text ELSE '' END
  FROM pg_catalog.pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) o
  WHERE d.objoid >= 16384 AND o.schema IS DISTINCT FROM '${keeper}'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
    AND NOT (d.classoid = 'pg_catalog.pg_extension'::regclass AND d.description = (SELECT v.comment
          FROM pg_catalog.pg_available_extensions v, pg_catalog.pg_extension x WHERE x.oid = d.objoid AND v.name = x.extname))`

const extensions: Kind = () => `SELECT 'extension ' || quote_ident(x.extname),
    'version ' || x.extversion || ' in schema ' || x.extnamespace::regnamespace, ''
  FROM pg_catalog.pg_extension x`

const statistics: Kind = (keeper) => `SELECT 'statistics ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname),
    concat_ws(' ', pg_get_statisticsobjdef(s.oid), 'STATISTICS ' || nullif(s.stxstattarget, -1)), s.stxrelid::regclass::text
  FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
  WHERE ${mine(keeper, 'pg_statistic_ext', 's.oid', 's.stxnamespace')}`

/** Without the session's own role, which has a membership in every role that it creates. */
const roles: Kind = (keeper, { migrator, made }) => `SELECT 'role ' || quote_ident(r.rolname), concat_ws(', ',
    CASE WHEN r.rolcanlogin THEN 'login' END, CASE WHEN r.rolinherit THEN NULL ELSE 'noinherit' END,
    CASE WHEN r.rolcreaterole THEN 'createrole' END, CASE WHEN r.rolcreatedb THEN 'createdb' END,
    CASE WHEN r.rolbypassrls THEN 'bypassrls' END, CASE WHEN r.rolconnlimit >= 0 THEN 'connection limit ' || r.rolconnlimit END,
    'member of ' || (SELECT string_agg(m.roleid::regrole::text, ', ' ORDER BY m.roleid::regrole::text)
                       FROM pg_catalog.pg_auth_members m WHERE m.member = r.oid)), ''
  FROM pg_catalog.pg_roles r
  WHERE r.rolname NOT IN ('${keeper}', '${migrator}') AND r.rolname !~ '^pg_' AND ${made}`

const settings: Kind = (
  _,
  { migrator, made },
) => `SELECT concat_ws(' ', 'setting of', 'role ' || nullif(s.setrole, 0)::regrole,
    'database ' || (SELECT quote_ident(d.datname) FROM pg_catalog.pg_database d WHERE d.oid = s.setdatabase),
    split_part(g.line, '=', 1)), substr(g.line, strpos(g.line, '=') + 1), ''
  FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) AS g (line)
  WHERE CASE s.setrole WHEN 0 THEN s.setdatabase = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
    ELSE s.setrole IN (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = '${migrator}' OR ${made}) END`

/** Kinds of which only the existence and the identity are compared. */
const others: Kind = () =>
  (
    [
      ...[
        'pg_collation',
        'pg_cast',
        'pg_operator',
        'pg_opclass',
        'pg_opfamily',
        'pg_conversion',
        'pg_language',
        'pg_am',
      ],
      ...['pg_ts_config', 'pg_ts_dict', 'pg_ts_parser', 'pg_ts_template', 'pg_transform', 'pg_foreign_data_wrapper'],
      ...['pg_foreign_server', 'pg_event_trigger', 'pg_publication', 'pg_publication_rel', 'pg_publication_namespace'],
    ] as const
  )
    .map(
      (catalog) => `SELECT i.type || ' ' || i.identity, '', '' FROM pg_catalog.${catalog} o,
        pg_identify_object('pg_catalog.${catalog}'::regclass, o.oid, 0) i
        WHERE o.oid >= 16384 AND ${free(catalog, 'o.oid')}`,
    )
    .join('\nUNION ALL ')

/** Everything that a dump reads. */
export const KINDS: readonly Kind[] = [
  ...[schemas, tableKinds, views, sequences, owners, storageParameters, rowSecurity, replicaIdentity, columns],
  ...[columnOrder, constraints, domainConstraints, indexes, triggers, rules, policies, types, functions],
  ...[relationGrants, columnGrants, functionGrants, typeGrants, schemaGrants, defaultPrivileges],
  ...[comments, extensions, statistics, roles, settings, others],
]
