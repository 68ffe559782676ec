import { beforeAll, expect, test } from '@jest/globals'
import type { FunctionText } from '../../src/model/function-body.js'
import { loadParsers } from '../../src/sql/parse.js'
import { functionBody } from '../../src/sql/read/function-body.js'

beforeAll(() => loadParsers())

const of = (source: string, head = 'f()'): FunctionText => ({
  definition: `create function ${head} returns void language plpgsql as $body$${source}$body$`,
  source,
})

test.each([
  ['a query without its INTO', 'declare n int; begin select 1 into n from t; end', ['select 1        from t']],
  ['PERFORM and conditions', 'begin if a() then perform b(); end if; end', ['SELECT a()', 'SELECT b()']],
  ['both sides of an assignment to a field', 'declare r t; begin r.x := y(); end', ['SELECT r.x ', 'SELECT  y()']],
  ['the query of a cursor', 'declare c cursor for select 1; begin open c; end', ['select 1']],
  [
    'nothing in which a name of two things is',
    'declare n int; begin delete from t where a = n; declare n text; begin delete from t; end; end',
    ['delete from t'],
  ],
  ['nothing of the variable that CASE makes', 'begin case a() when 1 then null; end case; end', ['SELECT a()']],
])('%s', (_what, body, pieces) => {
  expect(functionBody(of(body))?.pieces).toEqual(pieces)
})

test.each([
  ['plain', 'begin delete from t; end', { changing: false, forgiving: false }],
  ['text made at run time', "begin execute 'select ' || 1; end", { changing: true, forgiving: false }],
  [
    'text made at run time, in a loop',
    "declare r record; begin for r in execute 'x' loop null; end loop; end",
    { changing: true },
  ],
  ['a table', 'begin create temp table t (a int); end', { changing: true, forgiving: false }],
  ['an error', 'begin delete from t; exception when others then null; end', { changing: false, forgiving: true }],
])('what a body may do: %s', (_what, body, expected) => {
  expect(functionBody(of(body))).toMatchObject(expected)
})

test('variables have the types that they are declared with, parameters those that the parser knows', () => {
  expect(
    functionBody(of('declare v public.t%rowtype; r record; begin null; end', 'f(a int, b text[])'))?.variables,
  ).toEqual([
    { name: 'a', type: 'integer', parameter: true },
    { name: 'b', type: 'text[]', parameter: true },
    { name: 'found', type: 'boolean', parameter: true },
    { name: 'v', type: 'public.t%rowtype', parameter: false },
    { name: 'r', type: 'record', parameter: false },
  ])
})

test.each([
  ['a syntax error', of('begin if; end')],
  ['no function', { definition: 'select 1', source: '' }],
  ['one too deep to read', of(`begin perform ${'('.repeat(1000)}1${')'.repeat(1000)}; end`)],
])('%s is not read', (_what, definition) => {
  expect(functionBody(definition)?.pieces ?? []).toEqual([])
})
