import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { jsonLog } from '../../src/server/log.js'
import { code, text as asMarkdown } from '../../src/report/render.js'
import { publishedRedactor, REDACTED, redactor } from '../../src/report/redact.js'
import { processorTime } from '../support/processor-time.js'

const PASSWORD = 'p@ss/w"rd-CANARY'
const URL_WITH = `postgres://user:${encodeURIComponent(PASSWORD)}@db.internal/app`
const KEY = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'MIIEowIBAAKCAQEAcanaryCANARYcanary0123456789abcdefghijklmnopqrst',
  'uvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/CANARYCANARYCANARY==',
  '-----END RSA PRIVATE KEY-----',
].join('\n')
const SECRET = 'webhook-CANARY-secret-0123456789-abcdef'
const redact = redactor([URL_WITH, KEY, SECRET])

describe('a known secret is taken out', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  test.each([
    ['as it is', SECRET],
    ['in other letters', SECRET.toUpperCase()],
    ['in a URL', encodeURIComponent(PASSWORD)],
    ['in a form', new URLSearchParams({ a: PASSWORD }).toString()],
    ['decoded', `password authentication failed for ${PASSWORD}`],
    ['as a whole URL', `connect to ${URL_WITH} failed`],
    ['in JSON', JSON.stringify({ a: PASSWORD })],
    ['in JSON within JSON', JSON.stringify({ a: JSON.stringify({ b: PASSWORD }) })],
    ['in HTML', PASSWORD.replace('"', '&quot;')],
    ['in base64', base64(SECRET)],
    ['in base64 after one byte', base64(`x${SECRET} and more`)],
    ['in base64 after two bytes', base64(`xy${SECRET}!`)],
    ['in the base64 of URLs', Buffer.from(PASSWORD).toString('base64url')],
    ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
    ['in hexadecimal in upper case', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ['as a key', KEY],
    ['as a key on one line', KEY.replaceAll('\n', '\\n')],
    ['as one line of a key', `at ${KEY.split('\n')[2]}`],
    ['in Markdown', asMarkdown(`at ${PASSWORD} and`)],
    ['in the code of Markdown', code(PASSWORD)],
    ['twice', `${SECRET}${SECRET}`],
  ])('%s', (_what, text) => {
    const out = redact(text)
    expect(out).toContain(REDACTED)
    for (const form of ['CANARY', base64('CANARY').slice(0, 7), Buffer.from('CANARY').toString('hex')]) {
      expect(out.toLowerCase()).not.toContain(form.toLowerCase())
    }
  })
})

describe('what looks like a secret is taken out', () => {
  test.each([
    ['postgres://u:p%40ss-CANARY@h/db', `postgres://${REDACTED}@h/db`],
    ['https://x-access-token:CANARY@github.com/a/b', `https://${REDACTED}@github.com/a/b`],
    ['https://CANARY@github.com/a/b', `https://${REDACTED}@github.com/a/b`],
    ['postgres://u:sl/ash-CANARY@h/db', `postgres://${REDACTED}@h/db`],
    ['host=h password=CANARY user=u', `host=h password=${REDACTED} user=u`],
    ["host=h password='CAN ARY' user=u", `host=h password=${REDACTED} user=u`],
    ['?sslpassword=CANARY&a=b', `?sslpassword=${REDACTED}&a=b`],
    ['{"password": "CANARY", "a": 1}', `{"password": ${REDACTED}, "a": 1}`],
    ['"client_secret":"CANARY"', `"client_secret":${REDACTED}`],
    ["ALTER ROLE a PASSWORD 'CAN''ARY' LOGIN", `ALTER ROLE a PASSWORD '${REDACTED}' LOGIN`],
    ['Authorization: Bearer CANARY', `Authorization: Bearer ${REDACTED}`],
    ['authorization: token CANARY', `authorization: token ${REDACTED}`],
    [`ghs_${'CANARY'.repeat(6)}`, REDACTED],
    [`github_pat_${'CANARY'.repeat(6)}`, REDACTED],
    ['eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NSJ9.CANARYCANARY_-x', REDACTED],
    ['AKIACANARYCANARYABCD', REDACTED],
    ['-----BEGIN PRIVATE KEY-----\nCANARY', REDACTED],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected)
  })
})

test.each([
  'a plain sentence about the password column and its token',
  'https://github.com/acme/shop/pull/7#discussion_r1',
  'https://unpkg.com/react@18.0.0/index.js',
  'http://localhost:3000/users/@me',
  'mailto:someone@example.com',
  'ALTER TABLE users ADD COLUMN password text NOT NULL',
  'user@host, and time 12:30',
  '',
])('%j stays as it is', (text) => {
  expect(redact(text)).toBe(text)
})

describe('what is published', () => {
  const published = publishedRedactor([URL_WITH, KEY, SECRET, 'postgres://postgres:postgres@db/app'])

  test.each([
    SECRET,
    PASSWORD,
    `at ${KEY.split('\n')[2]}`,
    asMarkdown(`connect to ${URL_WITH} failed`),
    asMarkdown('dsn postgres://other:CANARY@h/db'),
    asMarkdown('https://CANARY@github.com/a/b'),
    `ghs_${'CANARY'.repeat(6)}`,
  ])('holds no secret: %j', (text) => {
    expect(published(text)).toContain(REDACTED)
    expect(published(text)).not.toContain('CANARY')
  })

  test.each([
    "UPDATE users SET password = '' WHERE token = 'x'",
    '{"token": "x"}',
    'PostgreSQL, of the user postgres',
    "ALTER ROLE a PASSWORD 'x'",
    `<!-- dba:finding ${'0f'.repeat(8)} -->`,
    '/dba approve 0123456789ab',
  ])('says what the repository says: %j', (text) => expect(published(text)).toBe(text))
})

test('a word that is too short for a secret is not one', () => {
  expect(redactor(['abc', ''])('abc and abcdef')).toBe('abc and abcdef')
})

test('whatever a secret is and wherever it stands, none of its forms is left', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }).filter((text) => text.trim().length >= 8),
      fc.string({ maxLength: 20 }),
      fc.string({ maxLength: 20 }),
      (secret, before, after) => {
        const clean = redactor([secret])
        const bytes = Buffer.from(`${before}${secret}${after}`)
        const forms = [
          `${before}${secret}${after}`,
          JSON.stringify({ [before]: `${after}${secret}` }),
          `${before}${encodeURIComponent(secret)}`,
          `a ${bytes.toString('hex')}`,
        ]
        for (const form of forms) {
          const out = clean(form)
          expect(out).toContain(REDACTED)
          expect(out).not.toContain(secret)
          expect(out).not.toContain(encodeURIComponent(secret))
        }
        expect(clean(bytes.toString('base64'))).toContain(REDACTED)
      },
    ),
    { numRuns: 300 },
  )
})

test('no text makes it slow', () => {
  const hostile = [
    'password='.repeat(20_000),
    '://'.repeat(50_000),
    `://${'a'.repeat(200_000)}`,
    '-----BEGIN PRIVATE KEY-----'.repeat(5_000),
    `password '${"''".repeat(100_000)}`,
    'eyJ'.repeat(60_000),
    `"password"${' '.repeat(200_000)}`,
  ]
  for (const text of hostile) {
    const begun = processorTime()
    redact(text)
    publishedRedactor([URL_WITH, KEY, SECRET])(text)
    expect(processorTime() - begun).toBeLessThan(2_000)
  }
})

describe('the log', () => {
  const lines: string[] = []
  const log = jsonLog(
    (line) => void lines.push(line),
    redact,
    () => new Date('2026-01-02T03:04:05Z'),
  ).with({ delivery: 'guid-1' })
  const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>

  test('is one line of JSON with what all lines bear', () => {
    log.info('hello', { a: 1 })
    expect(lines.at(-1)).toBe(
      '{"time":"2026-01-02T03:04:05.000Z","level":"info","message":"hello","delivery":"guid-1","a":1}\n',
    )
  })

  test('cannot be made to begin a line', () => {
    log.warn('a\nb', { name: 'x\n{"level":"info"}\r\u2028' })
    expect(lines.at(-1)?.slice(0, -1)).not.toMatch(/[\n\r]/)
    expect(last()).toMatchObject({ message: 'a\nb' })
  })

  test('holds no secret, wherever it was put, and stays JSON', () => {
    const cause = new Error(`cannot connect to ${URL_WITH}`)
    const error = Object.assign(new Error(`failed with ${SECRET}`, { cause }), { code: '28P01' })
    log.error(`password=${PASSWORD}`, {
      error,
      deep: { list: [SECRET, { token: 'anything' }] },
      quoted: 'password="x y"',
    })
    expect(lines.at(-1)).not.toContain('CANARY')
    expect(last()).toMatchObject({
      error: { name: 'Error', code: '28P01' },
      deep: { list: [REDACTED, { token: REDACTED }] },
    })
  })

  test('says what cannot be said in JSON in other words', () => {
    const circle: Record<string, unknown> = { secretive: SECRET }
    circle.self = circle
    log.info('circle', { circle, big: 2n ** 70n })
    expect(last()).toMatchObject({ message: 'circle' })
    expect(lines.at(-1)).not.toContain('CANARY')
    log.info('big', { big: 2n ** 70n, long: 'x'.repeat(10_000) })
    expect(last()).toMatchObject({ big: '1180591620717411303424' })
    expect((last().long as string).length).toBeLessThan(5_000)
  })
})
