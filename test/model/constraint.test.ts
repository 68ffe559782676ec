import { expect, test } from '@jest/globals'
import { addThenValidate, constraintName, indexThenConstraint } from '../../src/model/constraint.js'
import type { TableConstraint } from '../../src/model/operations/table.js'
import { startOf } from '../../src/source/span.js'

const table = { schema: '', name: 'Orders' }
const parts = {
  span: startOf('a.sql'),
  name: null,
  validated: true,
  enforced: true,
  deferrable: false,
  initiallyDeferred: false,
}
const expression = (text: string, columns: readonly string[]) =>
  ({ text, columns, volatility: 'immutable', constant: false, isNull: false, strings: [] }) as const
const unique = { ...parts, type: 'unique', usingIndex: null, nullsNotDistinct: false, include: [] } as const
const reference = {
  ...parts,
  type: 'foreign-key',
  columns: ['customer_id'],
  references: { schema: 'crm', name: 'customers' },
  referencedColumns: ['id'],
  onDelete: 'NO ACTION',
  onUpdate: 'NO ACTION',
} as const
const check = { ...parts, type: 'check', expression: expression('total > 0', ['total']), noInherit: false } as const

test.each<[string, TableConstraint]>([
  ['given', { ...check, name: 'given' }],
  ['Orders_customer_id_fkey', reference],
  ['Orders_number_year_key', { ...unique, columns: ['number', 'year'] }],
  ['orders_number', { ...unique, columns: [], usingIndex: 'orders_number' }],
  ['Orders_pkey', { ...unique, type: 'primary-key', columns: ['id'] }],
  ['Orders_total_check', check],
  ['Orders_check', { ...check, expression: expression('a < b', ['a', 'b']) }],
  ['Orders_note_not_null', { ...parts, type: 'not-null', columns: ['note'] }],
])('PostgreSQL names it %s', (name, constraint) => expect(constraintName(table, constraint)).toBe(name))

test('a foreign key keeps its actions and its deferral', () => {
  const constraint = { ...reference, onDelete: 'SET NULL', deferrable: true, initiallyDeferred: true }
  expect(addThenValidate(table, constraint)).toBe(
    `ALTER TABLE "Orders" ADD CONSTRAINT "Orders_customer_id_fkey" FOREIGN KEY (customer_id) REFERENCES crm.customers (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT VALID;
-- in a later migration:
ALTER TABLE "Orders" VALIDATE CONSTRAINT "Orders_customer_id_fkey";`,
  )
})

test('a unique index keeps its included columns and its view of NULLs', () => {
  const constraint = {
    ...unique,
    name: 'one',
    columns: ['a', 'b'],
    include: ['c'],
    nullsNotDistinct: true,
    deferrable: true,
  }
  expect(indexThenConstraint(table, constraint)).toBe(
    `-- in a migration of its own, outside a transaction:
CREATE UNIQUE INDEX CONCURRENTLY one ON "Orders" (a, b) INCLUDE (c) NULLS NOT DISTINCT;
-- in a later migration:
ALTER TABLE "Orders" ADD CONSTRAINT one UNIQUE USING INDEX one DEFERRABLE;`,
  )
})
