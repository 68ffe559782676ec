import type { RehearsalVerdict } from '../../src/model/evidence.js'

/** What somebody may write into a migration to get out, to stay, to forge or to exhaust. */
export interface HostileCase {
  readonly name: string
  readonly up: readonly string[]
  readonly down?: readonly string[]
  readonly transaction?: 'one' | 'none'
  /** Any of these: servers may differ in which limit speaks first. */
  readonly verdicts: readonly RehearsalVerdict[]
  /** What the reason holds. */
  readonly reason?: RegExp
  readonly residue?: readonly string[]
}

const REFUSED: Pick<HostileCase, 'verdicts' | 'reason'> = {
  verdicts: ['up-fails'],
  reason:
    /permission denied|must be superuser|must be owner|not available|no schema has been selected|Only roles with/i,
}
const STOPPED: Pick<HostileCase, 'verdicts'> = { verdicts: ['not-run', 'up-fails'] }
const ENDED: Pick<HostileCase, 'verdicts' | 'reason'> = {
  verdicts: ['not-run'],
  reason: /^the rehearsal was ended after \d+ seconds$/,
}

const refused = (name: string, ...up: readonly string[]): HostileCase => ({ name, up, ...REFUSED })

/** Each is contained quickly and never passes. */
export const HOSTILE: readonly HostileCase[] = [
  refused('a program that gets the rows', "copy (select 1) to program 'id'"),
  refused('a program that gives the rows', 'create table t (line text)', "copy t from program 'id'"),
  refused('a file that gets the rows', "copy (select 1) to '/tmp/dba-hostile'"),
  refused('a file that gives the rows', 'create table t (line text)', "copy t from '/etc/passwd'"),
  refused('a file that is read', "select pg_read_file('/etc/passwd')"),
  refused('a file that is read as bytes', "select pg_read_binary_file('/etc/passwd')"),
  refused('a directory that is listed', "select pg_ls_dir('/')"),
  refused('a file that is looked at', "select pg_stat_file('/etc/passwd')"),
  refused('a file that becomes a large object', "select lo_import('/etc/passwd')"),
  refused('a large object that becomes a file', "select lo_export(lo_from_bytea(0, 'x'), '/tmp/dba-hostile')"),
  ...['dblink', 'postgres_fdw', 'file_fdw', 'adminpack', 'plpython3u', 'plperlu'].map((name) => ({
    ...refused(`the extension ${name}`, `create extension ${name}`),
    reason: /permission denied|not available|could not open extension control file/,
  })),
  refused('a function in C', "create function f() returns int language c as 'libc', 'system'"),
  { name: 'a library', up: ["load 'libc.so.6'"], verdicts: ['up-fails'] },
  { ...refused('a setting of the server', "alter system set archive_command = 'id'"), transaction: 'none' },
  refused('a reload of the settings', 'select pg_reload_conf()'),
  {
    ...refused(
      'a subscription',
      "create subscription s connection 'host=169.254.169.254' publication p with (create_slot = false)",
    ),
    reason: /permission denied|must be|insecure/,
  },
  refused('a foreign server', 'create foreign data wrapper w'),
  refused(
    'an event trigger',
    'create event trigger e on sql_drop execute function suppress_redundant_updates_trigger()',
  ),
  refused('a change of the catalogs', "update pg_catalog.pg_authid set rolsuper = true where rolname = 'postgres'"),
  {
    ...refused(
      'more power after a reset',
      'reset role',
      'reset session authorization',
      "alter system set work_mem = '1GB'",
    ),
    transaction: 'none',
  },
  refused('a superuser', 'create role strong superuser'),
  { ...refused('a database', 'create database other'), transaction: 'none' },
  { ...refused('a place for tables', "create tablespace t location '/tmp'"), transaction: 'none' },
  {
    name: 'an end to those who look on',
    up: ['select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()', 'drop table nope'],
    // Who asks about rows has the migration's role, and may be ended by it before it is refused the others.
    verdicts: ['up-fails', 'not-run'],
  },
  {
    name: 'a transaction that is left prepared',
    up: ['begin', 'create table t (id int)', "prepare transaction 'later'"],
    transaction: 'none',
    verdicts: ['up-fails'],
  },
  {
    name: 'endless recursion',
    up: [
      'create function again(int) returns int language plpgsql as $$ begin return again($1 + 1); end $$',
      'select again(1)',
    ],
    verdicts: ['up-fails'],
    reason: /stack depth limit exceeded/,
  },
  { name: 'a value of 900 MB', up: ["select length(repeat('x', 900000000) || 'y')"], ...STOPPED },
  {
    name: 'locks until there is no room for one more',
    up: ['select pg_advisory_lock(g) from generate_series(1, 10000000) g'],
    ...STOPPED,
  },
  {
    name: 'a search path with catalogs of its own',
    up: [
      'create schema evil',
      'create table evil.pg_class as select * from pg_catalog.pg_class limit 0',
      'create table evil.pg_attribute as select attrelid, attname, attnum from pg_catalog.pg_attribute limit 0',
      'create function evil.pg_get_indexdef(oid) returns text language sql as $$ select null::text $$',
      'alter role current_user set search_path = evil, pg_catalog',
      'alter role current_user set statement_timeout = 1',
      'create table public.sneaky (id int)',
    ],
    down: ['drop schema evil cascade', 'alter role current_user reset all'],
    verdicts: ['leaves-residue'],
    residue: ['table public.sneaky remains'],
  },
  {
    name: 'a name that ends the line',
    up: ['create table "a\n\\! id" (id int)'],
    down: ['select 1'],
    verdicts: ['leaves-residue'],
    residue: ['table public."a\\u000a\\! id" remains'],
  },
  {
    name: 'a down that does nothing',
    up: ['create table t (id int)'],
    down: ['select 1'],
    verdicts: ['leaves-residue'],
    residue: ['table public.t remains'],
  },
  {
    name: 'an up that depends on chance',
    up: ["do $$ begin execute format('create table %I (id int)', 'chance_' || gen_random_uuid()); end $$"],
    down: [
      "do $$ declare t regclass; begin for t in select oid from pg_class where relname like 'chance%' loop execute format('drop table %s', t); end loop; end $$",
    ],
    verdicts: ['reapply-fails'],
    reason: /after up, down and up/,
  },
  {
    name: 'grants, comments and validity that do not come back',
    up: ['drop table kept'],
    down: [
      'create table kept (id int primary key, other int)',
      'alter table kept add constraint positive check (other > 0) not valid',
    ],
    verdicts: ['leaves-residue'],
    residue: [
      'comment on table public.kept is missing',
      'constraint public.kept.positive differs: CHECK ((other > 0)) NOT VALID instead of CHECK ((other > 0))',
      'grants on table public.kept is missing',
    ],
  },
]

/** Each would go on for ever, or nearly so: it is ended from outside. */
export const ENDLESS: readonly HostileCase[] = [
  { name: 'sleep without a timeout', up: ['set statement_timeout = 0', 'select pg_sleep(86400)'], ...ENDED },
  {
    name: 'a query without an end',
    up: ['with recursive r as (select 1 union all select 1 from r) select count(*) from r'],
    ...ENDED,
  },
  { name: 'a loop without an end', up: ['do $$ begin loop end loop; end $$'], ...ENDED },
  {
    name: 'a table that fills the disk',
    up: ["create table t as select repeat('x', 1000) from generate_series(1, 1000000000)"],
    ...STOPPED,
  },
  {
    name: 'more tables than a transaction can lock',
    up: ["do $$ begin for i in 1..1000000 loop execute format('create table t_%s (id int)', i); end loop; end $$"],
    ...STOPPED,
  },
  {
    name: 'notices without an end',
    up: ["do $$ begin loop raise notice '%', repeat('x', 1000); end loop; end $$"],
    ...STOPPED,
  },
  { name: 'rows without an end', up: ['select repeat($$x$$, 1000) from generate_series(1, 1000000000)'], ...STOPPED },
  {
    name: 'large objects without an end',
    up: ["select count(lo_from_bytea(0, repeat('x', 100000)::bytea)) from generate_series(1, 1000000)"],
    ...STOPPED,
  },
]

/** What takes some care and does no harm. */
export const HARMLESS: readonly HostileCase[] = [
  {
    name: 'a trusted extension',
    up: ['create extension pgcrypto', 'create table t (id uuid default gen_random_uuid())'],
    down: ['drop table t', 'drop extension pgcrypto'],
    verdicts: ['reversible'],
  },
  {
    name: 'statements that refuse a transaction',
    up: ['create index concurrently kept_other_idx on kept (other)', 'vacuum kept', 'reindex table concurrently kept'],
    down: ['drop index concurrently kept_other_idx'],
    transaction: 'none',
    verdicts: ['reversible'],
  },
  {
    name: 'a cursor that is held and a temporary table',
    up: ['declare c cursor with hold for select 1', 'create temporary table t (id int)'],
    down: ['select 1'],
    verdicts: ['reversible'],
  },
  {
    name: 'five million rows that nobody asked for',
    up: ['select g from generate_series(1, 5000000) g'],
    down: ['select 1'],
    verdicts: ['reversible'],
  },
]

/** What stands before each. */
export const BEFORE = [
  'create table kept (id int primary key, other int, constraint positive check (other > 0))',
  "comment on table kept is 'for good'",
  'grant select on kept to public',
]
