import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { PRIVATE_KEY, SECRET, stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { expectNoViolation, scene, SHOP } from './scene.js'

/** The address of a database to rehearse on, whose password is nobody's business. */
const REHEARSAL = 'postgres://reviewer:p%40ss%2FCANARY-9@127.0.0.1:1/canary'
const PASSWORD = 'p@ss/CANARY-9'
const TOKEN = `ghs_${'CANARY0123456789'.repeat(2)}`
const KEY_LINE = PRIVATE_KEY.split('\n')[3] ?? ''

await withPostgres(18, (programs) => {
  let at: Stage
  let app: AppProcess
  beforeAll(async () => {
    at = await stage(programs)
    app = await at.start({ PATH: programs, DBA_DATABASE_URL: REHEARSAL, DBA_DISPOSABLE: '1' })
  }, 60_000)
  afterAll(() => at.stop())

  const named = (name: string): string => `"${name.replaceAll('"', '""')}"`
  const written = (): string =>
    at.github.requests
      .filter(({ method }) => method !== 'GET')
      .map(({ body }) => JSON.stringify(body))
      .join('\n')

  test('T26: a secret of the App that somebody wrote into a migration is in nothing that is published', async () => {
    const policy = 'rehearsal:\n  required: true\n  sandbox: local\n  seconds: 60\n'
    const { repository, judged, said, runs, replies } = scene(at, app, { ...SHOP, '.github/dba.yml': policy })
    const secrets = {
      SECRET,
      KEY_LINE,
      TOKEN,
      PASSWORD,
      REHEARSAL,
      database: at.databaseUrl,
      own: at.postgres.password,
    }
    const values = Object.values(secrets)
    const columns = [SECRET, TOKEN, PASSWORD].map((value) => `ALTER TABLE users ADD COLUMN ${named(value)} text;\n`)
    const pull = repository.openPull({
      by: 'ann',
      files: {
        // In names, in comments, in values, in what is remarked on, and in what fails.
        'migrations/000002_names.up.sql': [
          ...values.map((value) => `-- ${value}\n`),
          ...columns,
          `CREATE INDEX ${named(SECRET.slice(0, 50))} ON users (${named(PASSWORD)});\n`,
          `COMMENT ON TABLE users IS '${values.join(' ')}';\n`,
          `DELETE FROM users WHERE note = '${KEY_LINE}';\n`,
        ].join(''),
        'migrations/000002_names.down.sql': `ALTER TABLE users DROP COLUMN ${named(PASSWORD)};\n`,
        'migrations/000003_fails.up.sql': `DO $$ BEGIN RAISE EXCEPTION '%', '${values.join(' ')}'; END $$;\n`,
        'migrations/000003_fails.down.sql': `DROP TABLE ${named(TOKEN)};\n`,
      },
    })
    expect((await judged(pull)).conclusion).toBe('failure')
    await said(pull, 'dora', '/dba explain\n/dba diff\n/dba suggest\n/dba status')
    await said(pull, 'dora', `/dba ${TOKEN}\n/dba explain ${KEY_LINE}`)
    // A second review finds what it wrote, although it was not what it had wanted to write.
    const before = { runs: runs(pull).length, replies: replies(pull).length }
    pull.push({ 'main.go': 'package main // again\n' })
    await judged(pull)
    expect(replies(pull)).toHaveLength(before.replies)

    const sinks = written()
    expect(sinks).toContain('[redacted]')
    for (const [name, secret] of Object.entries(secrets)) {
      for (const form of [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret),
        secret.replace(/[@#](?=\S)/g, '$&\u200b'),
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      ]) {
        expect([name, sinks.includes(form)]).toEqual([name, false])
      }
    }
    expect(sinks.match(/.{0,60}CANARY.{0,40}/g)).toBeNull()
    // What is agreed to and told apart by digests is still told apart.
    expect(sinks).toMatch(/<!-- dba:finding [0-9a-f]{16} -->/)
  }, 120_000)

  test('nothing was asked of GitHub that it does not describe', () => expectNoViolation(at))
})
