import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareVersions, show, versionOf } from '../../../src/frameworks/flyway/version.js'

describe('versions', () => {
  test.each([
    ['1', '1'],
    ['001', '1'],
    ['1.0', '1'],
    ['1_0_0', '1'],
    ['0', '0'],
    ['0.0', '0'],
    ['1.2_3', '1.2.3'],
    ['1.02.0', '1.2'],
    ['20240131093000', '20240131093000'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['', null],
    ['1.', null],
    ['1..2', null],
    ['.1', null],
    ['1a', null],
    ['1-2', null],
  ])('%s', (written, plain) => {
    const version = versionOf(written)
    expect(version === null ? null : show(version)).toBe(plain)
  })

  test.each([
    ['2', '10'],
    ['1.9', '1.10'],
    ['1', '1.0.1'],
    ['1.2.3', '1.3'],
    ['9', '20240131'],
    ['9007199254740993', '9007199254740994'],
  ])('%s comes before %s', (a, b) => expect(order(a, b)).toBeLessThan(0))
})

function order(a: string, b: string): number {
  return compareVersions(versionOf(a) ?? [], versionOf(b) ?? [])
}

/** Numbers with leading zeros, by dots or underscores, with zeros at the end. */
const written = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.bigInt({ min: 0n, max: 12n })), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.integer({ min: 0, max: 2 }),
    fc.constantFrom('.', '_'),
  )
  .map(([parts, zeros, dot]) => ({
    text: [...parts.map(([pad, number]) => '0'.repeat(pad) + number), ...Array<string>(zeros).fill('0')].join(dot),
    numbers: parts.map(([, number]) => number),
  }))

/** As Flyway has it: number by number, a missing one is 0. */
function asFlyway(a: readonly bigint[], b: readonly bigint[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i] ?? 0n, b[i] ?? 0n]
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

test('the order is total, the one of Flyway, and equal versions alone are written alike', () => {
  fc.assert(
    fc.property(written, written, written, (a, b, c) => {
      const [one, two, three] = [a, b, c].map(({ text }) => versionOf(text) ?? [])
      if (one === undefined || two === undefined || three === undefined) throw new Error('a version was not read')
      expect(Math.sign(compareVersions(one, two))).toBe(asFlyway(a.numbers, b.numbers))
      expect(compareVersions(one, two) === 0).toBe(show(one) === show(two))
      expect(Math.sign(compareVersions(two, one))).toBe(-Math.sign(compareVersions(one, two)) + 0)
      if (compareVersions(one, two) <= 0 && compareVersions(two, three) <= 0)
        expect(compareVersions(one, three)).toBeLessThanOrEqual(0)
    }),
  )
})
