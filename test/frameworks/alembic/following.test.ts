import { describe, expect, test } from '@jest/globals'
import { readAll, sketch, tree } from '../tree.js'
import { revision } from './revision.js'

const up = (body: string, top = '') => sketch(revision(body, 'pass', top).up)

/** A revision among other files of the repository. */
function among(files: Readonly<Record<string, string>>, body: string, top: string): string {
  const text = [
    'import sqlalchemy as sa',
    'from alembic import op',
    top,
    'revision = "a"',
    `def upgrade():\n    ${body}`,
  ].join('\n')
  const [read] = readAll(tree({ 'server/alembic/env.py': '', 'server/alembic/versions/a.py': text, ...files }))
  return read === undefined ? 'nothing' : read.migrations.map((migration) => sketch(migration.up)).join('\n')
}

describe('what is followed', () => {
  test.each([
    ['a loop', 'for t in ["a", "b"]:\n    op.drop_table(t)', 'DROP TABLE a | DROP TABLE b'],
    ['a helper', 'drop("a")', 'DROP TABLE a_x', 'def drop(name, suffix="_x"):\n    op.drop_table(name + suffix)'],
    [
      'PostgreSQL is the dialect',
      'if op.get_bind().dialect.name == "postgresql":\n    op.drop_table("a")\nelse:\n    op.drop_table("b")',
      'DROP TABLE a',
    ],
    ['another way to the dialect', 'if op.get_context().dialect.name != "postgresql":\n    op.drop_table("a")', ''],
    [
      'it is not offline',
      'if not context.is_offline_mode():\n    op.drop_table("a")',
      'DROP TABLE a',
      'from alembic import context',
    ],
    [
      'a statement in try is taken to succeed',
      'try:\n    op.drop_table("a")\nexcept Exception:\n    op.drop_table("b")',
      'DROP TABLE a',
    ],
    ['a branch that only counts', 'n = 0\nif unknown:\n    n = 1\nop.drop_table("a")', 'DROP TABLE a'],
    [
      'a session',
      'session = Session(bind=op.get_bind())\nsession.execute(sa.text("SELECT 1"))\nsession.commit()',
      'SELECT 1',
      'from sqlalchemy.orm import Session',
    ],
    [
      'a savepoint',
      'with op.get_bind().begin_nested():\n    op.drop_table("a")',
      'SAVEPOINT sa_savepoint_1 | DROP TABLE a | RELEASE SAVEPOINT sa_savepoint_1',
    ],
    ['SQL for the driver', 'op.get_bind().exec_driver_sql("SELECT 1")', 'SELECT 1'],
    [
      'an enum of the file',
      'sa.Enum(Kind).create(op.get_bind())',
      "CREATE TYPE kind AS ENUM ('A', 'B')",
      'import enum\nclass Kind(enum.Enum):\n    A = "a"\n    B = "b"',
    ],
    [
      'an enum with a second name for a value',
      'sa.Enum(Kind).create(op.get_bind())',
      "CREATE TYPE kind AS ENUM ('A', 'C')",
      'import enum\nclass Kind(enum.Enum):\n    A = "a"\n    B = "a"\n    C = "c"',
    ],
    [
      'an enum by its values',
      'sa.Enum(Kind, values_callable=lambda k: [m.value for m in k], name="k").create(op.get_bind())',
      "CREATE TYPE k AS ENUM ('a')",
      'import enum\nclass Kind(enum.Enum):\n    A = "a"',
    ],
    [
      'a type of the file',
      'op.add_column("t", sa.Column("c", Money()))',
      'ALTER TABLE t ADD COLUMN c NUMERIC(10, 2)',
      'class Money(sa.TypeDecorator):\n    impl = sa.Numeric(10, 2)',
    ],
    [
      'a type that asks for the dialect',
      'op.add_column("t", sa.Column("c", Id))',
      'ALTER TABLE t ADD COLUMN c UUID',
      'class Id(sa.types.TypeDecorator):\n    impl = sa.CHAR\n    def load_dialect_impl(self, dialect):\n        if dialect.name == "postgresql":\n            return dialect.type_descriptor(sa.UUID())\n        return dialect.type_descriptor(sa.CHAR(32))',
    ],
    [
      'the table of a model',
      'op.bulk_insert(Rate.__table__, [{"id": 1, "kind": "a"}])',
      "INSERT INTO rates (id, kind) VALUES (1, 'a')",
      'from flask_sqlalchemy import SQLAlchemy\ndef next_id():\n    return 7\ndb = SQLAlchemy()\nclass Rate(db.Model):\n    __tablename__ = "rates"\n    id = db.Column(db.Integer, primary_key=True, default=next_id)\n    kind = db.Column(db.String)',
    ],
    [
      'a column of a model',
      'op.execute(sa.update(Rate).where(Rate.kind == "a").values(kind="b"))',
      "UPDATE rates SET kind='b' WHERE rates.kind = 'a'",
      'Base = sa.orm.declarative_base()\nclass Rate(Base):\n    __tablename__ = "rates"\n    kind = sa.Column(sa.Text)',
    ],
    [
      'what only type checkers see',
      'op.drop_table(NAME)',
      'DROP TABLE a',
      'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    NAME = None\nelse:\n    NAME = "a"',
    ],
  ])('%s', (_, body, sql, top = '') => {
    expect(up(body, top)).toBe(`one: ${sql}`)
  })

  test.each([
    ['a constant', { 'server/app/names.py': 'T = "a"' }, 'op.drop_table(T)', 'from app.names import T'],
    ['a module', { 'server/app/names.py': 'T = "a"' }, 'op.drop_table(names.T)', 'from app import names'],
    [
      'a module by its whole name',
      { 'server/app/names.py': 'T = "a"' },
      'op.drop_table(app.names.T)',
      'import app.names',
    ],
    [
      'a function',
      { 'server/alembic/helpers.py': 'from alembic import op\ndef drop(x):\n    op.drop_table(x)' },
      'drop("a")',
      'from alembic.helpers import drop',
    ],
    [
      'a module that imports',
      { 'app/a.py': 'from .b import T', 'app/b.py': 'T = "a"' },
      'op.drop_table(T)',
      'from app.a import T',
    ],
    [
      'a package',
      { 'app/__init__.py': 'from app.b import *', 'app/b.py': 'T = "a"' },
      'op.drop_table(T)',
      'from app import T',
    ],
    [
      'modules that import each other',
      { 'a.py': 'from b import U\nT = "a"', 'b.py': 'from a import T\nU = 1' },
      'op.drop_table(T)',
      'from a import T',
    ],
  ])('%s of the repository', (_, files, body, top) => {
    expect(among(files, body, top)).toBe('one: DROP TABLE a')
  })

  test('what a helper of another file sends stands where it is called', () => {
    const files = { 'helpers.py': '\n\n\n\n\n\nfrom alembic import op\ndef drop(x):\n    op.drop_table(x)' }
    const text = 'from helpers import drop\nrevision = "a"\ndef upgrade():\n    drop("a")\n'
    const [read] = readAll(tree({ 'alembic/env.py': '', 'alembic/versions/a.py': text, ...files }))
    const [script] = read?.migrations.map((migration) => migration.up) ?? []
    expect(script?.kind === 'script' ? script.statements.map(({ span }) => [span.path, span.start.line]) : []).toEqual([
      ['alembic/versions/a.py', 4],
    ])
  })
})

describe('what a session loaded is changed, and nobody knows what that sends', () => {
  const TOP = [
    'from sqlalchemy.orm import Session',
    'Base = sa.orm.declarative_base()',
    'class User(Base):',
    '    __tablename__ = "users"',
    '    id = sa.Column(sa.Integer, primary_key=True)',
    '    name = sa.Column(sa.Text)',
  ].join('\n')
  const LOADED = 'session = Session(bind=op.get_bind())\nrows = session.scalars(sa.select(User))\n'
  test.each([
    ['in a loop', 'for user in rows:\n    user.name = "x"', true],
    ['in a loop, several', 'for user in rows:\n    user.name, n = "x", 1', true],
    ['a list of it, in a loop', 'for user in rows:\n    user.roles.append("x")', true],
    ['an item of it, in a loop', 'for user in rows:\n    user.extra["x"] = 1', true],
    ['the first', 'rows.first().name = "x"', true],
    ['by a name', 'user = rows.one()\nuser.name = "x"', true],
    ['a list of the first', 'user = rows.one()\nuser.roles.append("x")', true],
    ['an item of the first', 'user = rows.one()\nuser.extra["x"] = 1', true],
    ['not: a list of them', 'found = rows.all()\nfound.append(1)\nfound[0] = 1', false],
    ['not: what is counted', 'n = {}\nfor user in rows:\n    n[user.id] = 1\n    found.append(user)', false],
  ])('%s', (_, body, isGap) => {
    const { up } = revision(`${LOADED}${body}`, 'pass', TOP)
    const gaps = up.kind === 'script' ? up.gaps.filter(({ bearing }) => bearing === 'withholds') : []
    expect(gaps.map(({ message }) => message.includes('needs the database'))).toEqual(isGap ? [true] : [])
  })
})

describe('what a helper may return is not known beside a branch that nobody follows', () => {
  test.each([
    ['an else', 'if rows:\n        return rows\n    else:\n        raise ValueError'],
    ['a loop', 'for row in rows:\n        if row:\n            return row'],
    ['a while', 'while rows:\n        return "b"'],
    [
      'a with',
      'with op.get_context().begin_transaction():\n        if rows:\n            return "b"\n        else:\n            print()',
    ],
  ])('%s', (_, body) => {
    const top = `def name():\n    rows = op.get_bind().execute(sa.text("SELECT 1")).scalar()\n    ${body}`
    expect(up('op.execute(f"DROP TABLE {name()}")', top)).toMatch(/^one: SELECT 1\n/)
  })
})

test('a log line sends nothing, whoever writes it', () => {
  expect(up('logger = get_logger\nlogger.debug("a")\nop.drop_table("a")')).toBe('one: DROP TABLE a')
})

test('a name that depends on the environment does as much as the environment itself', () => {
  const body =
    'isLive = False\nif os.environ.get("LIVE"):\n    isLive = True\nif isLive:\n    return\nop.drop_table("a")'
  expect(up(body, 'import os')).toBe(
    'one: DROP TABLE a\ngap: line 10 of upgrade() is not read: it reads the environment: whether it ends here depends on the environment: isLive is a variable whose value is not known',
  )
})

test('and what it may stand for may do anything', () => {
  const body = 'change = op.drop_table\nif os.environ.get("KEEP"):\n    change = print\nchange("a")'
  expect(up(body, 'import os')).toBe(
    'one: \ngap: line 10 of upgrade() is not read: it reads the environment: change() is a call that is not followed: change is a variable whose value is not known',
  )
})

describe('what is taken for granted is said, and withholds nothing', () => {
  test.each([
    [
      'if not settings.ENABLED:\n    return\nop.drop_table("a")',
      'one: DROP TABLE a',
      'line 8 of upgrade(): the condition is read as not met: app.settings.ENABLED is not understood here',
      'from app import settings',
    ],
    [
      'op.execute(f"SELECT \'{uuid.uuid4()}\'")',
      "one: SELECT '46f9a325-666a-4000-8000-d21c00000001'",
      'line 7 of upgrade(): uuid.uuid4() makes a value when it is run; 46f9a325-666a-4000-8000-d21c00000001 stands for it',
      'import uuid',
    ],
  ])('%s', (body, sql, said, top) => {
    const script = revision(body, 'pass', top).up
    const notes = script.kind === 'script' ? script.gaps : []
    expect(sketch({ ...script, gaps: [] } as typeof script)).toBe(sql)
    expect(notes.map(({ message, bearing }) => [message.replace(/line \d+/, 'line N'), bearing])).toEqual([
      [said.replace(/line \d+/, 'line N'), 'informs'],
    ])
  })
})

test('no two revisions, and no two directions, make the same id', () => {
  const body = (id: string): string =>
    `import uuid\nfrom alembic import op\nrevision = "${id}"\ndown_revision = None\nIDS = [uuid.uuid4(), uuid.uuid4()]\n` +
    ['upgrade', 'downgrade']
      .map((name) => `def ${name}():\n    op.execute(f"SELECT '{IDS[0]}', '{IDS[1]}'")\n`)
      .join('')
  const files = { 'alembic/env.py': '', 'alembic/versions/a.py': body('a'), 'alembic/versions/b.py': body('b') }
  const [read] = readAll(tree(files))
  const sent = (read?.migrations ?? []).flatMap(({ up, down }) => [sketch(up), sketch(down)])
  const ids = sent.flatMap((text) => text.match(/(?<=SELECT )'.*'/)?.[0].split(', ') ?? [])
  expect([ids.length, new Set(ids).size]).toEqual([8, 8])
})
