import type { RehearsalVerdict } from '../../src/model/evidence.js'

/** One rehearsal as a person would tell it. */
export interface Case {
  readonly name: string
  /** Up scripts that were applied before, each a file of its own. */
  readonly history?: readonly string[]
  readonly up: string
  /** null: there is no down script. */
  readonly down: string | null
  /** `one` unless said otherwise. */
  readonly transaction?: 'one' | 'none'
  readonly verdict: RehearsalVerdict
  /** Part of the reason. */
  readonly reason?: string
  readonly residue?: readonly string[]
  /** The failing place as `line:column text`, in the file of the failing script. */
  readonly error?: string
  readonly skipped?: readonly string[]
  /** Values that down does not bring back, as `rows table.column`. */
  readonly lost?: readonly string[]
  /** Values that up filled in and down leaves, likewise. */
  readonly filled?: readonly string[]
  /** Rules that rows break after up, as `rows table constraint: query`. */
  readonly violations?: readonly string[]
  /** Tables without rows. */
  readonly unfilled?: readonly string[]
  /** The statement that fails on some rows, with the query that finds them. */
  readonly depends?: string
  /** What is said of the failure beyond PostgreSQL's words, line by line; not looked at when it is not given. */
  readonly diagnosis?: readonly string[]
  /** The outcome for rows written between up and down, and what is said of rows; not looked at when it is not given. */
  readonly between?: readonly string[]
}

const ORDERS =
  'create table orders (id bigint primary key, customer_id bigint, total numeric(10,2) not null default 0);'
const ENUM = "create type mood as enum ('sad', 'ok');"

/** Every verdict, and every kind of object that a down script forgets. */
export const CASES: readonly Case[] = [
  {
    name: 'a table that goes away again',
    up: 'create table a (id int primary key);\ncreate index a_id_idx on a (id);',
    down: 'drop table a;',
    verdict: 'reversible',
  },
  {
    name: 'a column that comes back at the end of the table',
    history: [ORDERS],
    up: 'alter table orders drop column customer_id;',
    down: 'alter table orders add column customer_id bigint;',
    verdict: 'loses-data',
    reason: 'after down, 4 rows of orders have lost the value of customer_id',
    lost: ['4 orders.customer_id'],
  },
  {
    name: 'an option of a view that is set to what it is without',
    history: [ORDERS, 'create view v as select id from orders;'],
    up: 'alter view v set (security_invoker = true, security_barrier = true);',
    down: 'alter view v set (security_invoker = false, security_barrier = off);',
    verdict: 'reversible',
  },
  { name: 'nothing to do and nothing to undo', up: '-- later', down: '-- later', verdict: 'reversible' },
  {
    name: 'a forgotten index',
    history: [ORDERS],
    up: 'create index orders_customer_idx on orders (customer_id);\nalter table orders add note text;',
    down: 'alter table orders drop column note;',
    verdict: 'leaves-residue',
    reason: 'and up then fails: relation "orders_customer_idx" already exists',
    residue: ['index public.orders_customer_idx remains'],
    error: '1:1 create index orders_customer_idx on orders (customer_id)',
  },
  {
    name: 'an empty down',
    up: 'create table a (id serial primary key, note text unique);\ncomment on table a is $$x$$;',
    down: '',
    verdict: 'leaves-residue',
    residue: ['table public.a remains'],
    error: '1:1 create table a (id serial primary key, note text unique)',
  },
  {
    name: 'a forgotten enum',
    history: [ORDERS],
    up: `${ENUM}\nalter table orders add mood mood;`,
    down: 'alter table orders drop column mood;',
    verdict: 'leaves-residue',
    residue: ['enum public.mood remains'],
    error: `1:1 ${ENUM.slice(0, -1)}`,
  },
  {
    name: 'an enum label that cannot be taken back',
    history: [ENUM],
    up: "alter type mood add value 'happy';",
    down: 'select 1;',
    verdict: 'leaves-residue',
    residue: [
      "enum public.mood differs: 'sad', 'ok', 'happy' owned by postgres instead of 'sad', 'ok' owned by postgres",
    ],
    error: "1:1 alter type mood add value 'happy'",
  },
  {
    name: 'a dropped column that comes back with another type and without its default',
    history: [ORDERS],
    up: 'alter table orders drop column total;',
    down: 'alter table orders add total numeric(12,2);',
    verdict: 'leaves-residue',
    lost: ['5 orders.total'],
    residue: ['column public.orders.total differs: numeric(12,2) instead of numeric(10,2) NOT NULL DEFAULT 0'],
  },
  {
    name: 'a constraint that comes back unvalidated',
    history: [ORDERS, 'alter table orders add constraint positive check (total >= 0);'],
    up: 'alter table orders drop constraint positive;',
    down: 'alter table orders add constraint positive check (total >= 0) not valid;',
    verdict: 'leaves-residue',
    residue: [
      'constraint public.orders.positive differs: CHECK ((total >= (0)::numeric)) NOT VALID instead of CHECK ((total >= (0)::numeric))',
    ],
  },
  {
    name: 'a table that comes back bare: grants, comments, policies, triggers, row security and settings are gone',
    history: [
      [
        'create role reader;',
        'create function touch() returns trigger language plpgsql as $$ begin return new; end $$;',
        'create table notes (id int primary key, body text);',
        'grant select on notes to reader;',
        'grant update (body) on notes to reader;',
        "comment on column notes.body is 'what was said';",
        'alter table notes enable row level security;',
        'create policy own on notes for select to reader using (id > 0);',
        'create trigger touched before update on notes for each row execute function touch();',
        'alter table notes set (fillfactor = 70);',
        'alter table notes replica identity full;',
        'create rule quiet as on delete to notes do instead nothing;',
      ].join('\n'),
    ],
    up: 'drop table notes;',
    down: 'create table notes (id int primary key, body text);',
    verdict: 'leaves-residue',
    lost: ['5 notes'],
    residue: [
      'comment on table column public.notes.body is missing',
      'grants on column public.notes.body is missing',
      'grants on table public.notes is missing',
      'policy public.notes.own is missing',
      'replica identity of table public.notes is missing',
      'row security of table public.notes is missing',
      'rule public.notes.quiet is missing',
      'storage parameters of table public.notes is missing',
      'trigger public.notes.touched is missing',
    ],
  },
  {
    name: 'functions, views and sequences that are not put back as they were',
    history: [
      [
        "create function label() returns text language sql as $$ select 'old' $$;",
        'create view labels as select label() as one;',
        'create sequence ticket increment 5;',
      ].join('\n'),
    ],
    up: [
      "create or replace function label() returns text language sql as $$ select 'new' $$;",
      'create or replace view labels as select label() as one, 2 as two;',
      'alter sequence ticket increment 1;',
      'create function extra(int) returns int language sql as $$ select 1 $$;',
    ].join('\n'),
    down: 'select 1;',
    verdict: 'leaves-residue',
    residue: [
      'function public.extra(integer) remains',
      'function public.label() differs',
      'sequence public.ticket differs: bigint, starts at 1, by 1, from 1 to 9223372036854775807, cache 1 instead of bigint, starts at 1, by 5, from 1 to 9223372036854775807, cache 1',
      'view public.labels differs',
    ],
    error: '4:1 create function extra(int) returns int language sql as $$ select 1 $$',
  },
  {
    name: 'roles, schemas, extensions, domains and default privileges that remain',
    up: [
      'create role auditor;',
      'create schema audit;',
      'create extension citext;',
      "create domain email as text check (value like '%@%');",
      'alter default privileges in schema public grant select on tables to auditor;',
      'alter role auditor set search_path = audit;',
    ].join('\n'),
    down: 'select 1;',
    verdict: 'leaves-residue',
    residue: [
      'constraint of domain public.email.email_check remains',
      'default privileges of postgres for tables in public remains',
      'domain public.email remains',
      'extension citext remains',
      'role auditor remains',
      'schema audit remains',
      'setting of role auditor search_path remains',
    ],
    error: '1:1 create role auditor',
  },
  {
    name: 'an up that fails, after text that is not ASCII',
    history: [ORDERS],
    up: "-- größer 🙂\r\ncomment on table orders is 'Bestellungen 🙂'; update orders\r\n  set total = 1 where 'é🙂' = 😀;",
    down: 'select 1;',
    verdict: 'up-fails',
    error: '3:31 😀',
  },
  {
    name: 'an up that fails on the data model, with no position to point to',
    history: [ORDERS],
    up: 'select 1;\n\nalter table orders add column id text;',
    down: 'select 1;',
    verdict: 'up-fails',
    error: '3:1 alter table orders add column id text',
  },
  {
    name: 'an up that only fails when it commits',
    history: [
      'create table a (id int primary key);\ncreate table b (a int references a deferrable initially deferred);',
    ],
    up: 'insert into b values (1);',
    down: 'delete from b;',
    verdict: 'up-fails',
    reason: 'COMMIT fails: insert or update on table "b" violates foreign key constraint',
    error: '1:1 insert into b values (1)',
  },
  {
    name: 'a down that fails',
    up: 'create table a (id int);',
    down: '-- first\nselect 1;\nalter table a drop column nmae;',
    verdict: 'down-fails',
    reason: 'column "nmae" of relation "a" does not exist',
    error: '3:1 alter table a drop column nmae',
  },
  { name: 'no down script', up: 'create table a (id int);', down: null, verdict: 'no-down' },
  {
    name: 'an up that works once',
    history: ['create sequence runs;'],
    up: "select 1;\ndo $$ begin if nextval('runs') > 1 then raise exception 'only once'; end if; end $$;",
    down: 'select 1;',
    verdict: 'reapply-fails',
    reason: 'only once',
    error: "2:1 do $$ begin if nextval('runs') > 1 then raise exception 'only once'; end if; end $$",
  },
  {
    name: 'an up that ends elsewhere the second time',
    history: ['create sequence runs;'],
    up: "do $$ begin execute 'create table t' || nextval('runs') || ' (id int)'; end $$;",
    down: 'drop table if exists t1, t2;',
    verdict: 'reapply-fails',
    residue: ['table public.t1 is missing', 'table public.t2 remains'],
  },
  {
    name: 'CONCURRENTLY in a transaction',
    history: [ORDERS],
    up: 'create index concurrently orders_total_idx on orders (total);',
    down: 'drop index orders_total_idx;',
    verdict: 'up-fails',
    reason: 'CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
    error: '1:1 create index concurrently orders_total_idx on orders (total)',
  },
  {
    name: 'CONCURRENTLY outside a transaction',
    history: [ORDERS],
    up: 'create index concurrently orders_total_idx on orders (total);',
    down: 'drop index concurrently orders_total_idx;',
    transaction: 'none',
    verdict: 'reversible',
  },
  {
    name: 'its own transaction inside the tool’s',
    up: 'begin;\ncreate table a (id int);\ncommit;',
    down: 'begin;\ndrop table a;\ncommit;',
    verdict: 'reversible',
  },
  {
    name: 'a transaction that is never ended',
    up: 'begin;\ncreate table a (id int);',
    down: 'drop table a;',
    transaction: 'none',
    verdict: 'up-fails',
    reason: 'never ends it',
  },
  {
    name: 'a forged search_path does not hide what remains',
    up: [
      'create schema evil;',
      'create table evil.pg_class (oid oid);',
      'create table evil.pg_attribute (attrelid oid);',
      'create function evil.pg_get_indexdef(oid) returns text language sql as $$ select null::text $$;',
      'create type pg_temp.text as enum ($$x$$);',
      'set search_path = evil, pg_catalog, public;',
      'create table public.hidden (id int);',
    ].join('\n'),
    down: 'set search_path = evil, pg_catalog, public;\ndrop schema evil cascade;',
    verdict: 'leaves-residue',
    residue: ['table public.hidden remains'],
    error: '7:1 create table public.hidden (id int)',
  },
  {
    name: 'a built-in function cannot be replaced',
    up: "create or replace function pg_catalog.pg_get_indexdef(oid) returns text language sql as $$ select '' $$;",
    down: 'select 1;',
    verdict: 'up-fails',
    reason: 'permission denied',
    error:
      "1:1 create or replace function pg_catalog.pg_get_indexdef(oid) returns text language sql as $$ select '' $$",
  },
  {
    name: 'a changed role, search_path and format do not reach the next script',
    up: [
      'create role app;',
      'grant usage on schema public to app;',
      "set intervalstyle = 'iso_8601';",
      'create schema other;',
      'set search_path = other;',
      "create table a (wait interval default '1 day 2 hours');",
      'set role app;',
    ].join('\n'),
    down: 'drop table other.a;\ndrop schema other;\nrevoke usage on schema public from app;\ndrop role app;',
    verdict: 'reversible',
  },
  {
    name: 'what a session set is gone when down runs',
    up: 'create schema other;\nset search_path = other;\ncreate table a (id int);',
    down: 'drop table a;\ndrop schema other;',
    verdict: 'down-fails',
    error: '1:1 drop table a',
  },
  {
    name: 'a history that cannot run here is told',
    history: [`${ORDERS}\ncreate extension no_such_extension;\ncreate table b (id int);`],
    up: 'create table c (id int);',
    down: 'drop table c;',
    verdict: 'reversible',
    skipped: ['create extension no_such_extension'],
  },
  {
    name: 'a failure that a hole in the history explains is no verdict',
    history: ['create table a (id int, place no_such_type);'],
    up: 'alter table a add note text;',
    down: 'alter table a drop column note;',
    verdict: 'not-run',
    reason: 'may be because 1 statement of the history before it could not run here',
    error: '1:1 alter table a add note text',
    skipped: ['create table a (id int, place no_such_type)'],
  },
  {
    name: 'an up that meets a row which a hole in the history left is no verdict',
    history: [`${ORDERS}\ninsert into orders values (1);`, 'delete from orders where no_such_function(id);'],
    up: 'alter table orders alter customer_id set not null;',
    down: 'alter table orders alter customer_id drop not null;',
    verdict: 'not-run',
    reason: 'may be because 1 statement of the history before it could not run here',
    error: '1:1 alter table orders alter customer_id set not null',
    skipped: ['delete from orders where no_such_function(id)'],
  },
  {
    name: 'an up that creates what a hole in the history left is no verdict',
    history: [`${ORDERS}\ncreate index orders_idx on orders (total);`, 'drop index orders_idx, no_such_idx;'],
    up: 'create index orders_idx on orders (customer_id);',
    down: 'drop index orders_idx;',
    verdict: 'not-run',
    reason: 'may be because 1 statement of the history before it could not run here',
    error: '1:1 create index orders_idx on orders (customer_id)',
    skipped: ['drop index orders_idx, no_such_idx'],
  },
  {
    name: 'a down that fails on what up left is at fault whatever came before',
    history: [`${ORDERS}\ncreate extension no_such_extension;`],
    up: 'create index orders_idx on orders (customer_id);',
    down: 'create index orders_idx on orders (customer_id);',
    verdict: 'down-fails',
    reason: 'relation "orders_idx" already exists',
    error: '1:1 create index orders_idx on orders (customer_id)',
    skipped: ['create extension no_such_extension'],
  },
  {
    name: 'roles that no migration creates',
    history: [ORDERS],
    up: 'alter table orders add note text;\ngrant select on orders to app, "App B";',
    down: 'revoke select on orders from app, "App B";\nalter table orders drop column note;',
    verdict: 'reversible',
    skipped: ['grant select on orders to app, "App B"', 'grant select on orders to app, "App B"'],
  },
  {
    name: 'roles that no migration creates, outside a transaction',
    history: [ORDERS, 'alter table orders owner to clerk;'],
    up: 'alter table orders add note text;\ngrant select on orders to app;',
    down: 'alter table orders drop column note;',
    transaction: 'none',
    verdict: 'leaves-residue',
    reason: 'after down, 1 object is not as it was',
    residue: ['grants on table public.orders remains'],
    skipped: ['alter table orders owner to clerk', 'grant select on orders to app'],
  },
  {
    name: 'an extension that a block creates',
    history: [ORDERS],
    up: 'alter table orders add path text;\ndo $$ begin create extension if not exists ltree; end $$;',
    down: 'drop extension ltree;\nalter table orders drop column path;',
    verdict: 'reversible',
  },
  {
    name: 'an extension that a block creates and down forgets',
    history: [ORDERS],
    up: 'do $$ begin create extension if not exists ltree; end $$;',
    down: 'select 1;',
    verdict: 'leaves-residue',
    residue: ['extension ltree remains'],
  },
  {
    name: 'an extension that may not be created',
    up: 'do $$ begin create extension if not exists file_fdw; end $$;',
    down: 'select 1;',
    verdict: 'up-fails',
    error: '1:1 do $$ begin create extension if not exists file_fdw; end $$',
  },
  {
    name: 'a role that cannot be dropped because it is not there',
    up: 'drop role nobody;',
    down: 'select 1;',
    verdict: 'up-fails',
    error: '1:1 drop role nobody',
  },
  {
    name: 'a script that does not parse',
    up: 'create tabel a (id int);',
    down: null,
    verdict: 'not-run',
    reason: 'up: the script could not be read',
  },
]
