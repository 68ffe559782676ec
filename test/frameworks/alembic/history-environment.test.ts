import { describe, expect, test } from '@jest/globals'
import { detectProjects, frameworkOf } from '../../../src/frameworks/index.js'
import { environmentOf, type AlembicEnvironment, type Fact } from '../../../src/frameworks/alembic/environment.js'
import { analyse } from '../../../src/review/analyse.js'
import { DEFAULTS } from '../../support/settings.js'
import { tree } from '../tree.js'

const IMPORTS = 'from alembic import context\nfrom sqlalchemy import event, text, create_engine, MetaData\n'
const REVISION = 'revision = "a"\ndown_revision = None\n'

function environment(env: string, more: Readonly<Record<string, string>> = {}): AlembicEnvironment {
  const files = tree({ 'app/db/env.py': `${IMPORTS}${env}`, 'app/db/versions/a.py': REVISION, ...more })
  const [project] = detectProjects(files)
  if (project === undefined) throw new Error('no project')
  return environmentOf(project, files)
}

/** A fact in one word, with the line in which it stands. */
const told = (fact: Fact<unknown>): string =>
  `${'unknown' in fact ? `unknown: ${fact.unknown}` : String(fact.value)}${fact.at === null ? '' : ` (${fact.at.start.line})`}`

const online = (options: string): string =>
  `def run(connection):\n    context.configure(connection=connection, ${options})\n`

describe('how migrations are run', () => {
  test.each([
    ['Alembic’s own way', online(''), 'run'],
    ['one by one', online('transaction_per_migration=True'), 'migration (4)'],
    ['said to be as ever', online('transaction_per_migration=False'), 'run (4)'],
    ['without', online('transactional_ddl=False'), 'unknown: transactional_ddl leaves the transaction to env.py (4)'],
    ['autocommit', `engine = create_engine(URL, isolation_level="AUTOCOMMIT")\n${online('')}`, 'none (3)'],
    [
      'autocommit of an engine among others',
      `one = create_engine(URL)\ntwo = create_engine(URL, isolation_level="AUTOCOMMIT")\n${online('')}`,
      'unknown: one of several engines commits each statement (4)',
    ],
    ['a constant', `EACH = True\n${online('transaction_per_migration=EACH')}`, 'migration (5)'],
    [
      'a parameter of the same name',
      'EACH = True\ndef run(c, EACH):\n    context.configure(connection=c, transaction_per_migration=EACH)\n',
      'unknown: transaction_per_migration of context.configure cannot be told (5)',
    ],
    [
      'offline differs',
      `${online('transaction_per_migration=True')}def off():\n    context.configure(url=URL)\n`,
      'migration (4)',
    ],
    [
      'two ways',
      `${online('transaction_per_migration=True')}${online('')}`,
      'unknown: context.configure is called with more than one transaction_per_migration (4)',
    ],
    [
      'more that is not written',
      online('**options'),
      'unknown: transactional_ddl may be among what context.configure is given with ** (4)',
    ],
    ['somewhere else', 'from lib import run\nrun()\n', 'unknown: env.py does not call context.configure itself'],
    [
      'another configure',
      'import logging\nlogging.configure(connection=1)\n',
      'unknown: env.py does not call context.configure itself',
    ],
  ])('%s', (_, env, expected) => expect(told(environment(env).transaction)).toBe(expected))

  describe('who begins and commits', () => {
    const sent = (before: string, after = 'connection.commit()', options = ''): string =>
      `def run(connection):\n    ${before}\n    context.configure(connection=connection, ${options})\n    context.run_migrations()\n    ${after}\n`
    const SET = 'connection.execute(text("SET lock_timeout = 4000"))'
    test.each([
      ['Alembic', sent('pass', 'pass'), 'false, run'],
      ['env.py, by what it sends first', sent(SET), 'true (4), run (4)'],
      [
        'then each revision in one of its own is none',
        sent(SET, undefined, 'transaction_per_migration=True'),
        'true (4), run (4)',
      ],
      ['the connection that the context has', sent(SET, 'context.get_bind().commit()'), 'true (4), run (4)'],
      [
        'who calls the function',
        `${sent(SET, 'pass')}async def main(c):\n    await c.run_sync(run)\n    await c.commit()\n`,
        'true (4), run (4)',
      ],
      ['nobody', sent(SET, 'pass'), 'false, run'],
      ['what it sends is committed at once', sent(`${SET}; connection.commit()`), 'false, run'],
      ['what it sends may be committed', sent(`${SET}\n    if x: connection.commit()`), 'false, run'],
      ['what it may send', sent(`if x: ${SET}`), 'false, run'],
      ['on another connection', sent('other.execute(text("SELECT 1"))'), 'false, run'],
      ['a transaction that is written out', `${sent(SET)}with engine.begin() as c:\n    run(c)\n`, 'false, run'],
      [
        'nobody, where each statement commits',
        `engine = create_engine(URL, isolation_level="AUTOCOMMIT")\n${sent(SET)}`,
        'false (5), none (3)',
      ],
    ])('%s', (_, env, expected) => {
      const { outer, transaction } = environment(env)
      expect([outer, transaction].map(told).join(', ')).toBe(expected)
    })
  })

  test('the table of versions', () => {
    const { versionTable, versionTableSchema, includeSchemas } = environment(
      online('version_table="revisions", version_table_schema=SCHEMA, include_schemas=True'),
    )
    expect([versionTable, versionTableSchema, includeSchemas].map(told)).toEqual([
      'revisions (4)',
      'unknown: version_table_schema of context.configure cannot be told (4)',
      'true (4)',
    ])
  })

  test('its name reaches the rules', () => {
    const files = tree({
      'app/db/env.py': `${IMPORTS}${online('version_table="revisions"')}`,
      'app/db/versions/a.py': REVISION,
    })
    const [project] = detectProjects(files)
    expect(project && frameworkOf(project).history(project, files).project.conventions.bookkeeping).toEqual([
      'revisions',
    ])
  })
})

describe('timeouts that are set before', () => {
  const run = (before: string, after = ''): string =>
    `def run(connection):\n    ${before}\n    context.configure(connection=connection)\n    context.run_migrations()\n    ${after || 'pass'}\n`
  test.each([
    ['SQL', run('connection.execute(text("SET lock_timeout = 4000"))'), ['lock_timeout = 4000']],
    [
      'two at once',
      run("connection.exec_driver_sql(\"SET statement_timeout TO '1min'; SET lock_timeout = '5s'\")"),
      ['statement_timeout = 1min', 'lock_timeout = 5s'],
    ],
    ['for the transaction', run('context.execute("SET LOCAL lock_timeout = \'5s\'")'), ['local lock_timeout = 5s']],
    [
      'a function',
      run("connection.execute(text(\"SELECT set_config('lock_timeout', '5s', false)\"))"),
      ['lock_timeout = 5s'],
    ],
    [
      'a constant',
      `LIMIT = "3s"\n${run('connection.execute(text(f"SET lock_timeout = \'{LIMIT}\'"))')}`,
      ['lock_timeout = 3s'],
    ],
    [
      'a setting of the application',
      run('connection.execute(text(f"SET lock_timeout = \'{settings.limit}\'"))'),
      ['lock_timeout = ?'],
    ],
    [
      'on a condition',
      run('if settings.limit: connection.execute(text("SET lock_timeout = 5"))'),
      ['lock_timeout = ?'],
    ],
    ['too late', run('pass', 'connection.execute(text("SET lock_timeout = 5"))'), []],
    [
      'libpq',
      'engine = create_engine(URL, connect_args={"options": "-c lock_timeout=5000 -cstatement_timeout=60s"})\n',
      ['lock_timeout = 5000', 'statement_timeout = 60s'],
    ],
    [
      'asyncpg',
      'engine = create_engine(URL, connect_args={"server_settings": {"lock_timeout": "5000", "jit": "off"}})\n',
      ['lock_timeout = 5000'],
    ],
    [
      'libpq with a variable',
      'engine = create_engine(URL, connect_args={"options": f"-c lock_timeout={limit}"})\n',
      ['lock_timeout = ?'],
    ],
    [
      'a listener',
      '@event.listens_for(engine, "connect")\ndef limit(connection, record):\n    connection.cursor().execute("SET lock_timeout = 7")\n',
      ['lock_timeout = 7'],
    ],
    [
      'only where SQL is written',
      'def off():\n    context.configure(url=URL)\n    context.execute("SET lock_timeout = 5")\n',
      [],
    ],
    ['in a comment', '# SET lock_timeout = 5\n', []],
  ])('%s', (_, env, expected) => {
    expect(
      environment(env).settings.map(({ name, value, local }) => `${local ? 'local ' : ''}${name} = ${value ?? '?'}`),
    ).toEqual(expected)
  })

  const asked = (env: string): readonly string[] => {
    const base = new Map([
      ['db/alembic/env.py', { text: `${IMPORTS}${env}` }],
      [
        'db/alembic/versions/a.py',
        {
          text: `from alembic import op\n${REVISION}def upgrade():\n    op.execute("CREATE TABLE t (id int PRIMARY KEY)")\n`,
        },
      ],
    ])
    const text =
      'from alembic import op\nrevision = "b"\ndown_revision = "a"\ndef upgrade():\n    op.execute("ALTER TABLE t ADD COLUMN n int")\n'
    const head = new Map([...base, ['db/alembic/versions/b.py', { text }] as const])
    const { findings } = analyse({ base, head, settings: DEFAULTS, today: '2026-01-15', mode: 'pull' })
    return findings.flatMap(({ rule, at }) => (rule === 'missing-lock-timeout' ? [`${at.path}:${at.start.line}`] : []))
  }
  test.each([
    ['none', run('pass'), ['db/alembic/versions/b.py:5']],
    ['none at all', run('connection.execute(text("SET lock_timeout = 0"))'), ['db/alembic/versions/b.py:5']],
    ['one', run('connection.execute(text("SET lock_timeout = 4000"))'), []],
    ['one for the transaction', run('context.execute("SET LOCAL lock_timeout = \'5s\'")'), []],
    ['one that nobody can tell', run('connection.execute(text(f"SET lock_timeout = {limit}"))'), []],
    ['another', run('connection.execute(text("SET statement_timeout = 4000"))'), ['db/alembic/versions/b.py:5']],
  ])('who is asked for a lock_timeout: %s', (_, env, expected) => expect(asked(env)).toEqual(expected))
})

describe('how the metadata names constraints', () => {
  const convention = '{"pk": "pk_%(table_name)s"}'
  const given = (what: string): string => online(`target_metadata=${what}`)
  test.each<[title: string, env: string, files: Readonly<Record<string, string>>, expected: string]>([
    ['none', given('None'), {}, ''],
    [
      'in env.py',
      `metadata = MetaData(naming_convention=${convention})\n${given('metadata')}`,
      {},
      'pk=pk_%(table_name)s',
    ],
    ['without', `metadata = MetaData(schema="x")\n${given('metadata')}`, {}, ''],
    [
      'in a module',
      `from app.models import Base\n${given('Base.metadata')}`,
      {
        'app/models.py': `from sqlalchemy import MetaData\nfrom sqlalchemy.orm import declarative_base\nNAMES = ${convention}\nBase = declarative_base(metadata=MetaData(naming_convention=NAMES))\n`,
      },
      'pk=pk_%(table_name)s',
    ],
    [
      'through packages and relative imports, in a class',
      `import app.models as models\n${given('models.Base.metadata')}`,
      {
        'app/models/__init__.py': 'from .base import Model as Base\n',
        'app/models/base.py': `import sqlalchemy as sa\nfrom sqlalchemy.orm import DeclarativeBase\nmetadata = sa.MetaData(naming_convention=${convention})\n\nclass Root(DeclarativeBase):\n    metadata = metadata\n\nclass Model(Root):\n    pass\n`,
      },
      'pk=pk_%(table_name)s',
    ],
    [
      'Flask-SQLAlchemy',
      `from app import db\n${given('db.metadata')}`,
      {
        'app/__init__.py': `from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy import MetaData\ndb = SQLAlchemy(metadata=MetaData(naming_convention=${convention}))\n`,
      },
      'pk=pk_%(table_name)s',
    ],
    [
      'something that gets an attribute later on',
      `from app import db\n${given('db.metadata')}`,
      {
        'app/__init__.py': `from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy import MetaData\ndb = SQLAlchemy(metadata=MetaData(naming_convention=${convention}))\ndb.bulk = db.make()\n`,
      },
      'pk=pk_%(table_name)s',
    ],
    [
      'Flask-Migrate',
      `from flask import current_app\n${given('current_app.extensions["migrate"].db.metadata')}`,
      {},
      'unknown',
    ],
    ['another distribution', `from lib import Base\n${given('Base.metadata')}`, {}, 'unknown'],
    ['computed', `metadata = MetaData(naming_convention=names())\n${given('metadata')}`, {}, 'unknown'],
    [
      'keys that are no text',
      `metadata = MetaData(naming_convention={MetaData: "x"})\n${given('metadata')}`,
      {},
      'unknown',
    ],
    ['more than one', `a = MetaData()\nb = MetaData()\n${given('[a, b]')}`, {}, 'unknown'],
    [
      'a circle of imports',
      `from app.a import m\n${given('m')}`,
      { 'app/a.py': 'from app.b import m\n', 'app/b.py': 'from app.a import m\n' },
      'unknown',
    ],
  ])('%s', (_, env, files, expected) => {
    const { naming } = environment(env, files)
    expect('unknown' in naming ? 'unknown' : [...naming.value].map((pair) => pair.join('=')).join()).toBe(expected)
  })

  test('the modules on the way are asked for', () => {
    const files = tree({
      'app/db/env.py': `${IMPORTS}from app.models import Base\n${given('Base.metadata')}`,
      'app/db/versions/a.py': REVISION,
      'app/models.py': 'from app.base import Base\n',
      'app/base.py': '',
    })
    const [project] = detectProjects(files)
    expect(project && frameworkOf(project).sources(project, files)).toEqual(
      expect.arrayContaining(['app/db/env.py', 'app/models.py', 'app/base.py']),
    )
  })
})
