import { beforeAll, expect, test } from '@jest/globals'
import { readFileSync, readdirSync } from 'node:fs'
import { decode, isRefusal, sourceText } from '../../src/source/source-text.js'
import { startOf } from '../../src/source/span.js'
import { loadParsers, parserHealth } from '../../src/sql/parse.js'
import { readScript, readTranslated, type Reading } from '../../src/sql/script.js'
import { processorTime } from '../support/processor-time.js'

const READING: Reading = { postgres: 15, thorough: true }
const FOLDER = new URL('../../fixtures/hostile/', import.meta.url)
const LONGEST_SECONDS = 3

beforeAll(() => loadParsers({ majors: [READING.postgres], second: true }))

/** What became of a file, on one line: why it was not read, or its statements and what was left out. */
function outcome(bytes: Uint8Array): string {
  const source = decode('m.sql', bytes)
  if (isRefusal(source)) return `line ${source.line}: ${source.reason}`
  const script = readScript(source, READING, { transaction: 'one' })
  if (script.kind === 'refused') return `line ${script.at.start.line}: ${script.cause}: ${script.reason}`
  if (script.kind !== 'script') return script.kind
  const gaps = script.gaps.map(({ at, bearing, message }) => `line ${at?.start.line} ${bearing}: ${message}`)
  return [...script.statements.map(({ sql }) => sql), ...gaps].join(' | ') || 'no statements'
}

const UNSURE = 'may change how PostgreSQL reads quotes and escapes, so nothing from here on can be reviewed'
const FILES: Readonly<Record<string, string>> = {
  'bidi-override-in-comment.sql':
    'line 1: refused: the character U+202E is hidden in a comment, so that people and PostgreSQL read different things',
  'byte-order-mark.sql': 'line 1: file begins with a byte order mark, which PostgreSQL does not accept',
  'comments-only.sql': 'no statements',
  'copy-data.sql':
    'copy t from stdin | select 1 | line 2 withholds: data lines of COPY FROM stdin are not SQL and are not reviewed',
  'empty.sql': 'no statements',
  'invalid-utf-8.sql': 'line 1: file is not valid UTF-8',
  'latin-1-comment.sql': 'line 1: file is not valid UTF-8',
  'line-separator-in-comment.sql':
    'line 1: refused: the character U+2028 is hidden in a comment, so that people and PostgreSQL read different things',
  'lone-carriage-return.sql': 'drop table users',
  'mysql-back-ticks.sql': 'line 1: syntax: syntax error at or near "`"',
  'no-break-space.sql':
    'line 1: refused: the character U+00A0 is hidden in a name, so that people and PostgreSQL read different things',
  'nul.sql': 'line 1: file holds a NUL byte, which hides what follows it',
  'psql-meta-commands.sql':
    "select 'drop table users' | line 1 withholds: psql meta-command \\set is not SQL and is not reviewed | " +
    'line 2 withholds: psql meta-command \\! is not SQL and is not reviewed | ' +
    'line 3 withholds: template placeholder :t has no value here, so the statement cannot be read | ' +
    'line 4 withholds: psql meta-command \\gexec is not SQL and is not reviewed',
  'standard-conforming-strings.sql': `set standard_conforming_strings = off | line 1 withholds: standard_conforming_strings ${UNSURE}`,
  'template.sql':
    'select 1 | line 1 withholds: template placeholder ${table} has no value here, so the statement cannot be read | ' +
    'line 3 withholds: template placeholder {% if fresh %} has no value here, so the statement cannot be read | ' +
    'line 5 withholds: template placeholder {% endif %} has no value here, so the statement cannot be read',
  'tsql-go.sql': 'line 2: syntax: syntax error at or near "GO"',
  'unterminated-comment.sql': 'line 2: syntax: unterminated /* comment',
  'unterminated-dollar-quote.sql': 'line 2: syntax: unterminated dollar-quoted string',
  'unterminated-name.sql': 'line 2: syntax: unterminated quoted identifier',
  'unterminated-quote.sql': 'line 2: syntax: unterminated quoted string',
  'utf-16-be.sql': 'line 1: file is UTF-16, not UTF-8',
  'utf-16-le.sql': 'line 1: file is UTF-16, not UTF-8',
  'zero-width-in-name.sql':
    'line 1: refused: the character U+200B is hidden in a name, so that people and PostgreSQL read different things',
}

test('every hostile file is spoken of here', () => {
  expect(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.sql'))
      .sort(),
  ).toEqual(Object.keys(FILES))
})

test.each(Object.entries(FILES))('%s: %s', (name, expected) => {
  expect(outcome(readFileSync(new URL(name, FOLDER)))).toBe(expected)
})

const repeat = (part: string, times: number, around: readonly [string, string] = ['', '']): string =>
  around[0] + part.repeat(times) + around[1]
const nest = (open: string, inner: string, close: string, times: number): string =>
  open.repeat(times) + inner + close.repeat(times)

const TOO_DEEP = /nest \d+ deep; the most that is read is 500/
const TOO_MANY_TERMS = /an expression has \d+ terms; the most that is read is 5000/
const TOO_LARGE = /file has \d+ bytes; the most that is read is 2097152/

test.each<[string, string, RegExp]>([
  ['100,000 nested comments', repeat('/*', 100_000), /comments nest 100000 deep; the most that is read is 64/],
  ['65 nested comments', `${nest('/*', '', '*/', 65)} select 1`, /comments nest 65 deep/],
  ['10,000 nested parentheses', `select ${nest('(', '1', ')', 10_000)}`, TOO_DEEP],
  ['a megabyte of parentheses', repeat('(', 1 << 20), TOO_DEEP],
  ['10,000 NOT', `select ${repeat('not ', 10_000)} true`, TOO_MANY_TERMS],
  ['100,000 additions', `select 1${repeat('+1', 100_000)}`, TOO_MANY_TERMS],
  ['10,000 casts', `select 1${repeat('::int', 10_000)}`, TOO_MANY_TERMS],
  ['10,000 qualified operators', `select 1${repeat(' operator(pg_catalog.+) 1', 10_000)}`, TOO_MANY_TERMS],
  ['10,000 collations', `select a${repeat(' collate "C"', 10_000)}`, TOO_MANY_TERMS],
  ['many terms in every bracket', `select ${nest('(', '1', `${repeat('+1', 100)})`, 100)}`, TOO_MANY_TERMS],
  ['1,000 nested sub-selects', `${nest('select * from (', 'select 1', ') x', 1_000)}`, TOO_DEEP],
  ['1,000 nested scalar sub-selects', `select ${nest('(select ', '1', ')', 1_000)}`, TOO_DEEP],
  ['10,000 nested arrays', `select ${nest('array[', '1', ']', 10_000)}`, TOO_DEEP],
  ['50,000 unions', `select 1${repeat(' union select 1', 50_000)}`, TOO_MANY_TERMS],
  ['100,000 unions', `select 1${repeat(' union select 1', 100_000)}`, TOO_MANY_TERMS],
  ['10,000 joins', `select from a${repeat(' join a on true', 10_000)}`, TOO_MANY_TERMS],
  ['10,000 nested CASE', `select ${nest('case when true then ', '1', ' end', 10_000)}`, TOO_DEEP],
  ['10,001 statements', repeat('select 1;', 10_001), /more than 10000 statements/],
  ['a million statements', repeat('select 1;', 1_000_000), TOO_LARGE],
  ['20 megabytes', repeat('a', 20_000_000), TOO_LARGE],
  ['one byte too many', repeat(' ', (2 << 20) + 1), TOO_LARGE],
  [
    'a name of 300 kB',
    `select ${repeat('a', 300_000)}`,
    /an identifier has 300000 bytes; the most that is read is 262144/,
  ],
  ['a quoted name of 300 kB', `select "${repeat('a', 300_000)}"`, /an identifier has 300002 bytes/],
  ['a literal of 300 kB', `select '${repeat('é', 150_000)}'`, /a literal has 300002 bytes/],
  ['a dollar-quoted literal of 300 kB', `select $$${repeat('a', 300_000)}$$`, /a literal has 300004 bytes/],
  ['a tag of 1 MB', `$${repeat('a', 1_000_000)}`, /syntax|refused/],
  ['half a bracket in every statement', repeat('select (;', 10_000), TOO_DEEP],
  ['half a bracket in some statements', repeat('select (;', 400), /syntax error/],
])('%s', (_, sql, expected) => {
  const start = processorTime()
  const result = outcome(Buffer.from(sql))
  expect(result).toMatch(/^line \d+: /)
  expect(result).toMatch(expected)
  expect((processorTime() - start) / 1000).toBeLessThan(LONGEST_SECONDS)
})

test.each<[string, string, number]>([
  ['two megabytes of blanks', repeat(' ', 2 << 20), 0],
  ['two megabytes of comments', repeat('-- a line\n', 209_000), 0],
  ['a megabyte of comment', `/*${repeat(' *', 500_000)}*/ select 1`, 1],
  ['10,000 statements', repeat('select 1;', 10_000), 10_000],
  ['50,000 rows', `insert into t values (1, -1)${repeat(', (2, -2)', 50_000)}`, 1],
  ['64 nested comments', `${nest('/*', '', '*/', 64)} select 1`, 1],
  ['5,000 ORs', `delete from t where a = 1${repeat(' or a = 2', 5_000)}`, 1],
  ['400 nested parentheses', `select ${nest('(', '1', ')', 400)}`, 1],
])('%s are long but harmless', (_, sql, statements) => {
  const start = processorTime()
  const script = readScript(sourceText('m.sql', sql), READING, { transaction: 'one' })
  expect(script.kind === 'script' && script.statements.length).toBe(statements)
  expect(script.kind === 'script' && script.gaps.filter(({ bearing }) => bearing === 'withholds')).toEqual([])
  expect((processorTime() - start) / 1000).toBeLessThan(LONGEST_SECONDS)
})

test.each([
  ['select 1;\0 drop table users;', /NUL/],
  ["select '\ud800';", /half of a surrogate pair/],
  ['drop table \udc00', /half of a surrogate pair/],
  ['select 1'.padEnd((2 << 20) + 1), /the most that is read/],
])('SQL out of another language has not been decoded: %#', (sql, reason) => {
  expect(readTranslated(sql, startOf('a.py'), READING, 'one')).toMatchObject({
    kind: 'refused',
    cause: 'refused',
    reason: expect.stringMatching(reason),
  })
})

test('emoji, right-to-left prose and wide blanks in comments hide nothing', () => {
  const sql = "-- 👨‍👩‍👧 ❤️ می‌خواهم a\u00a0b\nselect '\u200b\u202e\u00a0';"
  expect(outcome(Buffer.from(sql))).toBe("select '\u200b\u202e\u00a0'")
})

test('none of all this reached a parser that it could break', () => {
  expect(parserHealth()).toEqual({ poisonings: 0, usable: true, pristine: true })
})
