import { expect, test } from '@jest/globals'
import { importedPaths, importersOf } from '../../../src/frameworks/alembic/imports.js'
import { tree } from '../tree.js'

const REVISION = 'alembic/versions/a.py'
const FILES = {
  'app/__init__.py': '',
  'app/names.py': 'from .types import Money\nfrom app import other',
  'app/types.py': 'import sqlalchemy',
  'app/other.py': '',
  'app/unused.py': '',
  'alembic/helpers.py': '',
  'alembic/versions/b.py': '',
}

test.each([
  [
    'a name of a module',
    'from app.names import T',
    ['app/names.py', 'app/types.py', 'app/__init__.py', 'app/other.py'],
  ],
  ['a module of a package', 'from app import types', ['app/__init__.py', 'app/types.py']],
  ['a module by its whole name', 'import os, app.other as o', ['app/other.py']],
  [
    'names in brackets',
    'from app import (\n    types,  # money\n    other as o,\n)',
    ['app/__init__.py', 'app/types.py', 'app/other.py'],
  ],
  ['in a function', 'def upgrade():\n    from app.types import Money', ['app/types.py']],
  ['beside the folder of revisions', 'from alembic.helpers import drop', ['alembic/helpers.py']],
  [
    'relative to the file',
    'from ..helpers import drop\nfrom . import b',
    ['alembic/helpers.py', REVISION.replace('a.py', 'b.py')],
  ],
  ['a library', 'import sqlalchemy as sa\nfrom alembic import op\nimport json', []],
  ['what is not there', 'from app.nowhere import x\nfrom elsewhere import y', []],
])('the modules that are imported: %s', (_, text, expected) => {
  expect(importedPaths([REVISION], tree({ ...FILES, [REVISION]: text }))).toEqual(expected)
})

test('who imports a module, itself or through others', () => {
  const files = {
    ...FILES,
    'app/a.py': 'from app import b\n',
    'app/b.py': 'from app import a, other\n',
    'alembic/versions/x.py': 'from app.names import T\n',
    'alembic/versions/y.py': 'from app.a import T\n',
    'alembic/versions/z.py': 'import sqlalchemy\n',
  }
  const from = ['x', 'y', 'z'].map((name) => `alembic/versions/${name}.py`)
  const of = (...modules: readonly string[]) => Object.fromEntries(importersOf(from, new Set(modules), tree(files)))
  expect(of('app/types.py')).toEqual({ 'alembic/versions/x.py': ['app/types.py'] })
  expect(of('app/b.py', 'app/types.py')).toEqual({
    'alembic/versions/x.py': ['app/types.py'],
    'alembic/versions/y.py': ['app/b.py'],
  })
  expect(of('app/other.py')).toEqual({
    'alembic/versions/x.py': ['app/other.py'],
    'alembic/versions/y.py': ['app/other.py'],
  })
  expect(of('app/unused.py')).toEqual({})
  expect(of()).toEqual({})
})
