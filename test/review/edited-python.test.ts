import { beforeAll, expect, test } from '@jest/globals'
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
