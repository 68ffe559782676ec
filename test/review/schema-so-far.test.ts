import { beforeAll, describe, expect, test } from '@jest/globals'
import { operationsOf, type Script } from '../../src/model/migration.js'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(async () => loadParsers({ majors: [18], second: true }))

const entries = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, { text }] as const))

const revision = (id: string, parent: string | null, up: string, down = 'pass'): string =>
  [
    'import sqlalchemy as sa',
    'from alembic import op',
    `revision = "${id}"`,
    `down_revision = ${parent === null ? 'None' : `"${parent}"`}`,
    ...[`def upgrade():\n${up}`, `def downgrade():\n${down}`].map((text) => text.replace(/\n/g, '\n    ')),
  ].join('\n')

const FIRST = revision(
  'a',
  null,
  'op.execute("CREATE TABLE t (id int PRIMARY KEY, name text, CONSTRAINT u UNIQUE (name))")\n' +
    'op.execute("CREATE INDEX i ON t (name, id)")\nop.execute("CREATE TYPE e AS ENUM (\'x\')")',
)

/** What a revision after the first one sends, and what is not read of it. */
function added(up: string, { first = FIRST, down = 'pass' } = {}) {
  const base = { 'alembic/env.py': '', 'alembic/versions/a.py': first }
  const head = { ...base, 'alembic/versions/b.py': revision('b', 'a', up, down) }
  const { migrations } = analyse({
    ...{ base: entries(base), head: entries(head), settings: DEFAULTS },
    ...{ today: '2026-01-15', mode: 'pull' },
  })
  const told = (script: Script | undefined): string =>
    script?.kind !== 'script'
      ? String(script?.kind)
      : [
          ...script.statements.map(({ sql }) => sql),
          ...script.gaps.map(({ message }) => message.replace(/^line \d+ of \w+\(\) /, '')),
        ].join(' | ')
  const [migration] = migrations
  return {
    up: told(migration?.up.script),
    down: told(migration?.down.script),
    operations: operationsOf(migration?.up.script ?? { kind: 'absent' }).length,
  }
}

const INSPECTOR = 'inspector = sa.inspect(op.get_bind())\n'

describe('a migration that asks what is there is answered from the history', () => {
  test.each([
    ['a table that is there', 'inspector.has_table("t")', true],
    ['a table that is not', '"other" in inspector.get_table_names()', false],
    ['a table of the schema public', '"t" in inspector.get_table_names(schema="public")', true],
    ['the dialect', 'op.get_bind().dialect.has_table(op.get_bind(), "t")', true],
    ['a column that is there', '"name" in [c["name"] for c in inspector.get_columns("t")]', true],
    ['a column that is not', 'any(c["name"] == "other" for c in inspector.get_columns("t"))', false],
    ['whether a column may be empty', '[c["nullable"] for c in inspector.get_columns("t")] == [False, True]', true],
    ['an index', '"i" in {i["name"] for i in inspector.get_indexes("t")}', true],
    ['a unique constraint', '"u" in [u["name"] for u in inspector.get_unique_constraints("t")]', true],
    ['the primary key', 'inspector.get_pk_constraint("t")["constrained_columns"] == ["id"]', true],
    ['foreign keys', 'inspector.get_foreign_keys("t") == []', true],
    ['an enum', '[e["labels"] for e in inspector.get_enums() if e["name"] == "e"] == [["x"]]', true],
  ])('%s', (_, question, is) => {
    expect(added(`${INSPECTOR}if ${question}:\n    op.drop_table("yes")\nelse:\n    op.drop_table("no")`).up).toBe(
      `DROP TABLE ${is ? 'yes' : 'no'}`,
    )
  })

  test('what the migration itself sent before counts', () => {
    const up = `op.drop_table("t")\nop.execute("CREATE TABLE n (a int)")\n${INSPECTOR}names = inspector.get_table_names()\nif "t" not in names and "n" in names:\n    op.drop_table("n")`
    expect(added(up).up).toBe('DROP TABLE t | CREATE TABLE n (a int) | DROP TABLE n')
  })

  test('the way down is asked after the way up', () => {
    const ask = `${INSPECTOR}if inspector.has_table("n"):\n    op.drop_table("n")`
    expect(added('op.execute("CREATE TABLE n (a int)")', { down: ask }).down).toBe('DROP TABLE n')
    expect(added('pass', { down: ask }).down).toBe('')
  })

  test.each([
    ['whether there is any', 'if inspector.get_foreign_keys("t"):'],
    ['whether there is none', 'if inspector.get_foreign_keys("t") == []:'],
    ['how many there are', 'if len(inspector.get_columns("t")) == 2:'],
    ['what is not there', 'if not {"other"} & set(inspector.get_table_names()):'],
    ['what is there besides', 'if set(inspector.get_table_names()) - {"t"}:'],
    ['what is not among them', 'if all(c["name"] != "other" for c in inspector.get_columns("t")):'],
  ])('after a migration that is not understood nobody knows %s', (_, question) => {
    const first = FIRST.replace('op.execute("CREATE INDEX', 'unknown()\n    op.execute("CREATE INDEX')
    expect(added(`${INSPECTOR}${question}\n    op.drop_table("t")`, { first }).up).toMatch(/^is not read: /)
  })

  test('after a migration that is not understood only what is known to be there is certain', () => {
    const first = FIRST.replace('op.execute("CREATE INDEX', 'unknown()\n    op.execute("CREATE INDEX')
    const ask = (name: string): string => `${INSPECTOR}if inspector.has_table("${name}"):\n    op.drop_table("${name}")`
    expect(added(ask('t'), { first }).up).toBe('DROP TABLE t')
    const among = '"other" in [c["name"] for c in inspector.get_columns("t")]'
    expect(added(`${INSPECTOR}if ${among}:\n    op.drop_table("t")`, { first }).up).toBe(
      'is not read: it needs the database: which way a condition goes is not known: whether there is more is not known',
    )
    expect(added(ask('n'), { first }).up).toBe(
      'is not read: it needs the database: which way a condition goes is not known: what has_table finds is not known',
    )
  })
})
