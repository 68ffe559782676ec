import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { canContain, launch, type Launch } from '../../src/native/launch.js'
import { PORT } from '../../src/native/errand.js'
import { local } from '../../src/sandbox/local.js'
import type { Sandbox } from '../../src/sandbox/sandbox.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { ends } from '../support/process.js'

/** Whether a command is cut off from the network; where that cannot be done, it is said aloud. */
const WAYS = (await canContain()) ? [false, true] : [false]
if (WAYS.length === 1) process.stderr.write('that a tool is cut off is not tested: unshare(1) may not do so here\n')

const never = new AbortController().signal
const PATH = process.env['PATH'] ?? ''
let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dba-launch-test-'))
})
afterAll(() => rmSync(home, { recursive: true }))

const shell = (script: string, more: Partial<Launch> = {}): Launch => ({
  command: (directory) => ['sh', '-c', script, directory],
  folder: home,
  environment: { PATH },
  config: null,
  sandbox: null,
  contained: false,
  ...more,
})
const pidIn = async (file: string): Promise<number> => {
  while (!existsSync(file) || readFileSync(file, 'utf8').trim() === '') await setTimeout(10)
  return Number(readFileSync(file, 'utf8'))
}

test('what it prints on both streams, its code, its folder, and no environment but its own', async () => {
  process.env['DBA_LAUNCH_TEST'] = 'leaks'
  const { code, output } = await launch(shell('pwd; echo bad >&2; env; exit 3'), never)
  expect(code).toBe(3)
  const lines = output.split('\n')
  for (const line of [home, 'bad', `PATH=${PATH}`]) expect(lines).toContain(line)
  expect(output).not.toContain('leaks')
})

test('only the end of much', async () => {
  const { output } = await launch(
    shell('i=0; while [ $i -lt 9000 ]; do echo 0123456789; i=$((i+1)); done; echo end'),
    never,
  )
  expect(output.length).toBe(64 * 1024)
  expect(output.endsWith('0123456789\nend\n')).toBe(true)
})

test('a program that is not there', async () => {
  const { code, output } = await launch(shell('', { command: () => ['/no/such/program'] }), never)
  expect(code).toBe(127)
  expect(output).toContain('ENOENT')
})

test('a file of its own, which is gone afterwards', async () => {
  const { output } = await launch(
    shell('cat "$0/settings"; echo " $0"', { config: { name: 'settings', text: 'a secret' } }),
    never,
  )
  const [, directory = ''] = /^a secret (.*)\n$/.exec(output) ?? []
  expect(directory).toMatch(/dba-native-/)
  expect(existsSync(directory)).toBe(false)
})

test.each(WAYS)('the signal ends it and what it started (contained: %s)', async (contained) => {
  const stop = new AbortController()
  const file = join(home, `ended-${contained}`)
  const ran = launch(shell(`(echo $$ > ${file}; sleep 600) & sleep 600`, { contained }), stop.signal)
  const pid = await pidIn(file)
  stop.abort()
  expect((await ran).code).toBe(null)
  expect(await ends(pid)).toBe(true)
})

test('who is left running is ended with it', async () => {
  const file = join(home, 'left')
  const { code } = await launch(shell(`sleep 600 & echo $! > ${file}`), never)
  expect(code).toBe(0)
  expect(await ends(await pidIn(file))).toBe(true)
})

test('when we are killed it ends, and its folder is gone', async () => {
  const file = join(home, 'orphan')
  const script = `import { launch } from ${JSON.stringify(new URL('../../dist/native/launch.js', import.meta.url).href)}
    await launch({ command: (d) => ['sh', '-c', 'echo $$ > ${file}; echo $0 > ${file}.folder; sleep 600', d], folder: '/', environment: {},
      config: null, sandbox: null, contained: false }, new AbortController().signal)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
  const pid = await pidIn(file)
  const folder = readFileSync(`${file}.folder`, 'utf8').trim()
  expect(existsSync(folder)).toBe(true)
  parent.kill('SIGKILL')
  expect(await ends(pid)).toBe(true)
  expect(existsSync(folder)).toBe(false)
})

test('cut off, it reaches nothing of this machine; not cut off, it does', async () => {
  const server = createServer((client) => client.end('reached'))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const reach = shell('', {
    command: () => [
      process.execPath,
      '-e',
      `require('net').connect(${port}, '127.0.0.1').on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))`,
    ],
  })
  try {
    expect((await launch(reach, never)).output).toBe('reached\n')
    const cut = WAYS.filter((contained) => contained)
    for (const contained of cut) expect((await launch({ ...reach, contained }, never)).output).toBe('ECONNREFUSED\n')
  } finally {
    server.close()
  }
})

await withPostgres(18, (folder) => {
  describe('the gate to a sandbox', () => {
    let sandbox: Sandbox
    beforeAll(async () => {
      const opened = await local({ folders: [folder] }).open({ postgres: 18 }, never)
      if ('unavailable' in opened) throw new Error(opened.unavailable)
      sandbox = opened
    })
    afterAll(async () => sandbox[Symbol.asyncDispose]())

    const ask = async (url: string, contained: boolean): Promise<string> => {
      const { address } = sandbox
      if (address === null) throw new Error('nobody gets in')
      const script = `new (require('pg').Client)(process.env.URL).connect().then(() => console.log('in'), (e) => console.log(e.code, e.message)).then(() => process.exit())`
      const wish = shell('', {
        command: () => [process.execPath, '-e', script],
        folder: process.cwd(),
        environment: { URL: url.replace('PORT', PORT) },
        sandbox: { address, password: 'the word' },
        contained,
      })
      return (await launch(wish, never)).output
    }

    test.each([
      ['postgres://postgres:the%20word@127.0.0.1:PORT/postgres', 'in\n'],
      ['postgres://postgres:other@127.0.0.1:PORT/postgres', '28000 the password is not the one of the sandbox\n'],
      ['postgres://postgres:the%20word@127.0.0.1:PORT/template1', '28000 the sandbox has no database "template1"\n'],
      ['postgres://dba_sandbox:the%20word@127.0.0.1:PORT/postgres', '28000 the sandbox knows no role "dba_sandbox"\n'],
    ])('%s', async (url, expected) => {
      for (const contained of WAYS) expect(await ask(url, contained)).toBe(expected)
    })
  })
})
