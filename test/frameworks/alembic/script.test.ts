import { describe, expect, test } from '@jest/globals'
import { processorTime } from '../../support/processor-time.js'
import { readAll, repository, sketch, tree } from '../tree.js'
import { revision } from './revision.js'

const up = (body: string, top = '') => sketch(revision(body, 'pass', top).up)
const down = (body: string) => sketch(revision('pass', body).down)

describe('what is read', () => {
  test.each([
    ['nothing', '"""only words"""\npass', 'one: '],
    ['adjacent strings', 'op.execute("SELECT " \'1\')', 'one: SELECT 1'],
    ['triple quotes', 'op.execute("""\n    SELECT 1\n""")', 'one: SELECT 1'],
    ['raw strings', String.raw`op.execute(r"SELECT '\d'")`, String.raw`one: SELECT '\d'`],
    ['escapes', String.raw`op.execute("SELECT 'a\x41é\t'")`, "one: SELECT 'aAé '"],
    ['text()', 'op.execute(sa.text("SELECT 1"))', 'one: SELECT 1'],
    ['the connection', 'op.get_bind().execute(sa.text("SELECT 1"))', 'one: SELECT 1'],
    [
      'the connection, with parameters',
      'op.get_bind().execute(sa.text("UPDATE t SET a = :a WHERE b = :b"), {"a": "x", "b": 1})',
      "one: UPDATE t SET a = 'x' WHERE b = 1",
    ],
    [
      'the connection, with rows of parameters',
      'op.get_bind().execute(sa.text("INSERT INTO t VALUES (:a)"), [{"a": 1}, {"a": None}])',
      'one: INSERT INTO t VALUES (1) | INSERT INTO t VALUES (NULL)',
    ],
    [
      'the connection, with a list as a parameter',
      'op.get_bind().execute(sa.text("DELETE FROM t WHERE a = ANY(:a) OR b = :b"), {"a": ["x", "y"], "b": []})',
      "one: DELETE FROM t WHERE a = ANY(ARRAY['x', 'y']) OR b = '{}'",
    ],
    [
      'the connection, with a row for a statement',
      't = sa.table("t", sa.column("a"), sa.column("b"))\nop.get_bind().execute(t.insert(), [{"b": 2, "a": 1}])',
      'one: INSERT INTO t (a, b) VALUES (1, 2)',
    ],
    [
      'the connection, with parameters for a statement',
      't = sa.table("t", sa.column("a"))\nop.get_bind().execute(t.update().where(t.c.a == sa.bindparam("old")).values(a=2), {"old": 1})',
      'one: UPDATE t SET a=2 WHERE t.a = 1',
    ],
    [
      'an existing type that is not known',
      'op.alter_column("t", "c", type_=sa.Text(), existing_type=sa.Enum(app.Kind, native_enum=False))',
      'one: ALTER TABLE t ALTER COLUMN c TYPE TEXT',
    ],
    [
      'the connection by a name',
      'conn = op.get_bind()\nconn.execute(sa.text("SET lock_timeout = 1"))\nconn.execute(sa.text("SELECT 1"))',
      'one: SET lock_timeout = 1 | SELECT 1',
    ],
    ['a colon that is escaped', String.raw`op.execute("SELECT '\\:a', b::text")`, "one: SELECT ':a', b::text"],
    ['several statements on a line', 'op.execute("SELECT 1"); op.execute("SELECT 2")', 'one: SELECT 1 | SELECT 2'],
    ['a local constant', 'name = "t"\nop.drop_table(name)', 'one: DROP TABLE t'],
    [
      'the table that create_table returns',
      't = op.create_table("t", sa.Column("a", sa.Integer()))\nop.bulk_insert(t, [{"a": 1}])',
      'one: CREATE TABLE t ( a INTEGER ) | INSERT INTO t (a) VALUES (1)',
    ],
    [
      'managers in parentheses',
      'with (\n    op.batch_alter_table("t") as a,  # one\n    op.batch_alter_table("u") as b,\n):\n    a.drop_column("x")\n    b.drop_column("y")',
      'one: ALTER TABLE u DROP COLUMN y | ALTER TABLE t DROP COLUMN x',
    ],
    ['what follows a return is not', 'op.drop_table("a")\nreturn\nop.drop_table("b")', 'one: DROP TABLE a'],
    ['printing', 'print("dropping", x)\nop.drop_table("a")', 'one: DROP TABLE a'],
    ['dropping a type', 'sa.Enum(name="e").drop(op.get_bind())', 'one: DROP TYPE e'],
    [
      'dropping a type that may not be there',
      'postgresql.ENUM(name="e").drop(op.get_bind())',
      'one: DROP TYPE IF EXISTS e',
    ],
    [
      'dropping a type as it is told',
      'sa.Enum(name="e").drop(op.get_bind(), checkfirst=True)',
      'one: DROP TYPE IF EXISTS e',
    ],
    [
      'IF EXISTS of newer versions',
      'op.drop_column("t", "a", if_exists=True)',
      'one: ALTER TABLE t DROP COLUMN IF EXISTS a',
    ],
  ])('%s', (_, body, expected) => {
    if (typeof expected === 'string') expect(up(body)).toBe(expected)
    else expect(up(body)).toMatch(expected)
  })

  test('constants of the module, and f-strings of them', () => {
    expect(up('op.execute(f"DROP TABLE {TABLE}_{N} -- {{}}")', 'TABLE = "t"\nN: int = 2')).toBe('one: DROP TABLE t_2')
  })

  test('names by the convention of the metadata', () => {
    const env = [
      'from alembic import context',
      'from sqlalchemy import MetaData',
      'metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(column_0_label)s"})',
      'with engine.connect() as connection:',
      '    context.configure(connection=connection, target_metadata=metadata)',
    ].join('\n')
    const text = [
      'from alembic import op',
      'revision = "a"',
      'def upgrade():',
      '    op.drop_constraint(None, "t", type_="primary")',
      '    op.create_index(None, "t", ["a"])',
    ].join('\n')
    const [read] = readAll(tree({ 'alembic/env.py': env, 'alembic/versions/a.py': text }))
    expect(read?.migrations.map(({ up }) => sketch(up))).toEqual([
      'one: ALTER TABLE t DROP CONSTRAINT pk_t | CREATE INDEX ix_t_a ON t (a)',
    ])
  })

  test('other ways to import', () => {
    const text = [
      'import alembic.op as o',
      'from alembic import op',
      'from sqlalchemy import Column, Integer as I',
      'from sqlalchemy.dialects.postgresql import JSONB',
      'import sqlalchemy',
      'revision = "a"',
      'def upgrade():',
      '    o.add_column("t", Column("a", I))',
      '    op.add_column("t", sqlalchemy.Column("b", JSONB))',
    ].join('\n')
    const [read] = readAll(tree({ 'alembic/env.py': '', 'alembic/versions/a.py': text }))
    expect(read?.migrations.map(({ up }) => sketch(up))).toEqual([
      'one: ALTER TABLE t ADD COLUMN a INTEGER | ALTER TABLE t ADD COLUMN b JSONB',
    ])
  })
})

describe('autocommit_block', () => {
  test('commits before and begins after, and there is no transaction but the ones that are begun', () => {
    const block = 'with op.get_context().autocommit_block():\n    op.execute("VACUUM a")\n    op.execute("VACUUM b")'
    expect(up(block)).toBe('none: VACUUM a | VACUUM b')
    expect(up(`op.drop_table("a")\n${block}\nop.drop_table("b")\nop.drop_table("c")`)).toBe(
      'none: BEGIN | DROP TABLE a | COMMIT | VACUUM a | VACUUM b | BEGIN | DROP TABLE b | DROP TABLE c | COMMIT',
    )
  })
})

describe('commit() of the connection', () => {
  const OUTER = [
    'from alembic import context',
    'with engine.connect() as connection:',
    '    connection.execute(text("SET lock_timeout = 4000"))',
    '    context.configure(connection=connection)',
    '    context.run_migrations()',
    '    connection.commit()',
  ].join('\n')
  const AUTO = 'with op.get_context().autocommit_block():\n    op.execute("VACUUM a")'
  const read = (body: string, env = OUTER) => revision(body, 'pass', '', env).up
  test.each([
    [
      'ends the transaction',
      'op.drop_table("a")\nop.get_bind().commit()\nop.drop_table("b")',
      'none: BEGIN | DROP TABLE a | COMMIT | BEGIN | DROP TABLE b | COMMIT',
    ],
    ['of the revisions before', `op.get_bind().commit()\n${AUTO}`, 'none: VACUUM a'],
    [
      'twice is once',
      'op.drop_table("a")\nop.get_bind().commit()\nop.get_bind().commit()',
      'none: BEGIN | DROP TABLE a | COMMIT',
    ],
    [
      'before an autocommit_block',
      `op.drop_table("a")\nop.get_bind().commit()\n${AUTO}\nop.drop_table("b")`,
      'none: BEGIN | DROP TABLE a | COMMIT | VACUUM a | BEGIN | DROP TABLE b | COMMIT',
    ],
  ])('%s, where env.py begins it', (_, body, expected) => expect(sketch(read(body))).toBe(expected))

  const NEEDS =
    'env.py has begun the transaction, so that autocommit_block() needs op.get_bind().commit() just before it'
  test.each([
    ['an autocommit_block without it', AUTO, NEEDS],
    ['an autocommit_block after more', `op.get_bind().commit()\nop.drop_table("a")\n${AUTO}`, NEEDS],
    [
      'inside of one',
      `op.get_bind().commit()\n${AUTO}\n    op.get_bind().commit()`,
      'commit() in an autocommit_block ends what Alembic itself ends after it',
    ],
  ])('%s always fails there', (_, body, reason) => {
    const up = read(body)
    expect(
      up.kind === 'script' ? up.remarks?.filter(({ kind }) => kind === 'always-fails').map(({ what }) => what) : up,
    ).toEqual([reason])
    expect(up.kind === 'script' && up.gaps.filter(({ bearing }) => bearing === 'withholds')).toHaveLength(1)
  })

  test('is not understood where Alembic begins it: nobody commits what follows the last one', () => {
    expect(sketch(read('op.drop_table("a")\nop.get_bind().commit()\nop.drop_table("b")', ''))).toBe(
      'one: DROP TABLE a | DROP TABLE b\ngap: line 8 of upgrade() is not read: ' +
        'commit() of the connection ends Alembic’s transaction; who commits what follows is not known',
    )
  })
})

describe('what is not read is a gap', () => {
  test.each([
    [
      'for t in tables:\n    op.drop_table(t)',
      'what a loop goes over is not known: tables is a variable whose value is not known',
    ],
    ['match 1:\n    case 1:\n        op.drop_table("a")', 'which way a match goes is not known'],
    ['helper()', 'helper() is a call that is not followed: helper is a variable whose value is not known'],
    [
      'for row in op.get_bind().execute(sa.text("SELECT 2")):\n    op.drop_table("a")',
      'it needs the database: what a loop goes over is not known: what a query gives is not known',
    ],
    [
      'if op.get_bind().scalar(sa.text("SELECT 2")):\n    op.drop_table("a")',
      'it needs the database: which way a condition goes is not known: what a query gives is not known',
    ],
    [
      'op.get_bind().execute("SELECT 1")',
      'a plain text is refused by SQLAlchemy 2, and sent otherwise than sa.text by earlier versions',
    ],
    ['op.get_bind().execute(sa.text("SELECT 1"), x)', 'x is a variable whose value is not known'],
    [
      'op.get_bind().execute(sa.text("SELECT :a"))',
      ':a asks for a value that is not there (write \\:a for a plain colon)',
    ],
    [
      'other.execute(sa.text("SELECT 1"))',
      'other.execute() is a call that is not followed: other is a variable whose value is not known',
    ],
    ['op.invoke(1)', 'op.invoke is not understood'],
    ['op.execute(f"DROP TABLE {x}")', 'x is a variable whose value is not known'],
    ['op.execute("SELECT :a")', ':a asks for a value that is not there (write \\:a for a plain colon)'],
    ['op.drop_table(name)', 'name is a variable whose value is not known'],
    ['op.drop_table("a", cascade=True)', 'the parameter cascade is not understood'],
    [
      'op.drop_constraint(None, "t")',
      'the constraint has no name; unless a naming convention gives it one, this always fails',
    ],
    [
      'op.create_table("t", *columns)',
      'op.create_table() is given what is not known: columns is a variable whose value is not known',
    ],
    ['op.create_index("i", "t", columns)', 'the columns are not a known list'],
    ['raise RuntimeError("no")\nop.drop_table("a")', 'it always fails here: no'],
  ])('%s', (body, reason) => {
    const { up } = revision(`op.execute("SELECT 1")\n${body}`)
    expect(sketch(up).replace(' | SELECT 2', '')).toBe(`one: SELECT 1\ngap: line 8 of upgrade() is not read: ${reason}`)
    expect(up.kind === 'script' ? up.gaps.map(({ bearing, at }) => [bearing, at?.start.line]) : []).toEqual([
      ['withholds', 8],
    ])
  })

  test('a variable that a loop assigns is not known after it', () => {
    expect(up('t = "a"\nfor x in y:\n    t = x\nop.drop_table(t)')).toMatch(
      /gap: line 10 .*t is a variable whose value is not known$/,
    )
  })

  test('the rest of the function is still read', () => {
    const [read] = readAll(repository('alembic-gaps'))
    expect(read?.migrations.map(({ up, down }) => [sketch(up), sketch(down)])).toEqual([
      ['one: CREATE TABLE events ( id SERIAL NOT NULL, kind TEXT, PRIMARY KEY (id) )', 'one: DROP TABLE events'],
      [
        'one: ALTER TABLE events ADD COLUMN source TEXT | ALTER TABLE events ADD COLUMN target TEXT | ' +
          'ALTER TABLE events ADD COLUMN actor TEXT | SELECT id FROM events | CREATE INDEX events_kind_idx ON events (kind)\n' +
          'gap: line 14 of upgrade() is not read: it imports application code: the type is not understood: app.types.Money is not understood here\n' +
          'gap: line 17 of upgrade() is not read: it needs the database: which way a condition goes is not known: what a query gives is not known',
        'one: DROP INDEX events_kind_idx | ALTER TABLE events DROP COLUMN source | ALTER TABLE events DROP COLUMN target | ' +
          'ALTER TABLE events DROP COLUMN actor',
      ],
      ['one: ALTER TABLE events ADD COLUMN seen boolean', 'one: ALTER TABLE events DROP COLUMN seen'],
    ])
  })
})

describe('a downgrade', () => {
  test.each([
    ['raise NotImplementedError("the rows are gone")', 'irreversible: the rows are gone'],
    ['"""words"""\nraise NotImplementedError', 'irreversible: null'],
    ['raise Exception(f"{x}")', 'irreversible: null'],
    ['pass', 'one: '],
    [
      'op.drop_table("a")\nraise ValueError()',
      'one: DROP TABLE a\ngap: line 10 of downgrade() is not read: it always fails here',
    ],
  ])('%s', (body, expected) => expect(down(body)).toBe(expected))

  test('that is not there is absent', () => {
    const text = 'revision = "a"\ndef upgrade():\n    pass\n'
    const [read] = readAll(tree({ 'alembic/env.py': '', 'alembic/versions/a.py': text }))
    expect(read?.migrations.map(({ up, down }) => [sketch(up), sketch(down)])).toEqual([['one: ', 'absent']])
  })
})

test('a file that is no Python is refused, with the line', () => {
  expect(up('op.drop_table("a"\nx = = 1')).toMatch(/^syntax in line \d+: the file is not valid Python here$/)
})

test('broken SQL is refused with the call’s line', () => {
  expect(up('pass\nop.execute("DROP TABEL a")')).toMatch(/^syntax in line 8: /)
})

test('a comment among managers in parentheses is one', () => {
  const { up } = revision('with (\n    op.f("a") as a,  # here\n):  # and here\n    pass')
  expect(up.kind === 'script' && up.comments.map(({ text, span }) => [text, span.start.line])).toEqual([
    ['here', 8],
    ['and here', 9],
  ])
})

test('comments belong to their direction', () => {
  const { up, down } = revision('# dba:allow drop-table old\nop.drop_table("a")', 'pass  # nothing', '# top')
  const texts = [up, down].map((script) => (script.kind === 'script' ? script.comments.map(({ text }) => text) : null))
  expect(texts).toEqual([['top', 'dba:allow drop-table old'], ['nothing']])
})

test.each([
  ['a chain of calls', `x${'.a()'.repeat(5000)}`],
  ['a chain of calls on something known', `sa.text("x")${'.a()'.repeat(5000)}`],
  ['parentheses', `${'('.repeat(5000)}1${')'.repeat(5000)}`],
  ['a long sum', `op.execute(${'"a" + '.repeat(5000)}"b")`],
  ['nested calls', `${'op.f('.repeat(5000)}1${')'.repeat(5000)}`],
  ['open parentheses', '('.repeat(100_000)],
  ['open managers', `x = 1.\n${'with ('.repeat(50_000)}`],
])('%s is told in no time to speak of', (_, body) => {
  const started = processorTime()
  expect(up(body)).toMatch(/not read|syntax/)
  expect(processorTime() - started).toBeLessThan(5000)
})
