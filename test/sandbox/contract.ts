import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { Client } from 'pg'
import type { Outcome, Sandbox, SandboxProvider, Session } from '../../src/sandbox/sandbox.js'
import { never, opened, short } from './opened.js'
import { FAILING, POISON, WORKING } from './statements.js'

/** A sandbox as the contract sees it. */
export interface Subject {
  readonly id: SandboxProvider['id']
  readonly provider: () => SandboxProvider
  readonly postgres: number
  readonly secondSession: boolean
  /** A part of the command line of the process that this one starts for a sandbox. */
  readonly program: string
  /** Where it answers otherwise than the tables say, by statement or by the name of a poison. */
  readonly otherwise?: Readonly<Record<string, string>>
}

/** What every sandbox promises. */
export function contract({ id, provider, postgres, secondSession, program, otherwise = {} }: Subject): void {
  const open = (signal = never): ReturnType<typeof opened> => opened(provider(), signal, postgres)

  describe('one sandbox', () => {
    let sandbox: Sandbox
    let session: Session
    const run = (sql: string): Promise<Outcome> => session.run(sql, never, 'observed')

    beforeAll(async () => {
      ;({ sandbox, session } = await open())
    })
    afterAll(async () => sandbox[Symbol.asyncDispose]())

    test('says what it is', () => {
      expect(sandbox.provider).toBe(id)
      expect(sandbox.can.version).toMatch(new RegExp(`^${postgres}\\.\\d+$`))
      expect(sandbox.can.secondSession).toBe(secondSession)
    })

    test('lets another program in with no more power than a migration has, or says that it does not', async () => {
      const { address } = sandbox
      expect(address !== null).toBe(id === 'local' || id === 'service')
      if (address === null) return
      const client = new Client({ ...address, password: address.password ?? undefined })
      await client.connect()
      try {
        await client.query('create table by_another (id int)')
        await expect(client.query("copy (select 1) to program 'id'")).rejects.toMatchObject({ code: '42501' })
        expect([...(await session.dump([])).keys()]).toContain('table public.by_another')
        await client.query('drop table by_another')
      } finally {
        await client.end()
      }
    })

    test('has one session at a time', async () => {
      await expect(sandbox.session()).rejects.toThrow('one session')
    })

    test.each(WORKING)('%s', async (sql, expected) => {
      expect(short(await run(sql))).toBe(otherwise[sql] ?? expected)
    })

    test.each(FAILING)('%s fails cleanly', async (sql, expected) => {
      expect(short(await run(sql))).toBe(otherwise[sql] ?? expected)
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
      expect(await run('drop role postgres')).toMatchObject({
        kind: 'failed',
        detail: null,
        hint: null,
        position: null,
      })
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

    test('what is written anew, read in full and created, of a statement alone too', async () => {
      await run('create table filled as select n, n::text as label from generate_series(1, 50) n')
      await run('create table bare (id int)')
      await run(
        "create function hidden() returns void language plpgsql as $$ begin execute 'alter table filled alter n type bigint'; end $$",
      )
      const seen: unknown[] = []
      for (const sql of [
        'alter table filled alter column n type numeric',
        'alter table filled alter column label set not null',
        'alter table bare alter column id type bigint',
        'create index on filled (label)',
        'update filled set label = label where n = 1',
        'insert into filled values (51, null)',
        'insert into filled values (51, $$x$$)',
        "do $$ begin execute 'alter table filled alter n type int'; execute 'create view fresh as select 1 as one'; end $$",
        'begin',
        'select hidden()',
        'create table later (id int)',
        'insert into later select n from filled',
        'truncate filled',
        'rollback',
        'do $$ begin truncate filled; end $$',
        'select n from filled',
      ]) {
        const outcome = await run(sql)
        const { rewrites, scans, created } =
          outcome.kind === 'done' ? outcome : { rewrites: [], scans: [], created: [] }
        const locks = outcome.kind === 'done' ? outcome.locks.map(({ mode }) => mode) : [outcome.kind]
        seen.push([locks.join(), rewrites.join(), scans.join(), created.join()].join(' | '))
      }
      expect(seen).toEqual([
        'SHARE,ACCESS EXCLUSIVE | public.filled | public.filled | ',
        'ACCESS EXCLUSIVE |  | public.filled | ',
        'SHARE,ACCESS EXCLUSIVE |  |  | ',
        'SHARE |  | public.filled | ',
        'ROW EXCLUSIVE |  | public.filled | ',
        'failed |  |  | ',
        'ROW EXCLUSIVE |  |  | ',
        'SHARE,ACCESS EXCLUSIVE | public.filled | public.filled | public.fresh',
        ' |  |  | ',
        'SHARE,ACCESS EXCLUSIVE | public.filled | public.filled | ',
        ' |  |  | public.later',
        'ACCESS SHARE |  | public.filled | ',
        ' |  |  | ',
        ' |  |  | ',
        'SHARE,ACCESS EXCLUSIVE |  |  | ',
        'ACCESS SHARE |  |  | ',
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

    test('questions about rows are answered by PostgreSQL’s own functions, whatever the session set', async () => {
      await run('create schema forged')
      await run("create function forged.upper(text) returns text language sql as $$ select 'forged' $$")
      await run('set search_path = forged, pg_catalog')
      await run("set datestyle = 'German'")
      expect(
        await session.read([
          "select upper('a'), null, '2024-01-31'::date",
          'select 1 / 0',
          'create table public.written ()',
          'select 2 / 0',
          "select 'seen'",
          "select set_config('search_path', 'forged', false)",
        ]),
      ).toEqual([
        { rows: [['A', null, '2024-01-31']] },
        { error: 'division by zero' },
        { error: 'cannot execute CREATE TABLE in a read-only transaction' },
        { error: 'division by zero' },
        { rows: [['seen']] },
        { rows: [['forged']] },
      ])
      expect(await session.read(["select upper('b')"])).toEqual([{ rows: [['B']] }])
      await session.reset()
    })

    test('what a reading calls of the migration’s own has no more power than the migration', async () => {
      const escape = `create function escape(int) returns text language plpgsql as $$ begin
        begin execute 'reset role'; exception when others then null; end;
        begin execute 'set session authorization default'; exception when others then null; end;
        execute 'copy (select 1) to program ''id''';
        return 'out';
      exception when others then return sqlstate; end $$`
      expect(short(await run(escape))).toBe('done CREATE FUNCTION')
      expect(await session.read(['select public.escape(1)'])).toEqual([{ rows: [['42501']] }])
      await run('drop function escape')
    })

    test('a reading in an open transaction is refused', async () => {
      const other = await open()
      await other.session.run('begin', never)
      await expect(other.session.dump([])).rejects.toThrow('while a transaction is open')
      await expect(other.session.read(['select 1'])).rejects.toThrow('while a transaction is open')
      await other.sandbox[Symbol.asyncDispose]()
    })
  })

  describe('poison', () => {
    let now: Awaited<ReturnType<typeof opened>>
    beforeAll(async () => {
      now = await open()
    })
    afterAll(async () => now.sandbox[Symbol.asyncDispose]())

    test.each(POISON)('%s is never taken for success', async (name, sql, expected) => {
      const { sandbox, session } = now
      const outcome = await session.run(sql, never)
      expect(short(outcome)).toBe(otherwise[name] ?? expected)
      if (outcome.kind === 'lost') {
        expect(await session.run('select 1', never)).toEqual(outcome)
        await expect(session.dump([])).rejects.toThrow(outcome.reason)
        await sandbox[Symbol.asyncDispose]()
        now = await open()
      } else {
        expect(short(await session.run('drop table nope_nope', never))).toBe('failed 42P01')
        expect(short(await session.run('values (1), (2)', never))).toBe('done SELECT 2')
      }
    })
  })

  describe('lifetime', () => {
    test('two sandboxes side by side know nothing of each other, and refuse after their end', async () => {
      const [one, two] = await Promise.all([open(), open()])
      const pids = processesOf(program)
      expect(pids.length).toBeGreaterThanOrEqual(2)
      expect(short(await one.session.run('create table only_here (id int)', never))).toBe('done CREATE TABLE')
      expect(short(await one.session.run('create role only_here', never))).toBe('done CREATE ROLE')
      expect(short(await two.session.run('drop table only_here', never))).toBe('failed 42P01')
      await one.sandbox[Symbol.asyncDispose]()
      expect(await one.session.run('select 1', never)).toMatchObject({ kind: 'lost' })
      await expect(one.session.dump([])).rejects.toThrow()
      await expect(one.sandbox.session()).rejects.toThrow('cannot be used any more')
      expect(short(await two.session.run('select 1', never))).toBe('done SELECT 1')
      await two.session[Symbol.asyncDispose]()
      await expect(two.session.run('select 1', never)).rejects.toThrow('closed')
      const next = await two.sandbox.session()
      expect(short(await next.run('select 1', never))).toBe('done SELECT 1')
      await two.sandbox[Symbol.asyncDispose]()
      expect(pids.filter(alive)).toEqual([])
    })

    test.each([
      ['sleeping', 'select pg_sleep(60)'],
      ['looping', 'do $$ begin loop end loop; end $$'],
    ])('a deadline ends %s', async (_name, sql) => {
      const { sandbox, session } = await open()
      const pids = processesOf(program)
      expect(pids.length).toBeGreaterThan(0)
      const started = performance.now()
      const outcome = await session.run(sql, AbortSignal.timeout(500))
      expect(outcome).toEqual({ kind: 'lost', reason: 'it was ended before it had answered' })
      await sandbox[Symbol.asyncDispose]()
      expect(performance.now() - started).toBeLessThan(2_500)
      expect(pids.filter(alive)).toEqual([])
    })

    test('the signal it was opened with ends it, also while it starts', async () => {
      const early = await provider().open({ postgres }, AbortSignal.timeout(50))
      expect(early).toHaveProperty('unavailable', expect.stringMatching(/ended before it had answered|no time left/))
      expect(await provider().open({ postgres }, AbortSignal.abort())).toHaveProperty('unavailable')
      const stop = new AbortController()
      const { sandbox, session } = await open(stop.signal)
      const running = session.run('select pg_sleep(60)', never)
      stop.abort()
      expect(await running).toMatchObject({ kind: 'lost' })
      await expect(session.dump([])).rejects.toThrow()
      await sandbox[Symbol.asyncDispose]()
    })
  })
}

/** A running process, as `ps` tells of it. */
interface Row {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** The processes that this one, or another, started for its sandboxes, and those that bear the name of one of them. */
export function processesOf(program: string, parent = process.pid): readonly number[] {
  const rows = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line): Row => {
      const [pid, ppid, ...command] = line.trim().split(/\s+/)
      return { pid: Number(pid), parent: Number(ppid), command: command.join(' ') }
    })
  const started = rows.filter((row) => row.parent === parent && row.command.includes(program))
  const names = started.flatMap(({ command }) => /\bdba-(?:local|docker)-\w+-\w+/.exec(command)?.[0] ?? [])
  const named = rows.filter(({ command }) => names.some((name) => command.includes(name)))
  return [...new Set([...started, ...named].map(({ pid }) => pid))]
}

/** Whether a process is there. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
