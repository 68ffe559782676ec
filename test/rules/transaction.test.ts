import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParsers } from '../../src/sql/parse.js'
import { saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = `
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
CREATE INDEX orders_note_idx ON orders (note);
`
const ALONE = 'put the statement alone in a migration file of its own'

describe('concurrently-in-transaction', () => {
  test.each([
    ['CREATE INDEX CONCURRENTLY i ON orders (id)', 'CREATE INDEX CONCURRENTLY on orders'],
    ['DROP INDEX CONCURRENTLY orders_note_idx', 'DROP INDEX CONCURRENTLY orders_note_idx'],
    ['REINDEX TABLE CONCURRENTLY orders', 'REINDEX TABLE CONCURRENTLY orders'],
    ['REINDEX SCHEMA public', 'REINDEX SCHEMA public'],
    ['VACUUM orders', 'VACUUM of orders'],
    ['VACUUM', 'VACUUM'],
    ['CLUSTER', 'CLUSTER of all tables'],
    ['CREATE DATABASE d', 'CREATE DATABASE d'],
    ['ALTER SYSTEM SET work_mem = 1', 'ALTER SYSTEM'],
  ])('%s', (sql, statement) => {
    expect(saidBy('concurrently-in-transaction', BASE, [`SELECT 1; ${sql};`])).toEqual([
      `${statement} cannot run inside the transaction of this migration: ${ALONE}`,
    ])
    expect(saidBy('concurrently-in-transaction', BASE, [sql])).toEqual([])
  })

  test.each([
    ['CREATE INDEX i ON orders (id)'],
    ['REINDEX TABLE orders'],
    ['ANALYZE orders'],
    ['CLUSTER orders USING orders_pkey'],
    ['REFRESH MATERIALIZED VIEW CONCURRENTLY totals'],
  ])('%s may', (sql) => expect(saidBy('concurrently-in-transaction', BASE, [`SELECT 1; ${sql};`])).toEqual([]))

  test('in a transaction of its own', () => {
    const sql = 'BEGIN; CREATE INDEX CONCURRENTLY i ON orders (id); COMMIT;'
    expect(saidBy('concurrently-in-transaction', BASE, [sql])).toEqual([
      'CREATE INDEX CONCURRENTLY on orders cannot run inside a transaction: move it before BEGIN or after COMMIT',
    ])
  })

  test('in a DO block', () => {
    const sql = 'DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON orders (id); END $$'
    expect(saidBy('concurrently-in-transaction', BASE, [sql])).toEqual([
      'CREATE INDEX CONCURRENTLY on orders cannot run inside a DO block',
    ])
  })
})

describe('transaction-nesting', () => {
  test.each([
    ['the tool’s own is left alone', 'SELECT 1; SELECT 2;', []],
    ['the script’s own, where the tool opens none', 'BEGIN; SELECT 1; COMMIT;', []],
    ['a savepoint', 'SAVEPOINT a; SELECT 1; RELEASE a;', []],
    [
      'COMMIT half-way',
      'SELECT 1; COMMIT; SELECT 2;',
      ['COMMIT ends the transaction that golang-migrate opened: what follows runs outside it'],
    ],
    [
      'ROLLBACK half-way',
      'SELECT 1; ROLLBACK; SELECT 2;',
      ['ROLLBACK ends the transaction that golang-migrate opened: what follows runs outside it'],
    ],
  ])('%s', (_, sql, said) => expect(saidBy('transaction-nesting', BASE, [sql])).toEqual(said))
})
