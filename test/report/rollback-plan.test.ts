import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Rehearsal, RehearsalVerdict } from '../../src/model/evidence.js'
import type { Script } from '../../src/model/migration.js'
import type { Review, ReviewedMigration } from '../../src/model/review.js'
import { placement } from '../../src/report/deployment.js'
import { wayBack, wayOut } from '../../src/report/plan-words.js'
import { plansOf } from '../../src/report/rollback-plan.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { readScript } from '../../src/sql/script.js'
import { blocked } from './reviews.js'

beforeAll(async () => loadParsers())

const script = (sql: string, path = 'm/1.up.sql'): Script =>
  readScript(sourceText(path, sql), { postgres: 18, thorough: false }, { transaction: 'one' })

describe('where an up script belongs', () => {
  test.each([
    ['create table a (id int primary key)', 'before'],
    ['alter table a add b int', 'before'],
    ['alter table a add b int not null default 0', 'before'],
    ['alter table a add b serial not null', 'before'],
    ['alter table a add b int not null', 'neither'],
    ['alter table a rename b to c', 'neither'],
    ['alter table a drop b', 'after'],
    ['alter table a alter b set not null', 'after'],
    ['alter table a add constraint c check (b > 0)', 'after'],
    ['alter table a add b int; alter table a add constraint c check (b > 0)', 'before'],
    ['alter table a add b int; create unique index on a (b)', 'before'],
    ['create table a (b int); alter table a alter b set not null', 'before'],
    ['create index on a (b)', 'either'],
    ['update a set b = 1', 'either'],
    ["set lock_timeout = '2s'", 'either'],
    ['alter table a drop b; create table c ()', 'both'],
    ['do $$ begin execute concat(1) ; end $$', 'unknown'],
    ['do $$ begin drop table a; end $$', 'after'],
    ['call p()', 'unknown'],
  ])('%s: %s', (sql, when) => expect(placement(script(sql), new Set()).when).toBe(when))
})

const [pattern] = blocked.migrations
const [seen] = blocked.rehearsals

/** A review of migrations `up / down`, each with a verdict. */
function reviewOf(
  ...items: readonly (readonly [
    up: string,
    down: string | null,
    verdict: RehearsalVerdict,
    more?: Partial<Rehearsal>,
  ])[]
): Review {
  if (pattern === undefined || seen === undefined) throw new Error('there is no pattern')
  const revisions = items.map((_, at) => ({
    ...pattern.revision,
    id: String(at + 1),
    path: `db/migrations/${at + 1}.up.sql`,
    downPath: `db/migrations/${at + 1}.down.sql`,
  }))
  const clean = {
    between: null,
    residue: [],
    schema: null,
    picture: null,
    unfilled: [],
    lost: [],
    violations: [],
    dataDependent: null,
    skipped: [],
  }
  return {
    ...blocked,
    migrations: items.map(([up, down], at): ReviewedMigration => ({
      ...pattern,
      revision: revisions[at] ?? pattern.revision,
      up: { script: script(up), effects: [] },
      down: { script: down === null ? { kind: 'absent' } : script(down), effects: [] },
    })),
    rehearsals: items.map(([, , verdict, more], at): Rehearsal => ({
      ...seen,
      ...clean,
      revision: revisions[at] ?? pattern.revision,
      verdict,
      reason: verdict === 'reversible' ? null : 'a reason',
      ...more,
    })),
  }
}

const ADDS = ['alter table a add b int', 'alter table a drop b', 'reversible'] as const
const DROPS = ['alter table a drop c', 'alter table a add c int', 'loses-data'] as const

describe('a plan', () => {
  test.each<[RehearsalVerdict, string]>([
    ['reversible', 'shown'],
    ['loses-data', 'partly'],
    ['reapply-fails', 'partly'],
    ['leaves-residue', 'fails'],
    ['down-fails', 'fails'],
    ['up-fails', 'unknown'],
    ['not-run', 'unknown'],
    ['no-down', 'none'],
  ])('after %s is worth: %s', (verdict, worth) => {
    const review = reviewOf(ADDS, [ADDS[0], ADDS[1], verdict])
    expect(plansOf(review)[0]?.worth).toBe(worth)
  })

  test('is worth no more than what could be looked at, and nothing without a down or a rehearsal', () => {
    const skipped = [{ sql: '', at: blocked.findings[0]?.at as never, reason: '' }]
    expect(plansOf(reviewOf([...ADDS, { skipped }]))[0]?.worth).toBe('partly')
    const { between } = blocked.rehearsals[0] ?? {}
    if (!between) throw new Error('no rows were written')
    for (const outcome of ['down-fails', 'reapply-fails', 'lost', 'not-run'] as const) {
      const [plan] = plansOf(reviewOf([...ADDS, { between: { ...between, outcome } }]))
      expect(plan?.rollback[0]?.evidence).toMatch(/; not so with rows that are written after up$/)
      expect(plan?.worth).toBe('partly')
    }
    expect(plansOf(reviewOf([...ADDS, { between: { ...between, outcome: 'kept' } }]))[0]?.worth).toBe('shown')
    const window = { phase: 'down', message: 'no such table', at: null } as const
    const [whole] = plansOf(reviewOf([...ADDS, { window }]))
    expect(whole?.rollback[0]?.evidence).toMatch(/; not so once the later migrations have run: no such table$/)
    expect(whole?.worth).toBe('partly')
    expect(plansOf(reviewOf([ADDS[0], null, 'reversible']))[0]?.worth).toBe('none')
    const review = reviewOf(ADDS, ADDS)
    expect(plansOf({ ...review, rehearsals: review.rehearsals.slice(0, 1) })[0]?.worth).toBe('unknown')
    expect(plansOf({ ...review, rehearsals: [] })).toEqual([])
  })

  test('puts the code in its place, on the way out and on the way back', () => {
    const [plan] = plansOf(reviewOf(ADDS, DROPS))
    expect(plan && wayOut(plan).map(({ text }) => text)).toEqual([
      'Apply db/migrations/1.up.sql before the new code',
      'Deploy the new code',
      'Apply db/migrations/2.up.sql once the new code runs everywhere',
    ])
    expect(plan && wayBack(plan).map(({ text }) => text.replace(/:.*/, ''))).toEqual([
      'Undo db/migrations/2.up.sql (yellow)',
      'Deploy the code of before',
      'Undo db/migrations/1.up.sql (green)',
    ])
    expect(plan?.conflict).toBe('')
    expect(plan?.rollback.map(({ command }) => command)).toEqual([
      'migrate -path db/migrations -database "$DATABASE_URL" down 1',
      'migrate -path db/migrations -database "$DATABASE_URL" down 1',
    ])
    expect(plan?.rollback.map(({ sql }) => sql)).toEqual([['alter table a add c int'], ['alter table a drop b']])
  })

  test('says when the order of the history stands against that of the release', () => {
    expect(plansOf(reviewOf(DROPS, ADDS))[0]?.conflict).toMatch(
      /^db\/migrations\/2.up.sql belongs before the new code and db\/migrations\/1.up.sql after it/,
    )
  })

  test('the folder of a command is one word', () => {
    const review = reviewOf(ADDS)
    const root = "db's; rm -rf $HOME"
    const projects = review.projects.map((project) => ({ ...project, root }))
    const migrations = review.migrations.map((each) => ({
      ...each,
      revision: { ...each.revision, path: `${root}/1.up.sql` },
    }))
    expect(plansOf({ ...review, projects, migrations })[0]?.rollback[0]?.command).toBe(
      `migrate -path 'db'\\''s; rm -rf $HOME' -database "$DATABASE_URL" down 1`,
    )
  })

  test.each<[string, readonly [string, string | null, RehearsalVerdict, Partial<Rehearsal>?], readonly string[]]>([
    ['what is added', ADDS, ['what is written into a.b after the release']],
    [
      'what is added, where down carries it over',
      [ADDS[0], 'update a set c = b; alter table a drop b', 'reversible'],
      ['what is written into a.b after the release, as far as the down script does not carry it over'],
    ],
    ['what comes back', [DROPS[0], DROPS[1], 'reversible'], []],
    [
      'what was not seen',
      [DROPS[0], DROPS[1], 'not-run'],
      ['what a.c held before up: whether it comes back was not shown'],
    ],
    [
      'what does not come back',
      [...DROPS, { lost: [{ table: 'a', column: 'c', rows: 4 }] }],
      ['values of a.c that up removes: 4 generated values did not come back'],
    ],
    ['nothing comes back at all', [ADDS[0], null, 'no-down'], []],
  ])('loses: %s', (_, item, losses) => expect(plansOf(reviewOf(item))[0]?.losses).toEqual(losses))

  test('says what to clear away', () => {
    const up = 'create index concurrently b_idx on s.a (b); create index concurrently on a (c)'
    const residue = [
      'index public.x remains',
      'column public.a.b remains',
      'enum public.mood remains',
      'trigger public.a."t.1" remains',
      'materialized view public.v remains',
      'column public.a.c is missing',
      '1 row of a remains',
    ]
    expect(plansOf(reviewOf([up, '', 'leaves-residue', { residue }]))[0]?.leftovers.map(({ sql }) => sql)).toEqual([
      'DROP INDEX CONCURRENTLY IF EXISTS s.b_idx;',
      'SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;',
      'DROP INDEX public.x;',
      'ALTER TABLE public.a DROP COLUMN b;',
      'DROP TYPE public.mood;',
      'DROP TRIGGER "t.1" ON public.a;',
      'DROP MATERIALIZED VIEW public.v;',
    ])
  })
})
