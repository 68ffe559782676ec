import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParsers } from '../../src/sql/parse.js'
import { saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = `
CREATE SCHEMA app;
CREATE EXTENSION pgcrypto;
CREATE TABLE people (id bigint PRIMARY KEY, name text, CONSTRAINT named CHECK (name <> ''));
CREATE TABLE app.orders (id bigint PRIMARY KEY);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE VIEW names AS SELECT name FROM people;
CREATE INDEX people_name ON people (name);
CREATE SEQUENCE tickets;
CREATE POLICY own ON people USING (true);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION f();
`
const SILENT: readonly (readonly [why: string, sql: string])[] = [
  [
    'IF NOT EXISTS',
    'CREATE TABLE IF NOT EXISTS people (id int); CREATE INDEX IF NOT EXISTS people_name ON people (id)',
  ],
  ['IF NOT EXISTS of a column', 'ALTER TABLE people ADD COLUMN IF NOT EXISTS name text'],
  ['OR REPLACE', 'CREATE OR REPLACE VIEW names AS SELECT name FROM people'],
  ['another schema', 'CREATE TABLE app.people (id int); CREATE TABLE orders (id int)'],
  ['a temporary table', 'CREATE TEMP TABLE people (id int)'],
  ['dropped a line above', 'DROP VIEW names; CREATE VIEW names AS SELECT id FROM people'],
  ['renamed away', 'ALTER TABLE people RENAME TO persons; CREATE TABLE people (id int)'],
  ['a name that PostgreSQL gives', 'CREATE INDEX ON people (name); CREATE INDEX ON people (name)'],
  ['in a DO block', 'DO $$ BEGIN CREATE TABLE people (id int); END $$'],
]
const SAID: readonly (readonly [sql: string, what: string])[] = [
  ['CREATE TABLE people (id int)', 'table, view, index or sequence people'],
  ['CREATE VIEW people_name AS SELECT 1 AS a', 'table, view, index or sequence people_name'],
  ['CREATE INDEX people ON app.orders (id); CREATE INDEX people_name ON people (id)', 'people_name'],
  ['CREATE SEQUENCE tickets', 'sequence tickets'],
  ['CREATE TYPE mood AS ENUM ()', 'type mood'],
  ['CREATE TYPE people AS (a int)', 'type people'],
  ['CREATE SCHEMA app', 'schema app'],
  ['CREATE EXTENSION pgcrypto', 'extension pgcrypto'],
  ["ALTER TYPE mood ADD VALUE 'ok'", 'mood has a value ok'],
  ['ALTER TABLE people ADD COLUMN name text', 'people has a column name'],
  ['ALTER TABLE people RENAME COLUMN id TO name', 'people has a column name'],
  ["ALTER TABLE people ADD CONSTRAINT named CHECK (name <> 'x')", 'people has a constraint named'],
  ['ALTER TABLE app.orders RENAME TO people', ''],
  ['CREATE POLICY own ON people USING (false)', 'people has a policy own'],
  ['CREATE TRIGGER t BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION f()', 'people has a trigger t'],
]

test.each(SILENT)('silent: %s', (_, sql) => {
  expect(saidBy('object-already-exists', BASE, [sql])).toEqual([])
})

describe('said', () => {
  test.each(SAID)('%s', (sql, what) => {
    const said = saidBy('object-already-exists', BASE, [sql])
    expect(said).toEqual(what === '' ? [] : [expect.stringContaining(what)])
  })
})
