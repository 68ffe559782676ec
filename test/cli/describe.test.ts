import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { dba } from '../support/dba.js'
import { scratch, type Scratch } from '../support/scratch.js'

/** A history in which tables are made, changed by statement, block and cascade, and renamed. */
const HISTORY: Readonly<Record<string, string>> = {
  '000001_shop.up.sql': `CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL);
CREATE TABLE purchases (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    state state NOT NULL DEFAULT 'new'
);
COMMENT ON TABLE purchases IS 'What customers have ordered.';
`,
  '000002_lines.up.sql': `CREATE TABLE lines (purchase_id bigint NOT NULL REFERENCES purchases (id), amount numeric(10, 2) CHECK (amount > 0));
CREATE INDEX lines_purchase_idx ON lines (purchase_id);
`,
  '000003_orders.up.sql': 'ALTER TABLE purchases RENAME TO orders;\n',
  '000004_notes.up.sql': `DO $$ BEGIN EXECUTE 'ALTER TABLE orders ADD COLUMN note character varying(80)'; END $$;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders FOR SELECT USING (customer_id = 1);
`,
  '000005_index.up.sql': 'CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state);\n',
  '000006_free.up.sql': `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE orders ALTER COLUMN state DROP DEFAULT;
`,
  '000007_days.up.sql': `CREATE SCHEMA log;
CREATE TABLE log.days (day date NOT NULL, customer_id bigint) PARTITION BY RANGE (day);
CREATE TABLE log.days_2026 PARTITION OF log.days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE "Order" ("Id" integer);
CREATE VIEW paid AS SELECT id FROM orders WHERE state = 'paid';
`,
}

let repository: Scratch
beforeEach(() => {
  repository = scratch()
  repository.write('go.mod', 'module example.com/shop\n')
  for (const [name, text] of Object.entries(HISTORY)) repository.write(`migrations/${name}`, text)
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'seven migrations')
})
afterEach(() => repository.dispose())

function described(...args: readonly string[]) {
  return dba(repository.folder, ['describe', '--sandbox', 'pglite', ...args])
}

test('a table is shown with its ties and with which revision wrote what', async () => {
  const { code, out, err } = await described('orders')
  expect(err).toBe('')
  expect(out.replace(/PostgreSQL [\d.]+/, 'PostgreSQL')).toBe(`orders  table
  What customers have ordered.
  Created by 1, last changed by 6. As 7 revisions make it on PostgreSQL (pglite)

Columns
  column       type                             revision
  id           bigint                 not null  1
  customer_id  bigint                 not null  1
  state        state                  not null  1, changed by 6
  note         character varying(80)            4

Constraints
  purchases_pkey  1
    PRIMARY KEY (id)

Indexes
  orders_state_idx  5
    CREATE INDEX orders_state_idx ON orders USING btree (state)

Refers to
  customer_id → customers (id) ON DELETE CASCADE · purchases_customer_id_fkey  1

Referred to by
  lines (purchase_id) → id · lines_purchase_id_fkey  2

Triggers
  touched  6
    CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()

Policies (row security is on)
  own  4
    FOR SELECT TO PUBLIC USING ((customer_id = 1))
`)
  expect(code).toBe(0)
})

test('a partitioned table names its partitions, and a partition what it is one of', async () => {
  const whole = await described('log.days')
  expect(whole.out).toContain('log.days  partitioned table, partitioned by RANGE (day)\n')
  expect(whole.out).toContain("Partitions\n  log.days_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')\n")
  const part = await described('DAYS_2026')
  expect(part.out).toMatch(/^log\.days_2026 {2}table, partition of log\.days FOR VALUES FROM \('2026-01-01'\)/)
})

describe('what is not committed counts', () => {
  beforeEach(() => {
    repository.write(
      'migrations/000008_more.up.sql',
      'DROP INDEX orders_state_idx;\nCREATE TABLE log.orders (id int);\n',
    )
    repository.write('.github/dba.yml', 'tables: { large: [orders] }\n')
  })

  test('an index that is gone has changed its table', async () => {
    const { out } = await described('orders', '--config', '.github/dba.yml')
    expect(out).toMatch(/^orders {2}table, large\n/)
    expect(out).toContain('Created by 1, last changed by 8.')
    expect(out).not.toContain('orders_state_idx')
  })

  test('and --head leaves it out', async () => {
    const { out } = await described('orders', '--head', 'main')
    expect(out).toContain('last changed by 6.')
  })

  test('a name that only other schemas have is asked about', async () => {
    repository.write('migrations/000009_two.up.sql', 'CREATE SCHEMA x;\nCREATE TABLE x.days (id int);\n')
    const { code, out, err } = await described('days')
    expect(err).toContain('days may be log.days or x.days; name the schema.')
    expect([code, out]).toEqual([2, ''])
  })
})

test('what could not run is said, since the table may be another in truth', async () => {
  repository.write('migrations/000008_ext.up.sql', 'ALTER TABLE orders ADD COLUMN place nowhere.geometry;\n')
  const { code, out } = await described('orders')
  expect(out).toContain('The table may be another in truth\n')
  expect(out).toContain('  - migrations/000008_ext.up.sql:1: schema "nowhere" does not exist\n')
  const json = JSON.parse((await described('orders', '--format', 'json')).out) as Json
  expect(json.tables[0]?.complete).toBe(false)
  expect(json.tables[0]?.missing).toEqual([
    {
      sql: 'ALTER TABLE orders ADD COLUMN place nowhere.geometry',
      path: 'migrations/000008_ext.up.sql',
      line: 1,
      reason: 'schema "nowhere" does not exist',
    },
  ])
  expect(code).toBe(0)
})

interface Json {
  readonly version: number
  readonly tables: readonly Readonly<Record<string, unknown>>[]
}

test('programs read the same as JSON, with names as PostgreSQL writes them', async () => {
  const { code, out } = await described('lines', '--format', 'json')
  const { version, tables } = JSON.parse(out) as Json
  expect([code, version, tables.length]).toEqual([0, 1, 1])
  expect(tables[0]).toMatchObject({
    project: { framework: 'golang-migrate', root: 'migrations' },
    name: 'public.lines',
    kind: 'table',
    size: 'unknown',
    rowSecurity: 'off',
    created: '2',
    changed: '2',
    complete: true,
    missing: [],
    columns: [
      { name: 'purchase_id', type: 'bigint', notNull: true, value: null, comment: null, created: '2', changed: '2' },
      { name: 'amount', type: 'numeric(10,2)', notNull: false },
    ],
    constraints: [{ name: 'lines_amount_check', definition: 'CHECK ((amount > (0)::numeric))' }],
    references: [{ from: 'public.lines', columns: ['purchase_id'], to: 'public.orders', toColumns: ['id'] }],
    referencedBy: [],
    seen: { sandbox: 'pglite', revisions: 7 },
  })
})

test.each([
  ['a slip', ['ordrs'], /The migrations make no table ordrs\. Did you mean .*orders/],
  ['a name that is near to nothing', ['zzzzzzzz'], /There are log\.days, .*Order, customers, lines, orders, paid\./],
  ['no sandbox', ['orders', '--sandbox', 'none'], /--sandbox none runs nothing/],
  ['an empty name', [''], /name a table/],
  ['a format that is for reviews', ['orders', '--format', 'sarif'], /Allowed choices are terminal, json/],
])('%s is refused with exit code 2', async (_, args, message) => {
  const { code, out, err } = await described(...args)
  expect(err).toMatch(message)
  expect([code, out]).toEqual([2, ''])
})

test('a table that only what could not run would have made is told so', async () => {
  repository.write('migrations/000008_ext.up.sql', 'CREATE TABLE places (at nowhere.geometry);\n')
  const { code, out, err } = await described('places')
  expect(err).toContain(`The migrations make no table places. There are `)
  expect(err).toContain(`
1 statement of the history could not run here, so it may be there in truth:
  migrations/000008_ext.up.sql:1: schema "nowhere" does not exist
`)
  expect([code, out]).toEqual([2, ''])
})

test('a file is written where one is named', async () => {
  const { err } = await described('lines', '--format', 'json', '--output', 'lines.json')
  expect(err).toBe('The description is in lines.json.\n')
  expect((JSON.parse(readFileSync(join(repository.folder, 'lines.json'), 'utf8')) as Json).tables).toHaveLength(1)
})
