import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParsers } from '../../src/sql/parse.js'
import { saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = `
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(*) FROM orders $$;
CREATE FUNCTION clean() RETURNS void LANGUAGE sql AS $$ DELETE FROM orders $$;
`

describe('unanalysable-statement', () => {
  test.each([
    ['SELECT count(*) FROM orders', []],
    ["SELECT setval('orders_id_seq', 7)", []],
    ['SELECT pg_sleep(1)', []],
    ['SELECT total()', []],
    ['SELECT clean()', ['What clean() does is not known here: the call is not analysed']],
    [
      "SELECT create_hypertable('orders', 'at')",
      ['What create_hypertable() does is not known here: the call is not analysed'],
    ],
    ['CALL close_year(2025)', ['What procedure close_year does is not known here: the call is not analysed']],
    ['ALTER SYSTEM SET work_mem = 1', ['ALTER SYSTEM is not analysed: what it locks and changes is not known here']],
    [
      "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'a'); END $$",
      ['The DO block runs SQL that it builds at run time, which is not analysed'],
    ],
    ['DO $$ BEGIN UPDATE orders SET note = NULL; END $$', []],
    ['ALTER TABLE orders ADD a int', []],
  ])('%s', (sql, said) => expect(saidBy('unanalysable-statement', BASE, [sql])).toEqual(said))
})

describe('do-block-ddl', () => {
  test.each([
    [
      'DO $$ BEGIN CREATE TYPE mood AS ENUM (); ALTER TABLE orders ADD a int; ALTER TABLE orders ADD b int; END $$',
      ['DO block changes the schema where rules cannot follow: CREATE ENUM mood, ADD COLUMN orders'],
    ],
    ['DO $$ BEGIN UPDATE orders SET note = NULL; PERFORM clean(); END $$', []],
  ])('%s', (sql, said) => expect(saidBy('do-block-ddl', BASE, [sql])).toEqual(said))
})

describe('suppressions', () => {
  const add = 'ALTER TABLE orders ADD CHECK (id > 0) NOT VALID;'
  test.each([
    ['-- dba:allow not-valid-never-validated the old rows go next year', [], []],
    [
      '-- dba:allow not-valid-never-validated',
      [],
      ['This comment allows not-valid-never-validated without a reason, and is not heeded until it has one'],
    ],
    ['-- dba:allow not-valid', ['This comment allows not-valid, which finds nothing here'], []],
    ['-- dba:allow drop-table it is archived', ['This comment allows drop-table, which finds nothing here'], []],
    ['-- dba:allow', ['This comment names no rule, so that it allows nothing'], []],
    ['-- allow drop-table', [], []],
  ])('%s', (comment, unused, reasonless) => {
    const sql = `${comment}\n${add}`
    expect(saidBy('unused-suppression', BASE, [sql])).toEqual(unused)
    expect(saidBy('suppression-without-reason', BASE, [sql])).toEqual(reasonless)
  })
})
