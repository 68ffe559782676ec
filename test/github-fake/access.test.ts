import { createSign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Octokit } from '@octokit/rest'
import type { FakeGitHub, FakeRepository } from '../support/github/index.js'
import { APP_ID, asApp, asInstallation, PRIVATE_KEY, refusal, SILENT, startFake } from './world.js'

const at = { owner: 'acme', repo: 'shop' }

let github: FakeGitHub
let shop: FakeRepository
let billing: FakeRepository

beforeEach(async () => {
  github = await startFake()
  shop = github.repository('acme/shop', { files: { 'a.sql': '' } })
  billing = github.repository('acme/billing', { files: { 'b.sql': '' } })
})

afterEach(async () => {
  const { mistakes } = github
  await github.stop()
  expect(mistakes).toEqual([])
})

const kinds = () => github.violations.map(({ kind }) => kind)

describe('the token of an installation', () => {
  test('opens the repository that it is for, and no other: that is noted', async () => {
    const octokit = await asInstallation(github, shop)
    expect((await octokit.rest.repos.get(at)).status).toBe(200)
    expect(await refusal(octokit.rest.repos.get({ ...at, repo: 'billing' }))).toMatchObject({ status: 404 })
    expect(
      await refusal(octokit.rest.issues.createComment({ ...at, repo: 'billing', issue_number: 1, body: 'Hm' })),
    ).toMatchObject({ status: 404 })
    expect(kinds()).toEqual(['tenant', 'tenant'])
    expect(github.requests.at(-1)).toMatchObject({ repository: billing.id, tokenRepositories: [shop.id] })
  })

  test('does not open that of another installation, even a public one', async () => {
    github.repository('other/tools', { private: false })
    const octokit = await asInstallation(github, shop)
    const foreign = { owner: 'other', repo: 'tools' }
    expect(
      await refusal(octokit.rest.checks.create({ ...foreign, name: 'dba', head_sha: 'a'.repeat(40) })),
    ).toMatchObject({ status: 403 })
    expect(kinds()).toEqual(['tenant'])
  })

  test('has the permissions that were asked for', async () => {
    const octokit = await asInstallation(github, shop, { contents: 'read' })
    const create = octokit.rest.checks.create({ ...at, name: 'dba', head_sha: shop.tip() })
    expect(await refusal(create)).toMatchObject({ status: 403, message: /Resource not accessible by integration/ })
    expect(kinds()).toEqual(['permission'])
  })

  test('what the installation itself lacks is refused and not noted', async () => {
    const octokit = await asInstallation(github, shop)
    const read = octokit.rest.repos.getBranchProtection({ ...at, branch: 'main' })
    expect(await refusal(read)).toMatchObject({ status: 403 })
    expect(kinds()).toEqual([])
  })

  test('ends after an hour, at once when the App is taken away, and rests while it is suspended', async () => {
    const octokit = await asInstallation(github, shop)
    github.suspend('acme')
    expect(await refusal(octokit.rest.repos.get(at))).toMatchObject({ status: 403, message: /suspended/ })
    github.unsuspend('acme')
    github.advance(59 * 60_000)
    expect((await octokit.rest.repos.get(at)).status).toBe(200)
    github.advance(61_000)
    expect(await refusal(octokit.rest.repos.get(at))).toMatchObject({ status: 401, message: /Bad credentials/ })
    github.uninstall('acme')
    expect(await refusal(asInstallation(github, shop))).toMatchObject({ status: 404 })
  })

  test.each<[string, () => { repository_ids?: number[]; permissions?: { administration: 'write' } }]>([
    ['for a repository of somebody else', () => ({ repository_ids: [github.repository('other/x').id] })],
    ['for a repository that does not exist', () => ({ repository_ids: [1] })],
    ['with more than was granted', () => ({ permissions: { administration: 'write' } })],
  ])('is not given %s', async (_, asked) => {
    const installation_id = github.installation('acme').id
    const mint = asApp(github).rest.apps.createInstallationAccessToken({ installation_id, ...asked() })
    expect(await refusal(mint)).toMatchObject({ status: 422 })
  })

  test('is minted by the client itself, for what was asked', async () => {
    const app = asApp(github)
    const { token } = (await app.auth({
      type: 'installation',
      installationId: github.installation('acme').id,
      repositoryIds: [shop.id],
      permissions: { metadata: 'read' },
    })) as { token: string }
    const octokit = new Octokit({ baseUrl: github.url, auth: token })
    expect((await octokit.rest.repos.get(at)).data.id).toBe(shop.id)
    expect(kinds()).toEqual([])
  })
})

describe('the App’s own signature', () => {
  const now = (): number => Math.floor(Date.now() / 1000)
  const signed = (claims: object, key = PRIVATE_KEY): string => {
    const parts = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    return `${parts.join('.')}.${createSign('RSA-SHA256').update(parts.join('.')).sign(key).toString('base64url')}`
  }
  const status = async (jwt: string): Promise<number> =>
    (await fetch(`${github.url}/app`, { headers: { authorization: `Bearer ${jwt}` } })).status

  test.each<[string, () => string, number]>([
    ['a good one', () => signed({ iss: APP_ID, iat: now() - 60, exp: now() + 540 }), 200],
    ['one of another App', () => signed({ iss: 7, iat: now() - 60, exp: now() + 540 }), 401],
    ['one that has ended', () => signed({ iss: APP_ID, iat: now() - 600, exp: now() - 1 }), 401],
    ['one from the future', () => signed({ iss: APP_ID, iat: now() + 60, exp: now() + 540 }), 401],
    ['one that lasts too long', () => signed({ iss: APP_ID, iat: now(), exp: now() + 3600 }), 401],
    [
      'one with other claims under the signature',
      () =>
        signed({ iss: APP_ID, iat: now(), exp: now() + 60 }).replace(
          /\.(.+)\./,
          `.${Buffer.from('{"iss":1}').toString('base64url')}.`,
        ),
      401,
    ],
    ['something else', () => 'a.b.c', 401],
  ])('%s', async (_, jwt, expected) => {
    expect(await status(jwt())).toBe(expected)
  })

  test('is not for a repository, and a token is not for the App', async () => {
    const jwt = signed({ iss: APP_ID, iat: now() - 60, exp: now() + 540 })
    const asked = await fetch(`${github.url}/repos/acme/shop/pulls`, { headers: { authorization: `Bearer ${jwt}` } })
    expect(asked.status).toBe(403)
    const octokit = await asInstallation(github, shop)
    expect(await refusal(octokit.request('GET /app'))).toMatchObject({ status: 401 })
    expect(await refusal(new Octokit({ baseUrl: github.url, log: SILENT }).rest.repos.get(at))).toMatchObject({
      status: 401,
    })
    expect(kinds()).toEqual(['credentials', 'credentials', 'credentials'])
  })
})

describe('requests', () => {
  test('that GitHub does not know are noted', async () => {
    const octokit = await asInstallation(github, shop)
    expect(await refusal(octokit.request('GET /repos/{owner}/{repo}/nothing', at))).toMatchObject({ status: 404 })
    expect(await refusal(octokit.request('GET /repos/{owner}/{repo}/pulls', { ...at, colour: 'red' }))).toMatchObject({
      status: 422,
    })
    expect(
      await refusal(octokit.request('GET /repos/{owner}/{repo}/pulls', { ...at, state: 'half' as 'open' })),
    ).toMatchObject({ status: 422 })
    expect(kinds()).toEqual(['route', 'schema', 'schema'])
  })

  test('that cannot be read are refused', async () => {
    const octokit = await asInstallation(github, shop)
    const { token } = (await octokit.auth()) as { token: string }
    const headers = { authorization: `token ${token}` }
    const { status } = await fetch(`${github.url}/repos/acme/shop/check-runs`, { method: 'POST', headers, body: '{' })
    expect([status, kinds()]).toEqual([400, ['schema']])
  })

  test('are counted against the hour, unless nothing has changed', async () => {
    const octokit = await asInstallation(github, shop)
    const { headers } = await octokit.rest.repos.get(at)
    expect(headers['x-ratelimit-remaining']).toBe('4999')
    const again = octokit.rest.pulls.list({ ...at })
    const { headers: listed } = await again
    const same = octokit.rest.pulls.list({ ...at, headers: { 'if-none-match': listed.etag ?? '' } })
    expect(await refusal(same)).toMatchObject({ status: 304 })
    expect((await octokit.rest.rateLimit.get()).data.rate.used).toBe(3)
    github.limits.requestsPerHour = 3
    expect(await refusal(octokit.rest.repos.get(at))).toMatchObject({ status: 403, message: /rate limit exceeded/ })
  })

  test('follow a repository that was renamed', async () => {
    const octokit = await asInstallation(github, shop)
    shop.rename('store')
    expect((await octokit.rest.repos.get(at)).data.full_name).toBe('acme/store')
  })
})
