import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Outcome, Sandbox, Session } from '../../src/sandbox/sandbox.js'
import { never, opened, short } from './opened.js'

describe('one sandbox', () => {
  let sandbox: Sandbox
  let session: Session
  const run = (sql: string): Promise<Outcome> => session.run(sql, never)

  beforeAll(async () => {
    ;({ sandbox, session } = await opened())
  })
  afterAll(async () => sandbox[Symbol.asyncDispose]())

  test('says what it is', () => {
    expect(sandbox.provider).toBe('pglite')
    expect(sandbox.can.version).toMatch(/^18\.\d+$/)
    expect(sandbox.can.secondSession).toBe(false)
  })

  test('has one session at a time', async () => {
    await expect(sandbox.session()).rejects.toThrow('one session')
  })

  test.each([
    ['-- a comment\n/* and /* another */ */ CREATE TABLE "CREATE" (a int)', 'done CREATE TABLE'],
    ['drop table "CREATE"', 'done DROP TABLE'],
    ['create table made as select 1 as one', 'done SELECT 1'],
    ['create materialized view seen as select 1 as one with no data', 'done CREATE MATERIALIZED VIEW'],
    ['refresh materialized view seen', 'done REFRESH MATERIALIZED VIEW'],
    ['(select 1) union (select 2)', 'done SELECT 2'],
    ['with old as (delete from made returning *) insert into made select * from old', 'done INSERT 0 1'],
    ['truncate made', 'done TRUNCATE TABLE'],
    ['create unique index concurrently made_idx on made (one)', 'done CREATE INDEX'],
    ['reindex (concurrently) table made', 'done REINDEX'],
    ['vacuum (full, analyze) made', 'done VACUUM'],
    ['do $$ begin commit; end $$', 'done DO'],
    ['create user someone', 'done CREATE ROLE'],
    ['set role someone', 'done SET'],
    ['reset role', 'done RESET'],
    ['alter table made owner to someone', 'done ALTER TABLE'],
    ['ALTER TABLE ONLY public."made" OWNER TO CURRENT_USER;', 'done ALTER TABLE'],
    ['create function owned(int, text) returns int language sql as $$ select 1 $$', 'done CREATE FUNCTION'],
    ['alter function public.owned(integer, pg_catalog.text) owner to "someone"', 'done ALTER FUNCTION'],
    ['drop function owned', 'done DROP FUNCTION'],
    ['create schema theirs authorization someone', 'done CREATE SCHEMA'],
    ['drop schema theirs', 'done DROP SCHEMA'],
    ['drop group someone', 'done DROP ROLE'],
    ['comment on table made is null', 'done COMMENT'],
    ['prepare later as select 1', 'done PREPARE'],
    ['execute later', 'done SELECT 1'],
    ['declare c cursor with hold for select 1', 'done DECLARE CURSOR'],
    ['alter table made alter one type bigint', 'done ALTER TABLE'],
    ['create extension if not exists pgcrypto', 'done CREATE EXTENSION'],
    ['create extension "uuid-ossp" schema public', 'done CREATE EXTENSION'],
    ['create extension citext', 'done CREATE EXTENSION'],
    ['create extension pg_trgm', 'done CREATE EXTENSION'],
    ['create extension hstore', 'done CREATE EXTENSION'],
    ['create extension btree_gist', 'done CREATE EXTENSION'],
    ['create extension ltree', 'done CREATE EXTENSION'],
    ['create extension unaccent', 'done CREATE EXTENSION'],
    ['create extension earthdistance cascade', 'done CREATE EXTENSION'],
    ['create extension pg_stat_statements', 'done CREATE EXTENSION'],
    ["create table uuids (id uuid default gen_random_uuid(), mail citext check (mail <> ''))", 'done CREATE TABLE'],
    ['drop extension citext cascade', 'done DROP EXTENSION'],
  ])('%s', async (sql, expected) => {
    expect(short(await run(sql))).toBe(expected)
  })

  test.each([
    ['select 1; drop table made', 'failed 42601'],
    ['create extension btree_gin; drop table made', 'failed 42601'],
    ['selekt 1', 'failed 42601'],
    ['copy made from stdin', 'failed 57014'],
    ['create extension no_such', 'failed 0A000'],
    ['create extension file_fdw', 'failed 42501'],
    // What takes a superuser: nothing of it is left to the session.
    ["copy (select 1) to program 'id'", 'failed 42501'],
    ["copy (select 1) to '/tmp/x'", 'failed 42501'],
    ["select pg_read_file('postgresql.conf')", 'failed 42501'],
    ["select pg_ls_dir('.')", 'failed 42501'],
    ["select lo_import('postgresql.conf')", 'failed 42501'],
    ["alter system set work_mem = '1GB'", 'failed 42501'],
    ["create function f() returns int language c as 'x'", 'failed 42501'],
    [
      'create event trigger e on ddl_command_end execute function pg_catalog.suppress_redundant_updates_trigger()',
      'failed 42501',
    ],
    ["update pg_catalog.pg_class set relname = 'x'", 'failed 42501'],
    [
      "create or replace function pg_catalog.pg_get_indexdef(oid) returns text language sql as 'select null'",
      'failed 42501',
    ],
    ["create function pg_catalog.mine() returns text language sql as 'select null'", 'failed 42501'],
    ['alter function pg_catalog.pg_get_indexdef(oid) rename to forged', 'failed 42501'],
    ['set max_stack_depth = 2000', 'failed 42501'],
    ['set session_replication_role = replica', 'failed 42501'],
    ['set session authorization dba_sandbox', 'failed 42501'],
    ['set role dba_sandbox', 'failed 42501'],
    ['alter role current_user superuser', 'failed 42501'],
    ['alter table made owner to dba_sandbox, alter one type text using pg_read_file(one::text)', 'failed 42501'],
    ['create role strong superuser', 'failed 42501'],
    ['grant pg_execute_server_program to current_user', 'failed 42501'],
    ['grant dba_sandbox to current_user', 'failed 42501'],
    ['drop function dba_sandbox.promote', 'failed 42501'],
    ["create subscription s connection '' publication p", 'failed 42501'],
    ['create database other', 'failed 42501'],
  ])('%s fails cleanly', async (sql, expected) => {
    expect(short(await run(sql))).toBe(expected)
    expect(short(await run('values (1), (2)'))).toBe('done SELECT 2')
  })

  test.each([
    'reset session authorization',
    'reset role',
    'set session authorization default',
    "select dba_sandbox.promote('guess', true)",
  ])('%s gives no power back', async (sql) => {
    expect((await run(sql)).kind).toBe('done')
    expect(short(await run("alter system set work_mem = '1GB'"))).toBe('failed 42501')
    expect(short(await run("copy (select 1) to program 'id'"))).toBe('failed 42501')
  })

  test.each(['dba_sandbox', 'DBA_Sandbox', '"dba_sandbox"', 'pg_execute_server_program', '"pg_read_server_files"'])(
    'nothing can be given to %s, which could do more',
    async (role) => {
      await run(
        "create or replace function trick() returns text security definer language sql as 'select current_user::text'",
      )
      expect(short(await run(`alter function trick() owner to ${role}`))).toBe('failed 42501')
      expect(short(await run(`create schema if not exists trick authorization ${role}`))).toBe('failed 42501')
    },
  )

  test('endless recursion fails, and the engine goes on', async () => {
    await run('create function again(int) returns int language plpgsql as $$ begin return again($1 + 1); end $$')
    expect(short(await run('select again(1)'))).toBe('failed 54001')
    expect(short(await run('select 1'))).toBe('done SELECT 1')
  })

  test('an error has its place, detail and hint', async () => {
    const outcome = await run("select 'ä🙂', nope from made")
    expect(outcome).toMatchObject({ kind: 'failed', sqlstate: '42703', position: 14, transaction: 'none' })
    expect(await run('drop role postgres')).toMatchObject({ kind: 'failed', detail: null, hint: null, position: null })
  })

  test('locks are those on relations that were there before', async () => {
    await run('create table parent (id int primary key)')
    const locks: unknown[] = []
    for (const sql of [
      'begin',
      'set transaction isolation level serializable',
      'create table child (id int references parent)',
      'insert into parent values (1)',
      'alter table parent add note text',
      'drop table parent cascade',
      'rollback',
    ]) {
      const outcome = await run(sql)
      locks.push(outcome.kind === 'done' ? outcome.locks : outcome)
    }
    const object = 'public.parent'
    const first = ['ROW SHARE', 'SHARE ROW EXCLUSIVE'].map((mode) => expect.objectContaining({ mode, object }))
    expect(locks).toEqual([
      [],
      [],
      expect.arrayContaining(first.slice(1)),
      [{ mode: 'ROW EXCLUSIVE', object }],
      [{ mode: 'ACCESS EXCLUSIVE', object }],
      [],
      [],
    ])
  })

  test('the transaction is known after every statement', async () => {
    const states: unknown[] = []
    for (const sql of [
      'begin',
      'savepoint a',
      'nonsense',
      'rollback to a',
      'commit and chain',
      'select 1/0',
      'commit',
    ]) {
      const outcome = await run(sql)
      states.push(outcome.kind === 'lost' ? outcome : `${short(outcome)} ${outcome.transaction}`)
    }
    expect(states).toEqual([
      'done BEGIN open',
      'done SAVEPOINT open',
      'failed 42601 failed',
      'done ROLLBACK open',
      'done COMMIT open',
      'failed 22012 failed',
      'failed 25P02 none',
    ])
  })

  test('a reading does not change what the session set, and reset does', async () => {
    await run('create schema elsewhere')
    await run('set search_path = elsewhere')
    await session.dump([])
    expect(short(await run('create table here (id int)'))).toBe('done CREATE TABLE')
    const dump = await session.dump([])
    expect(dump.get('column elsewhere.here.id')).toBe('integer')
    await session.reset()
    expect(short(await run('drop table here'))).toBe('failed 42P01')
  })

  test('bookkeeping is left out of a reading', async () => {
    await run(
      'create table schema_migrations (version bigint generated always as identity primary key, at timestamptz)',
    )
    await run('create index schema_migrations_at on schema_migrations (at)')
    await run("comment on table schema_migrations is 'books'")
    const with_ = await session.dump([])
    const without = await session.dump(['schema_migrations'])
    expect([...with_.keys()].filter((key) => key.includes('schema_migrations')).length).toBeGreaterThan(5)
    expect([...without.keys()].filter((key) => key.includes('schema_migrations'))).toEqual([])
  })

  test('a name with control characters stays on one line', async () => {
    await run('create table "a\n\u001b[31mb" (id int)')
    const keys = [...(await session.dump([])).keys()].filter((key) => key.startsWith('table public."a'))
    expect(keys).toEqual(['table public."a\\u000a\\u001b[31mb"'])
  })

  test('a reading in an open transaction is refused', async () => {
    const other = await opened()
    await other.session.run('begin', never)
    await expect(other.session.dump([])).rejects.toThrow('while a transaction is open')
    await other.sandbox[Symbol.asyncDispose]()
  })
})

/** What PGlite left to itself answers with success, or with nothing, though it failed. */
const POISON: readonly (readonly [string, string, string])[] = [
  ['a sum of 5,000 terms', `select ${Array.from({ length: 5_000 }, () => '1').join('+')}`, 'failed 54001'],
  ['20,000 concatenations', `select ${Array.from({ length: 20_000 }, () => "'a'").join('||')}`, 'failed 54001'],
  ['nested selects', `${'select * from ('.repeat(1_000)}select 1${') x'.repeat(1_000)}`, 'failed 54001'],
  ['JSON 100,000 deep', `select '${'['.repeat(100_000)}'::json`, 'failed 22P02'],
  ['a deep regular expression', `select 'a' ~ '${'('.repeat(100_000)}a${')'.repeat(100_000)}'`, 'failed 2201B'],
  ['another program', "copy (select 1) to program 'id'", 'failed 42501'],
  ['ending its own backend', 'select pg_terminate_backend(pg_backend_pid())', 'failed 42501'],
  ['nothing at all', '-- nothing', 'lost'],
]

describe('poison', () => {
  let open: Awaited<ReturnType<typeof opened>>
  beforeAll(async () => {
    open = await opened()
  })
  afterAll(async () => open.sandbox[Symbol.asyncDispose]())

  test.each(POISON)('%s is never taken for success', async (_name, sql, expected) => {
    const { sandbox, session } = open
    const outcome = await session.run(sql, never)
    expect(short(outcome)).toBe(expected)
    if (outcome.kind === 'lost') {
      expect(await session.run('select 1', never)).toEqual(outcome)
      await expect(session.dump([])).rejects.toThrow(outcome.reason)
      await sandbox[Symbol.asyncDispose]()
      open = await opened()
    } else {
      expect(short(await session.run('drop table nope_nope', never))).toBe('failed 42P01')
      expect(short(await session.run('values (1), (2)', never))).toBe('done SELECT 2')
    }
  })
})
