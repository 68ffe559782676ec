import { beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { loadModule, scanSync } from 'libpg-query'
import { scan, tokens } from '../../src/sql/tokens.js'
import { processorTime } from '../support/processor-time.js'

beforeAll(() => loadModule())

test.each([
  ['a', 'word a'],
  ['größe$1', 'word größe$1'],
  ['"a;""b"', 'quoted-identifier "a;""b"'],
  ['U&"d\\0061t"', 'quoted-identifier U&"d\\0061t"'],
  ["'it''s'", "string 'it''s'"],
  ["E'it\\'s'", "string E'it\\'s'"],
  ["b'01'", "string b'01'"],
  ["U&'\\0061'", "string U&'\\0061'"],
  ["n'a'", "word n, string 'a'"],
  ["'a'\n -- c\n 'b'", "string 'a'\n -- c\n 'b'"],
  ["'a' 'b'", "string 'a', string 'b'"],
  ["e'a'\n'\\''", "string e'a'\n'\\''"],
  ['$$;$$', 'string $$;$$'],
  ['$é$ $$ $é$', 'string $é$ $$ $é$'],
  ['$1', 'parameter $1'],
  ['1.5e-3', 'number 1.5e-3'],
  ['0xFF_FF', 'number 0xFF_FF'],
  ['1..2', 'number 1, operator .., number 2'],
  ['a::int', 'word a, operator ::, word int'],
  ['a<=-1', 'word a, operator <=, operator -, number 1'],
  ['a @-b', 'word a, operator @-, word b'],
  ['a--b', 'word a, comment --b'],
  ['a-/*b*/c', 'word a, operator -, comment /*b*/, word c'],
  ['/* a /* b */ c */', 'comment /* a /* b */ c */'],
  ['-- a\rb', 'comment -- a, word b'],
  ['a.b[1]', 'word a, punctuation ., word b, punctuation [, number 1, punctuation ]'],
  ['\\d users\nx', 'meta-command \\d users, word x'],
  ['${schema}.t', 'placeholder ${schema}, punctuation ., word t'],
  ["{{ var('x;') }} {% if a %}", "placeholder {{ var('x;') }}, placeholder {% if a %}"],
  [
    "copy t from stdin;\n1;\t'\n\\.\nx",
    "word copy, word t, word from, word stdin, punctuation ;, copy-data 1;\t'\n\\., word x",
  ],
  [
    'copy t from stdin;\r\n\\.\r\nx',
    'word copy, word t, word from, word stdin, punctuation ;, copy-data \\.\r, word x',
  ],
  ["\\copy t from stdin\nit's\n\\.\nx", "meta-command \\copy t from stdin, copy-data it's\n\\., word x"],
])('%j holds the tokens %j', (sql, expected) => {
  const found = tokens(sql)
  expect(found.map(({ kind, text }) => `${kind} ${text}`).join(', ')).toBe(expected)
})

test.each([
  ["select 'a", 'unterminated quoted string', 7],
  ["select E'a\\'", 'unterminated quoted string', 7],
  ['select "a', 'unterminated quoted identifier', 7],
  ["select x'a", 'unterminated hexadecimal string literal', 7],
  ['select "é", $a$ b $b$', 'unterminated dollar-quoted string', 13],
  ['select /* /* */', 'unterminated /* comment', 7],
])('%j: %s at byte %i', (sql, message, start) => {
  expect(scan(sql).error).toMatchObject({ message, token: { start, end: Buffer.byteLength(sql) } })
})

/** Fragments that are easy to get wrong when they stand next to one another. */
const fragment = fc.oneof(
  fc.constantFrom(
    ...['select', 'é', 'e', 'E', 'u&', 'U&', 'n', 'b', 'x', '"', '""', "'", "''", '$', '$$', '$a$', '$é$', '$1', '\\'],
    ...[
      '--',
      '/*',
      '*/',
      '-',
      '+',
      '*',
      '/',
      '<',
      '>',
      '=',
      '~',
      '!',
      '@',
      '#',
      '%',
      '^',
      '&',
      '|',
      '`',
      '?',
      '<>',
      '=>',
    ],
    ...[
      ';',
      ',',
      '(',
      ')',
      '[',
      ']',
      '.',
      '..',
      ':',
      '::',
      ':=',
      '1',
      '0',
      '1.5',
      '1e5',
      '1e',
      '0x1F',
      '0b1',
      '0o7',
      '1_0',
      '_',
    ],
    ...[' ', '\n', '\r', '\r\n', '\t', '\f', '🚀', 'ä', '\u00a0', 'stdin', 'uescape'],
  ),
  fc.string({ maxLength: 3 }),
)

test('cuts like PostgreSQL’s own scanner, whatever stands next to what', () => {
  let compared = 0
  fc.assert(
    fc.property(
      fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join('')),
      (sql) => {
        // What is deliberately cut otherwise, and what a C string or a client library could not carry.
        fc.pre(!/[{\\\0]/.test(sql.replace(/[eE]'[^']*'/g, '')) && sql.trim() !== '')
        const ours = scan(sql)
        let theirs
        try {
          theirs = scanSync(sql).tokens
        } catch {
          return
        }
        compared++
        expect(ours.error).toBeNull()
        expect(ours.tokens.map(({ start, end, text }) => [start, end, text])).toEqual(
          theirs.map(({ start, end, text }) => [start, end, text]),
        )
      },
    ),
    { numRuns: 20_000 },
  )
  expect(compared).toBeGreaterThan(5_000)
})

test('takes linear time', () => {
  const seconds = (sql: string): number => {
    const start = processorTime()
    scan(sql)
    return (processorTime() - start) / 1000
  }
  const size = 1 << 18
  for (const part of [
    '/*',
    '(',
    "'",
    "'a' ",
    '$a$',
    '$',
    '$a',
    '{{',
    '${',
    '-',
    '- -',
    '\\',
    "'a'\n",
    'copy t from stdin;',
    ';',
    'é ',
    '\n',
    ': ',
    '"',
  ]) {
    expect([part, seconds(part.repeat(size / part.length)) < 0.5]).toEqual([part, true])
  }
})
