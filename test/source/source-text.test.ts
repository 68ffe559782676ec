import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decode, isRefusal, LARGEST_FILE, sourceText } from '../../src/source/source-text.js'

const bytes = (...parts: readonly (string | number)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))))

describe('refusals name the reason and the line', () => {
  test.each([
    ['a NUL byte', bytes('a\nb', 0, 'c'), /NUL byte/, 2],
    ['UTF-16 LE', bytes(0xff, 0xfe, 's', 0), /UTF-16/, 1],
    ['UTF-16 BE', bytes(0xfe, 0xff, 0, 's'), /UTF-16/, 1],
    ['a byte order mark', bytes(0xef, 0xbb, 0xbf, 'select 1'), /byte order mark/, 1],
    ['an invalid byte', bytes('a\nb\nc', 0xe9, 'd'), /not valid UTF-8/, 3],
    ['an invalid byte far down', bytes('x\n'.repeat(5000), 0xff), /not valid UTF-8/, 5001],
    ['a cut-off character', bytes('a\n', 0xc3), /not valid UTF-8/, 2],
    ['one byte too many', Buffer.alloc(LARGEST_FILE + 1, 32), /the most that is read is 2097152/, 1],
  ])('%s', (_, content, reason, line) => {
    const decoded = decode('a.sql', content)
    expect(decoded).toEqual({ reason: expect.stringMatching(reason), line })
  })

  test('the largest file is read, and of what is not SQL half of that', () => {
    expect(isRefusal(decode('a.sql', Buffer.alloc(LARGEST_FILE, 32)))).toBe(false)
    expect(isRefusal(decode('a.py', Buffer.alloc(LARGEST_FILE / 2, 32)))).toBe(false)
    expect(decode('a.py', Buffer.alloc(LARGEST_FILE / 2 + 1, 32))).toEqual({
      reason: 'file has 1048577 bytes; the most that is read is 1048576',
      line: 1,
    })
  })
})

describe('three rulers', () => {
  const text = 'é🦉\r\nab\rc\n\td'
  const source = sourceText('a.sql', text)

  test('lines end with LF, CRLF or CR', () => {
    expect([1, 2, 3, 4].map((line) => source.line(line))).toEqual(['é🦉', 'ab', 'c', '\td'])
    expect(source.lines).toBe(4)
    expect([0, 5].map((line) => source.line(line))).toEqual(['', ''])
  })

  test('bytes, code points and UTF-16 units meet at one place', () => {
    const d = { line: 4, column: 2 }
    expect(source.spanOfBytes(Buffer.byteLength(text) - 1, Buffer.byteLength(text)).start).toEqual(d)
    expect(source.positionOfCodePoint([...text].length - 1)).toEqual(d)
    expect(source.spanOfUnits(text.length - 1, text.length).start).toEqual(d)
  })

  test('a span of bytes slices back to what the bytes say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'é', '漢', '🦉', '\n', '\r\n', '\t'), { maxLength: 60 }),
        fc.nat(),
        fc.nat(),
        (parts, a, b) => {
          const whole = parts.join('')
          const starts = [...parts, ''].map((_, i) => Buffer.byteLength(parts.slice(0, i).join('')))
          const [start, end] = [starts[a % starts.length] ?? 0, starts[b % starts.length] ?? 0].sort(
            (x, y) => x - y,
          ) as [number, number]
          const made = sourceText('a.sql', whole)
          const expected = Buffer.from(whole).subarray(start, end).toString()
          expect(made.slice(made.spanOfBytes(start, end))).toBe(expected)
          expect(made.sliceBytes(start, end)).toBe(expected)
        },
      ),
    )
  })
})
