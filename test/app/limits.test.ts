import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { until } from '../support/app-database.js'
import { stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { DROP, expectNoViolation, scene } from './scene.js'

const CREATE = 'POST /repos/{owner}/{repo}/check-runs'
const TREE = /^GET \/repos\/\{owner\}\/\{repo\}\/compare\//

await withPostgres(18, (programs) => {
  let at: Stage
  let app: AppProcess
  beforeAll(async () => {
    at = await stage(programs)
    // Two processes: what one is told holds for the other.
    await at.start()
    app = await at.start()
  }, 60_000)
  afterAll(() => at.stop())

  test('R25: when one pull request is told to slow down, nothing of its installation is written until then, and others go on', async () => {
    const [one, two, other] = [scene(at, app), scene(at, app), scene(at, app, undefined, 'globex')]
    // One is in the middle of its review, about to write, when another is told.
    const held = at.github.fault({
      route: TREE,
      hold: 'before',
      when: ({ path }) => path.includes(one.repository.name),
    })
    const first = one.repository.openPull({ by: 'ann', files: DROP })
    await held.reached
    const seconds = 6
    const limit = at.github.fault({ route: CREATE, limit: 'secondary', retryAfter: seconds, status: 403, times: 1 })
    const second = two.repository.openPull({ by: 'ann', files: DROP })
    await limit.reached
    await until(() => limit.struck[0]?.status === 403)
    held.remove()
    const third = other.repository.openPull({ by: 'ann', files: DROP })
    const runs = [await other.judged(third), await one.judged(first), await two.judged(second)]
    expect(runs.map(({ conclusion }) => conclusion)).toEqual(['action_required', 'action_required', 'action_required'])

    const [struck] = limit.struck
    if (struck === undefined) throw new Error('nobody was told')
    const told = struck.at + struck.duration
    const written = at.github.requests.filter(
      ({ method, route, at: when }) => method !== 'GET' && /repos/.test(route ?? '') && when > told,
    )
    const ours = [one.repository.id, two.repository.id]
    const early = written.filter(
      ({ repository, at: when }) => repository !== null && ours.includes(repository) && when < told + seconds * 1_000,
    )
    expect(early.map(({ method, path }) => `${method} ${path}`)).toEqual([])
    expect(written.some(({ repository }) => repository === one.repository.id)).toBe(true)
    // The other installation did not wait.
    const elsewhere = written.filter(({ repository }) => repository === other.repository.id).map(({ at: when }) => when)
    expect(Math.min(...elsewhere)).toBeLessThan(told + seconds * 1_000)
  }, 120_000)

  test('nothing was asked of GitHub that it does not describe', () => expectNoViolation(at))
})
