import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Recovery } from '../../src/model/evidence.js'
import type { PlanItem } from '../../src/rehearsal/plan.js'
import { stopsIn } from '../../src/rehearsal/recovery.js'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import { pglite } from '../../src/sandbox/pglite.js'
import type { SandboxProvider } from '../../src/sandbox/sandbox.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { revision, script } from './told.js'
import { washed } from './washed.js'

const provider = washed()
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

function item(up: string, down: string, transaction: 'one' | 'none' = 'none'): PlanItem {
  const scripts = {
    up: script(sourceText('subject.up.sql', up), transaction),
    down: script(sourceText('subject.down.sql', down), transaction),
  }
  return { revision: revision('subject'), ...scripts, role: 'rehearse', bookkeeping: [] }
}

describe('where an up can stop half-way', () => {
  test.each<[string, string, readonly number[]]>([
    ['one statement', 'create table a (id int);', []],
    ['two', 'create table a (id int);\ncreate table b (id int);', [1]],
    ['three', 'create table a (id int);\ncreate table b (id int);\ncreate table c (id int);', [1, 2]],
    ['settings change nothing', "set lock_timeout = '1s';\ncreate table a (id int);\nreset lock_timeout;", []],
    ['a transaction of its own', 'begin;\ncreate table a (id int);\ncreate table b (id int);\ncommit;', []],
    [
      'two transactions of its own',
      'begin;\ncreate table a (id int);\ncommit;\nbegin;\ncreate table b (id int);\ncommit;',
      [3],
    ],
    ['one that is rolled back', 'begin;\ncreate table a (id int);\nrollback;\ncreate table b (id int);', []],
    ['a block that is unread', "do $$ begin execute 'create table a ()'; end $$;\ncreate table b (id int);", [1]],
  ])('%s', (_, up, stops) => expect(stopsIn(item(up, ''))).toEqual(stops))

  test('not in a transaction of the tool', () => {
    expect(stopsIn(item('create table a (id int);\ncreate table b (id int);', '', 'one'))).toEqual([])
  })
})

async function recoveryOf(subject: PlanItem, on: SandboxProvider = provider, seconds = 25): Promise<Recovery | null> {
  const history: PlanItem = {
    revision: revision('1'),
    up: script(sourceText('1.up.sql', 'create table orders (id int primary key, note text);')),
    down: { kind: 'absent' },
    role: 'replay',
    bookkeeping: [],
  }
  const [seen] = await rehearse([history, subject], on, {
    postgres: 18,
    signal: new AbortController().signal,
    seconds,
    rows: 5,
    onProgress: () => undefined,
  })
  return seen?.recovery ?? null
}

describe('an up that is stopped half-way and run again', () => {
  test.each<[string, string, string, string | null]>([
    [
      'meets what it created, and down meets what it did not',
      'create table a (id int);\ncreate table b (id int);',
      'drop table b;\ndrop table a;',
      'after line 1 of 1 stop: relation "a" already exists; down fails',
    ],
    [
      'and down helps',
      'create table a (id int);\ncreate table b (id int);',
      'drop table if exists b;\ndrop table if exists a;',
      'after line 1 of 1 stop: relation "a" already exists; down runs',
    ],
    [
      'fails at the second stop only',
      'create table if not exists a (id int);\ncreate table b (id int);\nalter table orders add kind text;',
      'alter table orders drop kind;\ndrop table b;\ndrop table a;',
      'after line 2 of 2 stops: relation "b" already exists; down fails',
    ],
    [
      'bears it',
      'create table if not exists a (id int);\ncreate index concurrently if not exists orders_note on orders (note);',
      'drop index concurrently orders_note;\ndrop table a;',
      null,
    ],
  ])('%s', async (_, up, down, expected) => {
    const found = await recoveryOf(item(up, down))
    expect(found?.tried).toBeGreaterThan(0)
    const stops = found?.stops === 1 ? '1 stop' : `${found?.stops} stops`
    const failure = found?.failure
    expect(
      failure ? `after line ${failure.after.start.line} of ${stops}: ${failure.message}; down ${failure.down}` : null,
    ).toBe(expected)
  })

  test('of many stops the first are tried, and how many is said', async () => {
    const tables = Array.from({ length: 9 }, (_, n) => `create table if not exists t${n} (id int);`)
    const drops = Array.from({ length: 9 }, (_, n) => `drop table t${n};`)
    expect(await recoveryOf(item(tables.join('\n'), drops.join('\n')))).toEqual({ stops: 8, tried: 6, failure: null })
  })

  test('nothing is tried of one that fails, or when no stage can be set', async () => {
    expect(await recoveryOf(item('create table a (id int);\nselect nope;', ''))).toBeNull()
    const real = pglite()
    let opened = 0
    const once: SandboxProvider = {
      id: real.id,
      open: (wish, signal) =>
        opened++ === 0 ? real.open(wish, signal) : Promise.resolve({ unavailable: 'there is no second' }),
    }
    const subject = item('create table a (id int);\ncreate table b (id int);', 'drop table b;\ndrop table a;')
    expect(await recoveryOf(subject, once)).toEqual({ stops: 1, tried: 0, failure: null })
  })
})
