import { beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { FileEntries } from '../../src/model/file-set.js'
import { clashesBetween, type Claims } from '../../src/model/open-clash.js'
import { analyse } from '../../src/review/analyse.js'
import { claimsOf } from '../../src/review/claims.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(() => loadParsers({ majors: [18] }))

type Files = Readonly<Record<string, string>>
const entries = (files: Files): FileEntries => new Map(Object.entries(files).map(([path, text]) => [path, { text }]))

/** What a pull request claims that adds some files to others. */
function claimsFor(number: number, base: Files, added: Files): Claims {
  const [before, after] = [entries(base), entries({ ...base, ...added })]
  const { projects, migrations } = analyse({
    base: before,
    head: after,
    settings: DEFAULTS,
    today: '2026-01-15',
    mode: 'pull',
  })
  const claims = claimsOf({
    pull: { repository: 'a/b', number, base: 'x', head: String(number) },
    projects,
    migrations,
  })
  if (claims === null) throw new Error('a pull request has a number')
  return claims
}

const sql = (name: string, up: string): Files => ({
  [`db/migrations/${name}.up.sql`]: up,
  [`db/migrations/${name}.down.sql`]: 'SELECT 1;',
})
const SQL = sql('000001_shop', 'CREATE TABLE orders (id int); CREATE TABLE customers (id int);')

const revision = (id: string, parent: string | null, body: string): Files => ({
  [`backend/alembic/versions/${id}_x.py`]: [
    'from alembic import op',
    'import sqlalchemy as sa',
    `revision = '${id}'`,
    `down_revision = ${parent === null ? 'None' : `'${parent}'`}`,
    'def upgrade():',
    `    ${body}`,
    'def downgrade():',
    '    pass',
    '',
  ].join('\n'),
})
const ALEMBIC: Files = {
  'backend/alembic.ini': '[alembic]\nscript_location = alembic\n',
  'backend/alembic/env.py': '',
  ...revision('aaa', null, "op.create_table('orders', sa.Column('id', sa.Integer))"),
}

/** What two pull requests on one base are told of each other. */
function told(base: Files, mine: Files, theirs: Files): readonly string[] {
  const [one, other] = [claimsFor(7, base, mine), claimsFor(12, base, theirs)]
  const here = clashesBetween(one, [other])
  const there = clashesBetween(other, [one])
  expect(there.map(({ kind, message }) => ({ kind, message }))).toEqual(
    here.map(({ kind, message }) => ({ kind, message })),
  )
  expect([...new Set(here.map(({ pull }) => pull))]).toEqual(here.length === 0 ? [] : [12])
  return here.map(({ kind, message }) => `${kind}: ${message}`)
}

const SAME = 'version: both take the version 2: the one that is merged later has to take another'
const HEADS = 'once both are merged Alembic has two heads, and the one that is merged later has to follow the other'

describe('what two open pull requests are told', () => {
  test.each<[string, Files, Files, Files, readonly string[]]>([
    [
      'nothing in common',
      SQL,
      sql('000002_a', 'CREATE TABLE a (id int);'),
      sql('000003_b', 'CREATE TABLE b (id int);'),
      [],
    ],
    [
      'the same version',
      SQL,
      sql('000002_a', 'CREATE TABLE a (id int);'),
      sql('000002_b', 'CREATE TABLE b (id int);'),
      [SAME],
    ],
    [
      'the same file with another text',
      SQL,
      sql('000002_a', 'CREATE TABLE a (id int);'),
      sql('000002_a', 'CREATE TABLE b (id int);'),
      [SAME],
    ],
    [
      'one builds on the other',
      SQL,
      sql('000002_a', 'ALTER TABLE orders ADD x int;'),
      { ...sql('000002_a', 'ALTER TABLE orders ADD x int;'), ...sql('000003_b', 'ALTER TABLE orders ADD y int;') },
      [],
    ],
    [
      'the same table',
      SQL,
      sql('000002_a', 'ALTER TABLE public.orders ADD x int;'),
      sql('000003_b', 'CREATE INDEX ON orders (id);'),
      ['table: both change orders'],
    ],
    [
      'the same table, in a block',
      SQL,
      sql('000002_a', 'DO $$ BEGIN ALTER TABLE orders ADD x int; END $$;'),
      sql('000003_b', 'DROP TABLE orders;'),
      ['table: both change orders'],
    ],
    [
      'rows of the same table',
      SQL,
      sql('000002_a', 'UPDATE orders SET id = 1;'),
      sql('000003_b', 'ALTER TABLE orders ADD y int;'),
      [],
    ],
    [
      'the same version and table',
      SQL,
      sql('000002_a', 'ALTER TABLE orders ADD x int;'),
      sql('000002_b', 'ALTER TABLE orders ADD y int;'),
      [SAME, 'table: both change orders'],
    ],
    [
      'the same parent',
      ALEMBIC,
      revision('bbb', 'aaa', "op.create_table('b')"),
      revision('ccc', 'aaa', "op.create_table('c')"),
      [`parent: both follow the revision aaa: ${HEADS}`],
    ],
    [
      'the same id',
      ALEMBIC,
      revision('bbb', 'aaa', "op.create_table('b')"),
      { 'backend/alembic/versions/other.py': Object.values(revision('bbb', 'aaa', "op.create_table('c')"))[0] ?? '' },
      [
        'version: both take the version bbb: the one that is merged later has to take another',
        `parent: both follow the revision aaa: ${HEADS}`,
      ],
    ],
    [
      'one behind the other',
      ALEMBIC,
      revision('bbb', 'aaa', "op.create_table('b')"),
      { ...revision('bbb', 'aaa', "op.create_table('b')"), ...revision('ccc', 'bbb', "op.create_table('c')") },
      [],
    ],
    [
      'two beginnings',
      { 'backend/alembic.ini': ALEMBIC['backend/alembic.ini'] ?? '', 'backend/alembic/env.py': '' },
      revision('bbb', null, "op.create_table('b')"),
      revision('ccc', null, "op.create_table('c')"),
      [`parent: both begin a history of their own: ${HEADS}`],
    ],
  ])('%s', (_, base, mine, theirs, expected) => expect(told(base, mine, theirs)).toEqual(expected))

  test('the folders of two projects have nothing to do with each other', () => {
    const move = (files: Files): Files =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace('db/', 'other/'), text]))
    const base = { ...SQL, ...move(SQL) }
    expect(
      told(
        base,
        sql('000002_a', 'ALTER TABLE orders ADD x int;'),
        move(sql('000002_b', 'ALTER TABLE orders ADD y int;')),
      ),
    ).toEqual([])
  })

  test('many tables are counted', () => {
    const all = Array.from({ length: 8 }, (_, i) => `CREATE TABLE t${i} (id int);`).join('\n')
    expect(told(SQL, sql('000002_a', all), sql('000003_b', all))).toEqual([
      'table: both change t0, t1, t2, t3, t4 and 3 more',
    ])
  })

  test('nobody is told of themselves, and a branch that is no pull request claims nothing', () => {
    const claims = claimsFor(7, SQL, sql('000002_a', 'ALTER TABLE orders ADD x int;'))
    expect(clashesBetween(claims, [claims])).toEqual([])
    expect(
      claimsOf({ pull: { repository: 'a', number: null, base: '', head: '' }, projects: [], migrations: [] }),
    ).toBeNull()
  })
})

test('whatever two claim, both are told the same', () => {
  const id = fc.constantFrom('1', '2', '3')
  const anyRevision = fc.record({
    id,
    parents: fc.uniqueArray(id, { maxLength: 2 }),
    path: fc.constantFrom('a', 'b'),
    digest: fc.constantFrom('x', 'y'),
  })
  const anyProject = fc.record({
    framework: fc.constant('alembic'),
    root: fc.constantFrom('a', 'b'),
    tool: fc.constant('Alembic'),
    byParents: fc.constant(true),
    added: fc.array(anyRevision, { maxLength: 3 }),
    tables: fc.uniqueArray(fc.constantFrom('t', 'u', 'v'), { maxLength: 3 }),
  })
  const anyClaims = fc.uniqueArray(anyProject, { maxLength: 2, selector: ({ root }) => root })
  fc.assert(
    fc.property(anyClaims, anyClaims, (mine, theirs) => {
      const [one, other] = [
        { pull: 1, projects: mine },
        { pull: 2, projects: theirs },
      ]
      const words = (clashes: ReturnType<typeof clashesBetween>): readonly string[] =>
        clashes.map(({ kind, message }) => `${kind} ${message}`).sort()
      expect(words(clashesBetween(one, [other, one]))).toEqual(words(clashesBetween(other, [one, other])))
    }),
  )
})
