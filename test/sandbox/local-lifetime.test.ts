import { afterAll, describe, expect, test } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { chooseBinaries } from '../../src/sandbox/binaries.js'
import { local } from '../../src/sandbox/local.js'
import { processesNaming } from '../../src/sandbox/process-table.js'
import { runnable } from '../../src/source/runnable.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { alive, processesOf } from './contract.js'
import { never, opened, short } from './opened.js'

const temporary = await mkdtemp(join(tmpdir(), 'dba-local-test-'))
await chmod(temporary, 0o711)
afterAll(async () => rm(temporary, { recursive: true }))

await withPostgres(18, (folder) => {
  /** A process that is in the middle of a statement, and all that it started. */
  const busy = async (): Promise<{ readonly parent: ChildProcess; readonly pids: readonly number[] }> => {
    const door = `
      import { local } from ${JSON.stringify(runnable(import.meta.url.replace('/test/', '/src/'), './local.js').href)}
      const signal = new AbortController().signal
      const sandbox = await local(${JSON.stringify({ folders: [folder], temporary })}).open({ postgres: 18 }, signal)
      const session = await sandbox.session()
      await session.run('begin', signal)
      await session.run('create table half_way (id int)', signal)
      session.run('do $$ begin loop end loop; end $$', signal)
      setTimeout(() => process.stdout.write('running'), 100)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', door], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(parent.stdout, 'data')
    const pids = processesOf('local-child', parent.pid)
    // The one that looks after it, the server, its helpers, and two sessions.
    expect(pids.length).toBeGreaterThan(5)
    expect(await readdir(temporary)).toHaveLength(1)
    return { parent, pids }
  }
  const gone = async (pids: readonly number[]): Promise<readonly number[]> => {
    for (let left = 60; left > 0 && pids.some(alive); left--) await setTimeout(50)
    return pids.filter(alive)
  }
  const provider = local({ folders: [folder], temporary })

  describe('lifetime', () => {
    test('it ends with the process that opened it, whatever it is doing', async () => {
      const { parent, pids } = await busy()
      parent.kill('SIGKILL')
      expect(await gone(pids)).toEqual([])
      expect(await readdir(temporary)).toEqual([])
    })

    test('what is left when all that look after it are killed is gone after the next start', async () => {
      const { parent, pids } = await busy()
      const [keeper = 0] = processesOf('local-child', parent.pid)
      process.kill(keeper, 'SIGKILL')
      parent.kill('SIGKILL')
      await setTimeout(300)
      const [left = ''] = await readdir(temporary)
      expect(pids.filter((pid) => pid !== keeper && alive(pid)).length).toBeGreaterThan(3)
      const { sandbox, session } = await opened(provider)
      expect(await readdir(temporary)).not.toContain(left)
      expect(await gone(pids)).toEqual([])
      expect(await processesNaming(left)).toEqual([])
      expect(short(await session.run('select 1', never))).toBe('done SELECT 1')
      await sandbox[Symbol.asyncDispose]()
      expect(await readdir(temporary)).toEqual([])
    })

    test('a start leaves alone what is in use', async () => {
      const one = await opened(provider)
      const two = await opened(provider)
      expect(short(await one.session.run('select 1', never))).toBe('done SELECT 1')
      await Promise.all([one.sandbox[Symbol.asyncDispose](), two.sandbox[Symbol.asyncDispose]()])
      expect(await readdir(temporary)).toEqual([])
    })

    test('a server that dies is lost, and cleared away', async () => {
      const { sandbox, session } = await opened(provider)
      const [name = ''] = await readdir(temporary)
      const servers = (await processesNaming(name)).filter(({ command }) => command.includes('/postgres '))
      expect(servers).toHaveLength(1)
      const running = session.run('select pg_sleep(60)', never)
      process.kill(servers[0]?.pid ?? 0, 'SIGKILL')
      expect(await running).toMatchObject({ kind: 'lost' })
      await sandbox[Symbol.asyncDispose]()
      expect(await processesNaming(name)).toEqual([])
      expect(await readdir(temporary)).toEqual([])
    })

    test('memory has a limit', async () => {
      const { sandbox, session } = await opened(local({ folders: [folder], temporary, megabytes: 300 }))
      expect(short(await session.run("select length(repeat('x', 500000000))", never))).toBe('failed 53200')
      expect(short(await session.run('select 1', never))).toBe('done SELECT 1')
      await sandbox[Symbol.asyncDispose]()
    })

    test('so has an answer', async () => {
      const { sandbox, session } = await opened(provider)
      const outcome = await session.run("select repeat('x', 350000000)", never)
      expect(outcome).toEqual({ kind: 'lost', reason: 'an answer took more than 300 MB of memory' })
      await sandbox[Symbol.asyncDispose]()
    })
  })

  test('a seed is made once, kept, and made again when the file is damaged', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'dba-seed-'))
    const said: string[] = []
    const progressAfterOpening = async (): Promise<number> => {
      const { sandbox, session } = await opened(
        local({ folders: [folder], temporary, cache, onProgress: (text) => said.push(text) }),
      )
      expect(short(await session.run('create extension pg_stat_statements', never))).toBe('done CREATE EXTENSION')
      await sandbox[Symbol.asyncDispose]()
      return said.length
    }
    try {
      expect(await progressAfterOpening()).toBe(1)
      expect(await progressAfterOpening()).toBe(1)
      const [file = ''] = await readdir(cache)
      expect(file).toMatch(/^postgresql-18\.4-[0-9a-f]{16}\.seed$/)
      await truncate(join(cache, file), 1_000_000)
      expect(await progressAfterOpening()).toBe(2)
      expect(await readdir(cache)).toEqual([file])
    } finally {
      await rm(cache, { recursive: true })
    }
  })

  test('a path that is too long for a socket is said', async () => {
    const long = join(temporary, 'x'.repeat(90))
    expect(await local({ folders: [folder], temporary: long }).open({ postgres: 18 }, never)).toEqual({
      unavailable: expect.stringContaining('too long for a socket'),
    })
  })
})

describe('of the servers that are there', () => {
  const found = [18, 16, 15].map((major) => ({ folder: `/${major}`, version: `${major}.1`, major }))
  test.each([
    ['the target’s own', 16, found, 16],
    ['else the newest', 17, found, 18],
    ['none where there is none', 18, [], undefined],
  ])('%s', (_name, wanted, servers, expected) => {
    expect(chooseBinaries(servers, wanted)?.major).toBe(expected)
  })
})
