import { beforeAll, describe, expect, test } from '@jest/globals'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'
import { findingsOf, saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = `
CREATE SCHEMA app;
CREATE TABLE people (id bigint PRIMARY KEY, name text, CONSTRAINT named CHECK (name <> ''));
CREATE TABLE app.orders (id bigint PRIMARY KEY, person_id bigint REFERENCES people (id));
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE VIEW names AS SELECT name FROM people;
CREATE INDEX people_name ON people (name);
CREATE TABLE copies (LIKE people INCLUDING ALL);
CREATE TABLE sums AS SELECT count(*) AS n FROM people;
`
const SILENT: readonly (readonly [why: string, sql: string])[] = [
  ['IF EXISTS', 'DROP TABLE IF EXISTS a; DROP INDEX IF EXISTS b; ALTER TABLE IF EXISTS c ADD COLUMN d int'],
  ['IF EXISTS of an action', 'ALTER TABLE people DROP COLUMN IF EXISTS a, DROP CONSTRAINT IF EXISTS b'],
  ['IF NOT EXISTS of what is there', 'CREATE TABLE IF NOT EXISTS people (id bigint REFERENCES nobody)'],
  ['made a line above', 'CREATE TABLE a (id int); ALTER TABLE a ADD b int; CREATE INDEX c ON a (b); DROP INDEX c'],
  ['a table of the system', "UPDATE pg_index SET indisready = false WHERE false; COMMENT ON TABLE pg_class IS ''"],
  ['a schema of somebody else', 'ALTER TABLE auth.users ADD COLUMN a int; CREATE INDEX ON auth.users (b)'],
  ['another search path', 'SET search_path TO auth; ALTER TABLE users ADD COLUMN a int'],
  ['a name of another schema, which the role may search', 'ALTER TABLE orders ADD COLUMN a int'],
  ['the tool’s own books', 'ALTER TABLE schema_migrations ADD COLUMN a int'],
  ['tables of an extension', 'COMMENT ON COLUMN spatial_ref_sys.srid IS NULL'],
  ['a temporary table', 'CREATE TEMP TABLE a AS SELECT 1 AS b; INSERT INTO a (b) VALUES (2); DROP TABLE a'],
  ['names of a WITH clause', 'WITH a AS (SELECT 1 AS id) INSERT INTO people (id) SELECT id FROM a'],
  ['columns of the system', 'CREATE TABLE a (id int); COMMENT ON COLUMN a.ctid IS NULL'],
  ['columns that a query made', 'ALTER TABLE sums RENAME COLUMN total TO n2; UPDATE sums SET total = 1 WHERE true'],
  ['indexes that LIKE may have made', 'DROP INDEX copies_name_idx'],
  ['a key that points to its own table', 'CREATE TABLE a (id int PRIMARY KEY, up int REFERENCES a (id))'],
  ['the name of a NOT NULL', 'ALTER TABLE people DROP CONSTRAINT people_id_not_null'],
  ['in a DO block', 'DO $$ BEGIN DROP TABLE nobody; END $$'],
  ['in a function', 'CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC DELETE FROM nobody; END'],
  ['in a condition over two tables', 'DELETE FROM people USING app.orders WHERE nobody = 1'],
  ['in a condition with a query', 'DELETE FROM people WHERE id IN (SELECT nobody FROM app.orders)'],
  ['by an alias', 'DELETE FROM people AS p WHERE p.nobody = 1'],
  ['a whole row', 'DELETE FROM people WHERE people IS NULL; UPDATE people p SET name = NULL WHERE p IS NULL'],
  ['in a query', 'UPDATE people SET name = (SELECT x FROM nobody) WHERE id = 1'],
  ['after text that is run unread', "DO $$ BEGIN EXECUTE 'CREATE TABLE ' || 'a()'; END $$; DROP TABLE a"],
  ['after an extension that makes tables', 'CREATE EXTENSION pgmq; DROP TABLE a; ALTER TABLE people DROP COLUMN b'],
]

describe('what may be there, or is asked for otherwise, is not missed', () => {
  test.each(SILENT)('%s', (_, sql) => {
    expect(saidBy('unknown-object', BASE, [sql])).toEqual([])
  })
})

test.each([
  ['DELETE FROM people WHERE nobody = 1'],
  ["UPDATE people p SET name = 'x' WHERE p.id = 1 AND lower(p.nobody) = 'a'"],
])('a condition of one table is looked at: %s', (sql) => {
  expect(saidBy('unknown-object', BASE, [sql])).toEqual(['people has no column nobody at this point of the history'])
})

test('what an applied migration names was there: the history is not whole', () => {
  const pull = ['ALTER TABLE nobody ADD COLUMN a int; ALTER TABLE people DROP COLUMN b']
  expect(saidBy('unknown-object', BASE, pull)).toHaveLength(2)
  expect(saidBy('unknown-object', `${BASE} ALTER TABLE staff ADD COLUMN a int;`, pull)).toEqual([])
})

test('neither is one with a line that was not read', () => {
  const unread = `${BASE} DO LANGUAGE plpython3u $$ plpy.execute("x") $$;`
  expect(saidBy('unknown-object', unread, ['DROP TABLE nobody; ALTER TABLE people DROP COLUMN b'])).toEqual([])
})

test('of a table that the pull request creates all is known even then', () => {
  const unread = `${BASE} DO LANGUAGE plpython3u $$ plpy.execute("x") $$;`
  const pull = ['CREATE TABLE bills (id bigint PRIMARY KEY, paid boolean)']
  const downs = ['ALTER TABLE bills DROP COLUMN pai; DROP TABLE bills; DROP INDEX bills_paid']
  expect(saidBy('unknown-object', unread, pull, { downs })).toEqual([
    'bills has no column pai at this point of the history; did you mean paid?',
  ])
})

test('a history that begins with this pull request may have begun on a database that was not empty', () => {
  expect(saidBy('unknown-object', 'SELECT 1', ['CREATE TABLE a (id int REFERENCES users (id))'])).toEqual([])
})

test('a name like no other is less sure than one that is nearly right', () => {
  const weigh = (sql: string): unknown =>
    findingsOf('unknown-object', BASE, [sql]).map(({ severity, confidence }) => [severity, confidence])
  expect(weigh('DROP TABLE pepole')).toEqual([['error', 'likely']])
  expect(weigh('DROP TABLE warehouse')).toEqual([['warning', 'likely']])
  expect(weigh('ALTER TABLE people DROP COLUMN zip')).toEqual([['error', 'certain']])
})

test('a table is missed once a script, and again after it was there', () => {
  expect(saidBy('unknown-object', BASE, ['ALTER TABLE a ADD b int; ALTER TABLE a ADD c int'])).toHaveLength(1)
  expect(saidBy('unknown-object', BASE, ['DROP TABLE sums; ALTER TABLE sums ADD c int'])).toHaveLength(1)
})

test('a foreign key that could not stay is another rule’s matter', () => {
  const downs = ['DROP TABLE people; ALTER TABLE app.orders DROP CONSTRAINT orders_person_id_fkey']
  expect(saidBy('unknown-object', BASE, ['SELECT 1'], { downs })).toEqual([])
  expect(saidBy('down-order-wrong', BASE, ['SELECT 1'], { downs })).toHaveLength(1)
})

test('another project of the repository may create it in the same database', () => {
  const files = (root: string, sql: string, number: number) =>
    [`${root}/000${number}_step.up.sql`, { text: sql }] as const
  const base = [files('one/migrations', 'CREATE TABLE a (id bigint PRIMARY KEY)', 1)]
  const other = [files('two/migrations', 'CREATE TABLE shared (id bigint PRIMARY KEY)', 1)]
  const added = files('one/migrations', 'CREATE TABLE b (a bigint REFERENCES shared)', 2)
  const unknown = (before: typeof base): number => {
    const input = { base: new Map(before), head: new Map([...before, added]), settings: DEFAULTS }
    const { findings } = analyse({ ...input, today: '2026-01-15', mode: 'pull' })
    return findings.filter(({ rule }) => rule === 'unknown-object').length
  }
  expect([unknown(base), unknown([...base, ...other])]).toEqual([1, 0])
})

test('files alone have no history', () => {
  const head = new Map([['migrations/0001_a.up.sql', { text: 'DROP TABLE nobody' }]])
  const input = { base: new Map(), head, settings: DEFAULTS, today: '2026-01-15' }
  const { findings } = analyse({ ...input, mode: 'files' })
  expect(findings.filter(({ rule }) => rule === 'unknown-object')).toEqual([])
})
