import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { changedLines } from '../../src/source/unified-diff.js'

const CASES: readonly [name: string, base: string | undefined, head: string, ranges: readonly [number, number][]][] = [
  ['a new file', undefined, 'a\nb\n', [[1, 2]]],
  ['a new file without a last line end', undefined, 'a\nb', [[1, 2]]],
  ['a new empty file', undefined, '', []],
  ['nothing', 'a\nb\n', 'a\nb\n', []],
  ['one line in the middle', 'a\nb\nc\n', 'a\nB\nc\n', [[2, 1]]],
  ['one line replaced by three', 'a\nb\nc\n', 'a\nx\ny\nz\nc\n', [[2, 3]]],
  [
    'two places',
    'a\nb\nc\nd\ne\n',
    'A\nb\nc\nd\nE\n',
    [
      [1, 1],
      [5, 1],
    ],
  ],
  ['lines taken out of the middle point at the line after', 'a\nb\nc\n', 'a\nc\n', [[2, 0]]],
  ['lines taken off the end point at the last line', 'a\nb\nc\n', 'a\nb\n', [[2, 0]]],
  ['everything taken out', 'a\nb\n', '', [[1, 0]]],
  ['an empty file filled', '', 'a\n', [[1, 1]]],
  ['line ends only', 'a\nb\n', 'a\r\nb\n', [[1, 1]]],
  ['a last line end added', 'a\nb', 'a\nb\n', [[2, 1]]],
  ['lone CR ends a line, as in SourceText', 'a\rb\rc', 'a\rB\rc', [[2, 1]]],
]

describe('changedLines', () => {
  test.each(CASES)('%s', (_, base, head, ranges) => {
    expect(changedLines(base, head)).toEqual(ranges.map(([start, length]) => ({ start, length })))
  })

  test('two large files with nothing in common take no time and count as changed between their common ends', () => {
    const lines = (word: string): string => Array.from({ length: 20_000 }, (_, i) => `${word} ${i}`).join('\n')
    expect(changedLines(`top\n${lines('a')}\nend\n`, `top\n${lines('b')}\nend\n`)).toEqual([
      { start: 2, length: 20_000 },
    ])
  })

  test('what no range covers is a line of the base, in the same order', () => {
    const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\n'), { maxLength: 12 })
    fc.assert(
      fc.property(lines, lines, (base, head) => {
        const ranges = changedLines(base.join(''), head.join(''))
        const covered = (line: number): boolean =>
          ranges.some(({ start, length }) => line >= start && line < start + length)
        let from = 0
        for (const line of head.filter((_, i) => !covered(i + 1))) {
          const at = base.indexOf(line, from)
          expect(at).toBeGreaterThanOrEqual(0)
          from = at + 1
        }
      }),
    )
  })
})
