import { beforeAll, describe, expect, test } from '@jest/globals'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = `
CREATE TABLE tenants (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL REFERENCES tenants (id),
  email text NOT NULL,
  balance bigint NOT NULL DEFAULT 0,
  rate numeric(12, 4),
  code varchar(40),
  seen_at timestamptz,
  UNIQUE (tenant_id, email),
  CHECK (balance > rate)
);
CREATE INDEX accounts_code ON accounts (code) INCLUDE (seen_at);
CREATE TYPE state AS ENUM ('open', 'closed');
CREATE DOMAIN zone AS text DEFAULT 'utc';
`

type Judged = readonly [title: string, up: string, expected: readonly string[], down?: string]

/** The families at hand: those of lost data, of code that is deployed, of the way back. */
const FAMILIES =
  /^(drop-(table|column|schema|cascade|and|primary)|truncate|delete-|update-|type-narrowing|rename-|add-required|not-null-|missing-down|empty-down|irreversible-|down-|empty-migration)/

/** What these rules say of a pull request that adds one migration to BASE, as `rule: message`; the message may be left out. */
function judge(up: string, down: string | undefined): readonly { rule: string; message: string }[] {
  const base = new Map([
    ['migrations/0001_base.up.sql', { text: BASE }],
    ['migrations/0001_base.down.sql', { text: '-- irreversible: everything is built on it' }],
  ])
  const head = new Map([...base, ['migrations/0002_change.up.sql', { text: up }]])
  head.set('migrations/0002_change.down.sql', { text: down ?? '-- irreversible: not what is tested here' })
  const input = { base, head, settings: DEFAULTS, today: '2026-01-15', mode: 'pull' as const }
  return analyse(input).findings.filter(({ rule }) => FAMILIES.test(rule))
}

const groups: Readonly<Record<string, readonly Judged[]>> = {
  'dropped tables': [
    ['an existing one', 'DROP TABLE accounts', ['drop-table']],
    ['one of this pull request', 'CREATE TABLE t (id int); DROP TABLE t', []],
    [
      'one put aside by an earlier release has another name',
      'ALTER TABLE accounts RENAME TO accounts_deprecated',
      ['rename-table'],
    ],
    [
      'putting it aside in the same pull request is no warning',
      'ALTER TABLE accounts RENAME TO accounts_deprecated; DROP TABLE accounts_deprecated',
      ['drop-table', 'rename-table'],
    ],
    ['one that cannot be there', 'DROP TABLE IF EXISTS nothing', []],
    [
      'with dependents',
      'DROP TABLE tenants CASCADE',
      ['drop-table-cascade: foreign key accounts_tenant_id_fkey of accounts'],
    ],
    [
      'made again',
      'DROP TABLE accounts; CREATE TABLE accounts (id int)',
      ['drop-and-recreate-table: with indexes, grants'],
    ],
    [
      'made again, with force',
      'DROP TABLE accounts CASCADE; CREATE TABLE accounts (id int)',
      ['drop-and-recreate-table: with CASCADE'],
    ],
    ['the books are another rule’s', 'DROP TABLE schema_migrations', ['down-touches-version-table']],
  ],
  'dropped columns': [
    [
      'an existing one',
      'ALTER TABLE accounts DROP COLUMN rate',
      ['drop-column', 'drop-column-drops-constraint: CHECK constraint'],
    ],
    ['one of this pull request', 'ALTER TABLE accounts ADD COLUMN x int; ALTER TABLE accounts DROP COLUMN x', []],
    ['one that cannot be there', 'ALTER TABLE accounts DROP COLUMN IF EXISTS nothing', []],
    [
      'part of a unique rule',
      'ALTER TABLE accounts DROP COLUMN email',
      ['drop-column', 'drop-column-drops-constraint: UNIQUE constraint'],
    ],
    [
      'in the INCLUDE list of an index',
      'ALTER TABLE accounts DROP COLUMN seen_at',
      ['drop-column', 'drop-column-drops-constraint: index accounts_code'],
    ],
    [
      'what goes with it is built anew',
      'ALTER TABLE accounts DROP COLUMN seen_at; CREATE INDEX accounts_code_only ON accounts (code)',
      ['drop-column'],
    ],
    [
      'part of the primary key',
      'ALTER TABLE accounts DROP COLUMN id',
      ['drop-column', 'drop-primary-key: primary key accounts_pkey'],
    ],
    [
      'a new name for it',
      'ALTER TABLE accounts DROP COLUMN code; ALTER TABLE accounts ADD COLUMN short_code text',
      ['drop-and-add-column: adds short_code', 'drop-column-drops-constraint: index'],
    ],
    [
      'another type under the same name',
      'ALTER TABLE accounts DROP COLUMN rate, ADD COLUMN rate text',
      ['drop-and-add-column: again as text', 'drop-column-drops-constraint'],
    ],
    [
      'the values are copied first',
      'ALTER TABLE accounts ADD COLUMN label text; UPDATE accounts SET label = code WHERE id < 100; ALTER TABLE accounts DROP COLUMN code',
      ['drop-column', 'drop-column-drops-constraint'],
    ],
    [
      'a column of quite another type',
      'ALTER TABLE accounts DROP COLUMN code, ADD COLUMN active boolean',
      ['drop-column', 'drop-column-drops-constraint'],
    ],
  ],
  'schemas and cascades': [
    ['a schema of this pull request', 'CREATE SCHEMA x; DROP SCHEMA x CASCADE', []],
    ['a schema', 'DROP SCHEMA x CASCADE', ['drop-schema: every table in it']],
    ['a schema that must be empty', 'DROP SCHEMA x', ['drop-schema: fails while']],
    ['a type takes columns', 'DROP TYPE state CASCADE', ['drop-cascade: every column of its type']],
    ['a type of this pull request', "CREATE TYPE t AS ENUM ('a'); DROP TYPE t CASCADE", []],
    ['a constraint', 'ALTER TABLE accounts DROP CONSTRAINT accounts_tenant_id_email_key CASCADE', ['drop-cascade']],
    ['what a role owns', 'DROP OWNED BY intern', ['drop-cascade: everything that a role owns']],
  ],
  rows: [
    ['truncate', 'TRUNCATE accounts', ['truncate']],
    ['truncate of a new table', 'CREATE TABLE t (id int); TRUNCATE t', []],
    ['truncate that reaches others', 'TRUNCATE tenants CASCADE', ['truncate-cascade: accounts']],
    ['delete all', 'DELETE FROM accounts', ['delete-without-where']],
    ['delete where true', 'DELETE FROM accounts WHERE 1 = 1', ['delete-without-where: always true']],
    ['delete some', "DELETE FROM accounts WHERE email = 'a'", []],
    ['update all', 'UPDATE accounts SET balance = 0', ['update-without-where: Overwrites balance']],
    ['update where true', 'UPDATE accounts SET balance = 0 WHERE true', ['update-without-where']],
    ['update a new table', 'CREATE TABLE t (id int); UPDATE t SET id = 1', []],
    ['join on both', 'UPDATE accounts SET email = t.name FROM tenants t WHERE t.id = accounts.tenant_id', []],
    ['join by bare columns', 'UPDATE accounts a SET email = t.name FROM tenants t WHERE t.id = tenant_id', []],
    ['join on nothing', 'UPDATE accounts SET email = t.name FROM tenants t', ['update-from-without-binding']],
    [
      'a condition on one side',
      "UPDATE accounts SET email = t.name FROM tenants t WHERE t.name <> 'x'",
      ['update-from-without-binding'],
    ],
    [
      'a bare condition',
      "UPDATE accounts SET email = t.name FROM tenants t WHERE email = 'x'",
      ['update-from-without-binding'],
    ],
  ],
  types: [
    ['bigint to integer', 'ALTER TABLE accounts ALTER balance TYPE integer', ['type-narrowing: outside the new range']],
    ['fewer decimals', 'ALTER TABLE accounts ALTER rate TYPE numeric(12, 2)', ['type-narrowing: rounded away']],
    ['fewer digits', 'ALTER TABLE accounts ALTER rate TYPE numeric(8, 4)', ['type-narrowing: outside the new range']],
    ['shorter', 'ALTER TABLE accounts ALTER code TYPE varchar(10)', ['type-narrowing: longer value']],
    ['a day of a time', 'ALTER TABLE accounts ALTER seen_at TYPE date', ['type-narrowing: rest of each timestamp']],
    [
      'text to a number',
      'ALTER TABLE accounts ALTER code TYPE integer USING code::integer',
      ['type-narrowing: does not fit'],
    ],
    ['longer', 'ALTER TABLE accounts ALTER code TYPE varchar(80)', []],
    ['without a limit', 'ALTER TABLE accounts ALTER code TYPE text', []],
    ['a new column', 'ALTER TABLE accounts ADD COLUMN x bigint; ALTER TABLE accounts ALTER x TYPE integer', []],
  ],
  keys: [
    ['dropped', 'ALTER TABLE accounts DROP CONSTRAINT accounts_pkey', ['drop-primary-key: puts no other']],
    ['replaced', 'ALTER TABLE accounts DROP CONSTRAINT accounts_pkey, ADD PRIMARY KEY (tenant_id, id)', []],
    ['another constraint', 'ALTER TABLE accounts DROP CONSTRAINT accounts_check', []],
  ],
  'code that is deployed': [
    ['rename a table', 'ALTER TABLE accounts RENAME TO users', ['rename-table']],
    ['a view keeps the name', 'ALTER TABLE accounts RENAME TO users; CREATE VIEW accounts AS SELECT * FROM users', []],
    [
      'a new table takes the place',
      'CREATE TABLE n (id int); ALTER TABLE accounts RENAME TO o; ALTER TABLE n RENAME TO accounts',
      [],
    ],
    ['rename a column', 'ALTER TABLE accounts RENAME code TO label', ['rename-column']],
    ['rename a new column', 'ALTER TABLE accounts ADD x int; ALTER TABLE accounts RENAME x TO y', []],
    ['rename a value', "ALTER TYPE state RENAME VALUE 'open' TO 'new'", ['rename-enum-value']],
    ['rename a value of a new type', "CREATE TYPE s AS ENUM ('a'); ALTER TYPE s RENAME VALUE 'a' TO 'b'", []],
    [
      'rename a value that was just added',
      "ALTER TYPE state ADD VALUE 'x'; ALTER TYPE state RENAME VALUE 'x' TO 'y'",
      [],
    ],
    ['required', 'ALTER TABLE accounts ADD x int NOT NULL', ['add-required-column']],
    [
      'required, with a default of NULL',
      'ALTER TABLE accounts ADD x int NOT NULL DEFAULT NULL',
      ['add-required-column'],
    ],
    ['required, with a default', 'ALTER TABLE accounts ADD x int NOT NULL DEFAULT 0', []],
    ['required, from its domain', 'ALTER TABLE accounts ADD x zone NOT NULL', []],
    ['required, identity', 'ALTER TABLE accounts ADD x int NOT NULL GENERATED ALWAYS AS IDENTITY', []],
    ['required, generated', 'ALTER TABLE accounts ADD x bigint NOT NULL GENERATED ALWAYS AS (balance * 2) STORED', []],
    ['required in a new table', 'CREATE TABLE t (id int); ALTER TABLE t ADD x int NOT NULL', []],
    [
      'a default that goes',
      'ALTER TABLE accounts ADD x int NOT NULL DEFAULT 0; ALTER TABLE accounts ALTER x DROP DEFAULT',
      ['not-null-column-default-dropped'],
    ],
    [
      'a default that goes, nullable',
      'ALTER TABLE accounts ADD x int DEFAULT 0; ALTER TABLE accounts ALTER x DROP DEFAULT',
      [],
    ],
    ['the default of an old column', 'ALTER TABLE accounts ALTER balance DROP DEFAULT', []],
  ],
  'the way back': [
    ['empty, after rows only', "INSERT INTO tenants VALUES (1, 'a')", [], '-- nothing'],
    ['empty, after a table', 'CREATE TABLE t (id int)', ['empty-down'], '-- nothing'],
    [
      'empty, after a table made in a block',
      'DO $$ BEGIN CREATE TABLE t (id int); END $$',
      ['empty-down'],
      '-- nothing',
    ],
    ['SELECT 1', 'CREATE TABLE t (id int)', ['empty-down'], 'SELECT 1'],
    [
      'empty, after a table that lives as long as the transaction',
      'CREATE TEMPORARY TABLE picked (id bigint) ON COMMIT DROP; INSERT INTO picked SELECT id FROM tenants WHERE id > 1',
      [],
      '-- rows only',
    ],
    [
      'empty, after repairs that find nothing to repair',
      'CREATE INDEX IF NOT EXISTS accounts_code ON accounts (code); ALTER TABLE accounts DROP CONSTRAINT IF EXISTS code_key',
      [],
      '-- see up',
    ],
    ['empty, after a comment', "COMMENT ON TABLE tenants IS 'who pays'", ['empty-down'], '-- nothing'],
    [
      'said to be impossible',
      'CREATE TABLE t (id int)',
      [],
      '-- irreversible: the table is read by another service at once',
    ],
    [
      'said to be impossible, without a reason',
      'CREATE TABLE t (id int)',
      ['irreversible-without-reason'],
      '-- irreversible',
    ],
    ['half', 'CREATE TABLE t (id int); CREATE TABLE u (id int)', ['down-does-not-cover-up: u'], 'DROP TABLE t'],
    ['whole', 'CREATE TABLE t (id int); CREATE TABLE u (id int)', [], 'DROP TABLE u; DROP TABLE t'],
    [
      'a default left behind',
      'ALTER TABLE accounts ALTER code SET DEFAULT 1, ADD x int',
      ['down-does-not-cover-up'],
      'ALTER TABLE accounts DROP COLUMN x',
    ],
    [
      'a default that is written another way',
      'ALTER TABLE accounts DROP COLUMN balance',
      ['drop-column', 'drop-column-drops-constraint'],
      'ALTER TABLE accounts ADD balance bigint NOT NULL DEFAULT  0, ADD CHECK (BALANCE  >  rate)',
    ],
    [
      'a foreign key that now cascades',
      'ALTER TABLE accounts DROP CONSTRAINT accounts_tenant_id_fkey; ' +
        'ALTER TABLE accounts ADD FOREIGN KEY (tenant_id) REFERENCES tenants ON DELETE CASCADE NOT VALID',
      [
        'down-does-not-cover-up: is foreign key (tenant_id) to tenants (id) ON DELETE CASCADE, was foreign key (tenant_id) to tenants (id)',
      ],
      'ALTER TABLE accounts DROP CONSTRAINT accounts_tenant_id_fkey; ' +
        'ALTER TABLE accounts ADD FOREIGN KEY (tenant_id) REFERENCES tenants ON DELETE CASCADE',
    ],
    [
      'a trigger that goes with its function',
      'CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; ' +
        'CREATE TRIGGER touch BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touch()',
      [],
      'DROP FUNCTION touch CASCADE',
    ],
    ['text that cannot be read', 'CREATE TABLE t (id int)', [], "DO $$ BEGIN EXECUTE 'DROP TABLE ' || 't'; END $$"],
    [
      'the books',
      'CREATE TABLE t (id int)',
      ['down-touches-version-table'],
      'DROP TABLE t; DELETE FROM schema_migrations',
    ],
  ],
}

describe.each(Object.entries(groups))('%s', (_, cases) => {
  test.each(cases.map((judged) => [judged[0], judged] as const))('%s', (_title, [, up, expected, down]) => {
    const found = judge(up, down)
    expect(found.map(({ rule }) => rule).sort()).toEqual(expected.map((text) => text.split(':')[0]).sort())
    for (const [rule, words] of expected.map((text) => text.split(': '))) {
      if (words !== undefined) expect(found.find((finding) => finding.rule === rule)?.message).toContain(words)
    }
  })
})
