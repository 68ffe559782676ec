import { describe, expect, test } from '@jest/globals'
import { namedBy } from '../../src/rehearsal/description/named.js'
import type { Relation } from '../../src/rehearsal/description/table.js'

/** Tables as a database has them. */
const RELATIONS = [
  'public.orders',
  'log.orders',
  'public."Order"',
  'log.days',
  'archive.days',
  'public."a.b"',
  '"Shop".carts',
].map((name, at): Relation => {
  const [schema = '', table = ''] = (name.match(/"[^"]+"|[^".]+/g) ?? []).map((part) => part.replaceAll('"', ''))
  return { oid: String(at), schema, table, name, kind: 'table' }
})

describe('a table is meant', () => {
  test.each([
    ['by its name', 'orders', ['public.orders']],
    ['by its name in other letters', 'ORDERS', ['public.orders']],
    ['by its schema', 'log.orders', ['log.orders']],
    ['by its schema in other letters', 'LOG.Orders', ['log.orders']],
    ['by its exact name before one in other letters', 'Order', ['public."Order"']],
    ['in quotes', '"Order"', ['public."Order"']],
    ['with a point in its name', '"a.b"', ['public."a.b"']],
    ['in a schema that is quoted', 'shop.carts', ['"Shop".carts']],
    ['by one of two schemas, neither of which is public', 'days', ['log.days', 'archive.days']],
    ['by nothing like it', 'order_lines', []],
    ['by no name', '', []],
  ])('%s', (_, wanted, expected) => {
    const { one, several } = namedBy(wanted, RELATIONS)
    expect([...(one === null ? [] : [one]), ...several].map(({ name }) => name)).toEqual(expected)
  })
})
