import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { settingsFiles, toolEnvironment, turned, type Place } from '../../src/native/environment.js'

const PLACE: Place = {
  host: '127.0.0.1',
  port: '6000',
  user: 'me',
  password: 'word',
  database: 'base',
  scheme: 'postgresql+asyncpg',
}
const OURS = 'me:word@127.0.0.1:6000/base'

/** What a person's environment and the project's files say, and what the tool is told. */
test.each([
  ['a URL under any name', { SHOP_STORE: 'postgresql://app@db/prod' }, {}, 'SHOP_STORE', `postgresql://${OURS}`],
  [
    'its driver',
    { SHOP_STORE: 'postgresql+psycopg2://a:b@c/d?sslmode=require' },
    {},
    'SHOP_STORE',
    `postgresql+psycopg2://${OURS}`,
  ],
  [
    'within another value',
    { VCAP: '{"uri":"postgres://a:b@c:1/d","n":1}' },
    {},
    'VCAP',
    `{"uri":"postgres://${OURS}","n":1}`,
  ],
  ['several', { ALL: 'postgres://a/b,postgres://c/d' }, {}, 'ALL', `postgres://${OURS},postgres://${OURS}`],
  ['in another case', { SHOP_STORE: 'PostgreSQL://app@db/prod' }, {}, 'SHOP_STORE', `PostgreSQL://${OURS}`],
  ['of JDBC', { STORE: 'jdbc:postgresql://db:5432/prod?user=a' }, {}, 'STORE', `jdbc:postgresql://${OURS}`],
  [
    'words and values',
    { STORE: 'host=db dbname=prod password=x' },
    {},
    'STORE',
    'host=127.0.0.1 port=6000 user=me password=word dbname=base',
  ],
  ['where nothing is said', {}, {}, 'DATABASE_URL', `postgresql+asyncpg://${OURS}`],
  [
    'instead of another kind of database',
    { DATABASE_URL: 'sqlite:///a.db' },
    {},
    'DATABASE_URL',
    `postgresql+asyncpg://${OURS}`,
  ],
  ['with the driver of DATABASE_URL', { DATABASE_URL: 'postgres://a/b' }, {}, 'DATABASE_URL', `postgres://${OURS}`],
  ['a host', { SHOP_DB_HOST: 'db.example.com' }, {}, 'SHOP_DB_HOST', '127.0.0.1'],
  ['a port', { SHOP_DATABASE_PORT: '5432' }, {}, 'SHOP_DATABASE_PORT', '6000'],
  ['a server where nothing is said', {}, {}, 'POSTGRES_SERVER', '127.0.0.1'],
  ['a name', { POSTGRES_DB: 'prod' }, {}, 'POSTGRES_DB', 'base'],
  ['a password', { DB_PASSWORD: 'x' }, {}, 'DB_PASSWORD', 'word'],
  ['what psql reads', { PGHOST: 'db' }, {}, 'PGHOST', '127.0.0.1'],
  ['a service of psql', { PGSERVICE: 'prod' }, {}, 'PGSERVICE', undefined],
  ['an address of psql', { PGHOSTADDR: '10.0.0.1' }, {}, 'PGHOSTADDR', undefined],
  [
    'a URL of a file, of which the environment says nothing',
    {},
    { SHOP: 'postgresql://a/b' },
    'SHOP',
    `postgresql://${OURS}`,
  ],
  ['a host of a file', {}, { SHOP_DB_HOST: 'db' }, 'SHOP_DB_HOST', '127.0.0.1'],
  ['nothing else of a file', {}, { SECRET: 'x' }, 'SECRET', undefined],
  ['nothing else', { SECRET_KEY: 'x' }, {}, 'SECRET_KEY', 'x'],
  ['no other kind of server', { CACHE: 'redis://cache:6379/0' }, {}, 'CACHE', 'redis://cache:6379/0'],
] as const)('%s', (_, own, settings, name, expected) => {
  expect(toolEnvironment(own, settings, PLACE)[name]).toBe(expected)
})

test('no word of another database is left', () => {
  const hidden = 'secret.example.com'
  const own = Object.fromEntries(
    ['postgres', 'postgresql', 'postgresql+psycopg', 'POSTGRES'].map((scheme, i) => [
      `V${i}`,
      `x ${scheme}://u:p@${hidden}:5432/d?a=b y`,
    ]),
  )
  const told = JSON.stringify(
    toolEnvironment({ ...own, PGHOST: hidden, MY_DB_HOST: hidden, DSN: `host=${hidden}` }, {}, PLACE),
  )
  expect(told).not.toContain(hidden)
  expect(turned(`a = postgres://${hidden}/x`, PLACE)).not.toContain(hidden)
})

test('the files of a project are read up to its top, the nearest first', async () => {
  const top = mkdtempSync(join(tmpdir(), 'dba-settings-'))
  try {
    mkdirSync(join(top, 'backend'))
    writeFileSync(join(top, '.env'), 'A=1\nexport B="two words"\n# C=3\nnot a line\n')
    writeFileSync(join(top, 'backend', '.env.local'), "A = 'nearer'\n")
    expect(await settingsFiles(join(top, 'backend'), top)).toEqual({ A: 'nearer', B: 'two words' })
  } finally {
    rmSync(top, { recursive: true })
  }
})
