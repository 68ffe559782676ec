import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParsers } from '../../src/sql/parse.js'
import { findingsOf, saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [15, 16, 17, 18], second: true }))

const BASE = `
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (
  id bigint PRIMARY KEY, customer_id bigint, number varchar(20), total numeric(12, 2) NOT NULL, note text, payload json,
  placed timestamp
);
CREATE INDEX orders_number_idx ON orders (number);
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX events_at_idx ON events (at);
CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(total) FROM orders GROUP BY 1;
`
type Case = readonly [title: string, pull: string | readonly string[], said: readonly string[], postgres?: number]

function table(rule: string, cases: readonly Case[]): void {
  describe(rule, () => {
    test.each(cases)('%s', (_, pull, said, postgres = 18) => {
      expect(saidBy(rule, BASE, typeof pull === 'string' ? [pull] : pull, { postgres })).toEqual(said)
    })
  })
}

table('create-index-non-concurrently', [
  ['a table of this pull request', ['CREATE TABLE t (a int)', 'CREATE INDEX ON t (a)'], []],
  ['a temporary table', 'CREATE TEMP TABLE t (a int); CREATE INDEX ON t (a);', []],
  ['ON ONLY a partitioned table builds nothing', 'CREATE INDEX ON ONLY events (kind)', []],
  [
    'ON ONLY an ordinary table builds all the same',
    'CREATE INDEX a ON ONLY orders (note)',
    ['Building index a blocks every write to orders until it is done'],
  ],
  [
    'a partitioned table',
    'CREATE INDEX events_kind ON events (kind)',
    ['Building index events_kind blocks every write to events and all its partitions until it is done'],
  ],
  [
    'a materialized view',
    'CREATE INDEX ON totals (sum)',
    ['Building an index blocks every write to totals until it is done'],
  ],
  ['concurrently', 'CREATE INDEX CONCURRENTLY ON orders (note)', []],
])

test('a table that nobody saw created may be there: less sure', () => {
  const [finding] = findingsOf('create-index-non-concurrently', BASE, ['CREATE INDEX ON elsewhere (a)'])
  expect(finding?.confidence).toBe('likely')
})

test('create-index-non-concurrently keeps the author’s text', () => {
  const [finding] = findingsOf('create-index-non-concurrently', BASE, [
    "CREATE UNIQUE INDEX IF NOT EXISTS o ON orders USING btree (lower(note) text_pattern_ops) WHERE note <> ''",
  ])
  expect(finding?.fix).toBe(
    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS o ON orders USING btree (lower(note) text_pattern_ops) WHERE note <> '';",
  )
})

test('create-index-non-concurrently says how to go about a partitioned table', () => {
  const [finding] = findingsOf('create-index-non-concurrently', BASE, ['CREATE INDEX events_kind ON events (kind)'])
  expect(finding?.fix).toBe(`CREATE INDEX events_kind ON ONLY events (kind);
-- in a migration of its own, outside a transaction:
CREATE INDEX CONCURRENTLY events_2024_events_kind ON events_2024 (kind);
ALTER INDEX events_kind ATTACH PARTITION events_2024_events_kind;`)
})

table('drop-index-non-concurrently', [
  [
    'an index of an old table',
    'DROP INDEX orders_number_idx',
    ['Dropping index orders_number_idx locks orders against every query, reads too'],
  ],
  ['an index of a new table', 'CREATE TABLE t (a int); CREATE INDEX t_a ON t (a); DROP INDEX t_a;', []],
  ['an index that is not there', 'DROP INDEX IF EXISTS nothing', []],
  ['the index of a constraint cannot be dropped at all', 'DROP INDEX orders_pkey', []],
  ['the index of a partitioned table cannot be dropped concurrently', 'DROP INDEX events_at_idx', []],
])

table('add-foreign-key-validating', [
  [
    'both tables old',
    'ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers',
    ['Adding foreign key on customer_id reads all of orders while writes to orders and customers wait'],
  ],
  [
    'the referenced table new',
    'CREATE TABLE payers (id bigint PRIMARY KEY); ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (customer_id) REFERENCES payers',
    ['Adding foreign key k reads all of orders while writes to orders wait'],
  ],
  [
    'the referencing table new',
    'CREATE TABLE t (a bigint); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES customers',
    [],
  ],
  ['NOT VALID', 'ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers NOT VALID', []],
  ['NOT ENFORCED', 'ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers NOT ENFORCED', []],
  ['on a new column without default', 'ALTER TABLE orders ADD COLUMN payer bigint REFERENCES customers', []],
  [
    'on a new column with one',
    'ALTER TABLE orders ADD COLUMN payer bigint DEFAULT 1 REFERENCES customers',
    ['Adding column payer with a default and a foreign key checks every row of orders while all queries on it wait'],
  ],
])

test('add-foreign-key-validating gives no NOT VALID where PostgreSQL refuses it', () => {
  const sql = 'ALTER TABLE events ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES customers'
  const fixes = [17, 18].map((postgres) => findingsOf('add-foreign-key-validating', BASE, [sql], { postgres })[0]?.fix)
  expect(fixes).toEqual([null, expect.stringContaining('NOT VALID')])
})

table('add-check-validating', [
  [
    'an old table',
    'ALTER TABLE orders ADD CHECK (total > 0)',
    ['Adding a check reads all of orders while every query on it waits'],
  ],
  ['NOT VALID', 'ALTER TABLE orders ADD CHECK (total > 0) NOT VALID', []],
  ['NOT ENFORCED', 'ALTER TABLE orders ADD CHECK (total > 0) NOT ENFORCED', []],
  [
    'on a new column',
    'ALTER TABLE orders ADD COLUMN n int CHECK (n > 0)',
    ['Adding column n with a check reads all of orders while every query on it waits'],
  ],
  ['on a column that rewrites the table anyhow', 'ALTER TABLE orders ADD COLUMN n bigserial CHECK (n > 0)', []],
])

table('add-unique-constraint', [
  ['by an index that is there', 'ALTER TABLE orders ADD CONSTRAINT u UNIQUE USING INDEX orders_number_idx', []],
  [
    'on a new column',
    'ALTER TABLE orders ADD COLUMN slug text UNIQUE',
    ['Adding unique column slug builds an index on orders while every query on it waits'],
  ],
])

table('add-primary-key-validating', [
  [
    'by an index over columns that may be NULL',
    [
      'CREATE UNIQUE INDEX CONCURRENTLY u ON events_2024 (id, kind)',
      'ALTER TABLE events_2024 ADD PRIMARY KEY USING INDEX u',
    ],
    ['Adding a primary key to events_2024 looks for NULLs in every row while all queries on the table wait'],
  ],
  [
    'by an index over columns that are NOT NULL',
    [
      'CREATE UNIQUE INDEX CONCURRENTLY u ON events_2024 (id, at)',
      'ALTER TABLE events_2024 ADD PRIMARY KEY USING INDEX u',
    ],
    [],
  ],
  ['on a serial column, which rewrites the table', 'ALTER TABLE events ADD COLUMN n bigserial PRIMARY KEY', []],
])

const NOTE = 'Making note of orders NOT NULL reads every row while all queries on the table wait'
table('set-not-null-scan', [
  ['no proof', 'ALTER TABLE orders ALTER note SET NOT NULL', [NOTE]],
  ['no proof, as a constraint', 'ALTER TABLE orders ADD CONSTRAINT n NOT NULL note', [NOTE]],
  ['a constraint that is not valid yet', 'ALTER TABLE orders ADD CONSTRAINT n NOT NULL note NOT VALID', []],
  ['NOT NULL already', 'ALTER TABLE orders ALTER total SET NOT NULL', []],
  ['a column of the primary key', 'ALTER TABLE orders ALTER id SET NOT NULL', []],
  [
    'a validated check proves it',
    [
      'ALTER TABLE orders ADD CONSTRAINT n CHECK (note IS NOT NULL) NOT VALID',
      'ALTER TABLE orders VALIDATE CONSTRAINT n',
      'ALTER TABLE orders ALTER note SET NOT NULL',
    ],
    [],
  ],
  [
    'a check that is not valid proves nothing',
    [
      'ALTER TABLE orders ADD CONSTRAINT n CHECK (note IS NOT NULL) NOT VALID',
      'ALTER TABLE orders ALTER note SET NOT NULL',
    ],
    [NOTE],
  ],
  [
    'a check of something else proves nothing',
    [
      "ALTER TABLE orders ADD CONSTRAINT n CHECK (note <> '') NOT VALID",
      'ALTER TABLE orders VALIDATE CONSTRAINT n',
      'ALTER TABLE orders ALTER note SET NOT NULL',
    ],
    [NOTE],
  ],
])

test('set-not-null-scan proves it by CHECK before 18', () => {
  const [finding] = findingsOf('set-not-null-scan', BASE, ['ALTER TABLE orders ALTER note SET NOT NULL'], {
    postgres: 17,
  })
  expect(finding?.fix).toBe(`ALTER TABLE orders ADD CONSTRAINT orders_note_not_null CHECK (note IS NOT NULL) NOT VALID;
-- in a later migration:
ALTER TABLE orders VALIDATE CONSTRAINT orders_note_not_null;
ALTER TABLE orders ALTER COLUMN note SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_note_not_null;`)
})

const functionOf = (volatility: string) =>
  `CREATE FUNCTION code() RETURNS text LANGUAGE sql ${volatility} AS $$ SELECT 'a' $$;
   ALTER TABLE orders ADD COLUMN code text DEFAULT code();`
table('add-column-volatile-default', [
  ['a constant', "ALTER TABLE orders ADD COLUMN a text DEFAULT 'x'", []],
  ['a stable function', 'ALTER TABLE orders ADD COLUMN a timestamptz DEFAULT now()', []],
  [
    'a volatile function',
    'ALTER TABLE orders ADD COLUMN a float DEFAULT random()',
    ['Adding a with default random() rewrites orders while every query on it waits'],
  ],
  ['a function of this history that is stable', functionOf('STABLE'), []],
  [
    'a function of this history that is not',
    functionOf(''),
    ['Adding code with default code() rewrites orders while every query on it waits'],
  ],
  [
    'a function that nobody knows',
    'ALTER TABLE orders ADD COLUMN a text DEFAULT next_code()',
    ['Adding a rewrites orders while every query waits, unless next_code() is declared STABLE or IMMUTABLE'],
  ],
  ['a serial column', 'ALTER TABLE orders ADD COLUMN a serial', []],
])

table('add-column-serial', [
  [
    'identity',
    'ALTER TABLE orders ADD COLUMN a int GENERATED ALWAYS AS IDENTITY',
    ['Adding identity column a rewrites orders while every query on it waits'],
  ],
  ['a new table', 'CREATE TABLE t (); ALTER TABLE t ADD COLUMN a serial;', []],
])

table('add-column-stored-generated', [
  ['virtual by name', 'ALTER TABLE orders ADD COLUMN a numeric GENERATED ALWAYS AS (total) VIRTUAL', []],
  ['virtual by default', 'ALTER TABLE orders ADD COLUMN a numeric GENERATED ALWAYS AS (total)', []],
])

table('change-column-type-rewrite', [
  ['varchar made longer', 'ALTER TABLE orders ALTER number TYPE varchar(40)', []],
  ['varchar to text', 'ALTER TABLE orders ALTER number TYPE text', []],
  ['numeric made wider', 'ALTER TABLE orders ALTER total TYPE numeric(14, 2)', []],
  ['a narrower type has a rule of its own', 'ALTER TABLE orders ALTER number TYPE varchar(10)', []],
  [
    'numeric with more digits after the point',
    'ALTER TABLE orders ALTER total TYPE numeric(14, 4)',
    ['Changing total from numeric(12,2) to numeric(14,4) rewrites orders while every query on it waits'],
  ],
  [
    'two columns in one statement are one rewrite',
    'ALTER TABLE orders ALTER total TYPE numeric(14, 4), ALTER payload TYPE jsonb',
    ['Changing total from numeric(12,2) to numeric(14,4) rewrites orders while every query on it waits'],
  ],
  ['a new table', 'CREATE TABLE t (a json); ALTER TABLE t ALTER a TYPE jsonb;', []],
])

table('missing-lock-timeout', [
  [
    'speaks once a script',
    'ALTER TABLE orders ADD a int; ALTER TABLE orders ADD b int; CREATE INDEX ON customers (id);',
    ['Waiting for ACCESS EXCLUSIVE on orders has no limit: no lock_timeout is in force'],
  ],
  [
    'and once for each script',
    ['ALTER TABLE orders ADD a int', 'ALTER TABLE customers ADD b int'],
    [
      'Waiting for ACCESS EXCLUSIVE on orders has no limit: no lock_timeout is in force',
      'Waiting for ACCESS EXCLUSIVE on customers has no limit: no lock_timeout is in force',
    ],
  ],
  ['one is set', "SET lock_timeout = '2s'; ALTER TABLE orders ADD a int;", []],
  [
    'one is set too late',
    "ALTER TABLE orders ADD a int; SET lock_timeout = '2s';",
    ['Waiting for ACCESS EXCLUSIVE on orders has no limit: no lock_timeout is in force'],
  ],
  [
    'zero is none',
    'SET lock_timeout = 0; CREATE INDEX ON orders (note);',
    ['Waiting for SHARE on orders has no limit: no lock_timeout is in force'],
  ],
  [
    'one that is taken back is none',
    "SET lock_timeout = '2s'; RESET lock_timeout; CREATE INDEX ON orders (note);",
    ['Waiting for SHARE on orders has no limit: no lock_timeout is in force'],
  ],
  ['a new table', 'CREATE TABLE t (a int); ALTER TABLE t ADD b int;', []],
  ['a weak lock', 'ALTER TABLE orders ALTER note SET STATISTICS 500', []],
  ['rows', 'UPDATE orders SET note = NULL WHERE id = 1', []],
  ['concurrently', 'CREATE INDEX CONCURRENTLY ON orders (note)', []],
  ['detached concurrently', 'ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY', []],
  ['NOWAIT does not wait', 'BEGIN; LOCK TABLE orders NOWAIT; COMMIT;', []],
])

const SINCE = 'runs while orders is locked against every query since line 1'
table('statement-while-holding-ae', [
  ['two brief changes', 'ALTER TABLE orders ADD a int;\nALTER TABLE orders ADD b int;', []],
  [
    'a change of rows',
    'ALTER TABLE orders ADD a int;\nUPDATE orders SET a = 1 WHERE total > 1;',
    [`UPDATE on orders ${SINCE}`],
  ],
  ['of another table', 'ALTER TABLE orders ADD a int;\nDELETE FROM customers;', [`DELETE on customers ${SINCE}`]],
  ['of one row', 'ALTER TABLE orders ADD a int;\nUPDATE orders SET a = 1 WHERE id = 7;', []],
  ['a few new rows', 'ALTER TABLE customers ADD a int;\nINSERT INTO customers (id) VALUES (1), (2);', []],
  ['in a new table', 'ALTER TABLE orders ADD a int;\nCREATE TABLE t (a int);\nUPDATE t SET a = 1;', []],
  ['a pause', 'ALTER TABLE orders ADD a int;\nSELECT pg_sleep(5);', [`pg_sleep() ${SINCE}`]],
  [
    'a validation has a rule of its own',
    'ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT c;',
    [],
  ],
  ['what has a rule of its own', 'ALTER TABLE orders ADD a int;\nCREATE INDEX ON orders (a);', []],
  ['after COMMIT', 'BEGIN; ALTER TABLE orders ADD a int; COMMIT;\nUPDATE orders SET a = 1;', []],
  ['the other way round', 'UPDATE orders SET note = 1 WHERE total > 1;\nALTER TABLE orders ADD a int;', []],
])

table('ddl-and-data-mixed', [
  [
    'rows first',
    "UPDATE orders SET note = '' WHERE note IS NULL;\nALTER TABLE orders ALTER note SET DEFAULT '';",
    ['The transaction waits for ACCESS EXCLUSIVE on orders while it holds the rows of the UPDATE on orders in line 1'],
  ],
  [
    'schema first, under a lock that lets reads pass',
    "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;\nDELETE FROM orders WHERE note = '';",
    ['DELETE on orders runs while the transaction holds SHARE ROW EXCLUSIVE on orders since line 1'],
  ],
  [
    'schema first, under one that does not: another rule',
    "ALTER TABLE orders ADD a int; DELETE FROM orders WHERE note = '';",
    [],
  ],
  [
    'schema, rows, schema: said at the rows',
    "ALTER TABLE orders ADD a int; DELETE FROM orders WHERE note = ''; ALTER TABLE customers ADD a int;",
    [],
  ],
  ['a single row', 'UPDATE orders SET note = 1 WHERE id = 1; ALTER TABLE orders ADD a int;', []],
  ['rows of a new table', 'CREATE TABLE t AS SELECT 1 a; UPDATE t SET a = 2; ALTER TABLE orders ADD a int;', []],
  ['two transactions', ['DELETE FROM orders WHERE total = 0', 'ALTER TABLE orders ADD a int'], []],
])

const UPDATED = ['UPDATE on orders touches every row that it matches in one transaction']
const COPIED = ['INSERT … SELECT on customers touches every row that it matches in one transaction']
table('unbatched-backfill', [
  ['by a condition', 'UPDATE orders SET note = 1 WHERE total > 1', UPDATED],
  ['by a key', 'UPDATE orders SET note = 1 WHERE id = 1', []],
  ['by keys', 'DELETE FROM orders WHERE orders.id IN (1, 2, 3)', []],
  ['by keys that a query finds', 'UPDATE orders SET note = 1 WHERE id IN (SELECT id FROM customers)', UPDATED],
  ['by a range of keys', 'UPDATE orders SET note = 1 WHERE id BETWEEN 1 AND 5000 AND note IS NULL', []],
  ['a batch', 'DELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE total = 0 LIMIT 500)', []],
  ['by a key or something else', 'UPDATE orders SET note = 1 WHERE id = 1 OR total > 1', UPDATED],
  ['by a join over the key', 'UPDATE orders o SET note = 1 FROM customers c WHERE o.id = c.id', UPDATED],
  ['by a column that is not unique', 'UPDATE orders SET note = 1 WHERE customer_id = 1', UPDATED],
  ['without WHERE: another rule', 'UPDATE orders SET note = 1', []],
  ['from a table', 'INSERT INTO customers SELECT customer_id FROM orders', COPIED],
  ['from a WITH', 'WITH c AS (SELECT customer_id FROM orders) INSERT INTO customers SELECT * FROM c', COPIED],
  ['from nothing', 'INSERT INTO customers SELECT 1 WHERE NOT EXISTS (SELECT FROM customers WHERE id = 1)', []],
  ['into a new table', 'CREATE TABLE t (a bigint); INSERT INTO t SELECT customer_id FROM orders;', []],
  ['under a strong lock: another rule', 'ALTER TABLE orders ADD a int; UPDATE orders SET a = 1 WHERE total > 1;', []],
])

table('not-valid-never-validated', [
  [
    'left for later',
    'ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers NOT VALID',
    ['Constraint orders_customer_id_fkey on orders is NOT VALID, and nothing in this pull request validates it'],
  ],
  [
    'validated by the name that PostgreSQL chose',
    [
      'ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers NOT VALID',
      'ALTER TABLE public.orders VALIDATE CONSTRAINT orders_customer_id_fkey',
    ],
    [],
  ],
  [
    'dropped again',
    ['ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) NOT VALID', 'ALTER TABLE orders DROP CONSTRAINT c'],
    [],
  ],
  ['not enforced', 'ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) NOT ENFORCED', []],
])
