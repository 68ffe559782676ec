import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParsers } from '../../src/sql/parse.js'
import { findingsOf, saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = `
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL, age int, mood mood, code varchar(20));
CREATE TABLE orders (id bigint PRIMARY KEY, person_id bigint REFERENCES people (id));
CREATE INDEX people_name ON people (name);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION f();
`
type Case = readonly [title: string, up: string, down: string, said: readonly string[]]

function table(rule: string, cases: readonly Case[]): void {
  describe(rule, () => {
    test.each(cases)('%s', (_, up, down, said) => {
      expect(saidBy(rule, BASE, [up], { downs: [down] })).toEqual(said)
    })
  })
}

const lost = (gone: string): readonly string[] => [
  `The down script of migrations/0002_step.up.sql drops what was there before up: ${gone}`,
]
table('down-touches-unrelated', [
  ['another table', 'CREATE TABLE a (id int)', 'DROP TABLE a; DROP TABLE orders', lost('table orders')],
  ['the table instead of its new column', 'ALTER TABLE orders ADD a int', 'DROP TABLE orders', lost('table orders')],
  [
    'a column of another table',
    'ALTER TABLE orders ADD age int',
    'ALTER TABLE people DROP age',
    lost('column people.age'),
  ],
  [
    'what a column takes along',
    'ALTER TABLE orders ADD a int',
    'ALTER TABLE people DROP name; ALTER TABLE orders DROP a',
    lost('column people.name; index people_name'),
  ],
  ['an index', 'CREATE INDEX a ON people (age)', 'DROP INDEX a; DROP INDEX people_name', lost('index people_name')],
  ['a trigger', 'CREATE TABLE a (id int)', 'DROP TABLE a; DROP TRIGGER t ON people', lost('trigger t on people')],
  [
    'what up created only if it was missing',
    'CREATE TABLE IF NOT EXISTS orders (id bigint)',
    'DROP TABLE orders',
    lost('table orders'),
  ],
  [
    'a function that up only redefines, with what calls it',
    "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    'DROP FUNCTION f CASCADE',
    lost('function f; trigger t on people'),
  ],
  [
    'another function of the same name',
    "CREATE FUNCTION f(a int, OUT b int) LANGUAGE sql AS 'SELECT a'",
    'DROP FUNCTION f(int)',
    [],
  ],
  [
    'the function of that name that was there, beside the new one',
    "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'",
    'DROP FUNCTION f(integer); DROP FUNCTION f() CASCADE',
    lost('function f; trigger t on people'),
  ],
  ['what up created', 'CREATE TABLE a (id int); CREATE INDEX b ON a (id)', 'DROP INDEX b; DROP TABLE a', []],
  ['what up renamed', 'ALTER TABLE orders RENAME TO bills', 'ALTER TABLE bills RENAME TO orders', []],
  [
    'what up made anew',
    'DROP INDEX people_name; CREATE INDEX people_name ON people (age)',
    'DROP INDEX people_name',
    [],
  ],
  ['IF EXISTS of what is not there', 'CREATE TABLE a (id int)', 'DROP TABLE a; DROP TABLE IF EXISTS b', []],
  [
    'parts of a table that is made anew under other names: that is what up leaves behind',
    'ALTER TABLE people ADD a int',
    'CREATE TABLE n (id bigint PRIMARY KEY); DROP TABLE orders; ALTER TABLE n RENAME TO orders',
    [],
  ],
  [
    'what down drops to make it anew',
    'ALTER TABLE orders ADD a int',
    'ALTER TABLE orders DROP a; DROP INDEX people_name; CREATE INDEX people_name ON people (name)',
    [],
  ],
  [
    'beside text that is run unread',
    'SELECT 1',
    "DROP TABLE orders; DO $$ BEGIN EXECUTE 'CREATE' || ' TABLE orders ()'; END $$",
    [],
  ],
])

test('what down drops beyond its up is said once, not as something that up left', () => {
  const options = { downs: ['DROP TABLE orders'] }
  const up = ['CREATE TABLE a (id int)']
  expect(saidBy('down-touches-unrelated', BASE, up, options)).toHaveLength(1)
  expect(saidBy('down-does-not-cover-up', BASE, up, options)).toEqual([
    'After the down script of migrations/0002_step.up.sql the schema is not what it was before up: table a remains',
  ])
})

test.each([
  ['renamed', 'CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$SELECT 1$$; ALTER FUNCTION g() RENAME TO h', 'h'],
  [
    'moved',
    'CREATE SCHEMA s; CREATE FUNCTION h() RETURNS int LANGUAGE sql AS $$SELECT 1$$; ALTER FUNCTION h() SET SCHEMA s',
    's.h',
  ],
])('a function that up adds beside one that was %s before is what its down drops', (_, base, name) => {
  const up = [`CREATE FUNCTION ${name}(a int) RETURNS int LANGUAGE sql AS 'SELECT a'`]
  const said = (down: string): readonly string[] => saidBy('down-touches-unrelated', base, up, { downs: [down] })
  expect(said(`DROP FUNCTION ${name}(int)`)).toEqual([])
  expect(said(`DROP FUNCTION ${name}(int); DROP FUNCTION ${name}()`)).toHaveLength(1)
})

test('a function that up adds beside one of the same name and that down forgets is left behind', () => {
  const up = ["CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'; CREATE TABLE a (id int)"]
  const said = (downs: readonly string[]): readonly string[] => saidBy('down-does-not-cover-up', BASE, up, { downs })
  expect(said(['DROP TABLE a'])).toEqual([
    'After the down script of migrations/0002_step.up.sql the schema is not what it was before up: function f is defined differently',
  ])
  expect(said(['DROP TABLE a; DROP FUNCTION f(int)'])).toEqual([])
  expect(said(['DROP TABLE a; DROP FUNCTION IF EXISTS f(text)'])).toHaveLength(1)
})

test('an index that up creates was not there, when the history has a line that was not read', () => {
  const base = `${BASE} DO LANGUAGE plpython3u $$ plpy.execute("x") $$;`
  const options = { downs: ['DROP INDEX people_name'] }
  const up = ['CREATE INDEX IF NOT EXISTS people_name ON people (name)']
  expect(saidBy('down-touches-unrelated', base, up, options)).toEqual([])
  expect(saidBy('down-does-not-cover-up', base, up, options)).toEqual([])
  expect(saidBy('down-touches-unrelated', BASE, up, options)).toHaveLength(1)
})

table('down-order-wrong', [
  ['CASCADE', 'SELECT 1', 'DROP TABLE people CASCADE', []],
  ['one statement', 'SELECT 1', 'DROP TABLE people, orders', []],
  [
    'the dependent is never dropped',
    'SELECT 1',
    'DROP TABLE people',
    [
      'The down script drops table people and leaves foreign key orders_person_id_fkey of orders, which depends on it: PostgreSQL refuses',
    ],
  ],
  [
    'only the first of a script',
    'SELECT 1',
    'DROP TYPE mood; DROP FUNCTION f(); DROP TABLE people',
    ['The down script drops type mood before column mood of people, which depends on it: PostgreSQL refuses'],
  ],
  ['the key goes first', 'SELECT 1', 'ALTER TABLE orders DROP CONSTRAINT orders_person_id_fkey; DROP TABLE people', []],
  ['the column goes first', 'SELECT 1', 'ALTER TABLE orders DROP person_id; DROP TABLE people', []],
  ['the column changes its type first', 'SELECT 1', 'ALTER TABLE people ALTER mood TYPE text; DROP TYPE mood', []],
  [
    'beside a line that is not read, which may have dropped it',
    'SELECT 1',
    "DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'orders'; END $$; DROP TABLE people",
    [],
  ],
])

test('an up that drops in the wrong order is no concern of down-order-wrong', () => {
  expect(saidBy('down-order-wrong', BASE, ['DROP TABLE people'])).toEqual([])
})

const DOWN = 'ALTER TABLE people ADD a int; ALTER TABLE people DROP a'
table('lossy-inverse', [
  [
    'overwritten values',
    "UPDATE people SET name = 'x', age = 1 WHERE id > 3",
    DOWN,
    ['UPDATE overwrites name, age of people, and the down script does not bring the old values back'],
  ],
  ['values of a new column', 'ALTER TABLE people ADD b int; UPDATE people SET b = age WHERE age > 1', DOWN, []],
  ['rows of a new table', 'CREATE TABLE b (id int); DELETE FROM b WHERE id > 1', DOWN, []],
  ['where there was no value', 'UPDATE people SET age = 1 WHERE id > 3 AND age IS NULL', DOWN, []],
  ['books of the system', 'UPDATE pg_index SET indisready = false WHERE indrelid = 1', DOWN, []],
  ['undone in down', 'DELETE FROM orders WHERE id = 3', 'INSERT INTO orders VALUES (3, 1)', []],
  ['all rows have rules of their own', 'DELETE FROM orders; UPDATE people SET age = 1', DOWN, []],
  ['a down that does nothing has one too', 'DELETE FROM orders WHERE id = 3', 'SELECT 1', []],
  [
    'a type that is narrow again',
    'ALTER TABLE people ALTER code TYPE varchar(40)',
    'ALTER TABLE people ALTER code TYPE varchar(20)',
    ['The down script makes code of people character varying(20) again: values written since up may not fit'],
  ],
  [
    'NOT NULL again',
    'ALTER TABLE people ALTER name DROP NOT NULL',
    'ALTER TABLE people ALTER name SET NOT NULL',
    ['The down script sets NOT NULL on name of people again: one NULL written since up and it fails'],
  ],
  [
    'NOT NULL again, after the NULLs are filled',
    'ALTER TABLE people ALTER name DROP NOT NULL',
    "UPDATE people SET name = '' WHERE name IS NULL; ALTER TABLE people ALTER name SET NOT NULL",
    [],
  ],
  [
    'a constraint again',
    'ALTER TABLE orders DROP CONSTRAINT orders_person_id_fkey',
    'ALTER TABLE orders ADD CONSTRAINT orders_person_id_fkey FOREIGN KEY (person_id) REFERENCES people (id)',
    [
      'The down script adds foreign key orders_person_id_fkey to orders again: one row written since up that breaks it and it fails',
    ],
  ],
  [
    'a constraint again, for new rows only',
    'ALTER TABLE orders DROP CONSTRAINT orders_person_id_fkey',
    'ALTER TABLE orders ADD CONSTRAINT orders_person_id_fkey FOREIGN KEY (person_id) REFERENCES people (id) NOT VALID',
    [],
  ],
  [
    'one form of a constraint for another',
    'ALTER TABLE people DROP CONSTRAINT people_pkey, ADD CONSTRAINT people_pkey PRIMARY KEY (id, age)',
    'ALTER TABLE people DROP CONSTRAINT people_pkey, ADD CONSTRAINT people_pkey PRIMARY KEY (id)',
    [],
  ],
])

const anew = (type: string, values: string): string => `
  ALTER TYPE ${type} RENAME TO old; CREATE TYPE ${type} AS ENUM (${values});
  ALTER TABLE people ALTER mood TYPE ${type} USING mood::text::${type}; DROP TYPE old`
table('enum-add-not-reversible', [
  [
    'made anew',
    "ALTER TYPE mood ADD VALUE 'glad'",
    anew('mood', "'sad', 'ok'"),
    [
      'The down script makes enum mood anew without glad: that rewrites its columns and fails once a row holds the value',
    ],
  ],
  [
    'taken out of the system’s books',
    "ALTER TYPE mood ADD VALUE 'glad'",
    "DELETE FROM pg_catalog.pg_enum WHERE enumlabel = 'glad'",
    ['The down script takes value glad of enum mood out of pg_enum, which can break indexes and rows that hold it'],
  ],
  [
    'made anew, after the rows that hold it have got another',
    "ALTER TYPE mood ADD VALUE 'glad'",
    `UPDATE people SET mood = 'ok' WHERE mood = 'glad'; ${anew('mood', "'sad', 'ok'")}`,
    [],
  ],
  [
    'made anew, with another value for it',
    "ALTER TYPE mood ADD VALUE 'glad'",
    `ALTER TYPE mood RENAME TO old; CREATE TYPE mood AS ENUM ('ok');
     ALTER TABLE people ALTER mood TYPE mood USING CASE mood::text WHEN 'glad' THEN 'ok' ELSE mood::text END::mood`,
    [],
  ],
  ['left there is said elsewhere', "ALTER TYPE mood ADD VALUE 'glad'", 'ALTER TABLE people DROP age', []],
  [
    'a type that up itself creates',
    "CREATE TYPE pace AS ENUM ('slow'); ALTER TYPE pace ADD VALUE 'fast'",
    'DROP TYPE pace',
    [],
  ],
])

const UP = 'CREATE INDEX CONCURRENTLY people_age ON people (age)'
table('unsafe-down', [
  ['as careful', UP, 'DROP INDEX CONCURRENTLY people_age', []],
  ['an up that is not careful either', 'CREATE INDEX people_age ON people (age)', 'DROP INDEX people_age', []],
  ['a new table', `CREATE TABLE b (id int); CREATE INDEX CONCURRENTLY c ON b (id)`, 'DROP INDEX c; DROP TABLE b', []],
  [
    'less careful',
    UP,
    'DROP INDEX people_age',
    [
      'The down script drops index people_age, which up creates CONCURRENTLY, under a lock that blocks all use of people',
    ],
  ],
  ['a limit in up alone', "SET lock_timeout = '2s'; ALTER TABLE people ADD b int", 'ALTER TABLE people DROP b', []],
])

const block = (condition: string, does = 'DROP TABLE orders;'): string =>
  `DO $$ DECLARE n int; BEGIN ${condition.includes(';') ? condition : `IF ${condition} THEN`} ${does} END IF; END $$`
const hangs = (on: string): readonly string[] => [`Whether this block changes the schema hangs on ${on}`]
table('down-depends-on-environment', [
  ...(
    [
      ["current_setting('app.stage') = 'test'", 'current_setting, which differs from server to server'],
      ['current_database() LIKE $q$prod%$q$', 'current_database, which differs from server to server'],
      ["version() LIKE '%PGlite%'", 'version, which differs from server to server'],
      ["current_user = 'admin'", 'current_user, which differs from server to server'],
      ['inet_server_addr() IS NULL', 'inet_server_addr(), which tells production from any copy of it'],
      [
        "pg_postmaster_start_time() > '2020-01-01'",
        'pg_postmaster_start_time(), which tells production from any copy of it',
      ],
      ["now() > '2026-01-01'", 'now, so that it does otherwise on another day'],
      ["current_date > '2026-01-01'", 'current_date, so that it does otherwise on another day'],
      ['EXISTS (SELECT FROM people)', 'the rows of people, which differ from server to server'],
      ['(SELECT count(*) FROM public.people) < 9', 'the rows of public.people, which differ from server to server'],
      ['SELECT count(*) INTO n FROM people; IF n = 0 THEN', 'the rows of people, which differ from server to server'],
    ] as const
  ).map(([condition, on]): Case => [condition, 'SELECT 1', block(condition), hangs(on)]),
  ...[
    "NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood')",
    "EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'people')",
    "to_regclass('orders') IS NOT NULL",
    "'current_setting(x)' <> ''",
  ].map((condition): Case => [condition, 'SELECT 1', block(condition), []]),
  ['rows by rows', 'SELECT 1', block('EXISTS (SELECT FROM people)', 'UPDATE people SET age = 1;'), []],
  ['a time that is a value', 'SELECT 1', block('n IS NULL', 'CREATE TABLE a (at date DEFAULT current_date);'), []],
])

describe('what a team asks for', () => {
  const asked = (rule: string, up: string, down: string): readonly string[] =>
    saidBy(rule, BASE, [up], { downs: [down], rules: { [rule]: 'warning' } })

  test('what a rollback takes of new data', () => {
    const up = 'CREATE TABLE a (id int); ALTER TABLE people ADD b int'
    expect(asked('down-destroys-new-data', up, 'ALTER TABLE people DROP b; DROP TABLE a')).toEqual([
      'The down script drops column b of people, with every value that was written since up',
    ])
    expect(asked('down-destroys-new-data', up, 'DROP TABLE a')).toEqual([
      'The down script drops table a, with every row that was written since up',
    ])
    expect(asked('down-destroys-new-data', up, 'ALTER TABLE people DROP age; DROP TABLE orders')).toEqual([])
    expect(saidBy('down-destroys-new-data', BASE, [up], { downs: ['DROP TABLE a'] })).toEqual([])
  })

  test('how long a rollback waits', () => {
    const up = "SET lock_timeout = '2s'; ALTER TABLE people ADD b int"
    expect(asked('unsafe-down', up, 'ALTER TABLE people DROP b')).toEqual([
      'Up limits how long it waits for locks, and the down script waits for ACCESS EXCLUSIVE on people without a limit',
    ])
    expect(asked('unsafe-down', up, "SET lock_timeout = '2s'; ALTER TABLE people DROP b")).toEqual([])
  })
})

test('to look for a copy of the server weighs more, and the block is not reported twice', () => {
  const weigh = (rule: string): unknown => {
    const downs = [block('inet_server_addr() IS NULL')]
    return findingsOf(rule, BASE, ['SELECT 1'], { downs }).map(({ severity }) => severity)
  }
  expect([weigh('down-depends-on-environment'), weigh('do-block-ddl')]).toEqual([['error'], []])
})
