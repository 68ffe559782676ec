import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { local } from '../../src/sandbox/local.js'
import type { Sandbox, Session } from '../../src/sandbox/sandbox.js'
import { loadParsers } from '../../src/sql/parse.js'
import { statementsIn } from '../catalog/statements.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { saidBy } from './said.js'

interface Case {
  readonly rule: string
  /** What was there before the pull request. */
  readonly base: string
  /** PostgreSQL refuses the last statement of `bad`, and runs all of `good`. */
  readonly bad: string
  readonly good: string
  /** SQLSTATE by version; null where it is accepted, and the rule silent. */
  readonly refused: string | Readonly<Record<15 | 18, string | null>>
  /** For a down script: the up before it. */
  readonly up?: string
}

const PARTITIONED = `
  CREATE TABLE events (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE events_old PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  CREATE TABLE events_rest PARTITION OF events DEFAULT;`
const CHILDREN = `
  CREATE TABLE parents (id bigint PRIMARY KEY, code text UNIQUE);
  CREATE TABLE children (id bigint PRIMARY KEY, parent_id bigint REFERENCES parents (id));`
const UNLOGGED = 'CREATE UNLOGGED TABLE caches (id bigint PRIMARY KEY);'
const VIEW = 'CREATE TABLE t (a int, b int, c text); CREATE VIEW v AS SELECT a, b FROM t;'
/** A view by what its query is, and which columns of the table it cannot be without. */
const used = (query: string, kept: string, free: string): readonly Case[] =>
  (
    [
      ['drop-blocked-by-dependents', (column: string) => `ALTER TABLE t DROP COLUMN ${column}`, '2BP01'],
      ['alter-type-blocked-by-dependents', (column: string) => `ALTER TABLE t ALTER ${column} TYPE text`, '0A000'],
    ] as const
  ).map(([rule, on, refused]) => ({
    rule,
    base: `CREATE TABLE t (a int, b int, c int, d int); CREATE VIEW v AS ${query};`,
    bad: on(kept),
    good: `${on(free)}; DROP VIEW v; ${on(kept)}`,
    refused,
  }))
const FILLED = `
  CREATE TABLE sales (id bigint PRIMARY KEY, shop text);
  CREATE MATERIALIZED VIEW m AS SELECT shop, count(*) AS n FROM sales GROUP BY shop;`
const INDEXED = 'CREATE TABLE t (a int NOT NULL, b int NOT NULL, c text NOT NULL);'
const fn = (rest: string): string =>
  `CREATE OR REPLACE FUNCTION f(${rest.replace(' | ', ') ')} LANGUAGE sql AS 'SELECT 1'`
const FUNCTION = `${fn('a int, b int DEFAULT 1 | RETURNS int')};`
const ENUM = `
  CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE people (id bigint PRIMARY KEY, mood mood);`
const KEY = 'ADD CONSTRAINT t_key UNIQUE USING INDEX i'

const functions = (base: string, bad: string, good: string, refused = '42P13'): Case => ({
  rule: 'replace-view-or-function-incompatible',
  base,
  bad,
  good,
  refused,
})
const views = (bad: string, good: string): Case => functions(VIEW, bad, good, '42P16')
const using = (index: string, refused: string): Case => ({
  rule: 'using-invalid-index',
  base: `${INDEXED} ${index};`,
  bad: `ALTER TABLE t ${KEY}`,
  good: `DROP INDEX i; CREATE UNIQUE INDEX i ON t (a ASC NULLS LAST) INCLUDE (b); ALTER TABLE t ${KEY}`,
  refused,
})
const unknown = (bad: string, good: string, refused: string, base = CHILDREN + ENUM + FILLED): Case => ({
  rule: 'unknown-object',
  base,
  bad,
  good,
  refused,
})
const order = (up: string, bad: string, good: string, refused = '2BP01'): Case => ({
  rule: 'down-order-wrong',
  base: 'CREATE TABLE other (id bigint PRIMARY KEY);',
  up,
  bad,
  good,
  refused,
})

const target = (bad: string, good: string, refused = '42830'): Case => ({
  rule: 'fk-target-not-unique',
  base: 'CREATE TABLE t (a text, b text UNIQUE, c int);',
  bad,
  good,
  refused,
})
const types = (bad: string, good: string): Case => ({
  rule: 'fk-type-mismatch',
  base: CHILDREN,
  bad,
  good,
  refused: '42804',
})
const double = (bad: string, good: string, refused: string): Case => ({
  rule: 'duplicate-columns',
  base: VIEW,
  bad,
  good,
  refused,
})
const cast = (from: string, bad: string, good: string): Case => ({
  rule: 'type-change-needs-using',
  base: `CREATE TYPE mood AS ENUM ('ok'); CREATE TYPE mood2 AS ENUM ('ok'); CREATE TABLE c (x ${from});`,
  bad: `ALTER TABLE c ALTER x TYPE ${bad}`,
  good: `ALTER TABLE c ALTER x TYPE ${good}`,
  refused: '42804',
})

const values = (bad: string, good: string): Case => ({
  rule: 'insert-column-count-mismatch',
  base: VIEW,
  bad,
  good,
  refused: '42601',
})
const language = (bad: string, good: string, refused = '42601'): Case => ({
  rule: 'inline-body-language-mismatch',
  base: '',
  bad,
  good,
  refused,
})

const CASES: readonly Case[] = [
  values('INSERT INTO t (a, b) VALUES (1)', 'INSERT INTO t (a, b) VALUES (1, 2); INSERT INTO t VALUES (1)'),
  values("INSERT INTO t VALUES (1, 2, 'c', 4)", "INSERT INTO t VALUES (1, 2, 'c'), (DEFAULT, 2, NULL)"),
  values('INSERT INTO t (a) VALUES (1), (1, 2)', 'INSERT INTO t (a) VALUES (1), ((SELECT 2))'),
  values('INSERT INTO t (a, b) SELECT 1, 2, 3', 'INSERT INTO t (a, b) SELECT v.* FROM v'),
  values('INSERT INTO t (a, b) SELECT a FROM v', 'INSERT INTO t (a) SELECT count(*) FROM v'),
  values('INSERT INTO t (a, b) SELECT 1 UNION SELECT 2', 'INSERT INTO t (a, b) SELECT 1, 2 UNION SELECT 3, 4'),
  language(
    `CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'BEGIN RETURN 1; END'`,
    `CREATE FUNCTION g() RETURNS int LANGUAGE sql AS '/* one */ SELECT 1'; CREATE FUNCTION h() RETURNS int BEGIN ATOMIC SELECT 1; END`,
  ),
  language(
    `CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'DECLARE i int; BEGIN RETURN 1; END'`,
    `CREATE FUNCTION g() RETURNS int LANGUAGE sql RETURN 1; CREATE FUNCTION h() RETURNS int LANGUAGE plpgsql AS '<<a>> DECLARE i int; BEGIN RETURN 1; END'`,
  ),
  language(
    `CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS 'SELECT 1'`,
    `CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS '-- one
     #variable_conflict use_column
     BEGIN RETURN 1; END'`,
  ),
  language(
    `CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql RETURN 1`,
    `CREATE FUNCTION g() RETURNS int LANGUAGE sql RETURN 1`,
    '42P13',
  ),
  language(
    `CREATE FUNCTION g() RETURNS trigger LANGUAGE sql AS 'SELECT 1'`,
    `CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    '42P13',
  ),
  language(`DO 'SELECT 1'`, `DO 'BEGIN PERFORM 1; END'`),
  language(`DO LANGUAGE sql 'SELECT 1'`, `DO LANGUAGE plpgsql 'BEGIN PERFORM 1; END'`, '0A000'),
  {
    rule: 'alter-type-blocked-by-dependents',
    base: VIEW,
    bad: 'ALTER TABLE t ALTER a TYPE bigint',
    good: 'ALTER TABLE t ALTER c TYPE varchar; DROP VIEW v; ALTER TABLE t ALTER a TYPE bigint',
    refused: '0A000',
  },
  {
    rule: 'alter-type-blocked-by-dependents',
    base: VIEW,
    bad: 'ALTER TABLE t ALTER a TYPE int',
    good: 'ALTER TABLE t ALTER c TYPE text',
    refused: '0A000',
  },
  ...used('SELECT a AS b FROM t', 'a', 'b'),
  ...used('SELECT 1 AS a FROM t WHERE b > 0', 'b', 'a'),
  ...used('SELECT a AS b FROM t ORDER BY b', 'a', 'b'),
  ...used('SELECT max(x.a) AS d FROM t x GROUP BY c HAVING count(*) > 1', 'c', 'd'),
  ...used('SELECT * FROM t; ALTER TABLE t ADD COLUMN late int', 'd', 'late'),
  ...used('SELECT a, b FROM t; ALTER TABLE t RENAME c TO x; ALTER TABLE t RENAME a TO c', 'c', 'x'),
  {
    rule: 'drop-blocked-by-dependents',
    base: VIEW,
    bad: 'DROP TABLE t',
    good: 'DROP VIEW v; DROP TABLE t',
    refused: '2BP01',
  },
  {
    rule: 'drop-blocked-by-dependents',
    base: CHILDREN,
    bad: 'DROP TABLE parents',
    good: 'DROP TABLE parents, children',
    refused: '2BP01',
  },
  {
    rule: 'drop-blocked-by-dependents',
    base: ENUM,
    bad: 'DROP TYPE mood',
    good: 'ALTER TABLE people DROP COLUMN mood; DROP TYPE mood',
    refused: '2BP01',
  },
  {
    rule: 'drop-constraint-backed-index',
    base: CHILDREN,
    bad: 'DROP INDEX parents_code_key',
    good: 'ALTER TABLE parents DROP CONSTRAINT parents_code_key',
    refused: '2BP01',
  },
  {
    rule: 'unique-misses-partition-key',
    base: PARTITIONED,
    bad: 'CREATE UNIQUE INDEX ON events (id)',
    good: 'CREATE UNIQUE INDEX ON events (id, at); CREATE INDEX ON events (id); CREATE UNIQUE INDEX ON events_old (id)',
    refused: '0A000',
  },
  {
    rule: 'unique-misses-partition-key',
    base: PARTITIONED,
    bad: 'ALTER TABLE events ADD UNIQUE (id)',
    good: 'ALTER TABLE events ADD UNIQUE (at, id)',
    refused: '0A000',
  },
  {
    rule: 'unique-misses-partition-key',
    base: '',
    bad: 'CREATE TABLE s (id bigint PRIMARY KEY, at date) PARTITION BY RANGE (at)',
    good: 'CREATE TABLE s (id bigint, at date PRIMARY KEY) PARTITION BY RANGE (at)',
    refused: '0A000',
  },
  target('CREATE TABLE a (x text REFERENCES t (a))', 'CREATE TABLE a (x text REFERENCES t (b))'),
  target(
    'CREATE TABLE a (x text REFERENCES t)',
    'CREATE TABLE a (x bigint PRIMARY KEY, y bigint REFERENCES a)',
    '42704',
  ),
  target('ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES t (c)', 'ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t (b)'),
  target(
    'CREATE UNIQUE INDEX ON t (a) WHERE c > 0; ALTER TABLE t ADD COLUMN d text REFERENCES t (a)',
    'CREATE UNIQUE INDEX ON t (a); ALTER TABLE t ADD COLUMN d text REFERENCES t (a)',
  ),
  target(
    'CREATE TABLE a (x text, y int, FOREIGN KEY (x, y) REFERENCES t (b, c))',
    'CREATE UNIQUE INDEX ON t (c, b); CREATE TABLE a (x text, y int, FOREIGN KEY (x, y) REFERENCES t (b, c))',
  ),
  types('CREATE TABLE a (x text REFERENCES parents (id))', 'CREATE TABLE a (x bigint REFERENCES parents (id))'),
  types(
    'ALTER TABLE children ADD COLUMN u uuid REFERENCES parents',
    'ALTER TABLE children ADD COLUMN u bigint REFERENCES parents',
  ),
  types(
    'ALTER TABLE children ADD FOREIGN KEY (parent_id) REFERENCES parents (code)',
    'ALTER TABLE children ADD COLUMN c varchar(9) REFERENCES parents (code)',
  ),
  double('CREATE TABLE a (x int, x int)', 'CREATE TABLE a (x int, "X" int)', '42701'),
  double('CREATE TABLE a (x int, UNIQUE (x, x))', 'CREATE TABLE a (x int, UNIQUE (x))', '42701'),
  double('INSERT INTO t (a, a) VALUES (1, 2)', 'INSERT INTO t (a, b) VALUES (1, 2)', '42701'),
  double('UPDATE t SET a = 1, a = 2', 'ALTER TABLE t ADD z int[]; UPDATE t SET z[1] = 1, z[2] = 2', '42601'),
  ...[
    'integer',
    'bigint',
    'numeric',
    'date',
    'timestamptz',
    'boolean',
    'uuid',
    'json',
    'jsonb',
    'bytea',
    'mood',
    'text[]',
  ].map((type) => cast('text', type, 'varchar(9)')),
  ...['date', 'boolean', 'uuid', 'jsonb'].map((type) => cast('integer', type, 'numeric')),
  ...['integer', 'boolean', 'uuid'].map((type) => cast('timestamptz', type, 'date')),
  ...['integer', 'uuid', 'date'].map((type) => cast('boolean', type, 'text')),
  ...['integer', 'boolean', 'date'].map((type) => cast('jsonb', type, 'json')),
  cast('mood', 'mood2', 'text'),
  cast('mood', 'integer', 'text'),
  {
    rule: 'non-immutable-expression',
    base: VIEW,
    bad: 'CREATE INDEX ON t ((a + random()))',
    good: "ALTER TABLE t ADD at timestamp; CREATE INDEX ON t (date_trunc('week', at)); CREATE INDEX ON t (lower(c)) WHERE b > 0",
    refused: '42P17',
  },
  {
    rule: 'non-immutable-expression',
    base: VIEW,
    bad: 'ALTER TABLE t ADD COLUMN d timestamptz GENERATED ALWAYS AS (now()) STORED',
    good: 'ALTER TABLE t ADD COLUMN d int GENERATED ALWAYS AS (a + 1) STORED',
    refused: '42P17',
  },
  {
    rule: 'detach-concurrently-with-default',
    base: PARTITIONED,
    bad: 'ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY',
    good: 'ALTER TABLE events DETACH PARTITION events_rest; ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY',
    refused: '55000',
  },
  {
    rule: 'detach-concurrently-with-default',
    base: PARTITIONED,
    bad: 'ALTER TABLE events DETACH PARTITION events_rest CONCURRENTLY',
    good: 'ALTER TABLE events DETACH PARTITION events_rest',
    refused: '55000',
  },
  {
    rule: 'refresh-concurrently-no-unique',
    base: FILLED,
    bad: 'CREATE UNIQUE INDEX ON m (lower(shop)); CREATE UNIQUE INDEX ON m (shop) WHERE n > 0; CREATE INDEX ON m (n); REFRESH MATERIALIZED VIEW CONCURRENTLY m',
    good: 'CREATE UNIQUE INDEX ON m (shop); REFRESH MATERIALIZED VIEW CONCURRENTLY m',
    refused: '55000',
  },
  {
    rule: 'refresh-concurrently-no-unique',
    base: FILLED,
    bad: 'CREATE MATERIALIZED VIEW w AS TABLE sales WITH NO DATA; CREATE UNIQUE INDEX ON w (id); REFRESH MATERIALIZED VIEW CONCURRENTLY w',
    good: 'CREATE MATERIALIZED VIEW w AS TABLE sales WITH NO DATA; CREATE UNIQUE INDEX ON w (id); REFRESH MATERIALIZED VIEW w; REFRESH MATERIALIZED VIEW CONCURRENTLY w',
    refused: '0A000',
  },
  {
    rule: 'refresh-concurrently-no-unique',
    base: FILLED,
    bad: 'REFRESH MATERIALIZED VIEW CONCURRENTLY m WITH NO DATA',
    good: 'REFRESH MATERIALIZED VIEW m WITH NO DATA',
    refused: '42601',
  },
  {
    rule: 'not-valid-fk-on-partitioned',
    base: `${PARTITIONED} CREATE TABLE parents (id bigint PRIMARY KEY);`,
    bad: 'ALTER TABLE events ADD FOREIGN KEY (id) REFERENCES parents NOT VALID',
    good: 'ALTER TABLE events_old ADD FOREIGN KEY (id) REFERENCES parents NOT VALID; ALTER TABLE events ADD FOREIGN KEY (id) REFERENCES parents',
    refused: { 15: '42809', 18: null },
  },
  {
    rule: 'set-unlogged-referenced',
    base: CHILDREN,
    bad: 'ALTER TABLE parents SET UNLOGGED',
    good: 'ALTER TABLE children SET UNLOGGED; ALTER TABLE parents SET UNLOGGED',
    refused: '42P16',
  },
  {
    rule: 'set-unlogged-referenced',
    base: `${UNLOGGED} CREATE UNLOGGED TABLE entries (id bigint REFERENCES caches, parent bigint);`,
    bad: 'ALTER TABLE entries SET LOGGED',
    good: 'ALTER TABLE caches SET LOGGED; ALTER TABLE entries SET LOGGED',
    refused: '42P16',
  },
  {
    rule: 'set-unlogged-referenced',
    base: UNLOGGED,
    bad: 'CREATE TABLE entries (id bigint REFERENCES caches)',
    good: 'CREATE UNLOGGED TABLE entries (id bigint REFERENCES caches)',
    refused: '42P16',
  },
  {
    rule: 'set-unlogged-referenced',
    base: `${UNLOGGED} CREATE TABLE entries (id bigint);`,
    bad: 'ALTER TABLE entries ADD COLUMN cache_id bigint REFERENCES caches (id)',
    good: 'ALTER TABLE caches ADD COLUMN entry_id bigint',
    refused: '42P16',
  },
  {
    rule: 'set-unlogged-referenced',
    base: CHILDREN,
    bad: 'CREATE TEMPORARY TABLE entries (id bigint REFERENCES parents)',
    good: 'CREATE TEMPORARY TABLE a (id bigint PRIMARY KEY); CREATE TEMPORARY TABLE entries (id bigint REFERENCES a)',
    refused: '42P16',
  },
  views('CREATE OR REPLACE VIEW v AS SELECT a FROM t', 'CREATE OR REPLACE VIEW v AS SELECT a, b, c FROM t'),
  views('CREATE OR REPLACE VIEW v AS SELECT b, a FROM t', 'CREATE OR REPLACE VIEW v AS SELECT b AS a, a AS b FROM t'),
  views('CREATE OR REPLACE VIEW v AS SELECT a, c, b FROM t', 'CREATE OR REPLACE VIEW v (a) AS SELECT a + 1, b FROM t'),
  views(
    'CREATE OR REPLACE VIEW v AS SELECT a AS x, b FROM t',
    'ALTER VIEW v RENAME COLUMN a TO x; CREATE OR REPLACE VIEW v AS SELECT a AS x, b FROM t',
  ),
  functions(FUNCTION, fn('a int, b int DEFAULT 1 | RETURNS bigint'), fn('a int, b int DEFAULT 2 | RETURNS int')),
  functions(FUNCTION, fn('a int, b int DEFAULT 1 | RETURNS SETOF int'), fn('a int, b text | RETURNS text')),
  functions(FUNCTION, fn('a int, c int DEFAULT 1 | RETURNS int'), fn('a int4, b int8 DEFAULT 1 | RETURNS int')),
  functions(FUNCTION, fn('a int, b int | RETURNS int'), fn('a int DEFAULT 2, b int DEFAULT 1 | RETURNS int')),
  functions(FUNCTION, fn('a int, int DEFAULT 1 | RETURNS int'), fn('a int | RETURNS int')),
  functions(`${fn('int | RETURNS int')};`, fn('int | RETURNS numeric(3)'), fn('a int | RETURNS int')),
  functions(
    `${fn('a varchar(3) | RETURNS varchar(3)')};`,
    fn('b varchar | RETURNS varchar'),
    fn('a varchar(9) | RETURNS varchar'),
  ),
  functions(
    `CREATE FUNCTION g() RETURNS TABLE (a int, b int) LANGUAGE sql AS 'SELECT 1, 2';`,
    `CREATE OR REPLACE FUNCTION g() RETURNS TABLE (a int, c int) LANGUAGE sql AS 'SELECT 1, 2'`,
    `CREATE OR REPLACE FUNCTION g() RETURNS TABLE (a int, b int) LANGUAGE sql AS 'SELECT 3, 4'`,
  ),
  functions(
    `CREATE FUNCTION g(OUT a int) LANGUAGE sql AS 'SELECT 1';`,
    `CREATE OR REPLACE FUNCTION g(OUT a int, OUT b int) LANGUAGE sql AS 'SELECT 1, 2'`,
    `CREATE OR REPLACE FUNCTION g(OUT b int) LANGUAGE sql AS 'SELECT 1'`,
  ),
  functions(
    `CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';`,
    `CREATE OR REPLACE PROCEDURE g(a int) LANGUAGE sql AS 'SELECT 1'`,
    `CREATE OR REPLACE PROCEDURE g(a text) LANGUAGE sql AS 'SELECT 1'`,
    '42809',
  ),
  {
    rule: 'truncate-referenced-table',
    base: CHILDREN,
    bad: 'TRUNCATE parents',
    good: 'TRUNCATE parents, children; TRUNCATE children; TRUNCATE parents CASCADE',
    refused: '0A000',
  },
  using('CREATE INDEX i ON t (a)', '42809'),
  using('CREATE UNIQUE INDEX i ON t (a) WHERE b > 0', '42809'),
  using('CREATE UNIQUE INDEX i ON t ((a + 1))', '42809'),
  using('CREATE UNIQUE INDEX i ON t (a DESC)', '42809'),
  using('CREATE UNIQUE INDEX i ON t (a NULLS FIRST)', '42809'),
  {
    rule: 'using-invalid-index',
    base: `${INDEXED} ALTER TABLE t ADD CONSTRAINT i UNIQUE (a);`,
    bad: 'ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i',
    good: 'CREATE UNIQUE INDEX j ON t (a, b); ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX j',
    refused: '55000',
  },
  {
    rule: 'using-invalid-index',
    base: `${PARTITIONED} CREATE UNIQUE INDEX i ON events (at, id);`,
    bad: 'ALTER TABLE events ADD CONSTRAINT k UNIQUE USING INDEX i',
    good: 'CREATE UNIQUE INDEX j ON events_old (at, id); ALTER TABLE events_old ADD CONSTRAINT k UNIQUE USING INDEX j',
    refused: '0A000',
  },
  unknown('DROP TABLE parent', 'DROP TABLE IF EXISTS parent; DROP TABLE children', '42P01'),
  unknown('DROP TABLE children; DROP TABLE children', 'DROP TABLE children', '42P01'),
  unknown('ALTER TABLE child ADD COLUMN a int', 'ALTER TABLE IF EXISTS child ADD COLUMN a int', '42P01'),
  unknown('CREATE INDEX ON children (parent)', 'CREATE INDEX ON children (parent_id)', '42703'),
  unknown(
    'CREATE TABLE a (id bigint REFERENCES parnets (id))',
    'CREATE TABLE a (id bigint PRIMARY KEY, up bigint REFERENCES a, parent_id bigint REFERENCES parents)',
    '42P01',
  ),
  unknown(
    'ALTER TABLE children ADD FOREIGN KEY (parent_id) REFERENCES parents (ident)',
    'ALTER TABLE children ADD FOREIGN KEY (parent_id) REFERENCES parents (id)',
    '42703',
  ),
  unknown('ALTER TABLE children DROP COLUMN parent', 'ALTER TABLE children DROP COLUMN IF EXISTS parent', '42703'),
  unknown(
    'ALTER TABLE children RENAME COLUMN parent TO p',
    'ALTER TABLE children RENAME COLUMN parent_id TO p',
    '42703',
  ),
  unknown('ALTER TABLE parents ALTER code_ SET NOT NULL', 'ALTER TABLE parents ALTER code SET NOT NULL', '42703'),
  unknown("COMMENT ON COLUMN parents.kode IS 'x'", "COMMENT ON COLUMN parents.code IS 'x'", '42703'),
  unknown(
    'ALTER TABLE children DROP CONSTRAINT children_parent_fkey',
    'ALTER TABLE children DROP CONSTRAINT children_parent_id_fkey',
    '42704',
  ),
  unknown('DROP INDEX parents_code_idx', 'ALTER TABLE parents DROP CONSTRAINT parents_code_key', '42704'),
  unknown('DROP VIEW n', 'DROP MATERIALIZED VIEW m', '42P01'),
  unknown('DROP TYPE moods', 'ALTER TABLE people DROP COLUMN mood; DROP TYPE mood', '42704'),
  unknown("ALTER TYPE moods ADD VALUE 'bad'", "ALTER TYPE mood ADD VALUE 'bad'", '42704'),
  unknown("ALTER TYPE mood RENAME VALUE 'okay' TO 'good'", "ALTER TYPE mood RENAME VALUE 'ok' TO 'good'", '22023'),
  unknown('INSERT INTO people (id, moot) VALUES (1, NULL)', "INSERT INTO people (id, mood) VALUES (1, 'ok')", '42703'),
  unknown(
    'CREATE VIEW w AS SELECT * FROM parnets',
    'CREATE VIEW w AS WITH q AS (TABLE parents) SELECT * FROM q',
    '42P01',
  ),
  unknown(
    'ALTER TABLE people ADD CONSTRAINT k UNIQUE USING INDEX people_mood',
    'CREATE UNIQUE INDEX people_mood ON people (mood); ALTER TABLE people ADD CONSTRAINT k UNIQUE USING INDEX people_mood',
    '42704',
  ),
  order(
    'CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (a_id bigint REFERENCES a)',
    'DROP TABLE a',
    'DROP TABLE b, a',
  ),
  order('CREATE TABLE a (id bigint); CREATE VIEW b AS TABLE a', 'DROP TABLE a', 'DROP VIEW b; DROP TABLE a'),
  order('CREATE TABLE a (id bigint); CREATE TABLE b () INHERITS (a)', 'DROP TABLE a', 'DROP TABLE b; DROP TABLE a'),
  order("CREATE TYPE e AS ENUM ('x'); CREATE TABLE a (e e)", 'DROP TYPE e', 'DROP TABLE a; DROP TYPE e'),
  order(
    `CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     CREATE TRIGGER g BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION g()`,
    'DROP FUNCTION g()',
    'DROP TRIGGER g ON other; DROP FUNCTION g()',
  ),
  order(
    'CREATE TABLE a (id bigint, CONSTRAINT k UNIQUE (id)); CREATE TABLE b (a_id bigint REFERENCES a (id))',
    'ALTER TABLE a DROP CONSTRAINT k',
    'ALTER TABLE b DROP COLUMN a_id; ALTER TABLE a DROP CONSTRAINT k',
  ),
  order(
    'CREATE TABLE a (id bigint, CONSTRAINT k UNIQUE (id)); CREATE TABLE b (a_id bigint REFERENCES a (id))',
    'ALTER TABLE a DROP COLUMN id',
    'DROP TABLE b; ALTER TABLE a DROP COLUMN id',
  ),
  order('CREATE TABLE a (id bigint, CONSTRAINT k UNIQUE (id))', 'DROP INDEX k', 'ALTER TABLE a DROP CONSTRAINT k'),
]

/** Every case on a local server of a version: what a rule says cannot run does not, and where it is silent it does. */
export function refusedCases(major: 15 | 18): Promise<void> {
  return withPostgres(major, (folder) => {
    let sandbox: Sandbox
    let session: Session
    beforeAll(async () => {
      await loadParsers({ majors: [15, 18], second: true })
      const opened = await local({ folders: [folder] }).open({ postgres: major }, never)
      if ('unavailable' in opened) throw new Error(opened.unavailable)
      sandbox = opened
      session = await sandbox.session()
    })
    afterAll(async () => sandbox[Symbol.asyncDispose]())

    /** What became of the last statement, `done` or an SQLSTATE; all before it must run. */
    const run = async (...texts: readonly string[]): Promise<string> => {
      for (const sql of WASH) await session.run(sql, never)
      const statements = texts.flatMap((text) => statementsIn(text))
      const outcomes: string[] = []
      for (const { sql } of statements) {
        const outcome = await session.run(sql, never)
        outcomes.push(outcome.kind === 'failed' ? outcome.sqlstate : outcome.kind)
      }
      expect(outcomes.slice(0, -1)).toEqual(outcomes.slice(0, -1).map(() => 'done'))
      return outcomes.at(-1) ?? ''
    }
    const said = ({ rule, base, up }: Case, sql: string): readonly string[] =>
      saidBy(rule, base, [up ?? sql], { postgres: major, downs: up === undefined ? [] : [sql] })

    describe(`PostgreSQL ${major}`, () => {
      test.each(CASES.map((each) => [each.rule, each.bad, each] as const))('%s: %s', async (_, __, each) => {
        const { base, up = '', bad, good, refused } = each
        const code = typeof refused === 'string' ? refused : refused[major]
        expect(await run(base, up, bad)).toBe(code ?? 'done')
        expect(said(each, bad)).toHaveLength(code === null ? 0 : 1)
        expect(await run(base, up, good)).toBe('done')
        expect(said(each, good)).toEqual([])
      })
    })
  })
}

const never = new AbortController().signal
const WASH = ['ROLLBACK', 'DISCARD TEMP', 'DROP SCHEMA public CASCADE', 'CREATE SCHEMA public']
