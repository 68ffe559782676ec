import { beforeAll, describe, expect, test } from '@jest/globals'
import type { FileEntries } from '../../src/model/file-set.js'
import { analyse, type AnalysisInput } from '../../src/review/analyse.js'
import { fixAll, type Fixes } from '../../src/review/fix.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const GOOSE = '-- +goose Up\nCREATE TABLE a (id bigint PRIMARY KEY, b bigint);\n-- +goose Down\nDROP TABLE a;\n'

const entries = (texts: Readonly<Record<string, string>>): FileEntries =>
  new Map(Object.entries(texts).map(([path, text]) => [path, { text }]))

async function fixed(
  base: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
  refusal: (path: string) => string | null = (path) => (path in files ? null : 'the file was not named'),
): Promise<Fixes> {
  const input: AnalysisInput = {
    ...{ base: entries(base), head: entries({ ...base, ...files }), settings: DEFAULTS },
    ...{ today: '2026-01-15', mode: 'files' },
  }
  return fixAll(input, refusal, (each) => Promise.resolve(analyse(each)))
}

function told({ fixed: done, left, head }: Fixes, paths: readonly string[]): object {
  const text = (path: string): string => {
    const entry = head.get(path)
    return entry && 'text' in entry ? entry.text : ''
  }
  return {
    texts: paths.map(text),
    fixed: done.map(({ finding: { rule }, later }) => (later === null ? rule : `${rule}; later: ${later}`)),
    left: left.map(({ finding: { rule }, reason }) => `${rule}: ${reason}`),
  }
}

interface Case {
  readonly name: string
  readonly base: Readonly<Record<string, string>>
  readonly before: Readonly<Record<string, string>>
  readonly after: readonly string[]
  readonly fixed?: readonly string[]
  readonly left?: readonly string[]
}

const GO = { 'go.mod': '' }
const PLAIN = {
  ...GO,
  'migrations/001_a.up.sql': 'CREATE TABLE a (id bigint PRIMARY KEY, b bigint);\n',
  'migrations/001_a.down.sql': 'DROP TABLE a;\n',
}
const SPLIT = 'it takes more than another statement'

const CASES: readonly Case[] = [
  {
    name: 'an index, where one file holds both directions',
    base: { 'migrations/00001_a.sql': GOOSE },
    before: { 'migrations/00002_b.sql': '-- +goose Up\nCREATE INDEX b ON a (b);\n-- +goose Down\nDROP INDEX b;\n' },
    after: [
      '-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY b ON a (b);\n-- +goose Down\nDROP INDEX CONCURRENTLY IF EXISTS b;\n',
    ],
    fixed: ['create-index-non-concurrently'],
  },
  {
    name: 'an index, where each direction has its file, and one statement alone has no transaction',
    base: PLAIN,
    before: {
      'migrations/002_b.up.sql': 'create unique index b\n  on a (b)\n',
      'migrations/002_b.down.sql': 'drop index if exists b;\n',
    },
    after: ['create unique index CONCURRENTLY b\n  on a (b)\n', 'DROP INDEX CONCURRENTLY if exists b;\n'],
    fixed: ['create-index-non-concurrently'],
  },
  {
    name: 'an index among other statements is left, and may be waited for with a limit',
    base: { 'migrations/00001_a.sql': GOOSE },
    before: {
      'migrations/00002_b.sql':
        '-- +goose Up\nCREATE INDEX b ON a (b);\nALTER TABLE a ADD COLUMN c int;\n-- +goose Down\nALTER TABLE a DROP COLUMN c;\nDROP INDEX b;\n',
    },
    after: [
      "-- +goose Up\nSET LOCAL lock_timeout = '2s';\nCREATE INDEX b ON a (b);\nALTER TABLE a ADD COLUMN c int;\n-- +goose Down\nALTER TABLE a DROP COLUMN c;\nDROP INDEX b;\n",
    ],
    fixed: ['missing-lock-timeout'],
    left: [`create-index-non-concurrently: ${SPLIT}`],
  },
  {
    name: 'a foreign key is checked later',
    base: {
      ...PLAIN,
      'migrations/002_p.up.sql': 'CREATE TABLE p (id bigint PRIMARY KEY);\n',
      'migrations/002_p.down.sql': 'DROP TABLE p;\n',
    },
    before: {
      'migrations/003_f.up.sql':
        "SET lock_timeout = '2s';\nALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id);\n",
      'migrations/003_f.down.sql': 'ALTER TABLE a DROP CONSTRAINT f;\n',
    },
    after: [
      "SET lock_timeout = '2s';\nALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id) NOT VALID;\n",
      'ALTER TABLE a DROP CONSTRAINT f;\n',
    ],
    fixed: ['add-foreign-key-validating; later: ALTER TABLE a VALIDATE CONSTRAINT f;'],
  },
  {
    name: 'two actions of one statement are more than one statement',
    base: PLAIN,
    before: {
      'migrations/002_f.up.sql':
        "SET lock_timeout = '2s';\nALTER TABLE a ADD COLUMN c int, ADD CONSTRAINT k CHECK (b > 0);\n",
      'migrations/002_f.down.sql': 'ALTER TABLE a DROP CONSTRAINT k, DROP COLUMN c;\n',
    },
    after: [
      "SET lock_timeout = '2s';\nALTER TABLE a ADD COLUMN c int, ADD CONSTRAINT k CHECK (b > 0);\n",
      'ALTER TABLE a DROP CONSTRAINT k, DROP COLUMN c;\n',
    ],
    left: [`add-check-validating: ${SPLIT}`],
  },
]

test.each(CASES)('$name', async ({ base, before, after, fixed: done = [], left = [] }) => {
  const fixes = await fixed(base, before)
  expect(told(fixes, Object.keys(before))).toEqual({ texts: after, fixed: done, left })
  // What has been put right is not put right again.
  const again = await fixed(base, Object.fromEntries(Object.keys(before).map((path, i) => [path, after[i] ?? ''])))
  expect(again.fixed).toEqual([])
})

describe('what may not be touched stays as it is', () => {
  const [first] = CASES
  test('a file of the base branch', async () => {
    if (first === undefined) throw new Error('no case')
    const fixes = await fixed(first.base, first.before, () => 'the base branch has the file')
    expect(told(fixes, Object.keys(first.before))).toEqual({
      texts: Object.values(first.before),
      fixed: [],
      left: expect.arrayContaining(['create-index-non-concurrently: the base branch has the file']),
    })
  })

  test('the file of the other direction', async () => {
    const before = {
      'migrations/002_b.up.sql': 'CREATE INDEX b ON a (b);\n',
      'migrations/002_b.down.sql': 'DROP INDEX b;\n',
    }
    const refusal = (path: string): string | null => (path.endsWith('.down.sql') ? 'the file was not named' : null)
    const { left } = await fixed(PLAIN, before, refusal)
    expect(left.map(({ reason }) => reason)).toContain('migrations/002_b.down.sql: the file was not named')
  })
})
