import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { setTimeout } from 'node:timers/promises'
import { until } from '../support/app-database.js'
import { stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import type { FakePull } from '../support/github/index.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { contents, DROP, expectNoViolation, scene, type Scene } from './scene.js'

const LIST = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs'
const UPDATE = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}'

await withPostgres(18, (programs) => {
  let at: Stage
  let app: AppProcess
  beforeAll(async () => {
    at = await stage(programs)
    app = await at.start()
  }, 60_000)
  afterAll(() => at.stop())

  /** Opens a pull request whose check run is begun and cannot be completed, and leaves it like that. */
  async function leftInProgress({
    repository,
    runs,
  }: Scene): Promise<{ readonly pull: FakePull; readonly first: string }> {
    const stuck = at.github.fault({ route: UPDATE, before: 500, times: 2 })
    const pull = repository.openPull({ by: 'ann', files: DROP })
    await until(() => stuck.hits === 2, 30_000)
    expect(runs(pull).map(({ status }) => status)).toEqual(['in_progress'])
    return { pull, first: pull.sha }
  }

  test('two pull requests with one head that are both closed leave each other in peace', async () => {
    const { repository, judged } = scene(at, app)
    repository.branch('release')
    const one = repository.openPull({ by: 'ann', head: 'change', files: DROP })
    await judged(one)
    const other = repository.openPull({ by: 'ann', head: 'change', base: 'release' })
    await judged(other, 1)
    one.close()
    other.close()
    await at.github.quiet({ milliseconds: 4_000 })
    const before = at.github.requests.length
    await setTimeout(6_000)
    expect(at.github.requests.length - before).toBe(0)
  }, 120_000)

  test('a check run that was under way when its pull request was closed is ended', async () => {
    const stage = scene(at, app)
    const { pull } = await leftInProgress(stage)
    pull.close()
    await until(() => stage.runs(pull).every(({ status }) => status === 'completed'), 20_000)
    expect(stage.runs(pull).map(({ conclusion }) => conclusion)).toEqual(['cancelled'])
    // It is judged again when it comes back.
    pull.reopen()
    expect((await stage.judged(pull, 1)).conclusion).toBe('action_required')
  }, 120_000)

  test('a check run on a head that was left is ended although the first try fails', async () => {
    const stage = scene(at, app)
    const { pull, first } = await leftInProgress(stage)
    at.github.fault({ route: LIST, before: 502, times: 3, when: ({ path }) => path.includes(first) })
    pull.push({ 'main.go': 'package main // 2\n' })
    await stage.judged(pull)
    await until(() => stage.runs({ sha: first }).every(({ status }) => status === 'completed'), 20_000)
    expect(stage.runs({ sha: first }).map(({ conclusion }) => conclusion)).toEqual(['cancelled'])
  }, 120_000)

  test('a head that GitHub does not know any more does not keep the next from being judged', async () => {
    const stage = scene(at, app)
    const { pull, first } = await leftInProgress(stage)
    const message = `No commit found for SHA: ${first}`
    at.github.fault({ route: LIST, before: 422, message, when: ({ path }) => path.includes(first) })
    pull.push({ 'main.go': 'package main // 2\n' })
    expect((await stage.judged(pull)).conclusion).toBe('action_required')
  }, 120_000)

  test('a command on a closed pull request is refused, and looked at no more', async () => {
    const { repository, judged, replies } = scene(at, app)
    const pull = repository.openPull({ by: 'ann', files: DROP })
    await judged(pull)
    pull.close()
    await at.github.quiet()
    const said = replies(pull).length
    const comment = pull.comment('tom', '/dba explain')
    await until(() => contents(comment).includes('confused'), 20_000)
    pull.reopen()
    await judged(pull)
    await at.github.quiet()
    expect(replies(pull)).toHaveLength(said)
  }, 120_000)

  test('nothing was asked of GitHub that it does not describe', () => expectNoViolation(at))
})
