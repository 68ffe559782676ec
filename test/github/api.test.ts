import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import nock from 'nock'
import { type Api, openApi } from '../../src/github/api.js'
import { GitHubError } from '../../src/github/errors.js'
import { listPages } from '../../src/github/pages.js'
import { api, FIXED, NOW, REPOSITORY, still, URL } from './connection.js'

const READ = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
const WRITE = 'POST /repos/{owner}/{repo}/check-runs'
const EDIT = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}'
const path = '/repos/acme/shop/pulls/7'
const at = (seconds: number): Date => new Date(NOW + seconds * 1_000)

afterEach(() => {
  expect(nock.pendingMocks()).toEqual([])
  nock.cleanAll()
})

async function failure(work: Promise<unknown>): Promise<GitHubError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(GitHubError)
  return error as GitHubError
}

describe('a failure is told apart', () => {
  const date = new Date(NOW + 3_600_000).toUTCString()
  const hour = String(NOW / 1_000 + 3_600)
  test.each<[string, number, object | string, Record<string, string>, object]>([
    ['401', 401, { message: 'Bad credentials' }, {}, { kind: 'unauthorized', status: 401 }],
    ['403', 403, { message: 'Resource not accessible by integration' }, {}, { kind: 'forbidden', retryAt: null }],
    ['suspended', 403, { message: 'This installation has been suspended' }, {}, { kind: 'suspended' }],
    ['blocked', 403, { message: 'Repository access blocked' }, {}, { kind: 'suspended' }],
    ['404', 404, { message: 'Not Found' }, {}, { kind: 'not-found' }],
    ['410', 410, { message: 'Issues are disabled' }, {}, { kind: 'gone' }],
    ['451', 451, { message: 'Repository access blocked' }, {}, { kind: 'gone' }],
    ['422', 422, { message: 'No commit found for SHA: abc' }, {}, { kind: 'unprocessable' }],
    ['409', 409, { message: 'Git Repository is empty.' }, {}, { kind: 'unprocessable' }],
    [
      'primary limit',
      403,
      { message: 'API rate limit exceeded for installation ID 1' },
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': hour },
      { kind: 'rate-limited', limit: 'primary', retryAt: at(3_600) },
    ],
    [
      'primary limit by a clock that is an hour ahead',
      429,
      { message: 'API rate limit exceeded' },
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1_000 + 3_600 + 300), date },
      { kind: 'rate-limited', limit: 'primary', retryAt: at(301) },
    ],
    [
      'primary limit without a moment',
      403,
      { message: 'API rate limit exceeded' },
      { 'x-ratelimit-remaining': '0' },
      { kind: 'rate-limited', limit: 'primary', retryAt: at(60) },
    ],
    [
      'secondary limit',
      403,
      { message: 'You have exceeded a secondary rate limit' },
      { 'retry-after': '120' },
      { kind: 'rate-limited', limit: 'secondary', retryAt: at(120) },
    ],
    [
      'secondary limit without a moment',
      429,
      { message: 'You have exceeded a secondary rate limit' },
      { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': hour },
      { kind: 'rate-limited', limit: 'secondary', retryAt: at(60) },
    ],
    [
      'a limit that would last for days',
      403,
      { message: 'secondary rate limit' },
      { 'retry-after': '999999' },
      { kind: 'rate-limited', retryAt: at(3_600) },
    ],
  ])('%s', async (_, status, body, headers, expected) => {
    const connection = still()
    nock(URL)
      .get(path)
      .times(status === 401 ? 2 : 1)
      .reply(status, body, headers)
    const error = await failure(api(connection).request(READ, { pull_number: 7 }))
    expect(error).toMatchObject(expected)
    // Nothing is slept for in here, and nothing that is certain is asked again.
    expect(connection.waits).toEqual([])
  })

  test('a message names the route and what GitHub said, and holds no token', async () => {
    nock(URL)
      .post('/repos/acme/shop/check-runs')
      .reply(422, { message: 'Invalid request', errors: ['"name" is missing', { field: 'sha', code: 'invalid' }] })
    const error = await failure(api().request(WRITE, { name: 'secret body' }))
    expect(error.message).toBe(`${WRITE}: 422 Invalid request ("name" is missing; sha invalid)`)
    expect(JSON.stringify(error) + String(error.stack)).not.toMatch(/t0ken|secret body/)
  })
})

describe('reads are repeated twice after a hiccup, writes are not', () => {
  const html = { 'content-type': 'text/html' }
  const json = { 'content-type': 'application/json' }
  test.each<[string, number, string, Record<string, string>, string]>([
    ['502', 502, '<html>Unicorn!</html>', html, 'transient'],
    ['503', 503, '{"message":"No server is available"}', json, 'transient'],
    ['200 with HTML', 200, '<html></html>', html, 'garbled'],
    ['200 with half a text', 200, '{"number": 7, "st', json, 'garbled'],
    ['200 with nothing', 200, '', json, 'garbled'],
    ['200 with a JSON text', 200, '"hello"', json, 'garbled'],
  ])('%s', async (_, status, body, headers, kind) => {
    const connection = still()
    nock(URL).get(path).times(3).reply(status, body, headers)
    expect(await failure(api(connection).request(READ, { pull_number: 7 }))).toMatchObject({ kind, status })
    expect(connection.waits).toEqual([500, 1_000])

    nock(URL).get(path).times(2).reply(status, body, headers)
    nock(URL).get(path).reply(200, { number: 7 })
    expect((await api().request(READ, { pull_number: 7 })).data).toEqual({ number: 7 })

    nock(URL).post('/repos/acme/shop/check-runs').reply(status, body, headers)
    expect(await failure(api().request(WRITE))).toMatchObject({ kind })

    nock(URL).patch('/repos/acme/shop/check-runs/1').reply(status, body, headers)
    nock(URL).patch('/repos/acme/shop/check-runs/1').reply(200, { id: 1 })
    const answer = await api().request(EDIT, { check_run_id: 1 }, { repeatable: true })
    expect(answer.data).toEqual({ id: 1 })
  })

  test('a broken connection', async () => {
    nock(URL).get(path).times(3).replyWithError('socket hang up')
    const error = await failure(api().request(READ, { pull_number: 7 }))
    expect(error).toMatchObject({ kind: 'transient', status: null })
    expect(error.message).toMatch(/socket hang up/)
  })

  test('the wait is not the same for everybody', async () => {
    const early = still({ random: () => 0 })
    const late = still({ random: () => 0.999 })
    nock(URL).get(path).times(6).reply(502)
    for (const connection of [early, late]) await failure(api(connection).request(READ, { pull_number: 7 }))
    expect(early.waits).toEqual([250, 500])
    expect(late.waits.map(Math.round)).toEqual([750, 1_499])
  })

  test('a 404 may be a copy that lags behind, where the thing is known to exist', async () => {
    nock(URL).get(path).times(2).reply(404, { message: 'Not Found' })
    nock(URL).get(path).reply(200, { number: 7 })
    const answer = await api().request(READ, { pull_number: 7 }, { exists: true })
    expect(answer.data).toEqual({ number: 7 })
  })

  test('what was called off is not asked again', async () => {
    const connection = still()
    const controller = new AbortController()
    const called = openApi(REPOSITORY, { connection, token: FIXED, signal: controller.signal })
    controller.abort()
    nock(URL).get(path).optionally().reply(200, {})
    expect(await failure(called.request(READ, { pull_number: 7 }))).toMatchObject({ kind: 'transient' })
    expect(connection.waits).toEqual([])
    nock.cleanAll()
  })
})

describe('tokens', () => {
  test('one that is not accepted is renewed once', async () => {
    nock(URL, { reqheaders: { authorization: 'token t0ken' } })
      .get(path)
      .reply(401, { message: 'Bad credentials' })
    nock(URL, { reqheaders: { authorization: 'token renewed' } })
      .get(path)
      .reply(200, { number: 7 })
    const opened = api()
    expect((await opened.request(READ, { pull_number: 7 })).status).toBe(200)
    expect(opened.count()).toBe(2)
  })

  test('and no more than once, also for a write', async () => {
    nock(URL).post('/repos/acme/shop/check-runs').times(2).reply(401, { message: 'Bad credentials' })
    const opened = api()
    expect(await failure(opened.request(WRITE))).toMatchObject({ kind: 'unauthorized' })
    expect(opened.count()).toBe(2)
  })
})

describe('what nobody may read is not written', () => {
  const hide = (text: string): string => text.replaceAll('hunter2', '[redacted]')
  const hiding = (): Api => openApi(REPOSITORY, { connection: still({ hide }), token: FIXED })

  test('in whatever text of a body it stands, but not in what names something', async () => {
    const sha = 'a'.repeat(40)
    const annotation = { path: 'db/hunter2.sql', message: 'x hunter2', start_line: 1 }
    nock(URL)
      .post('/repos/acme/shop/check-runs', {
        name: 'dba',
        head_sha: sha,
        external_id: 'hunter2',
        output: {
          title: '[redacted]',
          summary: 'a [redacted] b',
          annotations: [{ ...annotation, message: 'x [redacted]' }],
        },
      })
      .reply(201, {})
    await hiding().request(WRITE, {
      name: 'dba',
      head_sha: sha,
      external_id: 'hunter2',
      output: { title: 'hunter2', summary: 'a hunter2 b', annotations: [annotation] },
    })
    expect(nock.isDone()).toBe(true)
  })

  test('in the variables of a mutation as well', async () => {
    nock(URL)
      .post('/graphql', { query: 'mutation { x }', variables: { body: '[redacted]' } })
      .reply(200, { data: {} })
    await hiding().graphql('mutation { x }', { body: 'hunter2' })
    expect(nock.isDone()).toBe(true)
  })

  test('who compares is told what was written', () => {
    expect(hiding().shown('my hunter2')).toBe('my [redacted]')
    expect(api().shown('my hunter2')).toBe('my hunter2')
  })
})

describe('writes are fenced', () => {
  const fenced = openApi(REPOSITORY, {
    connection: still(),
    token: FIXED,
    beforeWrite: async () => {
      throw new Error('the lease is gone')
    },
  })
  test('a write, and a mutation, is not sent when the fence throws', async () => {
    await expect(fenced.request(WRITE)).rejects.toThrow('the lease is gone')
    await expect(fenced.graphql('mutation { x }')).rejects.toThrow('the lease is gone')
    expect(fenced.count()).toBe(0)
  })
  test('a read is', async () => {
    nock(URL).get(path).reply(200, { number: 7 })
    nock(URL)
      .post('/graphql')
      .reply(200, { data: { x: 1 } })
    expect((await fenced.request(READ, { pull_number: 7 })).status).toBe(200)
    expect(await fenced.graphql('query { x }')).toEqual({ x: 1 })
  })
})

describe('GraphQL', () => {
  test.each<[string, object, object]>([
    ['a limit', { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }, { kind: 'rate-limited' }],
    ['what is not there', { data: { r: null }, errors: [{ type: 'NOT_FOUND', message: 'x' }] }, { kind: 'not-found' }],
    ['what is not allowed', { errors: [{ type: 'FORBIDDEN', message: 'x' }] }, { kind: 'forbidden' }],
    ['a wrong question', { errors: [{ type: 'undefinedField', message: 'x' }] }, { kind: 'unprocessable' }],
  ])('%s', async (_, body, expected) => {
    nock(URL).post('/graphql').reply(200, body)
    expect(await failure(api().graphql('query { x }'))).toMatchObject(expected)
  })

  test.each<[string, object, string]>([
    ['something went wrong', { errors: [{ message: 'Something went wrong' }] }, 'transient'],
    ['no data', { hello: 1 }, 'garbled'],
  ])('a query is repeated, a mutation is not: %s', async (_, body, kind) => {
    nock(URL).post('/graphql').times(3).reply(200, body)
    expect(await failure(api().graphql('query { x }'))).toMatchObject({ kind })
    nock(URL).post('/graphql').reply(200, body)
    expect(await failure(api().graphql('mutation { x }'))).toMatchObject({ kind })
  })

  test('on an Enterprise Server it lives beside the REST API', async () => {
    nock('https://ghe.test')
      .post('/api/graphql')
      .reply(200, { data: { x: 1 } })
    expect(await api(still({ baseUrl: 'https://ghe.test/api/v3' })).graphql('query { x }')).toEqual({ x: 1 })
  })
})

describe('a server that does not keep its word', () => {
  let server: Server
  let port = 0
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/repos/acme/shop/pulls/1') return // It accepts, and never answers.
      response.writeHead(200, { 'content-type': 'application/json' })
      if (request.url === '/repos/acme/shop/pulls/2') return void response.write('{"number": 2')
      if (request.url === '/repos/acme/shop/pulls/3')
        return void response.write('{"number": 3', () => request.destroy())
      response.end(JSON.stringify({ text: 'x'.repeat(5_000) }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test.each<[number, string, RegExp]>([
    [1, 'never answers', /no answer within 0.1 s/],
    [2, 'stops in the middle', /no whole answer within 0.3 s/],
    [3, 'hangs up in the middle', /terminated|aborted|other side closed/],
    [4, 'says too much', /more than 2000 bytes/],
  ])('%i: it %s', async (number, _, message) => {
    const deadlines = { headers: 100, total: 300, bytes: 2_000 }
    const connection = still({ baseUrl: `http://127.0.0.1:${port}`, deadlines })
    const error = await failure(api(connection).request(READ, { pull_number: number }))
    expect(error).toMatchObject({ kind: 'transient', status: null })
    expect(error.message).toMatch(message)
  })
})

test('what was exchanged is told, with the route as it is documented', async () => {
  const connection = still()
  nock(URL).get(path).reply(200, { number: 7 }, { 'x-ratelimit-remaining': '4999' })
  nock(URL).post('/graphql').replyWithError('gone')
  await api(connection).request(READ, { pull_number: 7 })
  await failure(api(connection).graphql('mutation { x }'))
  expect(connection.exchanges).toEqual([
    { route: READ, status: 200, milliseconds: 0, remaining: 4_999 },
    { route: 'POST /graphql', status: null, milliseconds: 0, remaining: null },
  ])
})

describe('lists', () => {
  const listing = {
    route: 'GET /repos/{owner}/{repo}/pulls',
    read: (value: unknown) => (value as { id: number }).id,
    key: (id: number) => id,
  }
  const pages = (...lists: readonly (readonly number[])[]): void =>
    lists.forEach((list, i) => {
      nock(URL)
        .get('/repos/acme/shop/pulls')
        .query({ per_page: 100, page: i + 1 })
        .reply(
          200,
          list.map((id) => ({ id })),
        )
    })
  const upTo = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)

  test('end with a page that is not full', async () => {
    pages(upTo(0, 100), upTo(100, 200), [200])
    expect(await listPages(api(), listing)).toEqual({ items: upTo(0, 201), complete: true })
  })

  test('an item that moved to the next page is kept once', async () => {
    pages(upTo(0, 100), upTo(99, 150))
    expect(await listPages(api(), listing)).toEqual({ items: upTo(0, 150), complete: true })
  })

  test('the same page again makes the list incomplete', async () => {
    pages(upTo(0, 100), upTo(0, 100))
    expect((await listPages(api(), listing)).complete).toEqual({ incomplete: 'GitHub gave the same page twice' })
  })

  test('more than is read makes the list incomplete', async () => {
    pages(upTo(0, 100), upTo(100, 200))
    const { complete } = await listPages(api(), { ...listing, most: 2 })
    expect(complete).toEqual({ incomplete: 'there are more than 200' })
  })

  test('what is no list is a garbled answer', async () => {
    nock(URL).get('/repos/acme/shop/pulls').query(true).reply(200, { message: 'hello' })
    expect(await failure(listPages(api(), listing))).toMatchObject({ kind: 'garbled' })
  })
})
