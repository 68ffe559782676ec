import { afterAll, describe, expect, test } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ownerHere, prefixOf, removeContainer, removeStale } from '../../src/sandbox/docker-container.js'
import { socketOf } from '../../src/sandbox/docker-engine.js'
import { docker } from '../../src/sandbox/docker.js'
import { processesNaming } from '../../src/sandbox/process-table.js'
import { runnable } from '../../src/source/runnable.js'
import { alive, processesOf } from '../sandbox/contract.js'
import { never, opened, short } from '../sandbox/opened.js'
import { engine, leftovers, PLACE } from './engine.js'
import { imageOf } from './image.js'

const image = await imageOf(18)
const owner = await ownerHere()
const provider = docker({ ...PLACE, image })

/** What is left after it had time to go. */
const after = async (): Promise<readonly string[]> => {
  for (let tries = 60; tries > 0 && (await leftovers()).length > 0; tries--) await setTimeout(50)
  return leftovers()
}
const gone = async (pids: readonly number[]): Promise<readonly number[]> => {
  for (let tries = 60; tries > 0 && pids.some(alive); tries--) await setTimeout(50)
  return pids.filter(alive)
}

/** A process that is in the middle of a statement, and all that it started. */
const busy = async (): Promise<{ readonly parent: ChildProcess; readonly pids: readonly number[] }> => {
  const door = `
    import { docker } from ${JSON.stringify(runnable(import.meta.url.replace('/test/docker/', '/src/sandbox/'), './docker.js').href)}
    const signal = new AbortController().signal
    const sandbox = await docker(${JSON.stringify({ ...PLACE, image })}).open({ postgres: 18 }, signal)
    const session = await sandbox.session()
    await session.run('begin', signal)
    await session.run('create table half_way (id int)', signal)
    session.run('do $$ begin loop end loop; end $$', signal)
    setTimeout(() => process.stdout.write('running'), 100)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', door], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(parent.stdout, 'data')
  expect(await leftovers()).toHaveLength(1)
  return { parent, pids: processesOf('docker-child', parent.pid) }
}

describe('lifetime', () => {
  test('it ends with the process that opened it, whatever it is doing', async () => {
    const { parent, pids } = await busy()
    parent.kill('SIGKILL')
    expect(await after()).toEqual([])
    expect(await gone(pids)).toEqual([])
  })

  test('it ends by itself when all that look after it are killed', async () => {
    const { parent, pids } = await busy()
    const [name = ''] = await leftovers()
    const [keeper = 0] = processesOf('docker-child', parent.pid)
    process.kill(keeper, 'SIGKILL')
    parent.kill('SIGKILL')
    expect(await after()).toEqual([])
    expect(await gone(pids)).toEqual([])
    expect(await processesNaming(name)).toEqual([])
  })

  test('what never started is gone after the next start, and what belongs to others is left alone until it is old', async () => {
    const created = { Image: image, Entrypoint: ['cat'], Cmd: [], HostConfig: { NetworkMode: 'none' } }
    const left = async (whose: string): Promise<string> => {
      const name = `${prefixOf(whose)}0123456789ab`
      const labels = { 'dba-bot': 'sandbox', 'dba-bot.owner': whose }
      await engine.createContainer({ ...created, name, Labels: labels, Volumes: {} })
      return name
    }
    const [ours, theirs] = [await left(owner), await left('ffffff')]
    const { sandbox } = await opened(provider)
    const names = (await leftovers()).filter((name) => name.startsWith('dba-docker-'))
    await sandbox[Symbol.asyncDispose]()
    expect(names).not.toContain(ours)
    expect(names).toContain(theirs)
    await removeStale({ docker: engine, now: new Date(Date.now() + 7_100_000) }, owner)
    expect(await leftovers()).toContain(theirs)
    await removeStale({ docker: engine, now: new Date(Date.now() + 7_300_000) }, owner)
    expect(await leftovers()).toEqual([])
  })

  test('a start leaves alone what is in use', async () => {
    const one = await opened(provider)
    const two = await opened(provider)
    expect(short(await one.session.run('select 1', never))).toBe('done SELECT 1')
    await Promise.all([one.sandbox[Symbol.asyncDispose](), two.sandbox[Symbol.asyncDispose]()])
    expect(await leftovers()).toEqual([])
  })

  test('a container that somebody removes is lost', async () => {
    const { sandbox, session } = await opened(provider)
    const running = session.run('select pg_sleep(60)', never)
    await removeContainer({ docker: engine }, (await leftovers())[0] ?? '')
    expect(await running).toMatchObject({ kind: 'lost' })
    await sandbox[Symbol.asyncDispose]()
    expect(await leftovers()).toEqual([])
  })

  test('an engine that is reached over TCP and lost in the middle takes its container along', async () => {
    const sockets: Socket[] = []
    const way = createServer({ allowHalfOpen: true }, (from) => {
      const to = connect({ path: socketOf(PLACE) ?? '', allowHalfOpen: true })
      sockets.push(from, to)
      from.pipe(to).pipe(from)
      for (const each of [from, to]) each.on('error', () => undefined)
    })
    way.unref()
    way.listen(0, '127.0.0.1')
    await once(way, 'listening')
    const address = way.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { sandbox, session } = await opened(docker({ host: `tcp://127.0.0.1:${port}`, image }))
    expect(short(await session.run('select 1', never))).toBe('done SELECT 1')
    const running = session.run('select pg_sleep(60)', never)
    way.close()
    for (const each of sockets) each.destroy()
    expect(await running).toMatchObject({ kind: 'lost' })
    await sandbox[Symbol.asyncDispose]()
    expect(await after()).toEqual([])
  })
})

describe('what there is of it has a limit', () => {
  test('memory of a statement', async () => {
    const { sandbox, session } = await opened(docker({ ...PLACE, image, megabytes: 300 }))
    expect(short(await session.run("select length(repeat('x', 500000000))", never))).toBe('failed 53200')
    expect(short(await session.run('select 1', never))).toBe('done SELECT 1')
    await sandbox[Symbol.asyncDispose]()
  })

  test('an answer', async () => {
    const { sandbox, session } = await opened(provider)
    const outcome = await session.run("select repeat('x', 200000000)", never)
    expect(outcome).toEqual({ kind: 'lost', reason: 'an answer took more than 300 MB of memory' })
    await sandbox[Symbol.asyncDispose]()
  })

  test('room', async () => {
    const { sandbox, session } = await opened(provider)
    const filled = 'create table big as select repeat(md5(i::text), 60) as t from generate_series(1, 2000000) as i'
    expect((await session.run(filled, never)).kind).not.toBe('done')
    await sandbox[Symbol.asyncDispose]()
    expect(await leftovers()).toEqual([])
  })
})

describe('an image', () => {
  const cache = mkdtemp(join(tmpdir(), 'dba-seed-'))
  afterAll(async () => rm(await cache, { recursive: true }))

  test('has a seed that is made once, kept, and made again when the file is damaged', async () => {
    const said: string[] = []
    const preparations = async (): Promise<number> => {
      const noted = docker({ ...PLACE, image, cache: await cache, onProgress: (text) => said.push(text) })
      const { sandbox, session } = await opened(noted)
      expect(short(await session.run('create extension pg_stat_statements', never))).toBe('done CREATE EXTENSION')
      await sandbox[Symbol.asyncDispose]()
      return said.filter((text) => text.startsWith('preparing')).length
    }
    expect(await preparations()).toBe(1)
    expect(await preparations()).toBe(1)
    expect(said).toContain(`rehearsing on PostgreSQL 18.4 in a container of ${image}`)
    const [file = ''] = (await readdir(await cache)).filter((each) => each.endsWith('.seed'))
    expect(file).toMatch(/^docker-18\.4-[0-9a-f]{16}\.seed$/)
    await truncate(join(await cache, file), 1_000_000)
    expect(await preparations()).toBe(2)
    expect((await readdir(await cache)).filter((each) => each.endsWith('.seed'))).toEqual([file])
  })

  test('has states that are kept, and begun with', async () => {
    const own = docker({ ...PLACE, image, cache: await cache })
    const first = await opened(own)
    expect(first.sandbox.baseline).toBeNull()
    await first.session.run('create table kept as select 1 as id', never)
    await first.sandbox.keep({ key: 'a history', note: 'a note' }, null)
    expect(short(await first.session.run('drop table kept', never))).toBe('done DROP TABLE')
    await first.sandbox[Symbol.asyncDispose]()
    const second = await own.open({ postgres: 18, baseline: { key: 'a history', hint: null } }, never)
    if ('unavailable' in second) throw new Error(second.unavailable)
    expect(second.baseline).toEqual({ key: 'a history', note: 'a note' })
    const session = await second.session()
    expect(short(await session.run('table kept', never))).toBe('done SELECT 1')
    expect(short(await session.run('create extension citext', never))).toBe('done CREATE EXTENSION')
    await second[Symbol.asyncDispose]()
  })

  test('may be of an older PostgreSQL, where a role has no part in what it creates', async () => {
    const said: string[] = []
    const older = docker({ ...PLACE, image: await imageOf(15), onProgress: (text) => said.push(text) })
    const { sandbox, session } = await opened(older)
    expect(sandbox.can.version).toMatch(/^15\./)
    for (const sql of ['create role made', 'set role made', 'reset role', 'create table t (id int)']) {
      expect((await session.run(sql, never)).kind).toBe('done')
    }
    expect(short(await session.run('alter table t owner to made', never))).toBe('done ALTER TABLE')
    expect(short(await session.run('grant pg_execute_server_program to current_user', never))).toBe('failed 42501')
    await sandbox[Symbol.asyncDispose]()
    expect(said).toContainEqual(expect.stringMatching(/^rehearsing on PostgreSQL 15\.\d+ in a container of /))
  })

  test('that is not there is not fetched', async () => {
    expect(await docker({ ...PLACE, image: 'dba-bot-test-nothing:18' }).open({ postgres: 18 }, never)).toEqual({
      unavailable: 'the image dba-bot-test-nothing:18 is not there; docker pull dba-bot-test-nothing:18 fetches it',
    })
    expect(await leftovers()).toEqual([])
  })
})
