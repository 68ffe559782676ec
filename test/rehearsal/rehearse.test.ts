import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Rehearsal } from '../../src/model/evidence.js'
import type { Script } from '../../src/model/migration.js'
import type { PlanItem } from '../../src/rehearsal/plan.js'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import { pglite } from '../../src/sandbox/pglite.js'
import type { SandboxProvider } from '../../src/sandbox/sandbox.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { BETWEEN_CASES } from './between-cases.js'
import { CASES } from './cases.js'
import { DIAGNOSIS_CASES } from './diagnosis-cases.js'
import { ROW_CASES } from './row-cases.js'
import { expectTold, revision, script } from './told.js'
import { washed } from './washed.js'

const never = new AbortController().signal
const silent = (): void => undefined

async function run(
  plan: readonly PlanItem[],
  on: SandboxProvider = provider,
  seconds = 25,
): Promise<readonly Rehearsal[]> {
  return rehearse(plan, on, { postgres: 18, signal: never, seconds, rows: 5, onProgress: silent })
}

const provider = washed()
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

describe('a rehearsal', () => {
  test.each([...CASES, ...ROW_CASES, ...DIAGNOSIS_CASES, ...BETWEEN_CASES])('$name', (each) =>
    expectTold(each, provider),
  )
})

/** A plan of migrations that follow each other, as `id: up / down`. */
function chain(
  ...items: readonly (readonly [role: PlanItem['role'], up: string, down: string])[]
): readonly PlanItem[] {
  return items.map(([role, up, down], index) => {
    const each = revision(String(index + 1))
    return {
      revision: each,
      role,
      up: script(sourceText(each.path, up)),
      down: script(sourceText('down', down)),
      bookkeeping: [],
    }
  })
}

function told(rehearsals: readonly Rehearsal[]): readonly string[] {
  return rehearsals.map(
    ({ revision: { id }, verdict, reason }) => `${id} ${verdict}${reason === null ? '' : `: ${reason}`}`,
  )
}

describe('a plan', () => {
  test('each migration finds what those before it left, whatever their downs did', async () => {
    const rehearsals = await run(
      chain(
        ['replay', 'create table a (id int)', ''],
        ['rehearse', 'create index a_idx on a (id)', ''],
        ['replay', 'create table between (id int)', ''],
        ['rehearse', 'alter table a add b int', 'alter table a drop column b'],
        ['rehearse', 'comment on column a.b is $$needs b$$; drop index a_idx; drop table between', 'select nope'],
        ['rehearse', 'create index a_idx on a (b)', 'drop index a_idx'],
      ),
    )
    expect(told(rehearsals)).toEqual([
      '2 leaves-residue: after down, 1 object is not as it was, and up then fails: relation "a_idx" already exists',
      '4 reversible',
      '5 down-fails: column "nope" does not exist',
      '6 reversible',
    ])
  })

  test.each(['one', 'none'] as const)(
    'rows written between up and down are in nobody’s way, in a transaction: %s',
    async (transaction) => {
      const plan = chain(
        ['replay', 'create table a (id serial primary key, n int not null)', ''],
        [
          'rehearse',
          'create table other (id int); alter table a alter n drop not null',
          'drop table other; alter table a alter n set not null',
        ],
        ['rehearse', 'alter table other add m int', 'alter table other drop m'],
      )
      const scripts = plan.map((item) => ({ ...item, up: inMode(item.up), down: inMode(item.down) }))
      const rehearsals = await run(scripts)
      expect(told(rehearsals)).toEqual(['2 reversible', '3 reversible'])
      expect(rehearsals.map(({ between }) => between?.outcome)).toEqual(['down-fails', 'kept'])
      function inMode(each: Script): Script {
        return each.kind === 'script' ? { ...each, transaction } : each
      }
    },
  )

  test('nothing is written between up and down where tables are to stay empty', async () => {
    const plan = chain(['rehearse', 'create table a (id int)', 'drop table a'])
    const options = { postgres: 18, signal: never, seconds: 25, rows: 0, onProgress: silent }
    expect(await rehearse(plan, provider, options)).toMatchObject([
      { verdict: 'reversible', between: null, changed: [] },
    ])
  })

  test('a down that only says that there is no way back does not fail, and is not said to', async () => {
    const [item] = chain(['rehearse', 'create table a (id int)', ''])
    if (item === undefined) throw new Error('no item')
    const at = { path: 'down', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } }
    const down = (reason: string | null): PlanItem => ({ ...item, down: { kind: 'irreversible', reason, at } })
    expect(told(await run([down('the old values are gone')]))).toEqual([
      '1 no-down: the script is declared irreversible: the old values are gone',
    ])
    expect(told(await run([down(null)]))).toEqual(['1 no-down: the script is declared irreversible'])
  })

  test('nothing is said of what follows a migration that fails', async () => {
    const rehearsals = await run(
      chain(['rehearse', 'create table a (id nope)', ''], ['replay', 'select 1', ''], ['rehearse', 'select 1', '']),
    )
    expect(told(rehearsals)).toEqual([
      '1 up-fails: type "nope" does not exist',
      '3 not-run: 1, which comes before, has not been brought up: type "nope" does not exist',
    ])
  })

  test('the steps carry phase, time and locks', async () => {
    const [seen] = await run(
      chain(
        ['replay', 'create table a (id int primary key)', ''],
        ['rehearse', 'create table b (id int references a)', 'drop table b'],
      ),
    )
    expect(seen?.steps.map(({ phase, sql, locks, error }) => [phase, sql, locks, error])).toEqual([
      [
        'up',
        'create table b (id int references a)',
        expect.arrayContaining([{ mode: 'SHARE ROW EXCLUSIVE', object: 'public.a' }]),
        null,
      ],
      ['down', 'drop table b', expect.arrayContaining([{ mode: 'ACCESS EXCLUSIVE', object: 'public.b' }]), null],
      ['reapply', 'create table b (id int references a)', expect.anything(), null],
    ])
    expect(seen?.steps.every(({ milliseconds }) => milliseconds > 0)).toBe(true)
    expect(seen).toMatchObject({ sandbox: 'pglite', postgres: expect.stringMatching(/^18\./), lost: [] })
  })

  test('bookkeeping is no residue', async () => {
    const books = 'create table if not exists schema_migrations (version bigint primary key)'
    const plan = chain(['rehearse', books, '']).map((item) => ({ ...item, bookkeeping: ['schema_migrations'] }))
    expect(told(await run(plan))).toEqual(['1 reversible'])
  })

  test('lines that were not understood are not run past', async () => {
    const note = { message: 'a line of Python', at: null, bearing: 'withholds' } as const
    const [first, ...others] = chain(
      ['replay', 'create table a (id int)', ''],
      ['rehearse', 'create table b (id int)', 'drop table b'],
      ['rehearse', 'create table c (id int)', 'drop table c'],
    )
    const gap = (item: PlanItem, which: 'up' | 'down'): PlanItem => ({
      ...item,
      [which]: { ...item[which], gaps: [note] },
    })
    const plan = [first, ...others].flatMap((item, index) =>
      item === undefined ? [] : [gap(item, index === 1 ? 'down' : 'up')],
    )
    const rehearsals = await run(plan)
    expect(told(rehearsals)).toEqual([
      '2 not-run: down: 1 line was not understood: a line of Python',
      '3 not-run: up: 1 line was not understood: a line of Python',
    ])
    expect(rehearsals[0]?.skipped).toEqual([{ sql: '', at: expect.anything(), reason: 'a line of Python' }])
  })

  test('what is only taken for granted is run', async () => {
    const note = { message: 'a guard', at: null, bearing: 'informs' } as const
    const plan = chain(
      ['replay', 'create table a (id int)', ''],
      ['rehearse', 'create table b (id int)', 'drop table b'],
    )
    const rehearsals = await run(
      plan.map((item) => ({ ...item, up: { ...item.up, gaps: [note] }, down: { ...item.down, gaps: [note] } })),
    )
    expect(told(rehearsals)).toEqual(['2 reversible'])
    expect(rehearsals[0]?.skipped).toEqual([])
  })

  test('a deadline ends it without a pass', async () => {
    const plan = chain(
      ['rehearse', 'select 1', ''],
      ['rehearse', 'select pg_sleep(60)', ''],
      ['rehearse', 'select 1', ''],
    )
    // It is there before the time begins to run: how long it takes to come up is no matter of this test.
    const sandbox = await pglite().open({ postgres: 18 }, never)
    const ready: SandboxProvider = { id: 'pglite', open: async () => sandbox }
    const started = performance.now()
    expect(told(await run(plan, ready, 3))).toEqual([
      '1 reversible',
      '2 not-run: the rehearsal was ended after 3 seconds',
      '3 not-run: the rehearsal was ended after 3 seconds',
    ])
    // Far less than what it would have slept, on a machine that has much else to do.
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  test.each([
    ['in the replay', 1],
    ['before the sandbox is there', 0.05],
  ])('a deadline %s ends it without a pass', async (_name, seconds) => {
    const plan = chain(['replay', 'select 1', ''], ['replay', 'select pg_sleep(60)', ''], ['rehearse', 'select 1', ''])
    expect(told(await run(plan, pglite(), seconds))).toEqual([
      `3 not-run: the rehearsal was ended after ${seconds} seconds`,
    ])
  })

  test('a sandbox that does not open runs nothing', async () => {
    const none: SandboxProvider = { id: 'pglite', open: async () => ({ unavailable: 'there is none' }) }
    expect(told(await run(chain(['replay', 'select 1', ''], ['rehearse', 'select 1', '']), none))).toEqual([
      '2 not-run: no sandbox: there is none',
    ])
  })
})
