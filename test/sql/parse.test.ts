import { beforeAll, expect, test } from '@jest/globals'
import { acceptedBy, loadParsers, nodeName, parse, parserHealth, secondOpinion } from '../../src/sql/parse.js'

beforeAll(() => loadParsers({ majors: [15, 17], second: true }))

function pieces(sql: string): readonly string[] {
  const outcome = parse(sql)
  if (outcome.kind !== 'parsed') throw new Error(JSON.stringify(outcome))
  const bytes = Buffer.from(sql)
  return outcome.statements.map(({ start, end }) => bytes.subarray(start, end).toString())
}

test.each([
  ['', []],
  [' \n ', []],
  ['-- only this', []],
  [';;', []],
  ['select 1', ['select 1']],
  ['select 1;', ['select 1']],
  ['select 1; ; select 2;', ['select 1', 'select 2']],
  [' /* a */ select 1 /* b */ ; -- c\n select 2 -- d\n', ['select 1', 'select 2']],
  ['select "é"; -- ü 🚀\r\nselect \'ü;ü\';', ['select "é"', "select 'ü;ü'"]],
  ['select $$;$$ ; select $é$ $$ ; $é$', ['select $$;$$', 'select $é$ $$ ; $é$']],
  [
    'create function f() returns int begin atomic select 1; select 2; end; drop table t',
    ['create function f() returns int begin atomic select 1; select 2; end', 'drop table t'],
  ],
])('%j holds the statements %j', (sql, expected) => {
  expect(pieces(sql)).toEqual(expected)
})

test.each([
  ['select (', 'syntax error at end of input', 8],
  ['select "é" ü frm x y', 'syntax error at or near "frm"', 13],
  ['select 1 2', 'syntax error at or near "2"', 9],
  ["select 'abc", 'unterminated quoted string at or near "\'abc"', 7],
])('%j does not parse: %s at %i', (sql, message, codePoint) => {
  expect(parse(sql)).toEqual({ kind: 'syntax-error', message, codePoint })
})

test('text behind a NUL is never skipped in silence', () => {
  expect(parse('select 1;\0 drop table users;')).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('NUL'),
  })
})

test.each([
  ['alter table t alter c set expression as (a + 1)', 15, 'rejected', 15],
  ['alter table t alter c set expression as (a + 1)', 17, 'accepted', 17],
  ['create table t (a int, b int generated always as (a) virtual)', 17, 'rejected', 17],
  ['create table t (a int, b int generated always as (a) virtual)', 18, 'accepted', 18],
  ['create table t (a int)', 12, 'accepted', 15],
  ['', 15, 'accepted', 15],
  [' \r\n\t', 15, 'accepted', 15],
  ['-- c', 15, 'accepted', 15],
])('%j on PostgreSQL %i is %s by the grammar of %i', (sql, major, kind, grammar) => {
  expect(acceptedBy(major, sql)).toMatchObject({ kind, grammar })
})

function second(sql: string, claimed = sql) {
  const outcome = parse(claimed)
  return secondOpinion(sql, outcome.kind === 'parsed' ? outcome.statements : [])
}

test.each([
  'select 1; -- é\n drop table "ü";',
  'select -1, -2.5',
  '/* x */ create function f() returns int begin atomic select 1; end; select 1',
])('the second parser sees the same in %j', (sql) => {
  expect(second(sql)).toEqual({ kind: 'agrees' })
})

test('the second parser has no say on what is newer than it', () => {
  expect(second('create table t (a int, b int generated always as (a) virtual)')).toEqual({ kind: 'too-old' })
})

test.each([
  ['select 1; select 2', 'select 1', /one reads 1 statements, the other 2/],
  ['drop table t', 'truncate tt', /TruncateStmt, the other DropStmt/],
  ['select 1 ', 'select 12', /bytes 0 to 9 as a statement, the other 0 to 8/],
])('%j is not the same as %j', (sql, claimed, reason) => {
  expect(second(sql, claimed)).toMatchObject({ kind: 'disagrees', reason: expect.stringMatching(reason) })
})

test.each([`select 1${'+1'.repeat(2000)}`, `${'select * from ('.repeat(200)}select 1${') x'.repeat(200)}`])(
  'a text that hangs the second parser is not given to it',
  (sql) => {
    expect(second(sql)).toMatchObject({ kind: 'not-asked' })
  },
)

test('a text of a megabyte does not wear the second parser out', () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `(${i}, 'a value of row ${i}')`).join(', ')
  for (let i = 0; i < 3; i++) expect(second(`insert into t values ${rows}`)).toEqual({ kind: 'agrees' })
})

test('the names of nodes are the parse tree’s own', () => {
  const outcome = parse('alter table t add c int')
  expect(outcome.kind === 'parsed' && outcome.statements.map(({ node }) => nodeName(node))).toEqual(['AlterTableStmt'])
})

test('no test above broke the parser', () => {
  expect(parserHealth()).toEqual({ poisonings: 0, usable: true, pristine: true })
})
