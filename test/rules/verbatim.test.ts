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
  Prisma: ['prisma/migrations/20240101000000_a/migration.sql', (sql: string) => sql, null],
  Supabase: ['supabase/migrations/20240101000000_a.sql', (sql: string) => sql, null],
  Drizzle: ['drizzle/20240101000000_a/migration.sql', (sql: string) => sql, null],
  Atlas: ['migrations/20240101000000_a.sql', (sql: string) => sql, null],
  'node-pg-migrate': ['migrations/1672531200000_a.sql', (sql: string) => `-- Up Migration\n${sql}\n`, null],
  Flyway: ['db/migration/V1__a.sql', (sql: string) => sql, null],
  Sqitch: ['deploy/a.sql', (sql: string) => sql, null],
  'SQL files': ['sql/001_a.sql', (sql: string) => sql, null],
} as const

/** What else tells which tool it is. */
const BOOKS: Partial<Readonly<Record<keyof typeof TOOLS, readonly (readonly [name: string, text: string])[]>>> = {
  Drizzle: [['drizzle/20240101000000_a/snapshot.json', '{"dialect":"postgres"}']],
  Atlas: [['migrations/atlas.sum', 'h1:\n20240101000000_a.sql h1:\n']],
  'node-pg-migrate': [['package.json', '{"dependencies":{"node-pg-migrate":"8.0.0"}}']],
  Sqitch: [
    ['sqitch.conf', '[core]\n\tengine = pg\n'],
    ['sqitch.plan', '%syntax-version=1.0.0\n%project=a\n\na 2024-01-01T00:00:00Z A <a@example.com> # a\n'],
  ],
}

function said(tool: keyof typeof TOOLS, sql: string): readonly string[] {
  const [path, around, down] = TOOLS[tool]
  const head = new Map([
    [path, { text: around(sql) }],
    ...(down === null ? [] : [[down, { text: 'SELECT 1;' }] as const]),
    ...(BOOKS[tool] ?? []).map(([name, text]) => [name, { text }] as const),
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
    ...(['Prisma', 'Supabase', 'Drizzle', 'Atlas', 'node-pg-migrate'] as const).flatMap(
      (tool): readonly (readonly [keyof typeof TOOLS, string, readonly string[]])[] => [
        [tool, '\\i tables.sql', [`${tool} sends \\i to PostgreSQL, where it is a syntax error: only psql knows it`]],
        [tool, COPY, [`${tool} sends these rows of COPY to PostgreSQL as SQL, where they are a syntax error`]],
        [tool, 'DROP TABLE ${table};', [`Nothing fills in \${table}: ${tool} sends it to PostgreSQL as it stands`]],
        [tool, "SELECT '${table}', $$ {{ x }} $$;", []],
      ],
    ),
    // Flyway reads COPY and its own placeholders, and Sqitch runs psql.
    ['Flyway', COPY, []],
    ['Sqitch', `\\i tables.sql\n${COPY}`, []],
    ['SQL files', `\\i tables.sql\n${COPY}`, []],
    ['SQL files', 'DROP TABLE ${table};', []],
  ])('%s: %s', (tool, sql, expected) => expect(said(tool, sql)).toEqual(expected))
})
