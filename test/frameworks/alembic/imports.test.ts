import { expect, test } from '@jest/globals'
import { importedPaths } from '../../../src/frameworks/alembic/imports.js'
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
