import { beforeAll, describe, expect, test } from '@jest/globals'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(async () => loadParsers({ majors: [18], second: true }))

const entries = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, { text }] as const))

const revision = (body: string, top = ''): string =>
  `import sqlalchemy as sa\nfrom alembic import op\n${top}\nrevision = "a"\ndown_revision = None\n\ndef upgrade():\n${body.replace(/^/gm, '    ')}\n\ndef downgrade():\n    op.drop_table("t")\n`

const BEFORE = revision(
  'op.create_table("t", sa.Column("a", sa.Integer()))\nop.add_column("t", sa.Column("b", sa.Text()))',
)

/** What is found when an applied revision is changed to another text. */
function found(after: string, before = BEFORE): readonly string[] {
  const side = (text: string) => entries({ 'alembic/env.py': '', 'alembic/versions/a.py': text })
  const { findings } = analyse({
    ...{ base: side(before), head: side(after), settings: DEFAULTS },
    ...{ today: '2026-01-15', mode: 'pull' },
  })
  return findings.map(({ rule, severity }) => `${severity} ${rule}`)
}

const SETTINGS = 'from app import settings'
const GUARD = 'if not settings.X:\n    return\n'

test.each([
  [
    'a comment',
    BEFORE.replace('def upgrade', '# words\ndef upgrade'),
    BEFORE,
    ['warning edited-applied-migration-comments-only'],
  ],
  [
    'the same SQL in other words',
    revision(
      'op.create_table(T, *[sa.Column("a", sa.INTEGER)])\nfor name in ["b"]:\n    op.add_column(T, sa.Column(name, sa.Text))',
      'T = "t"',
    ),
    BEFORE,
    ['warning edited-applied-migration-comments-only'],
  ],
  ['other SQL', BEFORE.replace('sa.Text()', 'sa.Integer()'), BEFORE, ['error edited-applied-migration']],
  [
    'the same SQL behind the same guard',
    revision(`${GUARD}op.drop_table(T)`, `${SETTINGS}\nT = "x"`),
    revision(`${GUARD}op.drop_table("x")`, SETTINGS),
    ['warning edited-applied-migration-comments-only'],
  ],
  [
    'the same SQL behind another guard',
    revision(`${GUARD.replace('X', 'Y')}op.drop_table("x")`, SETTINGS),
    revision(`${GUARD}op.drop_table("x")`, SETTINGS),
    ['error edited-applied-migration'],
  ],
  [
    'what is not understood',
    BEFORE.replace('def downgrade', '    unknown()\n\ndef downgrade'),
    BEFORE,
    ['error edited-applied-migration'],
  ],
])('an applied revision that is edited: %s', (_, after, before, expected) => {
  expect(found(after, before)).toEqual(expected)
})

describe('modules that applied revisions import', () => {
  const ENV = { 'alembic/env.py': '' }
  const imports = (what: string, body: string, id = 'a', parent: string | null = null): string =>
    revision(body, what)
      .replace('revision = "a"', `revision = "${id}"`)
      .replace('down_revision = None', `down_revision = ${parent === null ? 'None' : `"${parent}"`}`)
  const CREATE = 'op.create_table(TABLE, sa.Column("a", sa.Integer))'
  const A = imports('from app.names import TABLE', CREATE)

  /** What is found when the files of a repository change, with its place. */
  function between(
    before: Readonly<Record<string, string>>,
    after: Readonly<Record<string, string | null>>,
  ): readonly string[] {
    const kept = Object.entries({ ...before, ...after }).filter((each): each is [string, string] => each[1] !== null)
    const { findings, migrations } = analyse({
      ...{ base: entries({ ...ENV, ...before }), head: entries({ ...ENV, ...Object.fromEntries(kept) }) },
      ...{ settings: DEFAULTS, today: '2026-01-15', mode: 'pull' },
    })
    return [
      ...migrations.map(({ revision: { id }, change }) => `${id} ${change}`),
      ...findings.map(
        ({ severity, rule, at, message }) => `${at.path}:${at.start.line} ${severity} ${rule}: ${message}`,
      ),
    ]
  }
  const said = (place: string, migrations: string, module = 'app/names.py'): string =>
    `${place} error edited-applied-migration: With ${module} changes the SQL that is sent by ${migrations}: Alembic does not run ` +
    'it again, so databases that ran what was sent before never get the change. Leave there what it uses, and give new code a name of its own'
  const ONE = 'applied migration a.py'

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string | null>>, readonly string[]]>([
    [
      'a constant',
      { 'app/names.py': '# names\nTABLE = "t"\n', 'alembic/versions/a.py': A },
      { 'app/names.py': '# names\nTABLE = "u"\n' },
      [said('app/names.py:2', ONE)],
    ],
    [
      'a constant that is not used',
      { 'app/names.py': 'TABLE = "t"\nOTHER = 1\n', 'alembic/versions/a.py': A },
      { 'app/names.py': 'TABLE = "t"\nOTHER = 2\n' },
      [],
    ],
    [
      'the same SQL in other words',
      { 'app/names.py': 'TABLE = "t"\n', 'alembic/versions/a.py': A },
      { 'app/names.py': 'T = "t"\nTABLE = T.lower()  # now shorter\n' },
      [],
    ],
    [
      'a helper that sends it',
      {
        'app/names.py': 'from alembic import op\ndef fill():\n    op.execute("SELECT 1")\n',
        'alembic/versions/a.py': imports('from app.names import fill', 'fill()'),
      },
      { 'app/names.py': 'from alembic import op\ndef fill():\n    op.execute("SELECT 2")\n' },
      [said('app/names.py:3', ONE)],
    ],
    [
      'a member of an enum',
      {
        'app/names.py': 'import enum\nclass State(enum.Enum):\n    new = 1\n',
        'alembic/versions/a.py': imports(
          'from app.names import State',
          'op.create_table("t", sa.Column("s", sa.Enum(State, name="s")))',
        ),
      },
      { 'app/names.py': 'import enum\nclass State(enum.Enum):\n    new = 1\n    old = 2\n' },
      [said('app/names.py:4', ONE)],
    ],
    [
      'through another module',
      {
        'app/names.py': 'TABLE = "t"\n',
        'app/all.py': 'from .names import *\n',
        'alembic/versions/a.py': A.replace('app.names', 'app.all'),
      },
      { 'app/names.py': 'TABLE = "u"\n' },
      [said('app/names.py:1', ONE)],
    ],
    [
      'one that is gone',
      { 'app/names.py': 'TABLE = "t"\n', 'alembic/versions/a.py': A },
      { 'app/names.py': null },
      [said('alembic/versions/a.py:1', ONE)],
    ],
    [
      'one that several import',
      {
        'app/names.py': 'TABLE = "t"\n',
        'alembic/versions/a.py': A,
        ...Object.fromEntries(
          ['b', 'c', 'd', 'e'].map((id, at) => [
            `alembic/versions/${id}.py`,
            imports(
              'from app.names import TABLE',
              `op.execute("COMMENT ON TABLE " + TABLE + " IS '${id}'")`,
              id,
              'abcd'[at],
            ),
          ]),
        ),
      },
      { 'app/names.py': 'TABLE = "u"\n' },
      [said('app/names.py:1', 'applied migrations a.py, b.py, c.py and 2 more')],
    ],
    [
      'what nobody understands on either side',
      {
        'app/names.py': 'TABLE = "t"\ndef more(x):\n    return query(x)\n',
        'alembic/versions/a.py': imports(
          'from app.names import TABLE, more',
          `${CREATE}\nfor x in more(1):\n    op.drop_table(x)`,
        ),
      },
      { 'app/names.py': 'TABLE = "t"\ndef more(x):\n    return other(x)\n' },
      [],
    ],
    ['a new module', { 'alembic/versions/a.py': BEFORE }, { 'app/names.py': 'TABLE = "t"\n' }, []],
  ])('%s', (_, before, after, expected) => expect(between(before, after)).toEqual(expected))

  test('a new revision that imports it is none of its business', () => {
    const before = { 'app/names.py': 'TABLE = "t"\n', 'alembic/versions/a.py': BEFORE }
    const added = imports('from app.names import TABLE', 'op.execute("SELECT 1")', 'b', 'a').replace(
      'op.drop_table("t")',
      'op.execute("SELECT 1")',
    )
    const found = between(before, { 'app/names.py': 'TABLE = "u"\n', 'alembic/versions/b.py': added })
    expect(found.filter((line) => line.includes('edited-applied'))).toEqual([])
  })
})

test('a file of SQL that an applied revision opens is part of what it sends, as far as anybody knows', () => {
  const opens = revision('op.execute(open("shop/first.sql").read())')
  const side = (sql: string) =>
    entries({
      'alembic/env.py': '',
      'alembic/versions/a.py': opens,
      'shop/first.sql': sql,
      'shop/other.sql': sql,
    })
  const { findings } = analyse({
    ...{ base: side('CREATE TABLE t (a int);\n'), head: side('CREATE TABLE t (a bigint);\n'), settings: DEFAULTS },
    ...{ today: '2026-01-15', mode: 'pull' },
  })
  expect(findings.map(({ rule, severity, at }) => `${severity} ${rule} ${at.path}`)).toEqual([
    'error edited-applied-migration shop/first.sql',
  ])
})
