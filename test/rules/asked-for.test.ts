import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Settings } from '../../src/model/settings.js'
import { loadParsers } from '../../src/sql/parse.js'
import { saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = 'CREATE TABLE orders (id bigint PRIMARY KEY, note text, total int);'
type Case = readonly [sql: string, speaks: boolean, options?: Record<string, string | number | readonly string[]>]

/** Whether rules that a team has to ask for speak, with options of theirs. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  'set-role-required': [
    ['CREATE TABLE a ()', true],
    ['SET ROLE owner; CREATE TABLE a ()', false],
    ['SET ROLE owner; CREATE TABLE a ()', true, { role: 'other' }],
    ['SET LOCAL ROLE other; CREATE TABLE a ()', false, { role: 'other' }],
    ['CREATE TABLE a (); SET ROLE owner', true],
    ['SET ROLE owner; RESET ROLE; CREATE TABLE a ()', true],
    ['SELECT 1', false],
  ],
  'one-change-per-migration': [
    ['ALTER TABLE orders ADD a int; CREATE INDEX ON orders (a)', false],
    ['ALTER TABLE orders ADD a int; CREATE TABLE b ()', true],
    ['ALTER TABLE orders ADD a int; CREATE TABLE b ()', false, { changes: 2 }],
    ['CREATE TABLE b (a int); INSERT INTO orders (id) VALUES (1)', false],
    ["CREATE TYPE e AS ENUM ('a'); CREATE TABLE b (e e)", true],
  ],
  'custom-sql-or-regex-rule': [
    ['ALTER TABLE orders ADD a int', false],
    ['ALTER TABLE  orders\nADD a int', true, { patterns: ['alter table orders *'] }],
    ['ALTER TABLE orders ADD a int', false, { patterns: ['alter table order', 'table orders *', '* add'] }],
    ['ALTER TABLE orders ADD a int', true, { patterns: ['*orders*a int'] }],
    ['ALTER TABLE orders ADD a int', true, { patterns: ['alter table orders add a int'] }],
    ['ALTER TABLE aa ADD a int', false, { patterns: ['*aa*aa*'] }],
    ['SELECT 1', true, { patterns: ['*'] }],
  ],
  'prior-backup-required': [
    ['UPDATE orders SET total = 1 WHERE id = 1', true],
    ['CREATE TABLE a AS TABLE orders; UPDATE orders SET total = 1 WHERE id = 1', false],
    ['CREATE TEMP TABLE a AS TABLE orders; DELETE FROM orders WHERE id = 1', true],
    ['UPDATE orders SET total = 1 WHERE id = 1; CREATE TABLE a AS TABLE orders', true],
    ['CREATE TABLE a (id int); UPDATE a SET id = 1', false],
    ['TRUNCATE orders', true],
  ],
  'insert-in-migration': [
    ['INSERT INTO orders (id) VALUES (1)', true],
    ['CREATE TABLE a (id int); INSERT INTO a VALUES (1)', false],
    ['COPY orders TO stdout', false],
  ],
  'non-idempotent-statement': [
    ['CREATE TABLE a (); CREATE TABLE b ()', false],
    ['BEGIN; CREATE TABLE a (); COMMIT; BEGIN; CREATE TABLE b (); COMMIT', false],
    ['CREATE TABLE a ()', false],
  ],
  'trailing-semicolon': [
    ['CREATE TABLE a ()', true],
    ['CREATE TABLE a () -- the last ;', true],
    ['CREATE TABLE a (); -- the last', false],
    ['CREATE TABLE a (b int);\n\n', false],
    ['-- nothing', false],
  ],
  'collation-or-locale-dependent': [
    ['CREATE TABLE a (b varchar(9)) PARTITION BY RANGE (b)', true],
    ['CREATE TABLE a (b text COLLATE "C") PARTITION BY RANGE (b)', false],
    ['CREATE TABLE a (b text) PARTITION BY LIST (b)', false],
    ['CREATE TABLE a (b text, c int) PARTITION BY RANGE (c)', false],
    ['ALTER TABLE orders ADD a timestamptz; ALTER TABLE orders ALTER a TYPE date', true],
    ["ALTER TABLE orders ADD a timestamptz; ALTER TABLE orders ALTER a TYPE date USING a AT TIME ZONE 'utc'", false],
    ['ALTER TABLE orders ADD a timestamp; ALTER TABLE orders ALTER a TYPE date', false],
  ],
  'extension-unavailable': [
    ['CREATE EXTENSION pgcrypto', false],
    ['CREATE EXTENSION pgcrypto', false, { available: ['pgcrypto'] }],
    ['CREATE EXTENSION IF NOT EXISTS vector', true, { available: ['pgcrypto'] }],
  ],
  'set-default-does-not-backfill': [
    ["ALTER TABLE orders ALTER note SET DEFAULT ''", true],
    ['ALTER TABLE orders ALTER note SET DEFAULT NULL', false],
    ["ALTER TABLE orders ALTER note SET DEFAULT ''; UPDATE orders SET note = '' WHERE note IS NULL", false],
    ["ALTER TABLE orders ADD a text; ALTER TABLE orders ALTER a SET DEFAULT ''", false],
    ["ALTER TABLE orders ALTER note SET DEFAULT ''; ALTER TABLE orders ALTER note SET NOT NULL", false],
  ],
  'savepoint-or-exception-loop': [
    ['DO $$ BEGIN FOR i IN 1..9 LOOP BEGIN PERFORM 1; EXCEPTION WHEN others THEN NULL; END; END LOOP; END $$', true],
    ['DO $$ BEGIN FOR i IN 1..9 LOOP PERFORM 1; END LOOP; EXCEPTION WHEN others THEN NULL; END $$', false],
    ["DO $$ BEGIN LOOP RAISE 'exception when'; /* exception when */ END LOOP; END $$", false],
    ['SAVEPOINT a; SAVEPOINT b', false],
    ['SAVEPOINT a; SAVEPOINT b', true, { savepoints: 1 }],
  ],
  'non-deterministic-migration': [
    ['CREATE TABLE a (id uuid PRIMARY KEY); INSERT INTO a VALUES (gen_random_uuid())', true],
    ['CREATE TABLE a (id uuid, k int PRIMARY KEY); INSERT INTO a VALUES (gen_random_uuid(), 1)', false],
    ['CREATE TABLE a (id uuid PRIMARY KEY); INSERT INTO a SELECT gen_random_uuid() FROM orders', false],
    ["CREATE TABLE a (id timestamptz PRIMARY KEY); INSERT INTO a VALUES ('now')", false],
  ],
}

describe.each(Object.entries(CASES))('%s', (rule, cases) => {
  test.each(cases)('%s', (sql, speaks, options = {}) => {
    const rules: Settings['rules'] = { [rule]: { severity: 'warning', options } }
    expect(saidBy(rule, BASE, [sql], { rules })).toHaveLength(speaks ? 1 : 0)
  })
})
