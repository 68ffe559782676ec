import { beforeAll, expect, test } from '@jest/globals'
import { difference } from '../../src/catalog/difference.js'
import { createCatalog, type CatalogStore } from '../../src/catalog/store.js'
import { loadParsers } from '../../src/sql/parse.js'
import { statementsIn } from './statements.js'

beforeAll(async () => {
  await loadParsers()
})

const BASE = `
  CREATE TYPE mood AS ENUM ('sad', 'happy');
  CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL);
  CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer REFERENCES customers, total integer DEFAULT 0, note text);
  ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
  CREATE INDEX orders_note ON orders (note);
  CREATE VIEW open_orders AS SELECT id FROM orders;
  CREATE FUNCTION f() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1'
`

/** What a change of the schema above leaves behind when nothing takes it back. */
const CASES: Readonly<Record<string, readonly string[]>> = {
  '': [],
  'ALTER TABLE orders ADD COLUMN x text; ALTER TABLE orders DROP COLUMN x': [],
  'CREATE INDEX orders_customer_idx ON orders (customer_id)': ['index orders_customer_idx remains'],
  'DROP INDEX orders_note': ['index orders_note is missing'],
  'DROP INDEX orders_note; CREATE INDEX orders_note ON orders (note, id)': [
    'index orders_note is btree on orders (note, id), was btree on orders (note)',
  ],
  'CREATE TABLE app.logs (id serial PRIMARY KEY)': ['sequence app.logs_id_seq remains', 'table app.logs remains'],
  'ALTER TABLE orders RENAME TO purchases': [
    'table orders is missing',
    'table purchases remains',
    'view open_orders reads purchases, read orders',
  ],
  'ALTER TABLE orders DROP COLUMN note': ['column orders.note is missing', 'index orders_note is missing'],
  'ALTER TABLE orders ADD COLUMN number serial': ['column orders.number remains', 'sequence orders_number_seq remains'],
  'ALTER TABLE orders ALTER total TYPE numeric(10,2)': ['column orders.total is numeric(10,2), was integer'],
  'ALTER TABLE orders ALTER note SET NOT NULL': ['column orders.note is NOT NULL, was nullable'],
  'ALTER TABLE orders ALTER total DROP DEFAULT': ['column orders.total has no default, had default 0'],
  'ALTER TABLE orders ADD UNIQUE (note)': ['constraint orders_note_key on orders remains'],
  'ALTER TABLE orders VALIDATE CONSTRAINT positive': ['constraint positive on orders is validated, was NOT VALID'],
  'ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey': [
    'constraint orders_customer_id_fkey on orders is missing',
  ],
  'ALTER TABLE customers SET UNLOGGED': ['table customers is unlogged, was permanent'],
  "ALTER TYPE mood ADD VALUE 'so-so'": ["value 'so-so' of enum mood remains"],
  'CREATE VIEW v AS SELECT 1': ['view v remains'],
  'DROP VIEW open_orders': ['view open_orders is missing'],
  'CREATE OR REPLACE VIEW open_orders AS SELECT id FROM customers': ['view open_orders reads customers, read orders'],
  "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2'": [
    'function f is defined differently',
  ],
  'CREATE POLICY p ON orders': ['policy p on orders remains'],
  'CREATE SCHEMA app; CREATE DOMAIN app.d AS text': ['domain app.d remains', 'schema app remains'],
  'CREATE EXTENSION pgcrypto': ['extension pgcrypto remains'],
}

test.each(Object.entries(CASES))('%s', (sql, lines) => {
  const before = run(createCatalog({ complete: true }), BASE)
  expect(difference(before, run(before.fork(), sql))).toEqual(lines)
})

function run(catalog: CatalogStore, sql: string): CatalogStore {
  for (const { operations } of statementsIn(sql)) for (const operation of operations) catalog.apply(operation, 'base')
  return catalog
}
