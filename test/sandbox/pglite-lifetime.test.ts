import { describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pglite } from '../../src/sandbox/pglite.js'
import { runnable } from '../../src/source/runnable.js'
import { alive, processesOf } from './contract.js'
import { never, opened, short } from './opened.js'

describe('lifetime', () => {
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
    const pids = processesOf('pglite-child', parent.pid)
    expect(pids.length).toBe(1)
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    for (let left = 200; left > 0 && pids.some(alive); left--) await setTimeout(50)
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
