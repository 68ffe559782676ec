import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Rehearsal } from '../../src/model/evidence.js'
import { baselineKey } from '../../src/rehearsal/baseline.js'
import type { PlanItem } from '../../src/rehearsal/plan.js'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import { local } from '../../src/sandbox/local.js'
import { pglite } from '../../src/sandbox/pglite.js'
import type { SandboxProvider } from '../../src/sandbox/sandbox.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { revision, script } from './told.js'

const never = new AbortController().signal
beforeAll(async () => loadParsers())

/** A history that is long enough for its state to be kept; others differ by what they add. */
const TABLES = Array.from({ length: 30 }, (_, n) => `create table t${n} (id serial primary key, name text);`).join('\n')
const EARLIER = `insert into t1 (name) values ('a'), ('b');
create view seen as select name from t1;
grant select on t1 to reader;
create table missing_type (a no_such_type);`

function planOf(history: readonly string[], up: string, down: string): readonly PlanItem[] {
  const items = [...history, up].map((text, index): PlanItem => {
    const { path, ...rest } = revision(String(index + 1))
    const isLast = index === history.length
    return {
      revision: { path, ...rest },
      role: isLast ? 'rehearse' : 'replay',
      up: script(sourceText(path, text)),
      down: isLast ? script(sourceText('down.sql', down)) : { kind: 'absent' },
      bookkeeping: [],
    }
  })
  return items
}

const UP = "alter table t1 add note text; insert into t1 (name) values ('c'); create index t1_idx on t1 (name);"
const DOWN = "drop index t1_idx; delete from t1 where name = 'c'; alter table t1 drop note;"

interface Run {
  readonly seen: readonly Rehearsal[]
  readonly replayed: number
}

async function run(provider: SandboxProvider, plan: readonly PlanItem[], hint?: string): Promise<Run> {
  let replayed = 0
  const onProgress = (text: string): void => void (replayed += text.startsWith('Replaying') ? 1 : 0)
  const common = { postgres: 18, rows: 3, signal: never, seconds: 25, onProgress }
  const seen = await rehearse(plan, provider, hint === undefined ? common : { ...common, hint })
  return { seen, replayed }
}

/** What a rehearsal says, without how long things took. */
function timeless({ seen }: Run): unknown {
  return seen.map(({ steps, ...rest }) => ({ ...rest, steps: steps.map((step) => ({ ...step, milliseconds: 0 })) }))
}

/** One for all tests, as to prepare a sandbox takes longer than they do: their histories keep them apart. */
const cache = await mkdtemp(join(tmpdir(), 'dba-baseline-'))
afterAll(async () => rm(cache, { recursive: true }))

function keeping(name: string, provider: SandboxProvider): void {
  const kept = (): Promise<readonly string[]> => readdir(join(cache, 'baselines')).catch(() => [])
  /** The files that some work adds. */
  const added = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
    const before = await kept()
    await work()
    return (await kept()).filter((file) => !before.includes(file))
  }

  describe(name, () => {
    test('a kept state says what the replay says, and less is replayed', async () => {
      const plan = planOf([TABLES, EARLIER], UP, DOWN)
      const first = await run(provider, plan)
      expect(first.replayed).toBe(2)
      expect(first.seen.map(({ verdict, reason }) => [verdict, reason])).toEqual([['reversible', null]])
      expect(first.seen[0]?.skipped.map(({ reason }) => reason)).toEqual([
        'no migration creates the role reader; an empty one stands in for it',
        'type "no_such_type" does not exist',
      ])
      const second = await run(provider, plan)
      expect(second.replayed).toBe(0)
      expect(timeless(second)).toEqual(timeless(first))
    })

    test('another history is another state', async () => {
      await run(provider, planOf([TABLES], UP, DOWN))
      const { replayed, seen } = await run(provider, planOf([`${TABLES}\ndrop table t1;`], UP, DOWN))
      expect([replayed, seen[0]?.verdict]).toEqual([1, 'up-fails'])
    })

    test('a damaged file is no state', async () => {
      const plan = planOf([`${TABLES}\ncreate table damaged (id int);`], UP, DOWN)
      const files = await added(() => run(provider, plan))
      expect(files).toHaveLength(1)
      await truncate(join(cache, 'baselines', files[0] ?? ''), 20_000)
      const { replayed, seen } = await run(provider, plan)
      expect([replayed, seen[0]?.verdict]).toEqual([1, 'reversible'])
    })

    test('what is not logged cannot be kept', async () => {
      const plan = planOf([`${TABLES}\ncreate unlogged table u (a int);\ninsert into u values (1);`], UP, DOWN)
      expect(await added(() => run(provider, plan))).toEqual([])
      expect((await run(provider, plan)).replayed).toBe(1)
    })
  })
}

keeping('the state of a history on PGlite', pglite({ cache }))
await withPostgres(18, (folder) => {
  keeping('the state of a history on a local server', local({ cache, folders: [folder] }))
})

describe('a hint', () => {
  const provider = pglite({ cache })

  test('leads to the state that was kept with it, before the history is known', async () => {
    const plan = planOf([`${TABLES}\ncreate table hinted (id int);`], UP, DOWN)
    await run(provider, plan, 'these texts')
    const sandbox = await provider.open({ postgres: 18, baseline: { key: null, hint: 'these texts' } }, never)
    if ('unavailable' in sandbox) throw new Error(sandbox.unavailable)
    expect(sandbox.baseline?.key).toBe(baselineKey(plan.slice(0, 1)))
    const session = await sandbox.session()
    expect(await session.run('table hinted', never)).toMatchObject({ kind: 'done' })
    await sandbox[Symbol.asyncDispose]()
  })

  test('that leads to another history is not followed', async () => {
    await run(provider, planOf([`${TABLES}\ncreate table first (id int);`], UP, DOWN), 'the same texts')
    const other = planOf([`${TABLES}\nalter table t1 add note int;`], UP, DOWN)
    const early: SandboxProvider = {
      id: 'pglite',
      open: (wish, signal) =>
        provider.open({ ...wish, baseline: { key: null, hint: wish.baseline?.hint ?? null } }, signal),
    }
    const { seen } = await run(early, other, 'the same texts')
    expect(seen[0]?.reason).toBe('column "note" of relation "t1" already exists')
  })
})

test('a short history has no key, and every place, text and mode of a long one counts', () => {
  const key = (...history: readonly string[]): string | null => baselineKey(planOf(history, '', '').slice(0, -1))
  expect(key('create table a (id int)')).toBeNull()
  const keys = [key(TABLES), key(`\n${TABLES}`), key(TABLES, ''), key(TABLES.replace('t7', 't77'))]
  expect(new Set(keys).size).toBe(4)
  expect(key(TABLES)).toBe(keys[0])
})
