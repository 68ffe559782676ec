import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Client } from 'pg'
import { service } from '../../src/sandbox/service.js'
import { runnable } from '../../src/source/runnable.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { startServer, type TestServer } from '../support/postgres-server.js'
import { contract, processesOf } from './contract.js'
import { OF_A_SERVER } from './local-subject.js'
import { never, opened, short } from './opened.js'

await withPostgres(18, (folder) => {
  let server: TestServer
  let boss: Client
  const provider = (): ReturnType<typeof service> => service({ url: `${server.url()}?dba=disposable` })
  const names = async (sql: string): Promise<readonly string[]> =>
    (await boss.query<{ name: string }>(sql)).rows.map(({ name }) => name)
  const leftovers = async (): Promise<readonly string[]> =>
    names(
      `SELECT datname AS name FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1', 'full')
       UNION ALL SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname NOT IN ('boss', 'dba_sandbox')`,
    )

  beforeAll(async () => {
    server = await startServer(folder)
    boss = new Client({ connectionString: server.url() })
    await boss.connect()
    await boss.query('CREATE ROLE dba_sandbox SUPERUSER NOLOGIN')
  })
  afterAll(async () => {
    await boss.end()
    await server.stop()
  })

  describe('service', () => {
    contract({
      id: 'service',
      provider,
      postgres: 18,
      secondSession: true,
      program: 'service-child',
      otherwise: OF_A_SERVER,
    })

    test('nothing is left', async () => {
      expect(await leftovers()).toEqual([])
    })

    test('nothing can be given to a superuser of the server', async () => {
      const { sandbox, session } = await opened(provider())
      await session.run("create function trick() returns text security definer language sql as 'select 1'", never)
      expect(short(await session.run('alter function trick() owner to boss', never))).toBe('failed 42501')
      expect(short(await session.run('set role boss', never))).toBe('failed 42501')
      await sandbox[Symbol.asyncDispose]()
    })

    test('a schema reads the same, whatever the role is called', async () => {
      const { sandbox, session } = await opened(provider())
      await session.run('create table a (id int)', never)
      const dump = await session.dump([])
      expect(dump.get('owner of table public.a')).toBe('postgres')
      expect(JSON.stringify([...dump])).not.toMatch(/dba_\d/)
      expect([...dump.keys()].filter((key) => key.startsWith('role '))).toEqual([])
      await session.run('create role mine', never)
      await boss.query('CREATE ROLE of_another')
      expect([...(await session.dump([])).keys()].filter((key) => key.startsWith('role '))).toEqual(['role mine'])
      await boss.query('DROP ROLE of_another')
      await sandbox[Symbol.asyncDispose]()
      expect(await leftovers()).toEqual([])
    })

    test('of the options of a column those that people set are read, and not what a server stamps into them', async () => {
      const { sandbox, session } = await opened(provider())
      await session.run('create table stamped (a int, b int)', never)
      await session.run('alter table stamped alter a set (n_distinct = 5)', never)
      const [database = ''] = await names(`SELECT datname AS name FROM pg_database WHERE datname ~ '^dba_'`)
      const inside = new Client({ connectionString: server.url(database) })
      await inside.connect()
      await inside.query(`UPDATE pg_catalog.pg_attribute SET attoptions = attoptions || ARRAY['pg_attver=22158952']
        WHERE attrelid = 'stamped'::regclass AND attnum > 0`)
      await inside.end()
      const dump = await session.dump([])
      await sandbox[Symbol.asyncDispose]()
      expect(dump.get('column public.stamped.a')).toBe('integer OPTIONS (n_distinct=5)')
      expect(dump.get('column public.stamped.b')).toBe('integer')
    })

    /** A process that is in the middle of a statement. */
    const busy = async (): Promise<ChildProcess> => {
      const door = `
        import { service } from ${JSON.stringify(runnable(import.meta.url.replace('/test/', '/src/'), './service.js').href)}
        const signal = new AbortController().signal
        const sandbox = await service(${JSON.stringify({ url: server.url(), disposable: true })}).open({ postgres: 18 }, signal)
        const session = await sandbox.session()
        await session.run('create role half_way', signal)
        session.run('do $$ begin loop end loop; end $$', signal)
        setTimeout(() => process.stdout.write('running'), 100)`
      const parent = spawn(process.execPath, ['--input-type=module', '-e', door], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(parent.stdout, 'data')
      expect((await leftovers()).length).toBe(3)
      return parent
    }

    test('it is cleared with the process that opened it, whatever it is doing', async () => {
      const parent = await busy()
      parent.kill('SIGKILL')
      for (let tries = 60; tries > 0 && (await leftovers()).length > 0; tries--) await setTimeout(50)
      expect(await leftovers()).toEqual([])
    })

    test('what is left when all that look after it are killed is gone after the next start', async () => {
      const parent = await busy()
      const [keeper = 0] = processesOf('service-child', parent.pid)
      process.kill(keeper, 'SIGKILL')
      parent.kill('SIGKILL')
      await setTimeout(300)
      expect((await leftovers()).length).toBe(3)
      const { sandbox } = await opened(provider())
      expect((await leftovers()).length).toBe(2)
      await sandbox[Symbol.asyncDispose]()
      expect(await leftovers()).toEqual([])
    })

    test('a start leaves alone what is in use, and removes the rest with the roles that it made', async () => {
      const { sandbox, session } = await opened(provider())
      const old = 'dba_1700000000_0123456789ab'
      await boss.query(`CREATE ROLE ${old} CREATEROLE`)
      await boss.query(`CREATE DATABASE ${old} OWNER ${old}`)
      await boss.query(`SET ROLE ${old}; CREATE ROLE made_by_old; RESET ROLE`)
      const another = await opened(provider())
      expect((await leftovers()).filter((name) => name === old || name === 'made_by_old')).toEqual([])
      expect(short(await session.run('select 1', never))).toBe('done SELECT 1')
      await another.sandbox[Symbol.asyncDispose]()
      await sandbox[Symbol.asyncDispose]()
      expect(await leftovers()).toEqual([])
    })
  })

  describe('refused, with a reason and without the password', () => {
    beforeAll(async () => {
      await boss.query('CREATE DATABASE "full"')
      const client = new Client({ connectionString: server.url('full') })
      await client.connect()
      await client.query('CREATE TABLE orders (id int)')
      await client.query("CREATE ROLE weak LOGIN PASSWORD 'feeble'")
      await client.end()
    })

    test.each([
      ['a server without the mark', () => server.url(), 'is not marked as one to throw away'],
      ['another mark', () => `${server.url()}?dba=yes`, 'is not marked as one to throw away'],
      ['a database with tables', () => `${server.url('full')}?dba=disposable`, 'holds tables (1)'],
      ['a database that is not there', () => `${server.url('nope')}?dba=disposable`, 'database "nope" does not exist'],
      [
        'a role that may do nothing',
        () => `${server.url().replace(/boss:[^@]*/, 'weak:feeble')}?dba=disposable`,
        'may not create databases and roles',
      ],
      [
        'a wrong password',
        () => `${server.url().replace(/boss:[^@]*/, 'boss:wr%20ong')}?dba=disposable`,
        'password authentication failed',
      ],
      ['no server', () => 'postgres://boss:very-secret@127.0.0.1:1/postgres?dba=disposable', 'ECONNREFUSED'],
      ['no URL', () => 'boss:very-secret@127.0.0.1', 'is not one of PostgreSQL'],
      [
        'another kind of server',
        () => 'mysql://boss:very-secret@127.0.0.1/x?dba=disposable',
        'is not one of PostgreSQL',
      ],
    ])('%s', async (_name, url, reason) => {
      const answer = await service({ url: url() }).open({ postgres: 18 }, never)
      expect(answer).toEqual({ unavailable: expect.stringContaining(reason) })
      expect(JSON.stringify(answer)).not.toMatch(/secret|feeble|wr%20ong|wr ong/)
    })
  })
})
