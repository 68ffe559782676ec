import { beforeAll, describe, expect, test } from '@jest/globals'
import { analyse, type Analysis } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(async () => loadParsers({ majors: [18], second: true }))

const HISTORY = {
  'go.mod': '',
  'migrations/000001_a.up.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);\n',
  'migrations/000002_b.up.sql': 'CREATE TABLE b (id bigint PRIMARY KEY);\n',
  'migrations/000003_c.up.sql': 'CREATE TABLE c (id bigint PRIMARY KEY);\n',
}
const ADDED = { 'migrations/000004_d.up.sql': 'ALTER TABLE b RENAME COLUMN id TO key;\n' }
const DUMP = 'CREATE TABLE public.a (id bigint);\nCREATE TABLE public.b (id bigint);\n'

type Files = Readonly<Record<string, string>>
const entries = (files: Files) => new Map(Object.entries(files).map(([path, text]) => [path, { text }] as const))

function analysed(base: Files, head: Files = {}): Analysis {
  const settings = { ...DEFAULTS, baseline: 'schema.sql' }
  const all = { ...base, ...ADDED, ...head }
  return analyse({ base: entries(base), head: entries(all), settings, today: '2026-01-15', mode: 'pull' })
}
const planned = ({ plans }: Analysis): readonly string[] =>
  plans.flatMap((plan) => plan.map(({ role, revision }) => `${role} ${revision.id}`))
const withholding = ({ notes }: Analysis): readonly string[] =>
  notes.flatMap(({ message, bearing }) => (bearing === 'withholds' ? [message] : []))

describe('a baseline stands for the migrations that it holds', () => {
  test.each([
    ['all of the base where it names none', '', ['replay baseline', 'rehearse 4']],
    [
      'those up to the last that it names by INSERT',
      "INSERT INTO public.schema_migrations (version) VALUES\n ('1'),\n ('2');\n",
      ['replay baseline', 'replay 3', 'rehearse 4'],
    ],
    [
      'those up to the last that it names by INSERT of one row each',
      'INSERT INTO schema_migrations VALUES (1, false);\nINSERT INTO schema_migrations VALUES (2, false);\n',
      ['replay baseline', 'replay 3', 'rehearse 4'],
    ],
    [
      'those up to the last that it names by COPY',
      'COPY public.schema_migrations (version, dirty) FROM stdin;\n000002\tf\n\\.\n',
      ['replay baseline', 'replay 3', 'rehearse 4'],
    ],
    [
      'no other table names versions',
      "INSERT INTO public.prices (version) VALUES ('1');\n",
      ['replay baseline', 'rehearse 4'],
    ],
  ])('%s', (_, rows, expected) => {
    const analysis = analysed({ ...HISTORY, 'schema.sql': DUMP + rows })
    expect(planned(analysis)).toEqual(expected)
    expect(withholding(analysis)).toEqual([])
  })

  test.each([
    ['by INSERT', "INSERT INTO public.flyway_schema_history VALUES (1, '1', 'a'), (2, '02.0', 'b'), (3, NULL, 'v');\n"],
    [
      'by INSERT with columns',
      "INSERT INTO public.flyway_schema_history (installed_rank, version, description) VALUES (5, '2', 'b');\n",
    ],
    [
      'by COPY',
      'COPY public.flyway_schema_history (installed_rank, version) FROM stdin;\n9\t1\n3\t02.0\n4\t\\N\n\\.\n',
    ],
  ])('the rows of Flyway begin with their rank: %s', (_, rows) => {
    const named = Object.fromEntries(
      Object.entries({ ...HISTORY, ...ADDED }).map(([path, text]) => [
        path.replace(/^migrations\/0+(\d)_(\w)\.up/, 'sql/V$1__$2'),
        text,
      ]),
    )
    const { 'sql/V4__d.sql': added = '', ...base } = named
    const settings = { ...DEFAULTS, baseline: 'schema.sql' }
    const all = { ...base, 'schema.sql': DUMP + rows }
    const head = { ...all, 'sql/V4__d.sql': added }
    const pull = { base: entries(all), head: entries(head), settings, today: '2026-01-15', mode: 'pull' } as const
    expect(planned(analyse(pull))).toEqual(['replay baseline', 'replay 3', 'rehearse 4'])
  })

  test('the rules know the schema from it', () => {
    const base = { 'go.mod': '', 'migrations/000003_c.up.sql': 'SELECT 1;\n', 'schema.sql': DUMP }
    expect(analysed(base).findings.map(({ rule }) => rule)).toContain('rename-column')
  })
})

test('a change to a migration that the dump holds is compared with the history itself', () => {
  const edit = { 'migrations/000002_b.up.sql': 'CREATE TABLE b (id integer PRIMARY KEY);\n' }
  const analysis = analysed({ ...HISTORY, 'schema.sql': DUMP }, edit)
  expect(planned(analysis)).not.toContain('replay baseline')
  expect(analysis.notes.map(({ message }) => message)).toContain(
    'the history is replayed from its start, and not from the baseline schema.sql, as this change edits 2',
  )
})

describe('a baseline that cannot be used withholds the pass', () => {
  const other = { 'other/go.mod': '', 'other/db/000001_x.up.sql': 'SELECT 1;\n', 'other/db/000001_x.down.sql': '' }
  test.each([
    ['no such file', HISTORY, 'the baseline schema.sql cannot be used: there is no such file on the base branch'],
    [
      'versions of another history',
      { ...HISTORY, 'schema.sql': `${DUMP}INSERT INTO schema_migrations VALUES ('77');\n` },
      'the baseline schema.sql cannot be used: it names 77 as applied, and no migration is called so',
    ],
    [
      'several projects',
      { ...HISTORY, ...other, 'schema.sql': DUMP },
      'the baseline schema.sql is not used: it cannot stand for 2 projects at once',
    ],
  ])('%s', (_, base: Files, message) => {
    const analysis = analysed(base)
    expect(withholding(analysis)).toContain(message)
    expect(planned(analysis)).toEqual(expect.arrayContaining(['replay 1', 'replay 2', 'replay 3', 'rehearse 4']))
  })
})
