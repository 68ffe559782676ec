import { beforeAll, describe, expect, test } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { loadParsers } from '../../src/sql/parse.js'
import { saidBy } from './said.js'

const BASE = 'CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(20), total int);'
const RULE = 'analyze-missing-after-backfill'
const TYPE = 'ALTER TABLE orders ALTER COLUMN note TYPE varchar(30)'

beforeAll(() => loadParsers({ majors: [18], second: true }))

test('a change of type throws statistics away, and an index on an expression has none before ANALYZE', async () => {
  const database = await PGlite.create()
  const known = async (table: string): Promise<readonly string[]> => {
    const { rows } = await database.query<{ attname: string }>(
      `SELECT attname FROM pg_stats WHERE tablename = '${table}' ORDER BY 1`,
    )
    return rows.map(({ attname }) => attname)
  }
  await database.exec(`${BASE} INSERT INTO orders SELECT i, 'n' || i, i FROM generate_series(1, 100) i; ANALYZE orders`)
  expect(await known('orders')).toEqual(['id', 'note', 'total'])
  await database.exec(`${TYPE}; CREATE INDEX lower_note ON orders (lower(note))`)
  expect(await known('orders')).toEqual(['id', 'total'])
  expect(await known('lower_note')).toEqual([])
  await database.exec('ANALYZE orders')
  expect(await known('orders')).toEqual(['id', 'note', 'total'])
  expect(await known('lower_note')).toEqual(['lower'])
  await database.close()
}, 60_000)

describe(RULE, () => {
  const note = 'The new type of orders.note throws away its statistics, and no ANALYZE follows'
  test.each<readonly [name: string, pull: readonly string[], said: readonly string[]]>([
    ['a type', [TYPE], [note]],
    ['ANALYZE before it', ['ANALYZE orders', TYPE], [note]],
    ['ANALYZE of another table', [TYPE, 'CREATE TABLE a (); ANALYZE a'], [note]],
    ['ANALYZE in a later migration', [TYPE, 'ANALYZE orders'], []],
    ['ANALYZE of all', [TYPE, 'ANALYZE'], []],
    ['VACUUM ANALYZE', [TYPE, 'VACUUM (ANALYZE) orders'], []],
    ['the table goes', [TYPE, 'DROP TABLE orders'], []],
    ['an index on columns', ['CREATE INDEX ON orders (note)'], []],
    ['a table of this pull request', ['CREATE TABLE a (b text); CREATE INDEX ON a (lower(b))'], []],
    ['many rows, where nobody asked', ['UPDATE orders SET total = 0 WHERE note IS NULL'], []],
  ])('%s', (_, pull, said) => expect(saidBy(RULE, BASE, pull)).toEqual(said))

  test('many rows, where the team asks', () => {
    const rules = { [RULE]: 'warning' as const }
    expect(saidBy(RULE, BASE, ['UPDATE orders SET total = 0 WHERE note IS NULL'], { rules })).toEqual([
      'UPDATE on orders changes what the statistics say, and no ANALYZE follows',
    ])
  })
})
