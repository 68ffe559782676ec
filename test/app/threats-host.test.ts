import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createHmac, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { CONFIG_SCHEMA } from '../../src/config/schema.js'
import { until } from '../support/app-database.js'
import { PRIVATE_KEY, SECRET, stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import type { FileChanges } from '../support/github/index.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { DROP, expectNoViolation, scene, SHOP, UNREHEARSED } from './scene.js'

/** The database to rehearse on cannot be reached, and its address is a secret. */
const REHEARSAL = 'postgres://reviewer:p%40ss%2FCANARY@127.0.0.1:1/canary'
const PASSWORD = 'p@ss/CANARY'

await withPostgres(18, (programs) => {
  let at: Stage
  let app: AppProcess
  beforeAll(async () => {
    at = await stage(programs)
    app = await at.start({ DBA_DATABASE_URL: REHEARSAL, DBA_DISPOSABLE: '1' })
  }, 60_000)
  afterAll(() => at.stop())

  /** Delivers bytes that are signed as GitHub signs them. */
  async function deliver(event: string, body: string, id: string = randomUUID()): Promise<number> {
    const signature = createHmac('sha256', SECRET).update(body).digest('hex')
    const headers = { 'x-github-event': event, 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${signature}` }
    const response = await fetch(`${app.url}/api/github/webhooks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    return response.status
  }
  async function rows<Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const client = new Client({ connectionString: at.databaseUrl })
    await client.connect()
    try {
      return (await client.query(sql, [...values])).rows as Row[]
    } finally {
      await client.end()
    }
  }

  test('T17: a migration in Python is read and never run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dba-threat-'))
    const touch = (name: string): string => `open('${join(folder, name)}', 'w').close()\n`
    const revision = (id: string, before: string, body: string): string =>
      `${touch(`top-${id}`)}from alembic import op\nrevision = '${id}'\ndown_revision = ${before}\n\n\ndef upgrade():\n    ${body}    op.execute('SELECT 1')\n\n\ndef downgrade():\n    pass\n`
    const files: FileChanges = {
      'alembic.ini': '[alembic]\nscript_location = db\n',
      'setup.py': touch('setup'),
      'conftest.py': touch('conftest'),
      'db/__init__.py': touch('package'),
      'db/env.py': `${touch('env')}from alembic import context\n`,
      'db/versions/a1_first.py': revision('a1', 'None', touch('a1')),
    }
    try {
      const { repository, judged } = scene(at, app, { ...UNREHEARSED, ...files })
      const change = { 'db/versions/b2_second.py': revision('b2', "'a1'", touch('b2')) }
      const run = await judged(repository.openPull({ by: 'ann', files: { ...change, 'db/env.py': touch('env2') } }))
      expect(run.conclusion).toBe('failure')
      expect(JSON.stringify(run.output)).toMatch(/b2_second\.py/)
      for (const name of ['top-a1', 'top-b2', 'a1', 'b2', 'setup', 'conftest', 'package', 'env', 'env2']) {
        expect([name, existsSync(join(folder, name))]).toEqual([name, false])
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)

  test('T25: each repository is seen with a token for it alone, and nothing of one is told in another', async () => {
    const secretive = (word: string): FileChanges => ({
      ...SHOP,
      'migrations/000001_users.up.sql': `CREATE TABLE users (id bigint PRIMARY KEY, note text, ${word} text);\n`,
    })
    const [one, two] = [scene(at, app, secretive('hush'), 'first'), scene(at, app, secretive('quiet'), 'second')]
    const before = at.github.requests.length
    const drop = (word: string): FileChanges => ({
      'migrations/000002_drop.up.sql': `SET lock_timeout = '2s';\nALTER TABLE users DROP COLUMN ${word};\n`,
      'migrations/000002_drop.down.sql': `SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN ${word} text;\n`,
    })
    const pulls = [
      one.repository.openPull({ by: 'ann', files: drop('hush') }),
      two.repository.openPull({ by: 'ann', files: drop('quiet') }),
    ] as const
    expect(pulls[0].number).toBe(pulls[1].number)
    const runs = [await one.judged(pulls[0]), await two.judged(pulls[1])] as const
    expect(runs.map(({ conclusion }) => conclusion)).toEqual(['action_required', 'action_required'])
    expect(JSON.stringify([runs[0].output, one.replies(pulls[0])])).not.toMatch(/quiet|second\//)
    expect(JSON.stringify([runs[1].output, two.replies(pulls[1])])).not.toMatch(/hush|first\//)
    // The code of one is none in the other.
    expect(await two.said(pulls[1], 'dora', `/dba approve ${one.code(pulls[0])}`)).toEqual(['eyes', 'confused'])
    const seen = at.github.requests.slice(before).filter(({ repository }) => repository !== null)
    expect(new Set(seen.map(({ repository }) => repository))).toEqual(new Set([one.repository.id, two.repository.id]))
    for (const { repository, tokenRepositories } of seen) expect(tokenRepositories).toEqual([repository])
    expectNoViolation(at)
  }, 60_000)

  test('T26: no secret of the App reaches a log, a check run or a comment', async () => {
    const policy = 'rehearsal:\n  sandbox: service\n'
    const { repository, judged, said } = scene(at, app, { ...SHOP, '.github/dba.yml': policy })
    const pull = repository.openPull({ by: 'ann', files: DROP })
    const run = await judged(pull)
    expect(['failure', 'action_required']).toContain(run.conclusion)
    expect(JSON.stringify(run.output)).toMatch(/could not be reached|ECONNREFUSED|connect/i)
    await said(pull, 'dora', '/dba explain')
    await said(pull, 'dora', '/dba config')
    await said(pull, 'dora', '/dba status')
    // The App's own database goes away and comes back, which it tells of.
    await at.postgres.crash()
    await until(() => app.lines.some((line) => line.includes('a connection to the database broke')), 20_000)
    await at.postgres.start()
    pull.push({
      'migrations/000002_drop_note.up.sql': "SET lock_timeout = '3s';\nALTER TABLE users DROP COLUMN note;\n",
    })
    await judged(pull)

    const written = at.github.requests.filter(({ method }) => method !== 'GET').map(({ body }) => JSON.stringify(body))
    const sinks = [...app.lines, ...written].join('\n')
    const keyLines = PRIVATE_KEY.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))
    const secrets = [PASSWORD, 'CANARY', REHEARSAL, SECRET, at.postgres.password, at.databaseUrl, ...keyLines]
    for (const secret of secrets) {
      for (const form of [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret),
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
        Buffer.from(secret).toString('hex'),
      ]) {
        expect([secret, sinks.includes(form)]).toEqual([secret, false])
      }
    }
    expect(sinks).not.toMatch(/ghs_|eyJ[\w-]{10,}\./)
  }, 120_000)

  test('T29: an address in a policy makes it invalid, and is never asked', async () => {
    let asked = 0
    const listener = createServer((socket) => {
      asked++
      socket.destroy()
    })
    await new Promise<void>((listens) => listener.listen(0, '127.0.0.1', listens))
    const { port } = listener.address() as AddressInfo
    try {
      for (const key of ['extends', 'docs_url', 'webhook_url', 'database_url', 'baseline']) {
        const policy = `${key}: http://127.0.0.1:${port}/policy.yml\n`
        const { repository, judged } = scene(at, app, { ...SHOP, '.github/dba.yml': policy })
        const run = await judged(repository.openPull({ by: 'ann', files: DROP }))
        expect([key, run.conclusion]).toEqual([key, 'failure'])
      }
      expect(asked).toBe(0)
    } finally {
      listener.close()
    }
  }, 60_000)

  describe('T30: names that objects are born with', () => {
    test('T30: in a delivery do nothing, and the App goes on', async () => {
      const { repository, judged } = scene(at, app)
      const place = `"installation":{"id":${at.github.installation('acme').id}},"repository":{"id":${repository.id},"name":"x","owner":{"login":"acme"}}`
      for (const body of [
        `{"__proto__":{"action":"opened","polluted":true},${place}}`,
        `{"action":"opened","constructor":{"prototype":{"polluted":true}},${place},"pull_request":{"__proto__":{"number":1}}}`,
        `{"action":"__proto__",${place}}`,
        `{"action":"created","comment":{"user":{"__proto__":{"id":1,"login":"a","type":"User"}}},${place}}`,
      ]) {
        for (const event of ['pull_request', 'issue_comment', 'check_run', 'constructor'])
          expect(await deliver(event, body)).toBe(202)
        // These are no names of events.
        for (const event of ['__proto__', 'toString']) expect(await deliver(event, body)).toBe(400)
      }
      const pull = repository.openPull({ by: 'ann', files: DROP })
      expect((await judged(pull)).conclusion).toBe('action_required')
      expect(app.lines.filter((line) => /polluted|TypeError|given up/.test(line))).toEqual([])
    }, 60_000)

    test.each([
      ['at the top', '__proto__:\n  rehearsal:\n    required: false\n'],
      ['in the rules', 'rules:\n  __proto__: off\n'],
      ['in the options of a rule', 'rules:\n  drop-column:\n    options:\n      __proto__: [1]\n'],
      ['constructor', 'constructor:\n  prototype:\n    required: false\n'],
    ])(
      'T30: in a policy make it invalid: %s',
      async (_, policy) => {
        const { repository, judged } = scene(at, app, { ...SHOP, '.github/dba.yml': policy })
        const run = await judged(repository.openPull({ by: 'ann', files: DROP }))
        expect(run.conclusion).toBe('failure')
        expect(JSON.stringify(run.output)).toMatch(/configuration is not valid/)
      },
      60_000,
    )
  })

  test('T40: there is no switch that lets through what could not be looked at', async () => {
    const keys = (schema: unknown): readonly string[] =>
      typeof schema !== 'object' || schema === null
        ? []
        : Object.entries(schema).flatMap(([key, value]) =>
            key === 'properties' ? [...Object.keys(value as object), ...keys(value)] : keys(value),
          )
    expect(
      [...new Set(keys(CONFIG_SCHEMA))].filter((key) =>
        /fail|open|force|skip|bypass|on-?error|overload|break/i.test(key),
      ),
    ).toEqual([])
    // As lax as a policy can be: what cannot be read is a failure all the same.
    const off = ['syntax-error', 'unanalysable-statement', 'drop-column', 'drop-table']
    const lax = `rehearsal:\n  required: false\n  sandbox: none\ncomment: never\nrules:\n${off.map((id) => `  ${id}: off\n`).join('')}`
    const { repository, judged, replies } = scene(at, app, { ...SHOP, '.github/dba.yml': lax })
    for (const sql of [
      'ALTER TABL users;\n',
      "SET standard_conforming_strings = off;\nSELECT 'a\\' , ' ; DROP TABLE users; -- ';\n",
      'SELECT 1;\u0000 DROP TABLE users;\n',
    ]) {
      const files = { 'migrations/000002_x.up.sql': sql, 'migrations/000002_x.down.sql': 'SELECT 1;\n' }
      const pull = repository.openPull({ by: 'ann', files })
      expect([sql, (await judged(pull)).conclusion]).toEqual([sql, 'failure'])
      expect(replies(pull)).toEqual([])
    }
  }, 60_000)

  describe('T41: what is stored is text', () => {
    const branch = `x';DROP-TABLE-dba.inbox;--"$(id)\`%_`
    test('T41: a branch whose name is SQL is kept as it is, and so are all tables', async () => {
      const { repository, judged, runs } = scene(at, app)
      const tables = 'SELECT count(*)::int AS count FROM pg_catalog.pg_tables WHERE schemaname = $1'
      const before = await rows(tables, ['dba'])
      repository.branch(branch)
      const pull = repository.openPull({ by: 'ann', base: branch, files: DROP })
      expect((await judged(pull)).conclusion).toBe('action_required')
      const stored = 'SELECT target FROM dba.reviews WHERE repository_id = $1'
      expect(await rows(stored, [repository.id])).toEqual([{ target: branch }])
      // A push to it looks for the pull requests into it by this name.
      const count = runs(pull).length
      repository.commit({ '.github/dba.yml': `${String(UNREHEARSED['.github/dba.yml'])}postgres: 17\n` }, { branch })
      expect((await judged(pull, count)).conclusion).toBe('action_required')
      expect(await rows(tables, ['dba'])).toEqual(before)
    }, 60_000)

    test('T41: an id or a type of a delivery that is SQL or more than one line is refused or kept as text', async () => {
      expect(await deliver('push', '{}', "'; DROP TABLE dba.inbox; --")).toBe(400)
      expect(await deliver("push'; DROP TABLE dba.inbox; --", '{}')).toBeLessThan(500)
      expect(await rows('SELECT 1 AS one FROM dba.inbox LIMIT 1')).toEqual([{ one: 1 }])
    })

    test('T41: every line of the log is one object of JSON', () => {
      for (const line of app.lines) expect(() => JSON.parse(line) as unknown).not.toThrow()
    })
  })

  test('nothing was asked of GitHub that it does not describe', () => expectNoViolation(at))
})
