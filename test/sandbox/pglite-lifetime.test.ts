import { describe, expect, test } from '@jest/globals'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pglite } from '../../src/sandbox/pglite.js'
import { runnable } from '../../src/source/runnable.js'
import { never, opened, short, WISH } from './opened.js'

/** The sandbox processes of a process. */
function children(of = process.pid): readonly number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, parent, ...command]) => Number(parent) === of && command.join(' ').includes('pglite-child'))
    .map(([pid]) => Number(pid))
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('lifetime', () => {
  test('two sandboxes side by side know nothing of each other, and refuse after their end', async () => {
    const [one, two] = await Promise.all([opened(), opened()])
    const pids = children()
    expect(pids.length).toBeGreaterThanOrEqual(2)
    expect(short(await one.session.run('create table only_here (id int)', never))).toBe('done CREATE TABLE')
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
    const { sandbox, session } = await opened()
    const pids = children()
    const started = performance.now()
    const outcome = await session.run(sql, AbortSignal.timeout(500))
    expect(outcome).toEqual({ kind: 'lost', reason: 'it was ended before it had answered' })
    await sandbox[Symbol.asyncDispose]()
    expect(performance.now() - started).toBeLessThan(2_500)
    expect(pids.filter(alive)).toEqual([])
  })

  test('the signal it was opened with ends it, also while it starts', async () => {
    const early = await pglite().open(WISH, AbortSignal.timeout(50))
    expect(early).toEqual({ unavailable: 'it was ended before it had answered' })
    expect(await pglite().open(WISH, AbortSignal.abort())).toHaveProperty('unavailable')
    const stop = new AbortController()
    const { session } = await opened(pglite(), stop.signal)
    const running = session.run('select pg_sleep(60)', never)
    stop.abort()
    expect(await running).toMatchObject({ kind: 'lost' })
    await expect(session.dump([])).rejects.toThrow()
  })

  test('it ends with the process that opened it, whatever it is doing', async () => {
    const door = `
      import { pglite } from ${JSON.stringify(runnable(import.meta.url.replace('/test/', '/src/'), './pglite.js').href)}
      const signal = new AbortController().signal
      const sandbox = await pglite().open({ postgres: 18, extensions: [] }, signal)
      const session = await sandbox.session()
      session.run('do $$ begin loop end loop; end $$', signal)
      process.stdout.write('running')`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', door], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(parent.stdout, 'data')
    const pids = children(parent.pid)
    expect(pids.length).toBe(1)
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    for (let left = 40; left > 0 && pids.some(alive); left--) await setTimeout(50)
    expect(pids.filter(alive)).toEqual([])
  })

  test('memory has a limit', async () => {
    const { sandbox, session } = await opened(pglite({ megabytes: 700 }))
    const outcome = await session.run("select length(repeat('x', 500000000)), length(repeat('y', 500000001))", never)
    expect(outcome).toEqual({ kind: 'lost', reason: 'it took more than 700 MB of memory' })
    await sandbox[Symbol.asyncDispose]()
  })
})

describe('template', () => {
  test('is made once, kept, and made again when the file is damaged', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'dba-template-'))
    const said: string[] = []
    const provider = pglite({ cache, onProgress: (text) => said.push(text) })
    const progressAfterOpening = async (): Promise<number> => {
      const { sandbox, session } = await opened(provider)
      expect(short(await session.run('create extension pgcrypto', never))).toBe('done CREATE EXTENSION')
      await sandbox[Symbol.asyncDispose]()
      return said.length
    }
    try {
      expect(await progressAfterOpening()).toBe(1)
      expect(await progressAfterOpening()).toBe(1)
      const [file] = await readdir(cache)
      expect(file).toMatch(/^pglite-0\.5\.16-[0-9a-f]{16}\.template$/)
      const path = join(cache, file ?? '')
      expect((await stat(path)).mode & 0o077).toBe(0)
      await truncate(path, 1_000_000)
      expect(await progressAfterOpening()).toBe(2)
      expect(await readdir(cache)).toEqual([file])
    } finally {
      await rm(cache, { recursive: true })
    }
  })
})
