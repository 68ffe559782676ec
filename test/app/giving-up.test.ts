import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { setTimeout } from 'node:timers/promises'
import { Client } from 'pg'
import { openDatabase, type Database } from '../../src/server/database.js'
import { unsettledRuns } from '../../src/server/stores/check-runs.js'
import { stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import type { FakePull } from '../support/github/index.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { DROP, expectNoViolation, scene, type Scene } from './scene.js'

const COMPARE = 'GET /repos/{owner}/{repo}/compare/{basehead}'
/** Under which what is agreed to elsewhere is an error. */
const STRICT = {
  '.github/dba.yml': 'rehearsal:\n  required: false\n  sandbox: none\nrules:\n  drop-column: error\n',
}
const GIVEN_UP = 'The review could not be made'

await withPostgres(18, (programs) => {
  let at: Stage
  let app: AppProcess
  let client: Client
  let database: Database
  beforeAll(async () => {
    at = await stage(programs)
    app = await at.start()
    client = new Client({ connectionString: at.databaseUrl })
    await client.connect()
    database = openDatabase({ url: at.databaseUrl, name: 'test', connections: 1 })
  }, 60_000)
  afterAll(async () => {
    await database.close()
    await client.end()
    await at.stop()
  })

  /** Waits until something is so, and lets nothing that failed wait for its next try. */
  async function hurrying(what: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + 60_000
    while (!(await what())) {
      if (performance.now() > end) throw new Error(`it did not come about\n${app.lines.slice(-3).join('\n')}`)
      await client.query(
        `UPDATE dba.subjects SET next_at = pg_catalog.clock_timestamp() - interval '5 seconds'
         WHERE lease_holder IS NULL AND attempts > 0 AND dead_at IS NULL`,
      )
      await setTimeout(200)
    }
  }
  const isGivenUp = ({ runs }: Scene, pull: FakePull): boolean =>
    runs(pull).at(-1)?.status === 'completed' && runs(pull).at(-1)?.output.title === GIVEN_UP
  const buried = async (): Promise<number> =>
    (await client.query('SELECT FROM dba.subjects WHERE dead_at IS NOT NULL')).rowCount ?? 0

  test('R36: what fails each time ends in a failing check run, about which the watchdog has nothing to do', async () => {
    const shop = scene(at, app)
    const broken = at.github.fault({ route: COMPARE, before: 500 })
    const pull = shop.repository.openPull({ by: 'ann', files: DROP })
    await hurrying(async () => isGivenUp(shop, pull) && (await buried()) === 1)
    await at.github.quiet()
    expect(shop.runs(pull)).toMatchObject([{ conclusion: 'failure' }])
    expect(shop.runs(pull)[0]?.output.summary).toContain(`\`pull/${pull.number}\` of repository ${shop.repository.id}`)
    expect(await unsettledRuns(database, 0)).toEqual([])
    broken.remove()
    const run = shop.runs(pull).at(-1)
    if (run === undefined) throw new Error('there is no check run')
    const again = await shop.judgedAnew(pull, () => shop.repository.rerun(run, 'carl'))
    expect(again.conclusion).toBe('action_required')
  }, 120_000)

  test('R36: one that was given up in the middle of a review leaves no run in progress', async () => {
    const shop = scene(at, app)
    const broken = at.github.fault({ route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', before: 500 })
    const stuck = at.github.fault({
      route: 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
      before: 500,
      times: 12,
    })
    const pull = shop.repository.openPull({ by: 'ann', files: DROP })
    await hurrying(async () => isGivenUp(shop, pull) && (await buried()) === 1)
    await at.github.quiet()
    expect(shop.runs(pull).filter(({ status }) => status !== 'completed')).toEqual([])
    expect(await unsettledRuns(database, 0)).toEqual([])
    broken.remove()
    stuck.remove()
    pull.close()
    await at.github.quiet()
  }, 120_000)

  test('T5: a commit is not green for one pull request while it was given up for another, or fails for it', async () => {
    const shop = scene(at, app)
    const { repository } = shop
    const one = repository.openPull({ by: 'ann', head: 'change', files: { 'main.go': 'package main // 5\n' } })
    await shop.judged(one)
    // The branch moves on, so that the two are compared with different commits.
    repository.branch('release')
    const tip = repository.commit({ 'README.md': 'ours' }, { message: 'Another' })
    const broken = at.github.fault({ route: COMPARE, before: 500, when: ({ path }) => path.includes(tip) })
    one.push({ 'main.go': 'package main // 6\n' })
    await hurrying(() => shop.runs(one).length > 0 || broken.hits > 2)
    const other = repository.openPull({ by: 'ann', head: 'change', base: 'release' })
    await hurrying(async () => isGivenUp(shop, one) && (await buried()) === 1)
    await at.github.quiet()
    expect(shop.runs(one).flatMap(({ history }) => history.map(({ conclusion }) => conclusion))).not.toContain(
      'success',
    )
    // Whatever is found out about the other one from now on.
    await shop.said(other, 'carl', '/dba rerun')
    const run = await shop.judged(other)
    expect(run.conclusion).toBe('failure')
    expect(run.output.summary).toContain(`This commit is the head of #${one.number} as well`)
    broken.remove()
    const again = await shop.judgedAnew(one, () => repository.rerun(run, 'carl'))
    expect(again.conclusion).toBe('success')
  }, 180_000)

  test('R12: a commit is not green for one pull request while nobody has told of another with the same head', async () => {
    const shop = scene(at, app)
    const { repository } = shop
    repository.branch('release')
    repository.commit(
      { 'migrations/000001_users.down.sql': 'DROP TABLE users CASCADE;\n', ...STRICT },
      { branch: 'release', message: 'A stricter policy' },
    )
    at.github.webhooks.behave({ lose: () => true })
    const one = repository.openPull({ by: 'ann', head: 'change', files: DROP })
    const other = repository.openPull({ by: 'ann', head: 'change', base: 'release' })
    at.github.webhooks.behave({ lose: () => false })
    await shop.said(one, 'carl', '/dba rerun')
    await shop.judged(one)
    await shop.said(one, 'dora', `/dba approve ${shop.code(one)}`)
    const run = await shop.judged(other)
    expect(run.conclusion).toBe('failure')
    expect(shop.runs(one).flatMap(({ history }) => history.map(({ conclusion }) => conclusion))).not.toContain(
      'success',
    )
  }, 120_000)

  test('nothing was asked of GitHub that it does not describe', () => expectNoViolation(at))
})
