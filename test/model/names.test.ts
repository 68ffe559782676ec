import { expect, test } from '@jest/globals'
import { quote } from '../../src/model/names.js'

test.each([
  ['orders', 'orders'],
  ['order_2$', 'order_2$'],
  ['Orders', '"Orders"'],
  ['2fa', '"2fa"'],
  ['say "hi"', '"say ""hi"""'],
  ['user', '"user"'],
  ['order', '"order"'],
  ['left', '"left"'],
  ['values', 'values'],
  ['date', 'date'],
])('%s is written %s', (name, written) => expect(quote(name)).toBe(written))

test('a qualified name is quoted part by part', () => {
  expect(quote({ schema: 'Sales', name: 'order' })).toBe('"Sales"."order"')
})
