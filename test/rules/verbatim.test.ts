import { beforeAll, describe, expect, test } from '@jest/globals'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

/** One up script of each tool, around the SQL. */
const TOOLS = {
  'golang-migrate': ['migrations/000001_a.up.sql', (sql: string) => sql, 'migrations/000001_a.down.sql'],
  goose: ['migrations/00001_a.sql', (sql: string) => `-- +goose Up\n${sql}\n-- +goose Down\nSELECT 1;\n`, null],
  dbmate: [
    'db/migrations/20240101000000_a.sql',
    (sql: string) => `-- migrate:up\n${sql}\n-- migrate:down\nSELECT 1;\n`,
    null,
  ],
  'SQL files': ['sql/001_a.sql', (sql: string) => sql, null],
} as const

function said(tool: keyof typeof TOOLS, sql: string): readonly string[] {
  const [path, around, down] = TOOLS[tool]
  const head = new Map([
    [path, { text: around(sql) }],
    ...(down === null ? [] : [[down, { text: 'SELECT 1;' }] as const]),
  ] as const)
  const { findings } = analyse({ base: new Map(), head, settings: DEFAULTS, today: '2026-01-15', mode: 'pull' })
  const mine = ['psql-meta-command', 'unresolved-placeholder', 'statement-splitting-hazard']
  return findings.filter(({ rule }) => mine.includes(rule)).map(({ message }) => message)
}

const COPY = 'COPY a FROM stdin;\n1\n\\.\n'

describe('what is no SQL as it stands', () => {
  test.each<readonly [tool: keyof typeof TOOLS, sql: string, said: readonly string[]]>([
    [
      'golang-migrate',
      '\\i tables.sql',
      ['golang-migrate sends \\i to PostgreSQL, where it is a syntax error: only psql knows it'],
    ],
    [
      'golang-migrate',
      COPY,
      ['golang-migrate sends these rows of COPY to PostgreSQL as SQL, where they are a syntax error'],
    ],
    ['golang-migrate', 'COPY a FROM stdin;', ['golang-migrate does not send the rows that COPY FROM stdin waits for']],
    ['golang-migrate', "COPY a FROM '/tmp/a'; COPY a TO stdout;", []],
    [
      'golang-migrate',
      'DROP TABLE ${table};',
      ['Nothing fills in ${table}: golang-migrate sends it to PostgreSQL as it stands'],
    ],
    ['golang-migrate', "SELECT '${table}', $$ {{ x }} $$;", []],
    ['goose', 'DROP TABLE ${table};', ['Nothing fills in ${table}: goose sends it to PostgreSQL as it stands']],
    ['goose', '-- +goose ENVSUB ON\nDROP TABLE ${table};', []],
    [
      'goose',
      'DO $$ BEGIN\nPERFORM 1;\nEND $$;',
      ['goose cuts this statement apart at a semicolon: put it between StatementBegin and StatementEnd'],
    ],
    [
      'dbmate',
      '\\connect shop',
      ['dbmate sends \\connect to PostgreSQL, where it is a syntax error: only psql knows it'],
    ],
    ['SQL files', `\\i tables.sql\n${COPY}`, []],
    ['SQL files', 'DROP TABLE ${table};', []],
  ])('%s: %s', (tool, sql, expected) => expect(said(tool, sql)).toEqual(expected))
})
