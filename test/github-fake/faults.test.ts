import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Octokit } from '@octokit/rest'
import type { FakeGitHub, FakePull, FakeRepository, FaultPlan } from '../support/github/index.js'
import { asInstallation, refusal, startFake } from './world.js'

const at = { owner: 'acme', repo: 'shop' }
const COMMENT = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
const LIST = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments'

let github: FakeGitHub
let repository: FakeRepository
let pull: FakePull
let octokit: Octokit

beforeEach(async () => {
  github = await startFake()
  repository = github.repository('acme/shop')
  pull = repository.openPull()
  octokit = await asInstallation(github, repository)
})

afterEach(async () => {
  const { mistakes } = github
  await github.stop()
  expect(mistakes).toEqual([])
})

const say = (body = 'Hello') => octokit.rest.issues.createComment({ ...at, issue_number: 1, body })
const said = () => repository.comments(pull).map(({ body }) => body)

describe('what goes wrong', () => {
  test.each<[string, FaultPlan, number, readonly string[]]>([
    ['before it is done', { route: COMMENT, before: 502 }, 502, []],
    ['after it is done', { route: COMMENT, after: 502 }, 502, ['Hello']],
    ['with the connection, before', { route: COMMENT, cut: 'before' }, 500, []],
    ['with the connection, after', { route: COMMENT, cut: 'after' }, 500, ['Hello']],
    ['by the primary limit', { route: COMMENT, limit: 'primary', reset: 3000 }, 403, []],
    ['by the secondary limit', { route: COMMENT, limit: 'secondary', status: 429 }, 429, []],
  ])('%s', async (_, plan, status, expected) => {
    const fault = github.fault({ ...plan, times: 1 })
    expect(await refusal(say())).toMatchObject({ status })
    expect([said(), fault.struck.length]).toEqual([expected, 1])
  })

  test('the limits say when to come again, where they are told to', async () => {
    const headersOf = async (plan: FaultPlan) => {
      github.fault({ ...plan, times: 1 })
      try {
        await say()
      } catch (error) {
        return (error as { response: { headers: Record<string, string> } }).response.headers
      }
      throw new Error('it was not refused')
    }
    expect(await headersOf({ limit: 'secondary' })).not.toHaveProperty('retry-after')
    expect(await headersOf({ limit: 'secondary', retryAfter: 120 })).toMatchObject({ 'retry-after': '120' })
    const reset = Math.floor(Date.now() / 1000) + 3000
    const primary = await headersOf({ limit: 'primary', reset: 3000 })
    expect(primary['x-ratelimit-remaining']).toBe('0')
    expect(Math.abs(Number(primary['x-ratelimit-reset']) - reset)).toBeLessThanOrEqual(2)
    // The limit holds for the installation until then, on every route.
    expect(await refusal(octokit.rest.repos.get(at))).toMatchObject({ status: 403 })
    github.advance(3_001_000)
    const later = await asInstallation(github, repository)
    expect((await later.rest.repos.get(at)).status).toBe(200)
  })

  test.each(['html', 'half', 'empty'] as const)('%s instead of an answer', async (garbage) => {
    pull.comment('ann', 'Hello')
    github.fault({ route: LIST, garbage, times: 1 })
    const response = await fetch(`${github.url}/repos/acme/shop/issues/1/comments`, { headers: await authorization() })
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(() => JSON.parse(text) as unknown).toThrow()
  })

  test('pages that end too early, that come twice, and between which an entry went', async () => {
    for (let index = 0; index < 8; index++) pull.comment('ann', `${index}`)
    const all = async () =>
      (await octokit.paginate(octokit.rest.issues.listComments, { ...at, issue_number: 1, per_page: 4 })).map(
        ({ body }) => body,
      )
    const cut = github.fault({ route: LIST, page: 'truncated' })
    expect(await all()).toEqual(['0', '1'])
    cut.remove()
    const twice = github.fault({ route: LIST, page: 'repeated' })
    expect(await all()).toEqual(['0', '1', '2', '3', '0', '1', '2', '3'])
    twice.remove()
    github.fault({ route: LIST, page: 'drifting' })
    expect(await all()).toEqual(['0', '1', '2', '3', '5', '6', '7'])
  })

  test('no answer at all, and the fake is quiet meanwhile', async () => {
    const fault = github.fault({ route: COMMENT, hang: 'after' })
    const asked = refusal(say())
    await fault.reached
    await github.quiet({ milliseconds: 20 })
    expect(said()).toEqual(['Hello'])
    fault.remove()
    expect(await asked).toMatchObject({ status: 500 })
  })

  test('an answer that stops in the middle', async () => {
    const fault = github.fault({ route: LIST, hang: 'midway' })
    pull.comment('ann', 'Hello')
    const response = await fetch(`${github.url}/repos/acme/shop/issues/1/comments`, { headers: await authorization() })
    expect(response.status).toBe(200)
    const text = response.text()
    const first = await Promise.race([text, setTimeout(100, 'nothing')])
    expect(first).toBe('nothing')
    fault.remove()
    await expect(text).rejects.toThrow()
  })

  test('an answer that is held back until it is let go', async () => {
    const fault = github.fault({ route: COMMENT, hold: 'before' })
    const asked = say()
    await fault.reached
    expect(said()).toEqual([])
    fault.release()
    expect((await asked).status).toBe(201)
  })

  test('a stop while somebody waits', async () => {
    const fault = github.fault({ hold: 'before' })
    const asked = refusal(say())
    await fault.reached
    await github.stop()
    expect(await asked).toMatchObject({ status: 500 })
  })
})

describe('when it goes wrong', () => {
  const outcomes = async (plan: Omit<FaultPlan, 'before'>) => {
    github.fault({ ...plan, before: 502 } as FaultPlan)
    const results: boolean[] = []
    for (let index = 0; index < 12; index++) results.push(await say().then(() => true, () => false)) // prettier-ignore
    return results.map((fine) => (fine ? '.' : 'x')).join('')
  }

  test.each<[string, Omit<FaultPlan, 'before'>, string]>([
    ['always', {}, 'xxxxxxxxxxxx'],
    ['twice', { times: 2 }, 'xx..........'],
    ['once, after three went well', { skip: 3, times: 1 }, '...x........'],
    ['every third time', { every: 3 }, '..x..x..x..x'],
    ['on another route', { route: 'GET /repos/{owner}/{repo}' }, '............'],
    ['on routes that match', { route: /comments$/, times: 1 }, 'x...........'],
    ['for some bodies', { when: ({ body }) => (body as { body: string }).body !== 'Hello' }, '............'],
  ])('%s', async (_, plan, expected) => {
    expect(await outcomes(plan)).toBe(expected)
  })

  test('by chance, which a seed decides', async () => {
    const first = await outcomes({ chance: 0.5, seed: 42 })
    expect(first).toMatch(/x/)
    expect(first).toMatch(/\./)
  })
})

test('each request is kept, with what became of it', async () => {
  github.latency = 30
  await say()
  github.fault({ route: COMMENT, after: 502, times: 1 })
  await refusal(say('again'))
  const comments = github.requests.filter(({ route }) => route === COMMENT)
  expect(comments).toMatchObject([
    { method: 'POST', status: 201, body: { body: 'Hello' }, struck: false, tokenRepositories: [repository.id] },
    { method: 'POST', status: 502, body: { body: 'again' }, struck: true },
  ])
  expect(comments[0]?.duration).toBeGreaterThanOrEqual(29)
})

async function authorization(): Promise<{ authorization: string }> {
  const { token } = (await octokit.auth()) as { token: string }
  return { authorization: `token ${token}` }
}
