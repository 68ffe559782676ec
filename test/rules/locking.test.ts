import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Settings } from '../../src/model/settings.js'
import { loadParsers } from '../../src/sql/parse.js'
import { findingsOf, saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [15, 17, 18], second: true }))

const BASE = `
CREATE DOMAIN quantity AS integer CHECK (VALUE > 0);
CREATE DOMAIN label AS text;
CREATE TABLE customers (id bigint PRIMARY KEY, name label);
CREATE TABLE orders (
  id bigint PRIMARY KEY, customer_id bigint CONSTRAINT orders_customer REFERENCES customers, shop_id bigint,
  number varchar(20) CONSTRAINT orders_number CHECK (number <> ''), town text, placed timestamp, seen timestamp[]
);
CREATE TABLE shops (id bigint PRIMARY KEY, orders_id bigint);
CREATE INDEX orders_town ON orders (town);
CREATE INDEX orders_shop ON orders (shop_id);
CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 (id bigint NOT NULL, at date NOT NULL);
CREATE TABLE logs (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_rest PARTITION OF logs DEFAULT;
CREATE TABLE logs_2024 (id bigint NOT NULL, at date NOT NULL);
CREATE MATERIALIZED VIEW totals AS SELECT customer_id FROM orders;
`
interface More {
  readonly postgres?: number
  readonly large?: readonly string[]
  readonly rules?: Settings['rules']
}
type Case = readonly [title: string, pull: string | readonly string[], said: readonly string[], more?: More]

function table(rule: string, cases: readonly Case[]): void {
  describe(rule, () => {
    test.each(cases)('%s', (_, pull, said, more = {}) => {
      expect(saidBy(rule, BASE, typeof pull === 'string' ? [pull] : pull, more)).toEqual(said)
    })
  })
}

const LIMIT = "SET LOCAL lock_timeout = '2s';"

table('reindex-non-concurrently', [
  [
    'a table',
    'REINDEX TABLE orders',
    ['Rebuilding the indexes of orders stops writes to it and queries that are planned over it'],
  ],
  ['concurrently', 'REINDEX TABLE CONCURRENTLY orders', []],
  ['a table of this pull request', 'CREATE TABLE t (a int PRIMARY KEY); REINDEX TABLE t;', []],
  ['an index that is not there', 'REINDEX INDEX nothing', []],
  ['a schema has a rule of its own', 'REINDEX SCHEMA public', []],
  ['before it could be done concurrently', 'REINDEX TABLE orders', [], { postgres: 11 }],
])

table('set-logged-unlogged', [
  ['unlogged', 'ALTER TABLE orders SET UNLOGGED', ['SET UNLOGGED rewrites orders while every query on it waits']],
  ['logged already', 'ALTER TABLE orders SET LOGGED', []],
  ['one that a permanent table points to fails', 'ALTER TABLE customers SET UNLOGGED', []],
])

table('set-tablespace', [
  [
    'an index',
    'ALTER INDEX orders_town SET TABLESPACE fast',
    ['Moving index orders_town to tablespace fast copies it while queries that are planned over it wait'],
  ],
  ['the index of a new table', 'CREATE TABLE t (a int PRIMARY KEY); ALTER INDEX t_pkey SET TABLESPACE fast;', []],
  ['a partitioned table has no blocks', 'ALTER TABLE events SET TABLESPACE fast', []],
  ['the usual one', 'ALTER TABLE orders SET TABLESPACE pg_default', []],
])

table('set-access-method', [
  ['a partitioned table has no rows', 'ALTER TABLE events SET ACCESS METHOD columnar', []],
  ['before it existed', 'ALTER TABLE orders SET ACCESS METHOD columnar', [], { postgres: 14 }],
])

table('refresh-matview-non-concurrently', [
  [
    'one that was there',
    'REFRESH MATERIALIZED VIEW totals',
    ['Refreshing totals closes it to readers for as long as its query runs'],
  ],
  ['one of this pull request', 'CREATE MATERIALIZED VIEW m AS SELECT 1 a; REFRESH MATERIALIZED VIEW m;', []],
  ['concurrently', 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals', []],
  ['it is emptied', 'REFRESH MATERIALIZED VIEW totals WITH NO DATA', []],
])

table('matview-with-data', [
  ['over a table of this pull request', 'CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t;', []],
  ['over no table', 'CREATE MATERIALIZED VIEW m AS SELECT 1 AS a', []],
  ['an ordinary view', 'CREATE VIEW m AS SELECT id FROM orders', []],
])

test('matview-with-data is worth a warning where a table is known to be large', () => {
  const pull = ['CREATE MATERIALIZED VIEW m AS SELECT id FROM orders']
  const severities = [[], ['orders']].map(
    (large) => findingsOf('matview-with-data', BASE, pull, { large })[0]?.severity,
  )
  expect(severities).toEqual(['notice', 'warning'])
})

table('add-exclusion-constraint', [
  [
    'without a name',
    'ALTER TABLE orders ADD EXCLUDE (number WITH =)',
    ['Adding exclusion constraint on number checks every row of orders while all queries on it wait'],
  ],
  ['a new table', 'CREATE TABLE t (a int, EXCLUDE (a WITH =))', []],
])

const QUANTITY = ['Adding pieces of domain quantity rewrites orders while every query on it waits']
table('add-column-constrained-domain', [
  ['without a default', 'ALTER TABLE orders ADD pieces quantity', QUANTITY],
  ['with a constant one', 'ALTER TABLE orders ADD pieces quantity DEFAULT 1', QUANTITY],
  ['with one for each row: another rule', 'ALTER TABLE orders ADD pieces quantity DEFAULT random()', []],
  ['a domain without a constraint', 'ALTER TABLE orders ADD title label', []],
  ['a new table', 'CREATE TABLE t (a int); ALTER TABLE t ADD pieces quantity;', []],
])

const DEFAULTED = ["Adding state with default 'x' rewrites orders while every query on it waits"]
table('add-column-default-pre-pg11', [
  ['on 10', "ALTER TABLE orders ADD state text DEFAULT 'x'", DEFAULTED, { postgres: 10 }],
  ['on 11', "ALTER TABLE orders ADD state text DEFAULT 'x'", [], { postgres: 11 }],
  ['NULL', 'ALTER TABLE orders ADD state text DEFAULT NULL', [], { postgres: 10 }],
])

const UNLIMITED =
  'LOCK TABLE takes ACCESS EXCLUSIVE on orders until the transaction ends: every query waits, and nothing limits the wait for it'
table('lock-table-explicit', [
  ['as it comes', 'BEGIN; LOCK TABLE orders; COMMIT;', [UNLIMITED]],
  ['NOWAIT', 'BEGIN; LOCK TABLE orders NOWAIT; COMMIT;', []],
  ['with a limit', `BEGIN; ${LIMIT} LOCK TABLE orders; COMMIT;`, []],
  ['a mode that lets writes pass', 'BEGIN; LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE; COMMIT;', []],
  ['a table of this pull request', 'CREATE TABLE t (a int); LOCK TABLE t;', []],
])

table('alter-index-storage-locks', [
  ['one that lets queries pass', 'ALTER INDEX orders_town SET (fillfactor = 70)', []],
  ['with a limit', `${LIMIT} ALTER INDEX orders_town SET (fastupdate = off);`, []],
  ['an index of a new table', 'CREATE TABLE t (a int PRIMARY KEY); ALTER INDEX t_pkey SET (autosummarize = on);', []],
  [
    'two at once',
    'ALTER INDEX orders_town SET (fillfactor = 70, fastupdate = off)',
    ['Changing fastupdate of index orders_town stops every query on orders, and nothing limits the wait for it'],
  ],
])

const ATTACH = "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');"
table('attach-partition-without-check', [
  [
    'nothing proves it',
    ATTACH,
    ['Attaching events_2025 to events reads all of events_2025 while every query on it waits'],
  ],
  [
    'a CHECK proves it',
    [
      "ALTER TABLE events_2025 ADD CONSTRAINT b CHECK (at >= '2025-01-01') NOT VALID",
      'ALTER TABLE events_2025 VALIDATE CONSTRAINT b',
      ATTACH,
    ],
    [],
  ],
  [
    'a CHECK that is not validated does not',
    ["ALTER TABLE events_2025 ADD CONSTRAINT b CHECK (at >= '2025-01-01') NOT VALID", ATTACH],
    ['Attaching events_2025 to events reads all of events_2025 while every query on it waits'],
  ],
  [
    'an index of the parent is missing',
    [
      "ALTER TABLE events_2025 ADD CONSTRAINT b CHECK (at >= '2025-01-01') NOT VALID; CREATE INDEX events_id ON events (id);",
      'ALTER TABLE events_2025 VALIDATE CONSTRAINT b',
      ATTACH,
    ],
    ['Attaching events_2025 to events builds indexes on it while every query on events_2025 waits'],
  ],
  [
    'a table of this pull request',
    `CREATE TABLE n (id bigint NOT NULL, at date NOT NULL); ${ATTACH.replace('events_2025', 'n')}`,
    [],
  ],
])

const SEARCHED = ['logs_2025 becomes a partition of logs: logs_rest is read to the end while every query on it waits']
const OF_LOGS = "CREATE TABLE logs_2025 PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
table('attach-partition-scans-default', [
  ['a new one', OF_LOGS, SEARCHED],
  [
    'a CHECK of the DEFAULT partition rules it out',
    [
      "ALTER TABLE logs_rest ADD CONSTRAINT o CHECK (at < '2024-01-01') NOT VALID",
      'ALTER TABLE logs_rest VALIDATE CONSTRAINT o',
      OF_LOGS,
    ],
    [],
  ],
  ['there is no DEFAULT partition', ATTACH, []],
])

const OF_EVENTS = "CREATE TABLE n PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
table('create-partition-of-locks-parent', [
  ['of one that was there', OF_EVENTS, ['Creating partition n stops every query on events until the transaction ends']],
  [
    'of one of this pull request',
    'CREATE TABLE p (at date) PARTITION BY LIST (at); CREATE TABLE q PARTITION OF p DEFAULT;',
    [],
  ],
  ['where the DEFAULT partition is searched: another rule', OF_LOGS, []],
  ['it is there already', 'CREATE TABLE IF NOT EXISTS events_2024 PARTITION OF events DEFAULT', []],
])

table('drop-partition-locks-parent', [
  [
    'attached',
    'DROP TABLE events_2024',
    ['Dropping partition events_2024 stops every query on events and all its partitions'],
  ],
  ['detached before', ['ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY', 'DROP TABLE events_2024'], []],
  ['the parent goes too', 'DROP TABLE events_2024; DROP TABLE events;', []],
  ['a table by itself', 'DROP TABLE events_2025', []],
])

table('drop-fk-locks-both-tables', [
  [
    'with its column',
    'ALTER TABLE orders DROP COLUMN customer_id',
    [
      'Dropping customer_id of orders takes foreign key orders_customer along and stops every query on customers too, with no limit to the wait',
    ],
  ],
  [
    'with its table',
    'DROP TABLE orders',
    [
      'Dropping orders takes foreign key orders_customer along and stops every query on customers too, with no limit to the wait',
    ],
  ],
  ['another column', 'ALTER TABLE orders DROP COLUMN town', []],
  ['another constraint', 'ALTER TABLE orders DROP CONSTRAINT orders_number', []],
  ['with a limit', `${LIMIT} ALTER TABLE orders DROP CONSTRAINT orders_customer;`, []],
  [
    'to a table of this pull request',
    'CREATE TABLE n (id bigint PRIMARY KEY); ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (shop_id) REFERENCES n NOT VALID; ALTER TABLE orders DROP CONSTRAINT k;',
    [],
  ],
])

const KEY = 'ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (shop_id) REFERENCES shops NOT VALID;'
table('multiple-fks-one-transaction', [
  ['one', KEY, []],
  ['two to one table', `${KEY} ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES shops NOT VALID;`, []],
  ['in two transactions', [KEY, 'ALTER TABLE shops ADD FOREIGN KEY (id) REFERENCES customers NOT VALID'], []],
  ['from a new table', 'CREATE TABLE t (a bigint REFERENCES customers, b bigint REFERENCES shops)', []],
  [
    'with a limit',
    `${LIMIT} ${KEY} ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;`,
    [],
  ],
])

const CHECK = 'ALTER TABLE shops ADD CONSTRAINT c CHECK (id > 0) NOT VALID;'
const VALIDATE = 'ALTER TABLE shops VALIDATE CONSTRAINT c;'
table('validate-while-blocking', [
  [
    'in the transaction that added it',
    `${CHECK} ${VALIDATE}`,
    ['Validating c reads shops while ACCESS EXCLUSIVE on shops is held since line 1'],
  ],
  ['in the next one', [CHECK, VALIDATE], []],
  [
    'after a change of another table',
    [CHECK, `ALTER TABLE orders ADD a int; ${VALIDATE}`],
    ['Validating c reads shops while ACCESS EXCLUSIVE on orders is held since line 1'],
  ],
  ['in two of its own', `BEGIN; ${CHECK} COMMIT; BEGIN; ${VALIDATE} COMMIT;`, []],
  [
    'of a table of this pull request',
    'CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c;',
    [],
  ],
])

table('validate-constraint-scan', [
  [
    'of a large table',
    [CHECK, VALIDATE],
    ['Validating c reads all of shops, which is large; other schema changes and VACUUM wait'],
    { large: ['shops'] },
  ],
  ['of another', [CHECK, VALIDATE], []],
  ['under a stronger lock: another rule', `${CHECK} ${VALIDATE}`, [], { large: ['shops'] }],
])

table('pg18-not-null-not-valid', [
  ['before 18', 'ALTER TABLE orders ADD CHECK (town IS NOT NULL) NOT VALID', [], { postgres: 17 }],
  ['a condition that says more', 'ALTER TABLE orders ADD CHECK (town IS NOT NULL OR shop_id > 1) NOT VALID', []],
  ['in brackets', 'ALTER TABLE orders ADD CHECK (("town") IS NOT NULL) NOT VALID', []],
  [
    'with a quoted name',
    'ALTER TABLE orders ADD CHECK ("town" IS NOT NULL) NOT VALID',
    ['From PostgreSQL 18 on town of orders can be made NOT NULL without the detour over a CHECK'],
  ],
])

table('type-change-rescans-check', [
  [
    'a column with a CHECK',
    'ALTER TABLE orders ALTER number TYPE varchar(40)',
    ['Changing the type of number proves check orders_number for every row of orders while all queries wait'],
  ],
  ['one without', 'ALTER TABLE orders ALTER town TYPE varchar', []],
  ['a change that rewrites the table: another rule', 'ALTER TABLE orders ALTER number TYPE varchar(5)', []],
  ['the CHECK goes first', 'ALTER TABLE orders DROP CONSTRAINT orders_number, ALTER number TYPE varchar(40)', []],
])

table('type-change-rebuilds-index', [
  [
    'a collation',
    'ALTER TABLE orders ALTER town TYPE text COLLATE "C"',
    ['Changing the type of town builds index orders_town of orders anew while every query on it waits'],
  ],
  ['text and varchar sort alike', 'ALTER TABLE orders ALTER town TYPE varchar', []],
])

const ZONED =
  'Changing placed from timestamp without time zone to timestamp with time zone goes by the session’s TimeZone, and rewrites orders unless that is UTC'
const ALTER_PLACED = 'ALTER TABLE orders ALTER placed TYPE timestamptz'
table('timestamp-timezone-dependent', [
  ['in any zone', ALTER_PLACED, [ZONED]],
  ['a plain cast says no zone', `${ALTER_PLACED} USING placed::timestamptz`, [ZONED]],
  ['in UTC', `SET LOCAL TimeZone = 'UTC'; ${ALTER_PLACED};`, []],
  ['by SET TIME ZONE', `SET TIME ZONE 'Etc/UTC'; ${ALTER_PLACED};`, []],
  ['in another one', `SET TIME ZONE 'Europe/Berlin'; ${ALTER_PLACED};`, [ZONED]],
  ['SET LOCAL that has ended', `BEGIN; SET LOCAL TimeZone = 'UTC'; COMMIT; BEGIN; ${ALTER_PLACED}; COMMIT;`, [ZONED]],
  ['the zone is named', `${ALTER_PLACED} USING placed AT TIME ZONE 'UTC'`, []],
  ['an array is rewritten in any zone: another rule', 'ALTER TABLE orders ALTER seen TYPE timestamptz[]', []],
])

const REWRITTEN =
  'Changing placed from timestamp without time zone to timestamp with time zone rewrites orders while every query on it waits'
table('change-column-type-rewrite', [
  ['where the zone is named', `${ALTER_PLACED} USING placed AT TIME ZONE 'UTC'`, [REWRITTEN]],
  ['where it is not: another rule', ALTER_PLACED, []],
])

table('alter-domain-add-constraint', [
  [
    'a CHECK',
    "ALTER DOMAIN label ADD CHECK (VALUE <> '')",
    ['The new constraint of domain label reads all of customers while writes wait'],
  ],
  [
    'NOT NULL',
    'ALTER DOMAIN label SET NOT NULL',
    ['Making domain label NOT NULL reads all of customers while writes wait'],
  ],
  ['NOT VALID', "ALTER DOMAIN label ADD CHECK (VALUE <> '') NOT VALID", []],
  ['nothing uses it', 'ALTER DOMAIN quantity ADD CHECK (VALUE < 9)', []],
  ['only a new table uses it', 'CREATE TABLE t (a quantity); ALTER DOMAIN quantity ADD CHECK (VALUE < 9);', []],
])

const WRITES = ['Building index i blocks every write to orders until it is done']
table('create-index-non-concurrently', [
  [
    'after a change of the table in the same transaction',
    'ALTER TABLE orders ADD a int; CREATE INDEX i ON orders (a);',
    ['Building index i keeps orders closed to reads and writes: line 1 has locked it in the same transaction'],
  ],
  ['after a change of another table', 'ALTER TABLE shops ADD a int; CREATE INDEX i ON orders (town);', WRITES],
  ['after a lock that lets readers pass', `${KEY} CREATE INDEX i ON orders (shop_id);`, WRITES],
  ['in another transaction', ['ALTER TABLE orders ADD a int', 'CREATE INDEX i ON orders (a)'], WRITES],
])

table('long-concurrent-build', [
  [
    'a large table',
    'CREATE INDEX CONCURRENTLY ON orders (town)',
    ['Building an index on orders, which is large, takes long and waits for every older transaction'],
    { large: ['orders'] },
  ],
  [
    'an index of one',
    'REINDEX INDEX CONCURRENTLY orders_town',
    ['Building an index on orders, which is large, takes long and waits for every older transaction'],
    { large: ['orders'] },
  ],
  ['another', 'CREATE INDEX CONCURRENTLY ON orders (town)', []],
])

const HOT = 'This takes ACCESS EXCLUSIVE on orders, which is large, and nothing limits the wait for it'
table('high-traffic-table-ddl', [
  ['a brief change', 'ALTER TABLE orders ADD a int', [HOT], { large: ['orders'] }],
  [
    'a table that a new one points to',
    'CREATE TABLE t (a bigint REFERENCES orders)',
    [HOT.replace('ACCESS', 'SHARE ROW')],
    { large: ['orders'] },
  ],
  ['with a limit', `${LIMIT} ALTER TABLE orders ADD a int;`, [], { large: ['orders'] }],
  ['what reads it has rules of its own', 'ALTER TABLE orders ADD CHECK (id > 0)', [], { large: ['orders'] }],
  ['another table', 'ALTER TABLE orders ADD a int', [], { large: ['shops'] }],
])

table('partition-fanout-lock', [
  ['fewer', 'ALTER TABLE events ADD a int', []],
  [
    'as many',
    'ALTER TABLE events ADD a int',
    ['This takes ACCESS EXCLUSIVE on 2 tables at once, events and events_2024 among them'],
    { rules: { 'partition-fanout-lock': { options: { tables: 2 } } } },
  ],
])

table('wide-lock-window', [
  [
    'two tables',
    'ALTER TABLE orders ADD a int; ALTER TABLE shops ADD a int;',
    ['orders stays closed since line 1 while this waits for shops, with no limit to the wait'],
  ],
  ['the first again', 'ALTER TABLE orders ADD a int; ALTER TABLE orders ADD b int;', []],
  ['the first is gone', 'DROP TABLE shops; ALTER TABLE orders ADD b int;', []],
  ['one of them new', 'CREATE TABLE t (a int); ALTER TABLE t ADD b int; ALTER TABLE orders ADD a int;', []],
  ['in two transactions', ['ALTER TABLE orders ADD a int', 'ALTER TABLE shops ADD a int'], []],
  ['a weaker lock', `ALTER TABLE customers ADD a int; ${KEY}`, []],
  ['with a limit', `${LIMIT} ALTER TABLE orders ADD a int; ALTER TABLE shops ADD a int;`, []],
])

table('create-then-rewrite', [
  [
    'dropped',
    ['ALTER TABLE orders ADD a int', 'ALTER TABLE orders DROP a'],
    ['Column a of orders is dropped in the pull request that adds it'],
  ],
  [
    'renamed',
    ['ALTER TABLE orders ADD a int', 'ALTER TABLE orders RENAME a TO b'],
    ['Column a of orders gets another name in the pull request that adds it'],
  ],
  [
    'it takes the place of another',
    ['ALTER TABLE orders ADD town_id int', 'ALTER TABLE orders DROP town', 'ALTER TABLE orders RENAME town_id TO town'],
    [],
  ],
  ['within one file', 'ALTER TABLE orders ADD a int; ALTER TABLE orders DROP a;', []],
  ['an old column', 'ALTER TABLE orders RENAME town TO place', []],
  ['a column of a new table', ['CREATE TABLE t (a int)', 'ALTER TABLE t RENAME a TO b'], []],
])

table('multiple-alter-same-table', [
  ['in one transaction the lock is held already', 'ALTER TABLE orders ADD a int; ALTER TABLE orders ADD b int;', []],
  [
    'two passes',
    'ALTER TABLE orders ALTER town SET NOT NULL; ALTER TABLE orders ALTER shop_id SET NOT NULL;',
    ['orders is gone through twice in a row: the same actions in one ALTER TABLE go through it once'],
  ],
  ['of two tables', 'ALTER TABLE orders ALTER town SET NOT NULL; ALTER TABLE shops ALTER orders_id SET NOT NULL;', []],
  [
    'something between them',
    'ALTER TABLE orders ALTER town SET NOT NULL; SELECT 1; ALTER TABLE orders ALTER shop_id SET NOT NULL;',
    [],
  ],
])

const ZERO = 'lock_timeout = 0 is no limit: line 1 waits for ACCESS EXCLUSIVE on orders as long as it takes'
table('lock-timeout-zero', [
  ['before a strong lock', 'SET lock_timeout = 0; ALTER TABLE orders ADD a int;', [ZERO]],
  ['with a unit', "SET lock_timeout = '0s'; ALTER TABLE orders ADD a int;", [ZERO]],
  ['before something concurrent', 'SET lock_timeout = 0; CREATE INDEX CONCURRENTLY ON orders (town);', []],
  ['before new tables, as dumps have it', 'SET lock_timeout = 0; CREATE TABLE t (a int); ALTER TABLE t ADD b int;', []],
  ['set again', "SET lock_timeout = 0; SET lock_timeout = '2s'; ALTER TABLE orders ADD a int;", []],
])

table('lock-timeout-set-too-late', [
  ['after a harmless statement', `CREATE TABLE t (a int); ${LIMIT} ALTER TABLE orders ADD a int;`, []],
  [
    'after a strong lock',
    `ALTER TABLE orders ADD a int; ${LIMIT}`,
    ['lock_timeout comes too late: line 1 has waited for ACCESS EXCLUSIVE on orders without a limit by then'],
  ],
  ['after a strong lock, to nothing', 'ALTER TABLE orders ADD a int; SET lock_timeout = 0;', []],
])

const GONE = (by: string): string =>
  `lock_timeout has gone with the ${by} before line 1, which waits for ACCESS EXCLUSIVE on orders without a limit`
table('lock-timeout-not-in-effect', [
  ['LOCAL in the transaction of the tool', `${LIMIT} ALTER TABLE orders ADD a int;`, []],
  [
    'LOCAL, and the transaction has ended',
    `BEGIN; ${LIMIT} SELECT 1; COMMIT; ALTER TABLE orders ADD a int;`,
    [GONE('COMMIT')],
  ],
  [
    'not LOCAL, and it was rolled back',
    "BEGIN; SET lock_timeout = '2s'; ROLLBACK; ALTER TABLE orders ADD a int;",
    [GONE('ROLLBACK')],
  ],
  ['not LOCAL, and committed', "BEGIN; SET lock_timeout = '2s'; COMMIT; ALTER TABLE orders ADD a int;", []],
  ['taken back by will', "SET lock_timeout = '2s'; RESET lock_timeout; ALTER TABLE orders ADD a int;", []],
])

table('lock-timeout-too-long', [
  ['short enough', "SET lock_timeout = '10s'; ALTER TABLE orders ADD a int;", []],
  [
    'too long',
    'SET lock_timeout = 11000; ALTER TABLE orders ADD a int;',
    ['lock_timeout lets orders be closed for 11 s while ACCESS EXCLUSIVE on it is waited for'],
  ],
  ['nothing waits for it', "SET lock_timeout = '1h'; CREATE TABLE t (a int);", []],
  [
    'allowed by the team',
    "SET lock_timeout = '1min'; ALTER TABLE orders ADD a int;",
    [],
    { rules: { 'lock-timeout-too-long': { options: { milliseconds: 60_000 } } } },
  ],
])

table('citus-ddl', [
  [
    'a reference table',
    "SELECT create_reference_table('public.shops')",
    ['create_reference_table() moves the rows of public.shops while writes to it wait'],
  ],
  ['concurrently', "SELECT create_distributed_table_concurrently('orders', 'id')", []],
])

table('timescale-hypertable-ddl', [
  ['a table that must be empty', "SELECT create_hypertable('orders', 'placed')", []],
  ['a new table', "CREATE TABLE t (at timestamptz); SELECT create_hypertable('t', 'at', migrate_data => true);", []],
])

describe('rules that a team turns on', () => {
  test.each([
    ['missing-statement-timeout', LIMIT, "SET statement_timeout = '1min';"],
    ['missing-idle-in-transaction-timeout', LIMIT, "SET idle_in_transaction_session_timeout = '1min';"],
    ['missing-transaction-timeout', LIMIT, "SET transaction_timeout = '1min';"],
    ['missing-application-name', LIMIT, "SET application_name = 'migrations';"],
  ])('%s', (rule, before, cure) => {
    const sql = 'ALTER TABLE orders ADD a int;'
    const said = (text: string, rules: Settings['rules']): number => saidBy(rule, BASE, [text], { rules }).length
    expect(said(`${before} ${sql}`, {})).toBe(0)
    expect(said(`${before} ${sql}`, { [rule]: 'notice' })).toBe(1)
    expect(said(`${cure} ${before} ${sql}`, { [rule]: 'notice' })).toBe(0)
    expect(said(`${before} CREATE TABLE t (a int);`, { [rule]: 'notice' })).toBe(0)
  })
})
