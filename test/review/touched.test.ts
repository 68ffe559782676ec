import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { DEFAULTS } from '../../src/config/schema.js'
import { sideOf, type Side } from '../../src/model/open-snapshot.js'
import { changedPaths, touchesMigrations } from '../../src/review/touched.js'

type Files = Readonly<Record<string, string>>

/** A side as a commit has it, which notes what is read of it. */
function side(files: Files, read: Set<string>): Side {
  const entries = Object.entries(files).map(([path, text]) => ({
    path,
    mode: '100644',
    object: createHash('sha1').update(text).digest('hex'),
    refused: null,
  }))
  return sideOf(entries, (asked) => {
    for (const { path } of asked) read.add(path)
    return Promise.resolve(new Map(asked.map(({ path }) => [path, Buffer.from(files[path] ?? '')])))
  })
}

const SQL: Files = {
  'go.mod': 'module example.com/shop\n',
  'main.go': 'package main\n',
  'migrations/000001_users.up.sql': 'CREATE TABLE users (id bigint);\n',
  'migrations/000001_users.down.sql': 'DROP TABLE users;\n',
}
const revision = (imports: string): string =>
  `from alembic import op\n${imports}\nrevision = 'a1'\ndown_revision = None\n\ndef upgrade():\n    op.execute('SELECT 1')\n`
const PYTHON: Files = {
  'alembic.ini': '[alembic]\nscript_location = db\n',
  'db/env.py': 'from alembic import context\n',
  'db/versions/a1_first.py': revision('from shop.sql import VIEW'),
  'shop/__init__.py': '',
  'shop/sql.py': 'from shop.names import NAME\nVIEW = NAME\n',
  'shop/names.py': "NAME = 'v'\n",
  'shop/web.py': 'print(1)\n',
  'README.md': 'shop\n',
}
const OPENS: Files = {
  ...PYTHON,
  'db/versions/b2_second.py': revision('').replace(
    "op.execute('SELECT 1')",
    "op.execute(open('shop/first.sql').read())",
  ),
  'shop/first.sql': 'SELECT 1;\n',
  'shop/other.sql': 'SELECT 1;\n',
}
const without = (files: Files, path: string): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => name !== path))

test.each<[string, Files, Files, boolean]>([
  ['nothing', SQL, SQL, false],
  ['a file of the application', SQL, { ...SQL, 'main.go': 'package main // 2\n' }, false],
  ['a new migration', SQL, { ...SQL, 'migrations/000002_x.up.sql': 'SELECT 1;\n' }, true],
  ['an edited migration', SQL, { ...SQL, 'migrations/000001_users.up.sql': 'SELECT 1;\n' }, true],
  ['a deleted migration', SQL, without(SQL, 'migrations/000001_users.down.sql'), true],
  ['a stray file in the folder', SQL, { ...SQL, 'migrations/README.txt': 'x' }, true],
  ['a folder that becomes one', { 'a.txt': 'a' }, SQL, true],
  ['a folder that was one', SQL, { 'go.mod': 'module example.com/shop\n' }, true],
  ['a migration of a tool that is not read', SQL, { ...SQL, 'app/migrations/0001_initial.py': 'x = 1\n' }, true],
  ['text beside Python', PYTHON, { ...PYTHON, 'README.md': 'the shop\n' }, false],
  ['a module that no revision imports', PYTHON, { ...PYTHON, 'shop/web.py': 'print(2)\n' }, false],
  ['a module that a revision imports', PYTHON, { ...PYTHON, 'shop/sql.py': "VIEW = 'w'\n" }, true],
  ['SQL that a revision opens', OPENS, { ...OPENS, 'shop/first.sql': 'SELECT 2;\n' }, true],
  ['SQL that no revision names', OPENS, { ...OPENS, 'shop/other.sql': 'SELECT 2;\n' }, false],
  ['a module that such a module imports', PYTHON, { ...PYTHON, 'shop/names.py': "NAME = 'w'\n" }, true],
  [
    'the configuration that tells where',
    PYTHON,
    { ...PYTHON, 'alembic.ini': '[alembic]\nscript_location = new\n' },
    true,
  ],
  ['what runs around every migration', PYTHON, { ...PYTHON, 'db/env.py': 'import os\n' }, true],
])('%s', async (_, base, head, wanted) => {
  const read = new Set<string>()
  const snapshot = { base: side(base, read), head: side(head, read) }
  expect(await touchesMigrations(snapshot, DEFAULTS)).toBe(wanted)
  if (base === SQL && head === SQL) expect([...read]).toEqual([])
})

test('files of the application cost no reading of migrations in SQL', async () => {
  const read = new Set<string>()
  await touchesMigrations({ base: side(SQL, read), head: side({ ...SQL, 'main.go': '2' }, read) }, DEFAULTS)
  expect([...read].filter((path) => path.startsWith('migrations/'))).toEqual([])
})

test('the dump with which the replay begins matters', async () => {
  const base = { ...SQL, 'db/schema.sql': 'CREATE TABLE users (id bigint);\n' }
  const head = { ...base, 'db/schema.sql': 'CREATE TABLE people (id bigint);\n' }
  const settings = { ...DEFAULTS, baseline: 'db/schema.sql' }
  const read = new Set<string>()
  expect(await touchesMigrations({ base: side(base, read), head: side(head, read) }, settings)).toBe(true)
})

test('where contents have no names everything may have changed', async () => {
  const read = new Set<string>()
  const onDisk: Side = { ...side(SQL, read), identity: () => null }
  expect(changedPaths({ base: side(SQL, read), head: onDisk })).toBeNull()
  expect(await touchesMigrations({ base: side(SQL, read), head: onDisk }, DEFAULTS)).toBe(true)
})

test('a mode is part of what a file is', () => {
  const read = new Set<string>()
  const base = side(SQL, read)
  const link: Side = { ...base, identity: (path) => base.identity(path)?.replace('100644', '120000') ?? null }
  expect(changedPaths({ base, head: link })).toEqual(Object.keys(SQL).sort())
})
