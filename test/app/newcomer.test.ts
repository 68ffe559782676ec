import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { until } from '../support/app-database.js'
import { PRIVATE_KEY, SECRET } from '../support/app-under-test.js'

let folder: string
const running: (() => Promise<unknown>)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dba-newcomer-'))
  copyFileSync('app.yml', join(folder, 'app.yml'))
})
afterEach(async () => {
  for (const end of running.splice(0)) await end()
  rmSync(folder, { recursive: true })
})

interface Started {
  readonly exited: Promise<number | null>
  said(): string
}

/** Starts the App in a folder of its own, with this environment and nothing else. */
function start(environment: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [resolve('bin/dba-app.js')], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const exited = once(child, 'close').then(([code]) => code as number | null)
  running.push(async () => {
    child.kill('SIGTERM')
    await exited
  })
  return { exited, said: () => said }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('without credentials', () => {
  test('a page registers the App as app.yml says, and keeps its key where nobody else reads it', async () => {
    const port = await freePort()
    const page = `http://127.0.0.1:${port}`
    writeFileSync(join(folder, '.env'), 'LOG_LEVEL=warn')
    const { said } = start({ PORT: String(port), HOST: '127.0.0.1' })
    await until(() => said().includes(`To register the App, open ${page}`), 20_000)

    const first = await fetch(page, { redirect: 'manual' })
    expect([first.status, first.headers.get('location')]).toEqual([302, '/probot'])
    // As a proxy with TLS asks.
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'dba.example.com' }
    const html = await (await fetch(`${page}/probot`, { headers })).text()
    const manifest = JSON.parse(/id="manifest" value='([^']*)'/.exec(html)?.[1] ?? '') as Record<string, unknown>
    expect(manifest).toMatchObject(parse(readFileSync('app.yml', 'utf8')) as Record<string, unknown>)
    expect(manifest['hook_attributes']).toEqual({ url: 'https://dba.example.com/' })

    const credentials = { appId: '7', pem: PRIVATE_KEY, webhook_secret: SECRET }
    await fetch(`${page}/probot/import`, { method: 'POST', body: JSON.stringify(credentials) })
    const kept = parseEnv(readFileSync(join(folder, '.env'), 'utf8'))
    expect(kept).toEqual({ LOG_LEVEL: 'warn', APP_ID: '7', PRIVATE_KEY, WEBHOOK_SECRET: SECRET })
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600)

    // What it wrote is what it starts with: it asks for the next thing, a database.
    const again = start({ PATH: folder, DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere' })
    expect(await again.exited).toBe(2)
    expect(again.said()).toMatch(/ECONNREFUSED/)
  }, 60_000)

  test('where it is deployed, what to set is said', async () => {
    const { exited, said } = start({ NODE_ENV: 'production' })
    expect(await exited).toBe(2)
    expect(said()).toMatch(/^dba-app: APP_ID, PRIVATE_KEY and WEBHOOK_SECRET must be set\./)
  })
})

const WHOLE = { APP_ID: '7', PRIVATE_KEY, WEBHOOK_SECRET: SECRET }
test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['an id alone', { APP_ID: '7' }, /PRIVATE_KEY must be the App's private key in PEM form/],
  ['a key alone', { PRIVATE_KEY }, /APP_ID must be the number of the App/],
  ['a secret alone', { WEBHOOK_SECRET: SECRET }, /APP_ID must be the number of the App/],
  ['no secret', { APP_ID: '7', PRIVATE_KEY }, /WEBHOOK_SECRET must be the secret .* of at least 32 characters/],
  [
    'a secret that can be guessed',
    { ...WHOLE, WEBHOOK_SECRET: 'development' },
    /WEBHOOK_SECRET must be .* at least 32/,
  ],
  [
    'two secrets, of which one can',
    { ...WHOLE, WEBHOOK_SECRET: `${SECRET},x` },
    /WEBHOOK_SECRET must be .* at least 32/,
  ],
  ['half a key', { ...WHOLE, PRIVATE_KEY: PRIVATE_KEY.slice(0, 200) }, /PRIVATE_KEY must be .* whole/],
  [
    'a file that is not there',
    { ...WHOLE, PRIVATE_KEY: '', PRIVATE_KEY_PATH: 'key.pem' },
    /PRIVATE_KEY_PATH must be a file/,
  ],
  [
    'a role that is not there',
    { ...WHOLE, DBA_ROLE: 'reviewer' },
    /DBA_ROLE must be one of all, intake, worker, broker, analyser\./,
  ],
  ['a broker without a key', { DBA_ROLE: 'broker', DATABASE_URL: 'postgres://x' }, /APP_ID must be the number/],
  [
    'an analyser without a database',
    { DBA_ROLE: 'analyser' },
    /DATABASE_URL must be the PostgreSQL that all roles share/,
  ],
  [
    'an analyser with secrets',
    { ...WHOLE, DBA_ROLE: 'analyser', DATABASE_URL: 'postgres://x' },
    /DBA_ROLE=analyser must not be given PRIVATE_KEY, WEBHOOK_SECRET: it reads what anybody may write\./,
  ],
  [
    'a worker without a database',
    { ...WHOLE, DBA_ROLE: 'worker' },
    /DATABASE_URL must be the PostgreSQL that all roles share/,
  ],
  ['no patience', { ...WHOLE, DBA_ANALYSER_SECONDS: '0' }, /DBA_ANALYSER_SECONDS must be a number from 1 to 300/],
  ['a port by name', { ...WHOLE, PORT: 'http' }, /PORT must be a port/],
])('%s is said to be missing or wrong, in a line', async (_, environment, says) => {
  const { exited, said } = start(environment)
  expect(await exited).toBe(2)
  expect(said()).toMatch(says)
  expect(said().trimEnd().split('\n')).toHaveLength(1)
})
