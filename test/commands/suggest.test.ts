import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { inverseOf } from '../../src/commands/inverse.js'
import { missingIndexes } from '../../src/commands/missing-indexes.js'
import { undoes } from '../../src/commands/undoes.js'
import { operationsOf } from '../../src/model/migration.js'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { revision, script } from '../rehearsal/told.js'
import { washed } from '../rehearsal/washed.js'

const provider = washed()
beforeAll(() => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

const HISTORY = `
  create table orders (id bigint primary key, note text, total numeric);
  create table customers (id bigint primary key, "Name" text);
  create table parts (day date not null) partition by range (day);
  create table part_1 (day date not null);`

const script1 = (sql: string) => script(sourceText('2.up.sql', sql))
const inversesOf = (sql: string): readonly (string | null)[] => operationsOf(script1(sql)).map(inverseOf)

describe('the inverse of a statement', () => {
  test.each<[string, string | null]>([
    ['create table a (id int)', 'DROP TABLE a;'],
    ['create table if not exists a (id int)', null],
    ['create table "Odd name" (id int)', 'DROP TABLE "Odd name";'],
    ['alter table shop.orders rename to sales', 'ALTER TABLE shop.sales RENAME TO orders;'],
    ['alter table orders add column x int', 'ALTER TABLE orders DROP COLUMN x;'],
    ['alter table orders add column if not exists x int', null],
    ['alter table orders rename column note to remark', 'ALTER TABLE orders RENAME COLUMN remark TO note;'],
    ['alter table orders alter note set not null', 'ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;'],
    ['alter table orders add constraint c check (id > 0)', 'ALTER TABLE orders DROP CONSTRAINT c;'],
    ['alter table orders add check (id > 0)', null],
    ['create index concurrently i on shop.orders (id)', 'DROP INDEX CONCURRENTLY shop.i;'],
    ['create index on orders (id)', null],
    ['create view v as select 1 as one', 'DROP VIEW v;'],
    ['create or replace view v as select 1 as one', null],
    ["create type mood as enum ('sad')", 'DROP TYPE mood;'],
    ['create function f(a int, b text) returns int language sql as $$ select 1 $$', 'DROP FUNCTION f(integer, text);'],
    ['create or replace function f() returns int language sql as $$ select 1 $$', null],
    ['alter table orders drop column note', null],
    ['alter table orders alter total type int', null],
    ['drop table orders', null],
    ["update orders set note = 'x'", null],
    ["alter type mood add value 'glad'", null],
  ])('%s', (sql, inverse) => expect(inversesOf(sql)).toEqual([inverse]))

  test('takes a database back to where it was', async () => {
    const up = `
      create type mood as enum ('sad', 'glad');
      create schema extra;
      create sequence extra.numbers;
      create domain price as numeric check (value >= 0);
      create table items (id bigint primary key, order_id bigint references orders (id), feeling mood);
      create index items_order on items (order_id);
      alter table orders add column placed date;
      alter table orders rename column note to remark;
      alter table orders alter column remark set not null;
      alter table orders add constraint orders_total check (total > 0);
      alter table orders rename constraint orders_total to orders_total_positive;
      alter table customers rename to clients;
      alter table parts attach partition part_1 for values from ('2026-01-01') to ('2027-01-01');
      create view totals as select id, total from orders;
      create materialized view old_totals as select id, total from orders;
      create function twice(n int) returns int language sql as $$ select 2 * n $$;
      create function noticed() returns trigger language plpgsql as $$ begin return new; end $$;
      create trigger notice before insert on orders for each row execute function noticed();
      create policy all_orders on orders using (true);`
    const down = operationsOf(script1(up)).toReversed().map(inverseOf)
    expect(down).not.toContain(null)
    const item = (id: string, role: 'replay' | 'rehearse', upward: string, downward: string) => ({
      revision: revision(id),
      role,
      up: script(sourceText(`${id}.up.sql`, upward)),
      down: script(sourceText(`${id}.down.sql`, downward)),
      bookkeeping: [],
    })
    const plan = [item('1', 'replay', HISTORY, 'select 1'), item('2', 'rehearse', up, down.join('\n'))]
    const signal = new AbortController().signal
    const [seen] = await rehearse(plan, provider, { postgres: 18, signal, seconds: 50, rows: 0, onProgress: () => {} })
    expect({ verdict: seen?.verdict, reason: seen?.reason, residue: seen?.residue }).toEqual({
      verdict: 'reversible',
      reason: null,
      residue: [],
    })
  }, 60_000)
})

test.each<[string, string, boolean]>([
  ['create table a (id int)', 'drop table a', true],
  ['create table a (id int)', 'drop table public.a', true],
  ['create table a (id int)', 'drop table b', false],
  ['alter table a add x int', 'alter table a drop x', true],
  ['alter table a add x int', 'alter table b drop x', false],
  ['alter table a drop x', 'alter table a add x int', true],
  ['alter table a add x int', 'alter table a add x int', false],
  ['create index i on a (x)', 'drop index i', true],
  ['alter table a alter x type int', 'alter table a alter x type bigint', true],
  ['alter table a alter x set default 1', 'alter table a alter x drop default', true],
  ['alter table a rename x to y', 'alter table a rename y to x', true],
  ['alter table a rename x to y', 'alter table a rename z to x', false],
  ['create view v as select 1 as one', 'drop view v', true],
  ['create view v as select 1 as one', 'drop materialized view v', false],
  ['create policy p on a', 'drop policy p on a', true],
  ['create policy p on a', 'drop policy p on b', false],
  ['update a set x = 1', 'update a set x = 2', false],
])('%s is undone by %s: %s', (up, down, is) => {
  const [first, second] = [operationsOf(script1(up))[0], operationsOf(script1(down))[0]]
  if (first === undefined || second === undefined) throw new Error('both do something')
  expect(undoes(second, first)).toBe(is)
})

describe('an index that a foreign key lacks', () => {
  const missing = async (sql: string): Promise<readonly string[]> => {
    const absent = { kind: 'absent' as const }
    const plan = [
      {
        revision: revision('1'),
        role: 'replay' as const,
        up: script(sourceText('1.up.sql', HISTORY)),
        down: absent,
        bookkeeping: [],
      },
      { revision: revision('2'), role: 'rehearse' as const, up: script1(sql), down: absent, bookkeeping: [] },
    ]
    const signal = new AbortController().signal
    const [seen] = await rehearse(plan, provider, { postgres: 18, signal, seconds: 25, rows: 0, onProgress: () => {} })
    if (seen?.picture === undefined || seen.picture === null) throw new Error(`up failed: ${seen?.reason}`)
    return missingIndexes(seen.picture).map(({ sql: index }) => index)
  }
  test.each<[string, string, readonly string[]]>([
    [
      'a new table',
      'create table items (id int primary key, order_id bigint references orders);',
      ['CREATE INDEX items_order_id_idx ON items (order_id);'],
    ],
    [
      'a table that is there',
      'alter table orders add column customer_id bigint references customers;',
      ['CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);'],
    ],
    [
      'with an index',
      'create table items (id int primary key, order_id bigint references orders); create index on items (order_id, id);',
      [],
    ],
    [
      'with an index that begins otherwise',
      'create table items (id int primary key, order_id bigint references orders); create index on items (id, order_id);',
      ['CREATE INDEX items_order_id_idx ON items (order_id);'],
    ],
    [
      'with a partial index',
      'create table items (id int primary key, order_id bigint references orders); create index on items (order_id) where id > 3;',
      ['CREATE INDEX items_order_id_idx ON items (order_id);'],
    ],
    [
      'with the primary key',
      'create table items (order_id bigint references orders, n int, primary key (order_id, n));',
      [],
    ],
    ['with a unique constraint', 'create table items (order_id bigint unique references orders);', []],
    [
      'of odd names',
      'create table "Items" ("Order id" bigint references orders);',
      ['CREATE INDEX ON "Items" ("Order id");'],
    ],
    ['no foreign key', 'create table items (id int);', []],
  ])('%s', async (_, sql, expected) => expect(await missing(sql)).toEqual(expected), 30_000)
})
