import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

/**
 * Where each fault of the design's table is shown. `chaos` is what the seeded runs do to the whole App, with everything else going on
 * at the same time; the others are shown one by one.
 */
const rows = JSON.parse(readFileSync('test/chaos/rows.json', 'utf8')) as readonly {
  readonly fault: string
  readonly what: string
  readonly shown: string
}[]

/** The rows of the table of faults that the App has to meet. */
const WANTED = [1, 2, 3, 4, 5, 9, 10, 11, 12, 16, 20, 21, 22, 23, 24, 25, 26, 27, 28, 32, 33, 34, 36, 42, 43]

test('every fault is shown somewhere', () => {
  expect(rows.map(({ fault }) => fault)).toEqual(WANTED.map((number) => `R${number}`))
})

test.each(rows)('$fault is shown where the table says: $what', ({ shown }) => {
  const files = shown.match(/test\/[\w/-]+\.test\.ts/g) ?? []
  expect(files.filter((file) => !existsSync(file))).toEqual([])
  expect(files.length > 0 || shown.includes('chaos')).toBe(true)
})
