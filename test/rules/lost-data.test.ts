import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParsers } from '../../src/sql/parse.js'
import { saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = `
CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TYPE lonely AS (x int);
CREATE DOMAIN label AS text;
CREATE SEQUENCE numbers;
CREATE EXTENSION pgcrypto;
CREATE TABLE parents (id bigint PRIMARY KEY);
CREATE TABLE t (
  id bigserial PRIMARY KEY,
  parent_id bigint CONSTRAINT t_parent REFERENCES parents (id),
  a int CONSTRAINT t_a_check CHECK (a > 0),
  b text NOT NULL,
  c text CONSTRAINT t_c_known CHECK (c IS NOT NULL),
  m mood,
  CONSTRAINT t_a_b_key UNIQUE (a, b)
);
CREATE INDEX t_parent_id_idx ON t (parent_id);
CREATE INDEX t_b_idx ON t (b);
CREATE INDEX t_b_c_idx ON t (b, c);
CREATE UNIQUE INDEX t_c_key ON t (c);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY mine ON t USING (true);
CREATE TABLE visits (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE visits_2020 PARTITION OF visits FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
`

/** Of each rule: what it is asked, and words of each of its answers. */
const CASES: Readonly<Record<string, readonly (readonly [up: string, ...words: string[]])[]>> = {
  'drop-database': [['DROP DATABASE IF EXISTS other', 'Drops database other'], ['CREATE DATABASE other']],
  'drop-tablespace': [['DROP TABLESPACE fast', 'Drops a tablespace'], ["CREATE TABLESPACE fast LOCATION '/x'"]],
  'drop-constraint': [
    ['ALTER TABLE t DROP CONSTRAINT t_parent', 'point nowhere in parents'],
    ['ALTER TABLE t DROP CONSTRAINT t_a_check', 'Drops CHECK constraint t_a_check'],
    ['ALTER TABLE t DROP CONSTRAINT t_a_b_key', 'the same a, b may be there twice'],
    ['ALTER TABLE t DROP CONSTRAINT t_pkey'],
    ['ALTER TABLE t DROP CONSTRAINT t_b_not_null'],
    ['ALTER TABLE t DROP CONSTRAINT IF EXISTS nothing'],
    ['ALTER TABLE t DROP CONSTRAINT t_parent CASCADE'],
    ['ALTER TABLE t DROP CONSTRAINT t_parent; ALTER TABLE t DROP COLUMN parent_id'],
    ['ALTER TABLE t DROP CONSTRAINT t_parent; DROP TABLE parents'],
    ['ALTER TABLE t DROP CONSTRAINT t_parent, ADD FOREIGN KEY (parent_id) REFERENCES parents ON DELETE CASCADE'],
    ['ALTER TABLE t DROP CONSTRAINT t_parent; ALTER TABLE t ADD n bigint REFERENCES parents'],
    ['ALTER TABLE t DROP CONSTRAINT t_parent; ALTER TABLE t ADD n bigint, ADD FOREIGN KEY (n) REFERENCES parents'],
    ['ALTER TABLE t DROP CONSTRAINT t_a_check, ADD CONSTRAINT t_a_check CHECK (a > 1)'],
    ['ALTER TABLE t DROP CONSTRAINT t_a_b_key; CREATE UNIQUE INDEX ON t (a)'],
    ['ALTER TABLE t DROP CONSTRAINT t_a_b_key; ALTER TABLE t ADD UNIQUE (a, b, c)', 'may be there twice'],
    ['ALTER TABLE t ALTER c SET NOT NULL; ALTER TABLE t DROP CONSTRAINT t_c_known'],
    ['ALTER TABLE t DROP CONSTRAINT t_c_known', 'Drops CHECK constraint t_c_known'],
    ['ALTER TABLE t ADD CONSTRAINT n CHECK (a > 1) NOT VALID; ALTER TABLE t DROP CONSTRAINT n'],
    ['DO $$ BEGIN ALTER TABLE t DROP CONSTRAINT t_a_check; END $$', 'Drops CHECK constraint'],
  ],
  'drop-index': [
    ['DROP INDEX t_parent_id_idx', 'Drops index t_parent_id_idx of t'],
    ['DROP INDEX t_c_key', 'Drops unique index t_c_key'],
    ['DROP INDEX t_b_idx'],
    ['DROP INDEX t_b_c_idx', 'Drops index t_b_c_idx'],
    ['DROP INDEX t_parent_id_idx; CREATE INDEX ON t (parent_id, a)'],
    ['DROP INDEX t_c_key; CREATE INDEX ON t (c)', 'Drops unique index'],
    ['DROP INDEX t_c_key; CREATE UNIQUE INDEX ON t (c) WHERE a > 0'],
    ['DROP INDEX t_c_key; CREATE UNIQUE INDEX ON t (lower(c))'],
    ['DROP INDEX t_b_c_idx; CREATE INDEX ON t (lower(b))', 'Drops index t_b_c_idx'],
    ['DROP INDEX t_parent_id_idx; ALTER TABLE t DROP COLUMN parent_id'],
    ['DROP INDEX IF EXISTS nothing'],
    ['CREATE INDEX n ON t (m); DROP INDEX n'],
  ],
  'drop-type-or-enum': [
    ['DROP TYPE lonely', 'Drops type lonely'],
    ['DROP DOMAIN label', 'Drops domain label'],
    ['DROP TYPE mood CASCADE'],
    ['DROP TYPE IF EXISTS nothing'],
    ['ALTER TABLE t DROP COLUMN m; DROP TYPE mood'],
    ["CREATE TYPE n AS ENUM ('a'); DROP TYPE n"],
    [
      "ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('ok'); ALTER TABLE t ALTER m TYPE mood USING m::text::mood; DROP TYPE mood_old",
      'Enum mood is made anew without bad',
    ],
    [
      "CREATE TYPE mood_new AS ENUM ('ok'); ALTER TABLE t ALTER m TYPE mood_new USING m::text::mood_new; DROP TYPE mood; ALTER TYPE mood_new RENAME TO mood",
      'Enum mood is made anew without bad',
    ],
    [
      "ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('bad', 'ok', 'new'); ALTER TABLE t ALTER m TYPE mood USING m::text::mood; DROP TYPE mood_old",
    ],
  ],
  'drop-sequence': [
    ['DROP SEQUENCE numbers', 'Drops sequence numbers'],
    ['DROP SEQUENCE IF EXISTS nothing'],
    ['DROP SEQUENCE numbers CASCADE'],
    ['ALTER TABLE t ALTER id DROP DEFAULT; DROP SEQUENCE t_id_seq'],
    ['CREATE SEQUENCE n; DROP SEQUENCE n'],
  ],
  'drop-view-function-trigger': [
    ['DROP VIEW v', 'Drops view v'],
    ['DROP FUNCTION f(int)', 'Drops function f'],
    ['DROP TRIGGER touched ON t', 'Drops trigger touched of t'],
    ['DROP POLICY mine ON t', 'Drops policy mine of t'],
    ['DROP VIEW v CASCADE'],
    ['DROP VIEW IF EXISTS nothing'],
    ['DROP VIEW v; CREATE VIEW v AS SELECT id FROM t'],
    ['DROP VIEW v; CREATE TABLE v (id int)'],
    ['DROP VIEW v; DROP TABLE t'],
    ["DROP FUNCTION f(int); CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1'"],
    ['DROP TRIGGER touched ON t; DROP FUNCTION touch()', 'Drops trigger touched'],
    [
      'DROP TRIGGER touched ON t; CREATE TRIGGER touched BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch()',
    ],
    ['DROP TRIGGER touched ON t; DROP TABLE t'],
    ['DROP POLICY mine ON t; CREATE POLICY theirs ON t USING (a > 0)'],
    ['CREATE VIEW n AS SELECT 1 AS a; DROP VIEW n'],
  ],
  'drop-extension': [
    ['DROP EXTENSION pgcrypto', 'Drops extension pgcrypto'],
    ['ALTER EXTENSION pgcrypto UPDATE', 'Changes extension pgcrypto'],
    ['DROP EXTENSION IF EXISTS nothing'],
    ['DROP EXTENSION pgcrypto CASCADE'],
    ['CREATE EXTENSION citext; DROP EXTENSION citext'],
  ],
  'drop-partition-data': [
    ['DROP TABLE visits_2020', 'and locks visits against every query'],
    ['ALTER TABLE visits DETACH PARTITION visits_2020; DROP TABLE visits_2020', 'detaches from visits'],
    ['DROP TABLE visits_2020 CASCADE'],
    ['DROP TABLE visits'],
    [
      "CREATE TABLE visits_2021 PARTITION OF visits FOR VALUES FROM ('2021-01-01') TO ('2022-01-01'); DROP TABLE visits_2021",
    ],
  ],
  'drop-table': [['DROP TABLE visits_2020'], ['DROP TABLE visits', 'Drops table visits']],
  'unlogged-table': [
    ['CREATE UNLOGGED TABLE n (id int)', 'Table n is UNLOGGED'],
    ['ALTER TABLE visits_2020 SET UNLOGGED', 'Table visits_2020 becomes UNLOGGED'],
    ['CREATE UNLOGGED TABLE n (id int); ALTER TABLE n SET LOGGED'],
    ['CREATE UNLOGGED TABLE n (id int); DROP TABLE n'],
    ['CREATE TEMPORARY TABLE n (id int)'],
  ],
  'disable-triggers-or-fk': [
    ['ALTER TABLE t DISABLE TRIGGER ALL', 'all triggers and foreign keys of t, and nothing'],
    ['ALTER TABLE t DISABLE TRIGGER USER', 'all triggers of t, and nothing'],
    ['ALTER TABLE t DISABLE TRIGGER touched', 'Switches off trigger touched'],
    ['ALTER TABLE t DISABLE TRIGGER ALL; ALTER TABLE t ENABLE TRIGGER ALL', 'for a while'],
    ['ALTER TABLE t DISABLE TRIGGER touched; ALTER TABLE t ENABLE TRIGGER touched'],
    ['ALTER TABLE t DISABLE TRIGGER touched; ALTER TABLE t ENABLE TRIGGER other', 'Switches off trigger touched'],
    ['ALTER TABLE t DISABLE TRIGGER touched; DROP TRIGGER touched ON t'],
    ['CREATE TABLE n (id int); ALTER TABLE n DISABLE TRIGGER ALL'],
    ['SET LOCAL session_replication_role = replica', 'every trigger and foreign key of this session'],
    ['SET session_replication_role = origin'],
  ],
  'sequence-reset-backwards': [
    ['ALTER SEQUENCE numbers RESTART', 'Sequence numbers begins anew'],
    ['ALTER SEQUENCE t_id_seq RESTART WITH 5', 'Sequence t_id_seq begins anew'],
    ["SELECT setval('numbers', 100)", 'Sequence numbers is set to 100'],
    ['SELECT setval(\'public."numbers"\'::regclass, 100, true)', 'Sequence public.numbers is set to 100'],
    ["SELECT setval('t_id_seq', (SELECT max(id) FROM t))"],
    ["TRUNCATE t; SELECT setval('t_id_seq', 1)"],
    ['CREATE SEQUENCE n; ALTER SEQUENCE n RESTART WITH 5'],
    ["CREATE TABLE n (id serial); SELECT setval('n_id_seq', 10)"],
    ['ALTER SEQUENCE numbers AS bigint'],
  ],
  'update-primary-key-values': [
    ['UPDATE t SET id = id + 1', 'Changes id, the primary key of t'],
    ['UPDATE t SET a = 1 WHERE id = 1'],
    ['CREATE TABLE n (id int PRIMARY KEY); UPDATE n SET id = 2'],
  ],
  'overwrite-existing-values': [
    ["UPDATE t SET b = 'x', a = 1 WHERE a = 2", 'Replaces values of b, a in t'],
    ['UPDATE t SET a = 1 WHERE a IS NULL'],
    ['UPDATE t SET a = 1 WHERE true'],
    ['ALTER TABLE t ADD n int; UPDATE t SET n = 1 WHERE a = 2'],
  ],
}

describe.each(Object.entries(CASES))('%s', (rule, cases) => {
  test.each(cases.map(([up, ...words]) => [up, words] as const))('%s', (up, words) => {
    const said = saidBy(rule, BASE, [up])
    expect(said).toHaveLength(words.length)
    for (const [place, word] of words.entries()) expect(said[place]).toContain(word)
  })
})

test('a cascade is told only where a team asked for it', () => {
  const up = 'ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES parents ON DELETE CASCADE'
  expect(saidBy('on-delete-cascade', BASE, [up])).toEqual([])
  const asked = { rules: { 'on-delete-cascade': 'warning' as const } }
  expect(saidBy('on-delete-cascade', BASE, [up], asked)).toHaveLength(1)
  expect(saidBy('on-delete-cascade', BASE, ['ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES parents'], asked)).toEqual([])
})

test('what a down script brings back, another rule tells', () => {
  const up = 'UPDATE t SET a = 1 WHERE a = 2'
  expect(saidBy('overwrite-existing-values', BASE, [up], { downs: ['UPDATE t SET a = 2 WHERE a = 1'] })).toEqual([])
})
