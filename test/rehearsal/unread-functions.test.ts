import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ReadFunctionBodies } from '../../src/model/function-body.js'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import { rowNotes } from '../../src/review/row-notes.js'
import { readFunctionsApart } from '../../src/review/function-reader.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { revision, script } from './told.js'
import { washed } from './washed.js'

const provider = washed()
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

const ups = [
  'create table t (id int, note text); create function notes() returns bigint language plpgsql as $$ begin return (select count(note) from t); end $$;',
  'alter table t rename column note to words;',
]

test.each<[string, ReadFunctionBodies, readonly string[], readonly string[]]>([
  ['could be read', readFunctionsApart, ['notes()'], []],
  ['could not be read', async (functions) => functions.map(() => null), [], ['notes()']],
])('a function that %s', async (_, bodies, broken, unread) => {
  const plan = ups.map((up, at) => ({
    revision: revision(String(at)),
    up: script(sourceText(`${at}.sql`, up), 'one'),
    down: script(sourceText(`${at}.down.sql`, at === 0 ? '' : 'alter table t rename column words to note;'), 'one'),
    role: at === 0 ? ('replay' as const) : ('rehearse' as const),
    bookkeeping: [],
  }))
  const options = {
    postgres: 18,
    signal: new AbortController().signal,
    seconds: 25,
    rows: 0,
    onProgress: () => undefined,
  }
  const [seen] = await rehearse(plan, provider, { ...options, bodies })
  if (seen === undefined) throw new Error('nothing was rehearsed')
  expect(seen.brokenFunctions.map((each) => each.function)).toEqual(broken)
  expect(seen.unreadFunctions).toEqual(unread)
  expect(rowNotes(seen, []).map(({ message, bearing }) => [message, bearing])).toEqual(
    unread.map((name) => [`whether PL/pgSQL still fits the schema was not seen for ${name}`, 'informs']),
  )
})
