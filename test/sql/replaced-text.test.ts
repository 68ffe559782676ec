import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { sourceText } from '../../src/source/source-text.js'
import { replacedText } from '../../src/sql/replaced-text.js'
import { processorTime } from '../support/processor-time.js'

/** A file in which every `[…]` is replaced by what stands between the brackets, five times. */
function replaced(text: string) {
  const replacements = [...text.matchAll(/\[([^\]]*)\]/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: (match[1] ?? '').repeat(5),
  }))
  return replacedText(sourceText('a.sql', text), replacements)
}

describe('places in a text with replacements', () => {
  test.each([
    ['é [a] b', 'b', 'b'],
    ['é [a] b', 'aaaaa', '[a]'],
    ['é [a] b', 'aa', '[a]'],
    ['é [a] b', 'é aaa', 'é [a]'],
    ['é [a] b', 'a b', '[a] b'],
    ['[ü] x [] y', 'x  y', 'x [] y'],
    ['x[]', 'x', 'x'],
  ])('%s: %s', (text, part, expected) => {
    const { sql, locate } = replaced(text)
    const start = Buffer.from(sql).indexOf(part)
    const span = locate(start, start + Buffer.byteLength(part))
    expect(sourceText('a.sql', text).slice(span)).toBe(expected)
  })

  test('what was not replaced is found byte for byte', () => {
    const pieces = fc.array(
      fc.oneof(fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', ' ') }), fc.constant('[ß]')),
    )
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('')
        const { sql, bytes } = replaced(text)
        const [new_, old] = [Buffer.from(sql), Buffer.from(text)]
        for (let start = 0; start < new_.length; start++) {
          const found = bytes(start, start + 1)
          if (found !== null) expect(old.subarray(found.start, found.end)).toEqual(new_.subarray(start, start + 1))
        }
      }),
    )
  })

  test('a large file with many replacements is no slower by far', () => {
    const text = 'SELECT [a] FROM é;\n'.repeat(40_000)
    const began = processorTime()
    const { sql, locate } = replaced(text)
    for (let at = 0; at < sql.length; at += 20) locate(at, at + 10)
    expect(processorTime() - began).toBeLessThan(3000)
  })
})
