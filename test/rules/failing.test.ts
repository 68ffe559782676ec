import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParsers } from '../../src/sql/parse.js'
import { saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [15, 16, 17, 18], second: true }))

const BASE = `
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood, note text);
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX events_at_idx ON events (at);
`
type Case = readonly [title: string, pull: string | readonly string[], said: readonly string[], postgres?: number]

function table(rule: string, cases: readonly Case[]): void {
  describe(rule, () => {
    test.each(cases)('%s', (_, pull, said, postgres = 18) => {
      expect(saidBy(rule, BASE, typeof pull === 'string' ? [pull] : pull, { postgres })).toEqual(said)
    })
  })
}

const USED = ['Value glad of enum mood is used in the transaction that adds it, which PostgreSQL refuses']
const added = (use: string): string => `ALTER TYPE mood ADD VALUE 'glad'; ${use};`
const created = `CREATE TYPE pace AS ENUM ('slow'); ALTER TYPE pace ADD VALUE 'fast';
  CREATE TABLE walks (pace pace DEFAULT 'fast');`

table('enum-add-and-use-same-tx', [
  ['as a default', added("ALTER TABLE people ALTER mood SET DEFAULT 'glad'"), USED],
  ['in a new column', added("ALTER TABLE people ADD COLUMN other mood DEFAULT 'glad'"), USED],
  ['in a new table', added("CREATE TABLE t (a mood CHECK (a <> 'glad'))"), USED],
  ['in a row', added("INSERT INTO people (id, mood) VALUES (1, 'glad')"), USED],
  ['in a row of all columns', added("INSERT INTO people VALUES (1, 'glad', '')"), USED],
  ['in a change', added("UPDATE people SET mood = 'glad' WHERE id = 1"), USED],
  ['in a condition', added("DELETE FROM people WHERE mood = 'glad'"), USED],
  ['in a check', added("ALTER TABLE people ADD CHECK (mood <> 'glad') NOT VALID"), USED],
  ['in an index', added("CREATE INDEX ON people (id) WHERE mood = 'glad'"), USED],
  ['the same word in a column of text', added("UPDATE people SET note = 'glad' WHERE id = 1"), []],
  ['another value', added("UPDATE people SET mood = 'ok' WHERE id = 1"), []],
  ['in the next migration', ["ALTER TYPE mood ADD VALUE 'glad'", "UPDATE people SET mood = 'glad' WHERE id = 1"], []],
  ['of a type of the same transaction, from 17', created, [], 17],
  [
    'of a type of the same transaction, before 17',
    created,
    ['Value fast of enum pace is used in the transaction that adds it, which PostgreSQL refuses'],
    16,
  ],
])

table('concurrently-on-partitioned', [
  [
    'ON ONLY is refused too',
    'CREATE INDEX CONCURRENTLY i ON ONLY events (id)',
    ['Index i cannot be built CONCURRENTLY: events is partitioned'],
  ],
  [
    'a partitioned table of this pull request',
    ['CREATE TABLE logs (at date) PARTITION BY RANGE (at)', 'CREATE INDEX CONCURRENTLY i ON logs (at)'],
    ['Index i cannot be built CONCURRENTLY: logs is partitioned'],
  ],
  [
    'dropped',
    'DROP INDEX CONCURRENTLY events_at_idx',
    ['Index events_at_idx cannot be dropped CONCURRENTLY: events is partitioned'],
  ],
  ['an ordinary table', 'CREATE INDEX CONCURRENTLY i ON people (mood)', []],
])

describe('scripts that cannot be read', () => {
  test('in either direction', () => {
    const said = saidBy('syntax-error', BASE, ['SELEC 1'], { downs: ['SELEC 2'] })
    expect(said).toEqual([
      expect.stringMatching(/^The down script does not parse: .*SELEC/),
      expect.stringMatching(/^The up script does not parse: .*SELEC/),
    ])
  })

  test('only because the target is older', () => {
    const sql = 'ALTER TABLE people ADD COLUMN a bigint GENERATED ALWAYS AS (id) VIRTUAL'
    expect(saidBy('requires-newer-postgres', BASE, [sql], { postgres: 17 })).toEqual([
      expect.stringMatching(/^The up script is written for a newer PostgreSQL than the target: .*17/),
    ])
    expect(saidBy('syntax-error', BASE, [sql], { postgres: 17 })).toEqual([])
    expect(saidBy('requires-newer-postgres', BASE, [sql])).toEqual([])
  })
})
