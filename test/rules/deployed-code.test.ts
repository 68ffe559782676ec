import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParsers } from '../../src/sql/parse.js'
import { saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = `
CREATE SCHEMA old;
CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TYPE spot AS (x int, y int);
CREATE DOMAIN label AS text;
CREATE SEQUENCE numbers;
CREATE TABLE t (
  id bigint PRIMARY KEY,
  a int,
  b text NOT NULL DEFAULT 'x',
  m mood NOT NULL DEFAULT 'ok',
  at timestamp,
  l label,
  tags text[],
  UNIQUE (a, b)
);
CREATE TABLE keyless (a int);
CREATE TABLE guarded (id int PRIMARY KEY);
CREATE POLICY mine ON guarded USING (true);
CREATE VIEW v AS SELECT id, a, b FROM t;
CREATE VIEW everything AS SELECT * FROM t;
CREATE FUNCTION f(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION rows() RETURNS TABLE (a int, b int) LANGUAGE sql AS 'SELECT 1, 2';
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1';
CREATE PUBLICATION changes FOR TABLE t;
`
const F = "LANGUAGE sql AS 'SELECT 1'"

/** Of each rule: what it is asked, and words of each of its answers. */
const CASES: Readonly<Record<string, readonly (readonly [up: string, ...words: string[]])[]>> = {
  'rename-schema': [
    ['ALTER SCHEMA old RENAME TO new', 'Renames schema old to new'],
    ['CREATE SCHEMA s; ALTER SCHEMA s RENAME TO u'],
    ['ALTER TABLE t RENAME TO u'],
  ],
  'set-schema': [
    ['ALTER TABLE t SET SCHEMA old', 'Moves table t to schema old'],
    ['ALTER TYPE mood SET SCHEMA old', 'Moves type mood'],
    ['ALTER FUNCTION f(int, int) SET SCHEMA old', 'Moves function f'],
    ['ALTER EXTENSION citext SET SCHEMA old', 'Moves extension citext'],
    ['ALTER TABLE t SET SCHEMA old; CREATE VIEW t AS SELECT * FROM old.t'],
    ['CREATE TABLE n (id int); ALTER TABLE n SET SCHEMA old'],
    ["CREATE TYPE n AS ENUM ('a'); ALTER TYPE n SET SCHEMA old"],
    [`CREATE FUNCTION g() RETURNS int ${F}; ALTER FUNCTION g() SET SCHEMA old`],
  ],
  'rename-other-object': [
    ['ALTER VIEW v RENAME TO w', 'Renames view v to w'],
    ['ALTER VIEW v RENAME COLUMN a TO c', 'Renames column a of view v to c'],
    ['ALTER FUNCTION f(int, int) RENAME TO g', 'Renames function f to g'],
    ['ALTER TYPE mood RENAME TO temper', 'Renames type mood to temper'],
    ['ALTER TYPE spot RENAME ATTRIBUTE x TO z', 'Renames an attribute of type spot'],
    ['ALTER DOMAIN label RENAME TO tag', 'Renames domain label to tag'],
    ['ALTER SEQUENCE numbers RENAME TO digits', 'Renames sequence numbers to digits'],
    ['ALTER VIEW v RENAME TO w; CREATE VIEW v AS SELECT 1 AS id'],
    ["ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('ok')"],
    ['ALTER VIEW v RENAME TO w; DROP VIEW w'],
    ['ALTER INDEX t_pkey RENAME TO t_pk'],
    ['ALTER TABLE t RENAME CONSTRAINT t_pkey TO t_pk'],
    ['CREATE VIEW n AS SELECT 1 AS id; ALTER VIEW n RENAME TO o'],
  ],
  'drop-not-null': [
    ['ALTER TABLE t ALTER b DROP NOT NULL', 'Column b of t may be NULL'],
    ['ALTER TABLE t DROP CONSTRAINT t_b_not_null', 'Column b of t may be NULL'],
    ['ALTER TABLE t DROP CONSTRAINT t_pkey'],
    ['ALTER TABLE t ALTER a DROP NOT NULL'],
    ['ALTER TABLE t ALTER b DROP NOT NULL; ALTER TABLE t DROP COLUMN b'],
    ['ALTER TABLE t ALTER b DROP NOT NULL; ALTER TABLE t ALTER b SET NOT NULL'],
    ['ALTER TABLE t ADD c int NOT NULL DEFAULT 0; ALTER TABLE t ALTER c DROP NOT NULL'],
    ['CREATE TABLE n (a int NOT NULL); ALTER TABLE n ALTER a DROP NOT NULL'],
    ['DO $$ BEGIN ALTER TABLE t ALTER b DROP NOT NULL; END $$', 'Column b of t may be NULL'],
  ],
  'constraint-breaks-old-writers': [
    ['ALTER TABLE t ADD c int; UPDATE t SET c = 1; ALTER TABLE t ALTER c SET NOT NULL', 'Demands a value in c of t'],
    ['ALTER TABLE t ADD c int; ALTER TABLE t ADD CHECK (c IS NOT NULL) NOT VALID', 'Demands a value in c'],
    ['ALTER TABLE t ADD c int; ALTER TABLE t ADD CHECK (a > 0 AND c IS NOT NULL) NOT VALID', 'Demands a value in c'],
    ['ALTER TABLE t ADD c int; ALTER TABLE t ADD NOT NULL c NOT VALID', 'Demands a value in c'],
    ['ALTER TABLE t ADD c int; ALTER TABLE t ADD CHECK (a IS NOT NULL OR c IS NOT NULL) NOT VALID'],
    ['ALTER TABLE t ADD c int; ALTER TABLE t ADD CHECK (c > 0) NOT VALID'],
    ['ALTER TABLE t ADD c int DEFAULT 1; ALTER TABLE t ALTER c SET NOT NULL'],
    ['ALTER TABLE t ADD c int; ALTER TABLE t ALTER c SET NOT NULL; ALTER TABLE t ALTER c SET DEFAULT 1'],
    ['ALTER TABLE t ALTER a SET NOT NULL'],
    ['CREATE TABLE n (id int); ALTER TABLE n ADD c int; ALTER TABLE n ALTER c SET NOT NULL'],
    [
      'ALTER TABLE t ADD c int; CREATE TRIGGER fill BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION fill(); ' +
        'ALTER TABLE t ALTER c SET NOT NULL',
    ],
    ["ALTER TABLE t ADD slug text DEFAULT ''; CREATE UNIQUE INDEX ON t (slug)", 'Makes slug of t unique'],
    ["ALTER TABLE t ADD slug text DEFAULT ''; ALTER TABLE t ADD UNIQUE (slug)", 'Makes slug of t unique'],
    ["ALTER TABLE t ADD slug text DEFAULT ''; CREATE UNIQUE INDEX ON t (a, slug)"],
    ["ALTER TABLE t ADD slug text DEFAULT ''; CREATE UNIQUE INDEX ON t (slug) WHERE slug <> ''"],
    ['ALTER TABLE t ADD slug uuid DEFAULT gen_random_uuid(); CREATE UNIQUE INDEX ON t (slug)'],
    ['ALTER TABLE t ADD slug text; CREATE UNIQUE INDEX ON t (slug)'],
  ],
  'tighten-unique': [
    ['CREATE UNIQUE INDEX ON t (b)', 'Makes b of t unique'],
    ['ALTER TABLE t ADD UNIQUE (b, m)', 'Makes b, m of t unique'],
    ['CREATE UNIQUE INDEX ON t (b, id)'],
    ['CREATE UNIQUE INDEX ON t (m, b, a)'],
    ['CREATE UNIQUE INDEX ON t (b) WHERE a > 0'],
    ['CREATE UNIQUE INDEX ON t (lower(b))'],
    ['CREATE INDEX ON t (b)'],
    ['ALTER TABLE t ADD c int; CREATE UNIQUE INDEX ON t (c)'],
    ['CREATE UNIQUE INDEX i ON t (b); ALTER TABLE t DROP CONSTRAINT t_a_b_key'],
  ],
  'change-type-breaks-clients': [
    ['ALTER TABLE t ALTER a TYPE text', 'from integer to text'],
    ['ALTER TABLE t ALTER at TYPE timestamptz', 'from timestamp without time zone to timestamp with time zone'],
    ['ALTER TABLE t ALTER m TYPE text', 'from mood to text'],
    ['ALTER TABLE t ALTER a TYPE bigint'],
    ['ALTER TABLE t ALTER b TYPE varchar'],
    ['ALTER TABLE t ALTER l TYPE text'],
    ['ALTER TABLE t ALTER b TYPE int USING b::int'],
    ["CREATE TYPE mood2 AS ENUM ('ok'); ALTER TABLE t ALTER m TYPE mood2 USING m::text::mood2"],
    ['ALTER TABLE t ADD c int; ALTER TABLE t ALTER c TYPE text'],
  ],
  'drop-default': [
    ['ALTER TABLE t ALTER b DROP DEFAULT', 'which is NOT NULL'],
    ['ALTER TABLE t ALTER a DROP DEFAULT'],
    ["ALTER TABLE t ALTER b DROP DEFAULT, ALTER b SET DEFAULT 'y'"],
    ['ALTER TABLE t ALTER b DROP DEFAULT; ALTER TABLE t DROP COLUMN b'],
    ['ALTER TABLE t ADD c int DEFAULT 1; ALTER TABLE t ALTER c DROP DEFAULT'],
    ['ALTER TABLE t ALTER a SET DEFAULT 1; ALTER TABLE t ALTER a DROP DEFAULT', 'now stores NULL'],
  ],
  'set-default-partial-writes': [
    ["ALTER TABLE t ALTER b SET DEFAULT 'y'", "from 'x' to 'y'"],
    ["ALTER TABLE t ALTER b SET DEFAULT 'x'::text"],
    ['ALTER TABLE t ALTER a SET DEFAULT 1'],
    ['ALTER TABLE t ALTER b SET DEFAULT gen_random_uuid()'],
  ],
  'replace-view-columns': [
    ['DROP VIEW v; CREATE VIEW v AS SELECT id, b FROM t', 'without a'],
    ['DROP VIEW v; CREATE VIEW v AS SELECT id, b, a FROM t', 'in another order'],
    ['DROP VIEW v; CREATE VIEW v AS SELECT id, a, b, m FROM t'],
    ['DROP VIEW everything; CREATE VIEW everything AS SELECT id FROM t'],
    ['DROP VIEW v'],
  ],
  'replace-function-signature': [
    [`CREATE FUNCTION f(a int) RETURNS int ${F}`, 'fits the same calls'],
    [`CREATE FUNCTION f(a int, c text DEFAULT '') RETURNS int ${F}`, 'fits the same calls'],
    [`CREATE FUNCTION f(a text) RETURNS int ${F}`],
    [`CREATE FUNCTION f(a int, b int, c int) RETURNS int ${F}`],
    [`CREATE OR REPLACE FUNCTION f(a int, b int DEFAULT 2) RETURNS int ${F}`],
    [`DROP FUNCTION f(int, int); CREATE FUNCTION f(a int) RETURNS int ${F}`, 'with other parameters'],
    [`DROP FUNCTION f(int, int); CREATE FUNCTION f(a int, b int DEFAULT 1) RETURNS text ${F}`, 'with another result'],
    [`DROP FUNCTION f(int, int); CREATE FUNCTION f(a int, b int DEFAULT 1, c int DEFAULT 2) RETURNS int ${F}`],
    [`DROP FUNCTION rows(); CREATE FUNCTION rows() RETURNS TABLE (a int, b int, c int) ${F}`],
    [`DROP FUNCTION rows(); CREATE FUNCTION rows() RETURNS TABLE (b int) ${F}`, 'with another result'],
    [`CREATE FUNCTION f(a int) RETURNS int ${F}; DROP FUNCTION f(int, int)`],
    [`CREATE FUNCTION g(a int) RETURNS int ${F}; CREATE FUNCTION g(a int, b int DEFAULT 1) RETURNS int ${F}`],
    [`DROP PROCEDURE p(int); CREATE PROCEDURE p(a int, b int) LANGUAGE sql AS 'SELECT 1'`, 'with other parameters'],
  ],
  'replica-identity-change': [
    ['ALTER TABLE t REPLICA IDENTITY NOTHING', 'gets no replica identity'],
    ['ALTER TABLE t REPLICA IDENTITY FULL', 'writes whole old rows'],
    ['ALTER TABLE keyless REPLICA IDENTITY DEFAULT', 'gets its primary key'],
    ['ALTER TABLE t REPLICA IDENTITY DEFAULT'],
    ['ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey'],
    ['CREATE TABLE n (a int); ALTER TABLE n REPLICA IDENTITY NOTHING'],
  ],
  'publication-ddl': [
    ['ALTER PUBLICATION changes ADD TABLE keyless', 'gets keyless'],
    ['CREATE PUBLICATION all_of_it FOR ALL TABLES', 'gets keyless'],
    ['ALTER TABLE keyless REPLICA IDENTITY FULL; ALTER PUBLICATION changes ADD TABLE keyless'],
    ['ALTER PUBLICATION changes ADD TABLE guarded'],
    ['ALTER PUBLICATION changes DROP TABLE t', 'loses t'],
    ['ALTER PUBLICATION changes SET TABLE guarded', 'gets a new list'],
    ["ALTER PUBLICATION changes SET (publish = 'insert')"],
    ['DROP PUBLICATION changes', 'is dropped'],
    ['CREATE PUBLICATION n FOR TABLE t; DROP PUBLICATION n'],
  ],
  'identity-generated-always': [
    ['ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY', 'Column id of t'],
    ['ALTER TABLE t ALTER id ADD GENERATED BY DEFAULT AS IDENTITY'],
    ['CREATE TABLE n (id int NOT NULL); ALTER TABLE n ALTER id ADD GENERATED ALWAYS AS IDENTITY'],
    ['ALTER TABLE t ADD c int GENERATED ALWAYS AS IDENTITY'],
  ],
  'grant-or-owner-change': [
    ['REVOKE INSERT ON t FROM app', 'on table t from app'],
    ['REVOKE ALL ON FUNCTION f(int, int) FROM PUBLIC', 'on function f from public'],
    ['REVOKE admins FROM app', 'membership in admins'],
    ['ALTER TABLE t OWNER TO boss', 'Makes boss the owner of table t'],
    ['REASSIGN OWNED BY app TO boss', 'everything that a role owns'],
    ['REVOKE ALL ON t FROM app; GRANT SELECT ON t TO app'],
    ['CREATE TABLE n (id int); REVOKE ALL ON n FROM PUBLIC; ALTER TABLE n OWNER TO boss'],
    [`CREATE FUNCTION g() RETURNS int ${F}; REVOKE ALL ON FUNCTION g() FROM PUBLIC`],
    ['GRANT SELECT ON t TO app'],
    ['ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM app'],
  ],
  'rls-enabled-on-live-table': [
    ['ALTER TABLE t ENABLE ROW LEVEL SECURITY', 'has no policy'],
    ['ALTER TABLE guarded ENABLE ROW LEVEL SECURITY'],
    ['ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY q ON t USING (true)'],
    ['ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'],
    ['CREATE TABLE n (id int); ALTER TABLE n ENABLE ROW LEVEL SECURITY'],
    ['CREATE POLICY q ON guarded AS RESTRICTIVE USING (id > 0)', 'is RESTRICTIVE'],
    ['CREATE POLICY q ON guarded USING (id > 0)'],
    ['ALTER TABLE t DISABLE ROW LEVEL SECURITY'],
  ],
  'force-rls-on-live-table': [
    ['ALTER TABLE t FORCE ROW LEVEL SECURITY', 'all its rows vanish'],
    ['ALTER TABLE guarded FORCE ROW LEVEL SECURITY'],
    ['ALTER TABLE t FORCE ROW LEVEL SECURITY; CREATE POLICY q ON t USING (true)'],
    ['CREATE TABLE n (id int); ALTER TABLE n FORCE ROW LEVEL SECURITY'],
    ['ALTER TABLE t NO FORCE ROW LEVEL SECURITY'],
  ],
}

describe.each(Object.entries(CASES))('%s', (rule, cases) => {
  test.each(cases.map(([up, ...words]) => [up, words] as const))('%s', (up, words) => {
    const said = saidBy(rule, BASE, [up])
    expect(said).toHaveLength(words.length)
    for (const [place, word] of words.entries()) expect(said[place]).toContain(word)
  })
})

describe('off until a team turns them on', () => {
  test.each([
    ['enum-value-added', "ALTER TYPE mood ADD VALUE 'new' AFTER 'ok'", 1],
    ['enum-value-added', "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok'", 0],
    ['enum-value-added', "CREATE TYPE n AS ENUM (); ALTER TYPE n ADD VALUE 'a'", 0],
    ['enum-value-without-position', "ALTER TYPE mood ADD VALUE 'new'", 1],
    ['enum-value-without-position', "ALTER TYPE mood ADD VALUE 'new' BEFORE 'ok'", 0],
  ])('%s: %s', (rule, up, count) => {
    expect(saidBy(rule, BASE, [up], { rules: { [rule]: 'notice' } })).toHaveLength(count)
    expect(saidBy(rule, BASE, [up])).toEqual([])
  })
})
