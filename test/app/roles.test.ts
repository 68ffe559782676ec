import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDatabase, type Database } from '../../src/server/database.js'
import { until } from '../support/app-database.js'
import { APP_ID, PRIVATE_KEY, SECRET, stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import { folderEntries } from '../support/history-file.js'
import type { FileChanges } from '../support/github/index.js'
import { ends } from '../support/process.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { expectNoViolation, scene, type Scene } from './scene.js'

/** What a role is not given, beside what the stage gives to all. */
const WITHOUT = {
  intake: { APP_ID: undefined, PRIVATE_KEY: undefined, GITHUB_API_URL: undefined },
  broker: { WEBHOOK_SECRET: undefined },
  analyser: { APP_ID: undefined, PRIVATE_KEY: undefined, WEBHOOK_SECRET: undefined, GITHUB_API_URL: undefined },
} as const

const filesOf = (folder: string): FileChanges =>
  Object.fromEntries(
    [...folderEntries(folder)].flatMap(([path, entry]) => (entry && 'text' in entry ? [[path, entry.text]] : [])),
  )
/** Rehearsed on the sandbox that is there everywhere. */
const PGLITE: FileChanges = { '.github/dba.yml': 'rehearsal:\n  sandbox: pglite\n' }
const BASE = { ...PGLITE, ...filesOf('fixtures/pulls/harmful/base') }
const HARMFUL = filesOf('fixtures/pulls/harmful/head')

await withPostgres(18, (programs) => {
  let at: Stage
  let database: Database
  let guestUrl: string
  beforeAll(async () => {
    at = await stage(programs)
    database = openDatabase({ url: at.databaseUrl, name: 'test' })
    await database.query("CREATE ROLE dba_analyser LOGIN PASSWORD 'guest'")
    const url = new URL(at.databaseUrl)
    url.username = 'dba_analyser'
    url.password = 'guest'
    guestUrl = url.href
  }, 60_000)
  afterAll(async () => {
    await database.close()
    await at.stop()
  })

  const analyser = (): Promise<AppProcess> =>
    at.start({ DBA_ROLE: 'analyser', ...WITHOUT.analyser, DATABASE_URL: guestUrl })
  const orders = () =>
    database.query<{ tries: number; held: boolean }>('SELECT tries, lease_holder IS NOT NULL AS held FROM dba.orders')
  const environmentOf = (pid: number | undefined): string => readFileSync(`/proc/${pid}/environ`, 'utf8')
  const page = async ({ url }: AppProcess, path: string): Promise<string> => (await fetch(`${url}${path}`)).text()

  /** What a check run says, but for what differs from one time to the next. */
  const told = ({ conclusion, output, actions }: Awaited<ReturnType<Scene['judged']>>): unknown =>
    JSON.parse(
      JSON.stringify({ conclusion, output, actions })
        .replace(/\b\d+(\.\d+)? (ms|s)\b/g, 'SOME TIME')
        .replace(/shop-\d+/g, 'SHOP')
        .replace(/\b[0-9a-f]{40}\b|`[0-9a-f]{7}`/g, 'SHA')
        .replace(/\/dba approve [0-9a-f]{12}/g, '/dba approve CODE'),
    )

  describe('in processes of their own', () => {
    let intake: AppProcess
    let broker: AppProcess
    let first: AppProcess
    const running: AppProcess[] = []
    beforeAll(async () => {
      // Before there are tables: it waits for them.
      first = await analyser()
      expect(await page(first, '/readyz')).toBe('it cannot be told\n')
      broker = await at.start({ DBA_ROLE: 'broker', DBA_ANALYSER_LOGIN: 'dba_analyser', ...WITHOUT.broker })
      intake = await at.start({ DBA_ROLE: 'intake', ...WITHOUT.intake })
      await until(async () => (await page(first, '/readyz')) === 'ok\n')
    }, 60_000)

    test('each holds what it needs, and nothing else', () => {
      const secrets = { APP_ID: String(APP_ID), PRIVATE_KEY: PRIVATE_KEY.slice(40, 80), WEBHOOK_SECRET: SECRET }
      const held = ({ child }: AppProcess): readonly string[] => {
        const environment = environmentOf(child.pid)
        const own = decodeURIComponent(environment)
        return [
          ...Object.entries(secrets).flatMap(([name, value]) => (environment.includes(value) ? [name] : [])),
          ...(own.includes(at.postgres.password) ? ["the App's login"] : []),
        ]
      }
      expect([intake, broker, first].map(held)).toEqual([
        ['WEBHOOK_SECRET', "the App's login"],
        ['APP_ID', 'PRIVATE_KEY', "the App's login"],
        [],
      ])
    })

    test('a harmful pull request gets the check run that one process gives it', async () => {
      const apart = scene(at, broker, BASE)
      const run = await apart.judged(apart.repository.openPull({ by: 'ann', files: HARMFUL }))
      expect(run.conclusion).toBe('failure')
      expect(run.output.title).toMatch(/./)
      expect(await page(first, '/metrics')).toMatch(/dba_analysis_seconds_count\{outcome="answered"\} 1\n/)
      expect(await page(broker, '/metrics')).toMatch(/dba_order_seconds_count\{outcome="answered"\} 1\n/)
      for (const each of [broker, first]) expect(await page(each, '/metrics')).toMatch(/^dba_waiting_orders 0$/m)
      expect(await page(first, '/metrics')).toMatch(/^dba_database_up 1$/m)
      expect(await orders()).toEqual([])

      await Promise.all([intake, broker, first].map((each) => each.end()))
      const all = await at.start()
      running.push(all)
      const together = scene(at, all, BASE)
      const same = await together.judged(together.repository.openPull({ by: 'ann', files: HARMFUL }))
      expect(told(run)).toEqual(told(same))
      expectNoViolation(at)
    }, 120_000)

    afterAll(() => Promise.all(running.map((each) => each.end())))
  })

  describe('when something happens', () => {
    let broker: AppProcess
    beforeAll(async () => {
      broker = await at.start({ DBA_ROLE: 'broker', DBA_ANALYSER_LOGIN: 'dba_analyser', ...WITHOUT.broker })
      await at.start({ DBA_ROLE: 'intake', ...WITHOUT.intake })
    }, 60_000)

    test('an analyser is killed in the middle, and another takes over', async () => {
      const killed = await analyser()
      const { repository, judged } = scene(at, broker, BASE)
      const pull = repository.openPull({ by: 'ann', files: HARMFUL })
      await until(async () => (await orders()).some(({ held }) => held), 30_000)
      const children = readFileSync(`/proc/${killed.child.pid}/task/${killed.child.pid}/children`, 'utf8').trim()
      await killed.end('SIGKILL')
      const next = await analyser()
      expect((await judged(pull)).conclusion).toBe('failure')
      expect(await page(next, '/metrics')).toMatch(/dba_analysis_seconds_count\{outcome="answered"\} 1\n/)
      for (const child of children.split(' ').filter((each) => each !== ''))
        expect(await ends(Number(child))).toBe(true)
      expect(await next.end()).toBe(0)
    }, 120_000)

    test('a superseded head is called off, and the newer one is judged', async () => {
      const slow: FileChanges = {
        ...HARMFUL,
        'migrations/000009_slow.up.sql': 'SELECT count(*) FROM generate_series(1, 100000000000);\n',
        'migrations/000009_slow.down.sql': 'SELECT 1;\n',
      }
      const policy: FileChanges = { '.github/dba.yml': 'rehearsal:\n  sandbox: pglite\n  seconds: 120\n' }
      const works = await analyser()
      const { repository, judged, runs } = scene(at, broker, { ...BASE, ...policy })
      const pull = repository.openPull({ by: 'ann', files: slow })
      await until(async () => (await orders()).some(({ held }) => held), 30_000)
      const old = pull.sha
      const begun = performance.now()
      pull.push({ 'migrations/000009_slow.up.sql': 'SELECT 2;\n' })
      expect((await judged(pull)).conclusion).toBe('failure')
      expect(performance.now() - begun).toBeLessThan(60_000)
      await until(() => runs({ sha: old }).every(({ status }) => status === 'completed'))
      expect(runs({ sha: old }).map(({ conclusion }) => conclusion)).toEqual(['cancelled'])
      const figures = await page(works, '/metrics')
      expect(figures).toMatch(/dba_analysis_seconds_count\{outcome="called-off"\} 1\n/)
      expect(figures).toMatch(/dba_analysis_seconds_count\{outcome="answered"\} 1\n/)
      expect(await orders()).toEqual([])
      await works.end()
    }, 120_000)

    test('without an analyser nothing is green', async () => {
      await broker.end()
      broker = await at.start({ DBA_ROLE: 'broker', DBA_ANALYSER_SECONDS: '2', ...WITHOUT.broker })
      const { repository, judged } = scene(at, broker, { ...BASE, ...PGLITE })
      const clean = filesOf('fixtures/pulls/clean/head')
      const run = await judged(repository.openPull({ by: 'ann', files: clean }))
      expect(run.conclusion).toBe('failure')
      expect(JSON.stringify(run.output)).toMatch(/no analyser of version \S+ took it within 2 seconds/)
      expect(await orders()).toEqual([])
      expectNoViolation(at)
    }, 120_000)
  })
})
