import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Rehearsal } from '../../src/model/evidence.js'
import type { PlanItem } from '../../src/rehearsal/plan.js'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import { sourceText } from '../../src/source/source-text.js'
import type { SandboxProvider } from '../../src/sandbox/sandbox.js'
import { loadParsers } from '../../src/sql/parse.js'
import { revision, script } from './told.js'
import { washed } from './washed.js'

const provider = washed()
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

type Pair = readonly [up: string, down: string | null]

function item([up, down]: Pair, at: number): PlanItem {
  return {
    revision: revision(String(at)),
    up: script(sourceText(`${at}.up.sql`, up), 'one'),
    down: down === null ? { kind: 'absent' } : script(sourceText(`${at}.down.sql`, down), 'one'),
    role: at === 0 ? 'replay' : 'rehearse',
    bookkeeping: [],
  }
}

const BASE: Pair = ['create table kept (id int, note text, count int);', null]
const SALES = 'create table sales (id int primary key, note text, count int);'
/** Takes a column away and brings it back with its values, as the last one. */
const MOVED: Pair = [
  'create table notes as select id, note from sales;\nalter table sales drop column note;',
  'alter table sales add column note text;\nupdate sales set note = n.note from notes n where n.id = sales.id;\ndrop table notes;',
]
const BY_ORDER: Pair = [SALES, 'insert into kept select * from sales where false;\ndrop table sales;']

async function rehearsed(pairs: readonly Pair[], window = true): Promise<readonly Rehearsal[]> {
  return rehearse([BASE, ...pairs].map(item), provider, {
    postgres: 18,
    signal: new AbortController().signal,
    seconds: 25,
    rows: 3,
    onProgress: () => undefined,
    window,
  })
}

test.each<[string, readonly Pair[], readonly string[]]>([
  [
    'a down that relies on what a later migration changed for good',
    [BY_ORDER, MOVED],
    ['1 down at 1.down.sql:1: column "count" is of type integer but expression is of type text'],
  ],
  [
    'a down that does nothing then',
    [
      [
        SALES,
        "do $$ begin if (select attnum from pg_attribute where attrelid = 'sales'::regclass and attname = 'note') = 2 then drop table sales; end if; end $$;",
      ],
      MOVED,
    ],
    ['1 residue at nowhere: table public.sales remains'],
  ],
  ['downs that bear it', [[SALES, 'drop table sales;'], MOVED], []],
  ['one migration alone', [BY_ORDER], []],
  [
    'only as far back as there is a way: after the last that cannot be taken back there is but one',
    [BY_ORDER, ['alter table sales add column total int;', null], MOVED],
    [],
  ],
  [
    'only as far back as there is a way: what comes after it',
    [['create table other (id int);', null], BY_ORDER, MOVED],
    ['2 down at 2.down.sql:1: column "count" is of type integer but expression is of type text'],
  ],
])('%s', async (_what, pairs, expected) => {
  const seen = await rehearsed(pairs)
  // Each on its own goes down and up again.
  expect(seen.map(({ verdict }) => verdict)).toEqual(
    pairs.map(([, down]) => (down === null ? 'no-down' : 'reversible')),
  )
  const lines = seen.flatMap(({ revision: { id }, window }) => {
    if (window === null) return []
    const at = window.at === null ? 'nowhere' : `${window.at.path}:${window.at.start.line}`
    return [`${id} ${window.phase} at ${at}: ${window.message}`]
  })
  expect(lines).toEqual(expected)
})

test('that it could not be looked at is said', async () => {
  let isClosed = false
  const closing: SandboxProvider = {
    id: provider.id,
    open: async (wish, signal) => (isClosed ? { unavailable: 'the door is closed' } : provider.open(wish, signal)),
  }
  const [older, newest] = await rehearse([BASE, BY_ORDER, MOVED].map(item), closing, {
    postgres: 18,
    signal: new AbortController().signal,
    seconds: 25,
    rows: 3,
    onProgress: (text) => (isClosed ||= text === 'Taking all of it back together'),
    window: true,
  })
  expect([older?.window, newest?.window]).toEqual([
    null,
    { phase: 'not-run', message: 'no sandbox: the door is closed', at: null },
  ])
})

test('nobody looks where nobody asked', async () => {
  expect((await rehearsed([BY_ORDER, MOVED], false)).map(({ window }) => window)).toEqual([null, null])
})
