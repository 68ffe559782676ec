import { afterEach, describe, expect, test } from '@jest/globals'
import { createVerify, generateKeyPairSync } from 'node:crypto'
import nock from 'nock'
import { openAppAuth, REVIEW_PERMISSIONS } from '../../src/github/app-auth.js'
import { openApi } from '../../src/github/api.js'
import { NOW, REPOSITORY, still, type Still, URL } from './connection.js'

const keys = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const pems = {
  'PKCS #8': keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  'PKCS #1, as GitHub gives it': keys.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
}
const privateKey = pems['PKCS #1, as GitHub gives it']
const TOKENS = '/app/installations/5/access_tokens'
const asked = { installation: 5, repositoryId: 1 }
const minted = (token: string): object => ({
  token,
  expires_at: new Date(NOW + 3_600_000).toISOString(),
  permissions: REVIEW_PERMISSIONS,
  repository_selection: 'selected',
})
const seconds = NOW / 1_000

function claims(authorization: string): { readonly iat: number; readonly exp: number; readonly iss: string } {
  const [head = '', body = '', signature = ''] = authorization.replace(/^bearer /, '').split('.')
  const isSigned = createVerify('RSA-SHA256').update(`${head}.${body}`).verify(keys.publicKey, signature, 'base64url')
  expect(isSigned).toBe(true)
  expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT' })
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as ReturnType<typeof claims>
}

afterEach(() => {
  expect(nock.pendingMocks()).toEqual([])
  nock.cleanAll()
})

test.each(Object.entries(pems))('the App signs with its key: %s', async (_, pem) => {
  let authorization = ''
  nock(URL)
    .get('/app')
    .reply(200, function () {
      authorization = String(this.req.headers['authorization'])
      return { id: 9 }
    })
  const { app } = openAppAuth({ appId: 9, privateKey: pem }, still())
  expect((await app.request('GET /app')).data).toEqual({ id: 9 })
  // GitHub refuses more than ten minutes ahead, and a beginning in its future.
  expect(claims(authorization)).toEqual({ iat: seconds - 60, exp: seconds + 540, iss: '9' })
})

describe('a token', () => {
  test('opens one repository, with what is needed and no more, and is kept', async () => {
    let clock = NOW
    const connection = still({ now: () => clock })
    const body = { repository_ids: [1], permissions: { ...REVIEW_PERMISSIONS, members: 'read' } }
    nock(URL).post(TOKENS, body).reply(201, minted('first'))
    const auth = openAppAuth({ appId: 9, privateKey }, connection)
    expect(await auth.tokens(asked).get()).toBe('first')
    expect(await auth.tokens(asked).get()).toBe('first')

    nock(URL)
      .post(TOKENS, { ...body, repository_ids: [2] })
      .reply(201, minted('other'))
    expect(await auth.tokens({ ...asked, repositoryId: 2 }).get()).toBe('other')

    clock += 51 * 60_000
    nock(URL).post(TOKENS, body).reply(201, minted('later'))
    expect(await auth.tokens(asked).get()).toBe('later')
    expect(connection.exchanges.map(({ route, status }) => [route, status])).toEqual(
      Array(3).fill(['POST /app/installations/{installation_id}/access_tokens', 201]),
    )
  })

  test('does without what the owner has refused, and asks for it again an hour later', async () => {
    let clock = NOW
    const connection = still({ now: () => clock })
    const { tokens } = openAppAuth({ appId: 9, privateKey }, connection)
    const all = { permissions: { ...REVIEW_PERMISSIONS, members: 'read' } }
    const less = { permissions: REVIEW_PERMISSIONS }
    const refusal = { message: 'The permissions requested are not granted to this installation.' }
    const answer = (body: object, status: number, reply: object, repository = 1): void =>
      void nock(URL)
        .post(TOKENS, { repository_ids: [repository], ...body })
        .reply(status, reply)
    answer(all, 422, refusal)
    answer(less, 201, minted('less'))
    expect(await tokens(asked).get()).toBe('less')
    expect(await tokens(asked).get()).toBe('less')
    answer(less, 201, minted('other'), 2)
    expect(await tokens({ ...asked, repositoryId: 2 }).get()).toBe('other')
    clock += 61 * 60_000
    answer(all, 201, minted('all'))
    expect(await tokens(asked).get()).toBe('all')
  })

  test('for what is named is for nothing else', async () => {
    const { tokens } = openAppAuth({ appId: 9, privateKey }, still())
    nock(URL)
      .post(TOKENS, { permissions: { metadata: 'read' } })
      .reply(201, minted('narrow'))
    const source = tokens({ installation: 5, repositoryId: null, permissions: { metadata: 'read' } })
    expect(await source.get()).toBe('narrow')
  })

  test('that was refused gives way to a new one, once', async () => {
    const connection = still()
    nock(URL).post(TOKENS).reply(201, minted('stale'))
    nock(URL).post(TOKENS).reply(201, minted('fresh'))
    nock(URL, { reqheaders: { authorization: 'token stale' } })
      .get('/repos/acme/shop/pulls/7')
      .reply(401, { message: 'Bad credentials' })
    nock(URL, { reqheaders: { authorization: 'token fresh' } })
      .get('/repos/acme/shop/pulls/7')
      .times(2)
      .reply(200, { number: 7 })
    const token = openAppAuth({ appId: 9, privateKey }, connection).tokens(asked)
    const api = openApi(REPOSITORY, { connection, token })
    const read = () => api.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: 7 })
    expect((await read()).data).toEqual({ number: 7 })
    expect((await read()).data).toEqual({ number: 7 })
  })

  test.each<[string, object | string]>([
    ['another shape', { unexpected: true }],
    ['HTML', '<!DOCTYPE html>'],
    ['a token that is no text', minted(null as unknown as string)],
  ])('R27: an answer without one is asked for again, once: %s', async (_, garbled) => {
    const { tokens } = openAppAuth({ appId: 9, privateKey }, still())
    nock(URL).post(TOKENS).reply(201, garbled)
    nock(URL).post(TOKENS).reply(201, minted('second'))
    expect(await tokens(asked).get()).toBe('second')

    const other = { ...asked, repositoryId: 2 }
    nock(URL).post(TOKENS).times(2).reply(201, garbled)
    await expect(tokens(other).get()).rejects.toMatchObject({ kind: 'garbled' })
    // What was no token is not kept as one.
    nock(URL).post(TOKENS).reply(201, minted('third'))
    expect(await tokens(other).get()).toBe('third')
  })

  test.each<[string, number, object, Record<string, string>, object]>([
    ['of an App that was uninstalled', 404, { message: 'Not Found' }, {}, { kind: 'not-found' }],
    [
      'of a suspended installation',
      403,
      { message: 'This installation has been suspended' },
      {},
      { kind: 'suspended' },
    ],
    ['when the limit is reached', 403, { message: 'secondary rate limit' }, {}, { kind: 'rate-limited' }],
    [
      'with a key that was replaced',
      401,
      { message: 'A JSON web token could not be decoded' },
      {},
      { kind: 'unauthorized' },
    ],
    ['in a hiccup', 502, {}, {}, { kind: 'transient' }],
  ])('%s is not there: %s', async (_, status, body, headers, expected) => {
    nock(URL).post(TOKENS).reply(status, body, headers)
    const { tokens } = openAppAuth({ appId: 9, privateKey }, still())
    await expect(tokens(asked).get()).rejects.toMatchObject(expected)
  })
})

describe('a clock that goes wrong', () => {
  const skewed = (connection: Still, by: number): void => {
    const refused = { message: "'Expiration time' claim ('exp') is too far in the future" }
    nock(URL)
      .post(TOKENS)
      .reply(401, refused, { date: new Date(connection.now() + by * 1_000).toUTCString() })
  }

  test.each([-90, 90, -7_200])('by %i s is set right by GitHub’s, once', async (by) => {
    const connection = still()
    skewed(connection, by)
    let authorization = ''
    nock(URL)
      .post(TOKENS)
      .reply(201, function () {
        authorization = String(this.req.headers['authorization'])
        return minted('right')
      })
    const { tokens } = openAppAuth({ appId: 9, privateKey }, connection)
    expect(await tokens(asked).get()).toBe('right')
    expect(claims(authorization).exp).toBe(seconds + by + 540)
  })

  test('is not the reason when GitHub’s says the same', async () => {
    const connection = still()
    skewed(connection, 2)
    const { tokens } = openAppAuth({ appId: 9, privateKey }, connection)
    await expect(tokens(asked).get()).rejects.toMatchObject({ kind: 'unauthorized' })
  })
})
