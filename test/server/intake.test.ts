import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createHmac, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { intake, type IntakeLimits } from '../../src/server/intake.js'
import { statusPages } from '../../src/server/status-pages.js'
import { listen, type WebServer } from '../../src/server/web-server.js'
import { appDatabase, testLog, type AppDatabase } from '../support/app-database.js'
import { withPostgres } from '../support/postgres-binaries.js'

const SECRET = 'the secret of the webhook, long enough'
const OLD_SECRET = 'the secret that was there before that'
const MEBIBYTE = 1024 * 1024

const sign = (body: string | Buffer, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

await withPostgres(18, (programs) => {
  let app: AppDatabase
  let web: WebServer
  const { log, lines } = testLog()
  const serve = (
    limits: Partial<IntakeLimits> = {},
    secrets = [SECRET, OLD_SECRET],
    requestMilliseconds = 10_000,
  ): Promise<WebServer> =>
    listen(
      {
        '/webhook': { POST: intake({ database: app.database, secrets, log, now: () => performance.now(), limits }) },
        ...statusPages({ unready: async () => null, figures: async () => ({ type: 'text/plain', text: '' }) }),
      },
      { host: '127.0.0.1', port: 0, requestMilliseconds },
    )
  beforeAll(async () => {
    app = await appDatabase(programs)
    web = await serve()
  })
  afterAll(async () => {
    await web.close(100)
    await app.stop()
  })
  beforeEach(() => app.clear())

  interface Asked {
    readonly path?: string
    readonly method?: string
    readonly body?: string | Buffer
    /** Null leaves a header out. */
    readonly headers?: Readonly<Record<string, string | null>>
    readonly server?: WebServer
  }
  const send = async ({ path = '/webhook', method = 'POST', body = '{}', headers = {}, server = web }: Asked) => {
    const all = {
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': sign(body),
      ...headers,
    }
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method,
      headers: Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])) as [
        string,
        string,
      ][],
      ...(method === 'POST' ? { body: typeof body === 'string' ? body : new Uint8Array(body) } : {}),
    })
    await response.arrayBuffer()
    return response.status
  }
  /** What a server answers to bytes that no client would send. */
  const raw = (text: string, port = web.port): Promise<{ answer: string; took: number }> =>
    new Promise((resolve) => {
      const begun = performance.now()
      const socket = connect(port, '127.0.0.1')
      let answer = ''
      const end = (): void => resolve({ answer: answer.split('\r\n')[0] ?? '', took: performance.now() - begun })
      socket.on('data', (chunk) => (answer += chunk.toString()))
      socket.on('close', end).on('error', end)
      socket.setTimeout(15_000, () => socket.destroy())
      socket.write(text)
    })
  const head = (more: readonly string[]): string =>
    ['POST /webhook HTTP/1.1', 'Host: here', ...more, '', ''].join('\r\n')
  const usual = (body: string): readonly string[] => [
    'Content-Type: application/json',
    'X-GitHub-Event: push',
    `X-GitHub-Delivery: ${randomUUID()}`,
    `X-Hub-Signature-256: ${sign(body)}`,
  ]
  const rows = (): Promise<readonly Record<string, unknown>[]> =>
    app.database.query('SELECT *, octet_length(body) AS length FROM dba.inbox ORDER BY id')

  describe('what is refused leaves no row', () => {
    const body = '{"a": 1}'
    const table: readonly (readonly [what: string, status: number, asked: Asked])[] = [
      ['no signature', 401, { headers: { 'x-hub-signature-256': null } }],
      ['an empty signature', 401, { headers: { 'x-hub-signature-256': '' } }],
      ['a short signature', 401, { headers: { 'x-hub-signature-256': sign(body).slice(0, -2) } }],
      ['a signature of the old kind', 401, { headers: { 'x-hub-signature-256': `sha1=${'a'.repeat(40)}` } }],
      ['a signature in upper case', 401, { body, headers: { 'x-hub-signature-256': sign(body).toUpperCase() } }],
      [
        'upper case digits',
        401,
        { body, headers: { 'x-hub-signature-256': `sha256=${sign(body).slice(7).toUpperCase()}` } },
      ],
      ['a signature by another secret', 401, { body, headers: { 'x-hub-signature-256': sign(body, 'x'.repeat(40)) } }],
      ['a signature of other bytes', 401, { body: '{"a":1}', headers: { 'x-hub-signature-256': sign(body) } }],
      ['a signature of other line ends', 401, { body: '{\r\n}', headers: { 'x-hub-signature-256': sign('{\n}') } }],
      ['two signatures', 401, { body, headers: { 'x-hub-signature-256': `${sign(body)}, ${sign(body)}` } }],
      ['a form', 415, { body: 'payload=%7B%7D', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
      ['text', 415, { headers: { 'content-type': 'text/plain' } }],
      ['no type', 415, { body: Buffer.from('{}'), headers: { 'content-type': null } }],
      ['a packed body', 415, { headers: { 'content-encoding': 'gzip' } }],
      ['no event', 400, { headers: { 'x-github-event': null } }],
      ['an event with a line', 400, { headers: { 'x-github-event': 'push%0d%0aX: y' } }],
      ['an event that is too long', 400, { headers: { 'x-github-event': 'e'.repeat(65) } }],
      ['no id', 400, { headers: { 'x-github-delivery': null } }],
      ['an id with SQL', 400, { headers: { 'x-github-delivery': "'; DROP TABLE dba.inbox; --" } }],
      ['an id of 10 kB', 400, { headers: { 'x-github-delivery': 'a'.repeat(10_000) } }],
      ['another path', 404, { path: '/' }],
      ['a doubled slash', 404, { path: '//webhook' }],
      ['a path with dots', 404, { path: '/webhook/..%2fwebhook' }],
      ['a slash at the end', 404, { path: '/webhook/' }],
      ['a query', 404, { path: '/webhook?x=1' }],
      ['a name of every object', 404, { path: '/constructor' }],
      ['GET', 405, { method: 'GET' }],
      ['HEAD', 405, { method: 'HEAD' }],
      ['OPTIONS', 405, { method: 'OPTIONS' }],
      ['DELETE', 405, { method: 'DELETE' }],
    ]
    test.each(table)('%s: %i', async (_what, status, asked) => {
      expect(await send(asked)).toBe(status)
      expect(await rows()).toEqual([])
    })

    test.each([
      ['no length', 411, [...usual(''), 'Connection: close']],
      ['chunks', 411, [...usual('{}'), 'Transfer-Encoding: chunked']],
      ['a length that is no number', 400, [...usual('{}'), 'Content-Length: 2x']],
      ['two lengths', 400, [...usual('{}'), 'Content-Length: 2', 'Content-Length: 3']],
      ['a signature twice', 401, [...usual('{}'), `X-Hub-Signature-256: ${sign('{}')}`, 'Content-Length: 2']],
      ['an event twice', 400, [...usual('{}'), 'X-GitHub-Event: push', 'Content-Length: 2']],
      ['a line break in an id', 400, [...usual('{}'), 'X-GitHub-Delivery: a\rb: c', 'Content-Length: 2']],
      ['too long a length', 413, [...usual('{}'), `Content-Length: ${25 * MEBIBYTE + 64 * 1024 + 1}`]],
    ])('%s: %i', async (_what, status, headers) => {
      const { answer, took } = await raw(head(headers))
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      expect(took).toBeLessThan(2_000)
      expect(await rows()).toEqual([])
    })

    test('a body that ends early', async () => {
      const socket = connect(web.port, '127.0.0.1')
      socket.write(head([...usual('{"a":1}'), 'Content-Length: 7']) + '{"a"')
      await new Promise((resolve) => setTimeout(resolve, 50))
      socket.destroy()
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(await rows()).toEqual([])
    })
  })

  describe('what is kept', () => {
    test('is the very bytes, the ids that it names, and nothing else', async () => {
      const body = Buffer.from(
        '{ "action":"opened",\r\n "installation":{"id":5}, "repository":{"id":77}, "é": "\\u0000" }',
      )
      const delivery = randomUUID()
      expect(await send({ body, headers: { 'x-github-delivery': delivery } })).toBe(202)
      const [row] = await rows()
      expect(row).toMatchObject({
        delivery,
        event: 'pull_request',
        action: 'opened',
        installation_id: 5,
        repository_id: 77,
      })
      expect(row).toMatchObject({ body, state: 'pending', attempts: 0 })
    })

    test.each([
      ['by the old secret', '{}', { 'x-hub-signature-256': sign('{}', OLD_SECRET) }, 'pending'],
      ['with a character set', '{}', { 'content-type': 'application/json; charset=utf-8' }, 'pending'],
      ['of an unknown event', '{}', { 'x-github-event': 'something_new' }, 'pending'],
      ['that is no JSON', '{"a":', {}, 'unparseable'],
      ['that is empty', '', {}, 'unparseable'],
      ['that is a list', '[]', {}, 'unparseable'],
      ['that is null', 'null', {}, 'unparseable'],
      ['with an id that is no number', '{"installation":{"id":"5"},"repository":null}', {}, 'pending'],
      ['with an id beyond 2^53', '{"installation":{"id":9007199254740993}}', {}, 'pending'],
      ['with a prototype', '{"__proto__":{"a":1},"constructor":{"prototype":{}}}', {}, 'pending'],
      ['with keys twice', '{"action":"a","action":"b"}', {}, 'pending'],
      ['that is 100,000 deep', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, {}, 'pending'],
    ])('a body %s', async (_what, body, headers, state) => {
      expect(await send({ body, headers: { 'x-hub-signature-256': sign(body), ...headers } })).toBe(202)
      expect((await rows()).map(({ state }) => state)).toEqual([state])
      expect(Object.keys(Object.prototype)).toEqual([])
    })

    test('bytes that are no UTF-8 are kept as they are', async () => {
      const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
      expect(await send({ body })).toBe(202)
      expect(await rows()).toMatchObject([{ body, state: 'unparseable' }])
    })

    test('25 MiB', async () => {
      const body = `{"a":"${'x'.repeat(25 * MEBIBYTE - 8)}"}`
      expect(await send({ body })).toBe(202)
      expect(await rows()).toMatchObject([{ length: 25 * MEBIBYTE, state: 'pending' }])
    })
  })

  describe('what comes again', () => {
    const delivery = randomUUID()
    const again = (body = '{}'): Promise<number> => send({ body, headers: { 'x-github-delivery': delivery } })

    test('a hundred times at once is kept once', async () => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => again()))
      expect(new Set(answers)).toEqual(new Set([202]))
      expect(await rows()).toHaveLength(1)
    })

    test('with the id in upper case is the same', async () => {
      await again()
      await send({ headers: { 'x-github-delivery': delivery.toUpperCase() } })
      expect(await rows()).toHaveLength(1)
    })

    test.each(['pending', 'done', 'ignored', 'unparseable'])('while it is %s changes nothing', async (state) => {
      await again()
      await app.database.query('UPDATE dba.inbox SET state = $1, attempts = 3', [state])
      expect(await again()).toBe(202)
      expect(await rows()).toMatchObject([{ state, attempts: 3 }])
    })

    test('after it was given up is tried again', async () => {
      await again()
      await app.database.query(
        "UPDATE dba.inbox SET state = 'dead', attempts = 6, settled_at = pg_catalog.clock_timestamp()",
      )
      expect(await again()).toBe(202)
      expect(await rows()).toMatchObject([{ state: 'pending', attempts: 0, settled_at: null }])
    })

    test('with another body is told, and the first is kept', async () => {
      await again('{"first":1}')
      lines.length = 0
      expect(await again('{"second":2}')).toBe(202)
      expect(await rows()).toMatchObject([{ body: Buffer.from('{"first":1}') }])
      expect(lines.join('')).toContain('a delivery came again with another body')
    })
  })

  describe('when there is too much', () => {
    test('in flight, more is refused, and what is kept makes room', async () => {
      const small = await serve({ bytesInFlight: 1000 })
      const slow = connect(small.port, '127.0.0.1')
      slow.write(head([...usual('{}'), 'Content-Length: 900']) + 'x'.repeat(800))
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(await send({ body: `"${'y'.repeat(300)}"`, server: small })).toBe(503)
      slow.destroy()
      await new Promise((resolve) => setTimeout(resolve, 50))
      for (let count = 0; count < 5; count++)
        expect(await send({ body: `"${'y'.repeat(300)}"`, server: small })).toBe(202)
      await small.close(100)
    })

    test('announced, it takes no room from what comes', async () => {
      const small = await serve({ bytesInFlight: 1000 })
      const idle = Array.from({ length: 20 }, () => connect(small.port, '127.0.0.1'))
      for (const socket of idle) socket.write(head([...usual('{}'), 'Content-Length: 900']))
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(await send({ server: small })).toBe(202)
      for (const socket of idle) socket.destroy()
      await small.close(100)
    })
  })

  describe('a request that takes too long', () => {
    test('to say its headers is cut off', async () => {
      const { close, port } = await serve({}, [SECRET], 400)
      const { answer, took } = await raw('POST /webhook HTTP/1.1\r\nHost: here\r\nX-Slow: ', port)
      expect(answer).toMatch(/^HTTP\/1.1 408 /)
      expect(took).toBeLessThan(2_000)
      await close(100)
    })

    test('to bring its body is answered within eight seconds', async () => {
      const quick = await serve({ milliseconds: 300 })
      const socket = connect(quick.port, '127.0.0.1')
      let answer = ''
      socket.on('data', (chunk) => (answer += chunk.toString()))
      socket.write(head([...usual('{}'), 'Content-Length: 900']) + '{')
      const trickle = setInterval(() => socket.write(' '), 20)
      await new Promise((resolve) => setTimeout(resolve, 700))
      clearInterval(trickle)
      socket.destroy()
      expect(answer).toMatch(/^HTTP\/1.1 408 /)
      await quick.close(100)
    })
  })

  test.each([
    ['no secret', []],
    ['an empty one', ['']],
    ['a short one', ['x'.repeat(31)]],
    ['a short one beside a good one', [SECRET, 'short']],
    ['three', [SECRET, OLD_SECRET, `${SECRET} again`]],
  ])('it does not begin with %s', async (_what, secrets) => {
    expect(() => intake({ database: app.database, secrets, log, now: () => 0 })).toThrow(/secret/)
  })

  test('a slow database is answered for before GitHub gives up', async () => {
    const quick = await serve({ milliseconds: 300 })
    const lock = await app.database.pool.connect()
    await lock.query('BEGIN; LOCK TABLE dba.inbox IN ACCESS EXCLUSIVE MODE')
    const begun = performance.now()
    expect(await send({ server: quick })).toBe(503)
    expect(performance.now() - begun).toBeLessThan(1_000)
    await lock.query('ROLLBACK')
    lock.release()
    await quick.close(100)
  })

  test('a database that may only be read gives no answer that it was kept', async () => {
    await app.database.query('ALTER DATABASE postgres SET default_transaction_read_only = on')
    await app.database
      .query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
      )
      .catch(() => undefined)
    const fresh = await Promise.all(Array.from({ length: 20 }, () => send({})))
    await app.database.query('SET default_transaction_read_only = off')
    const boss = await app.database.pool.connect()
    await boss.query('SET default_transaction_read_only = off')
    await boss.query('ALTER DATABASE postgres RESET default_transaction_read_only')
    const { rows: kept } = await boss.query('SELECT count(*)::int AS n FROM dba.inbox')
    boss.release(true)
    expect(fresh.filter((status) => status === 202).length).toBe(kept[0]?.n)
    expect(fresh).toContain(503)
  })
})
