import { describe, expect, test } from '@jest/globals'
import { readAll, tree } from '../tree.js'

const revision = (id: string, down = 'None') => `revision = '${id}'\ndown_revision = ${down}\n`

/** Every project of a tree: its folder, its revisions in order, and what is said beside them. */
function projects(files: Readonly<Record<string, string>>): readonly string[] {
  return readAll(tree(files)).map(({ history }) =>
    [
      `${history.project.root || '.'}: ${history.revisions.map(({ id }) => id).join(' ')}`,
      ...history.strays.map(({ path, reason }) => `${path}: ${reason}`),
      ...history.notes.map(({ message, at }) => `${at?.path}:${at?.start.line}: ${message}`),
    ].join('\n'),
  )
}

/** Two folders of revisions beside the scripts, neither called `versions`. */
const FOLDERS = {
  'app/env.py': '',
  'app/core/a.py': revision('a'),
  'app/billing/b.py': revision('b', "'a'"),
}

describe('where the ini file says', () => {
  test.each([
    ['spaces and commas, as ever', 'app/core app/billing'],
    ['commas', 'app/core, app/billing'],
    ['space', 'app/core app/billing\npath_separator = space'],
    ['os', 'app/core:app/billing\npath_separator = os'],
    ['the older name', 'app/core;app/billing\nversion_path_separator = ;'],
    ['newline', '\n  app/core\n  app/billing\npath_separator = newline'],
    ['the folder of the file', '%(here)s/app/core %(here)s/web/../app/billing'],
    ['another option', '%(script_location)s/core %(script_location)s/billing'],
    ['a package', 'app:core app:billing\npath_separator = space'],
  ])('version_locations: %s', (_, value) => {
    const ini = `[alembic]\nscript_location = app\nversion_locations = ${value}\n`
    expect(projects({ ...FOLDERS, 'alembic.ini': ini })).toEqual(['app: a b'])
  })

  test('without them, `versions` beside the scripts', () => {
    const files = { 'db/env.py': '', 'db/versions/a.py': revision('a'), 'db/core/b.py': revision('b') }
    expect(projects({ ...files, 'alembic.ini': '[alembic]\nscript_location = db\n' })).toEqual(['db: a'])
  })

  test('a location that is not there, and a separator that Alembic does not know', () => {
    const ini = '[alembic]\nscript_location = app\nversion_locations = app/core /srv/other\n'
    expect(projects({ ...FOLDERS, 'alembic.ini': ini })).toEqual([
      'app: a\nalembic.ini:3: the version location /srv/other is not in the repository',
    ])
    const wrong = '[alembic]\nscript_location = app\npath_separator = os  # as ever\nversion_locations = app/core\n'
    expect(projects({ ...FOLDERS, 'alembic.ini': wrong })).toEqual([
      "app: a\nalembic.ini:4: 'os  # as ever' is no separator of paths, and Alembic stops at it",
    ])
  })

  test('a separator is only looked at where there is something to split', () => {
    const files = { 'db/env.py': '', 'db/versions/a.py': revision('a') }
    const ini = '[alembic]\nscript_location = db\nversion_path_separator = os  # as ever\n'
    expect(projects({ ...files, 'alembic.ini': ini })).toEqual(['db: a'])
  })

  test('several sections, each with a history of its own', () => {
    const ini = [
      '[DEFAULT]',
      'script_location = main',
      '[loggers]',
      'keys = root',
      '[alembic]',
      'version_locations = %(script_location)s/versions',
      '[tenants]',
      'script_location = tenants',
    ].join('\n')
    const files = {
      'back/alembic.ini': ini,
      'back/main/env.py': '',
      'back/main/versions/a.py': revision('a'),
      'back/tenants/env.py': '',
      'back/tenants/versions/b.py': revision('b'),
    }
    expect(projects(files)).toEqual(['back/main: a', 'back/tenants: b'])
  })

  test('sections that share their scripts', () => {
    const ini = ['one', 'two'].map((name) => `[${name}]\nscript_location = app\nversion_locations = app/${name}\n`)
    const files = { 'app/env.py': '', 'app/one/a.py': revision('a'), 'app/two/b.py': revision('b') }
    expect(projects({ ...files, 'alembic.ini': ini.join('') })).toEqual(['app/two: b', 'app: a'])
  })

  test.each([
    ['conf/alembic.ini', 'script_location = pkg/migrations'],
    ['conf/alembic.ini', 'script_location = %(here)s/../pkg/migrations'],
    ['alembic.ini', 'script_location = pkg:migrations'],
    ['pkg/migrations/alembic.ini', ''],
    ['pkg/development.ini', 'script_location = migrations'],
  ])('%s with %s', (ini, option) => {
    const files = {
      'pkg/migrations/env.py': '',
      'pkg/migrations/versions/a.py': revision('a'),
      'pkg/migrations/versions/deep/b.py': revision('b'),
    }
    const [only, another] = projects({ ...files, [ini]: `[alembic]\n${option}\n` })
    expect(another).toBeUndefined()
    expect(only).toMatch(/^pkg\/migrations: a\npkg\/migrations\/versions\/deep\/b.py: it lies in a subfolder/)
  })
})

describe('subfolders', () => {
  const files = {
    'db/env.py': '',
    'db/versions/a.py': revision('a'),
    'db/versions/2024/b.py': revision('b', "'a'"),
    'db/versions/2024/tools.py': 'def f():\n    pass\n',
  }
  const deep =
    'db/versions/2024/b.py: it lies in a subfolder of the version location, and `recursive_version_locations` is not set'
  test.each([
    ['true', ['db: a b\ndb/versions/2024/tools.py: it has no `revision`']],
    ['True', [`db: a\n${deep}`]],
  ])('recursive_version_locations = %s', (value, expected) => {
    const ini = `[alembic]\nscript_location = db\nrecursive_version_locations = ${value}\n`
    expect(projects({ ...files, 'alembic.ini': ini })).toEqual(expected)
  })
})

describe('pyproject.toml', () => {
  const files = { 'app/env.py': '', 'app/core/a.py': revision('a'), 'app/core/x/b.py': revision('b', "'a'") }
  const toml = [
    '[tool.alembic]',
    'script_location = "%(here)s/app"',
    'version_locations = ["%(here)s/app/core"]',
    'recursive_version_locations = true',
  ].join('\n')

  test('alone', () => expect(projects({ ...files, 'pyproject.toml': toml })).toEqual(['app: a b']))
  test('what the ini file has comes first', () => {
    const ini = '[alembic]\nrecursive_version_locations = false\n'
    expect(projects({ ...files, 'pyproject.toml': toml, 'alembic.ini': ini })).toEqual([
      expect.stringMatching(/^app: a\n/),
    ])
  })
  test('one that is broken, and one of somebody else', () => {
    const plain = { 'db/env.py': '', 'db/versions/a.py': revision('a') }
    expect(projects({ ...plain, 'pyproject.toml': '[tool.alembic' })).toEqual(['db: a'])
    expect(projects({ ...plain, 'pyproject.toml': '[tool.black]\nline-length = 100\n' })).toEqual(['db: a'])
  })
})

test('several projects in one repository, and Django beside them', () => {
  const files = {
    'a/alembic.ini': '[alembic]\nscript_location = db\n',
    'a/db/env.py': '',
    'a/db/versions/a.py': revision('a'),
    'b/migrations/env.py': '',
    'b/migrations/versions/b.py': revision('b'),
    'web/migrations/0001_initial.py': 'class Migration:\n    pass\n',
  }
  expect(projects(files)).toEqual(['a/db: a', 'b/migrations: b'])
})

test('names of new files are told as the template has them', () => {
  const ini = '[alembic]\nscript_location = db\nfile_template = %%(year)d_%%(month).2d-%%(rev)s_%%(slug)s\n'
  const [read] = readAll(tree({ 'alembic.ini': ini, 'db/env.py': '', 'db/versions/a.py': revision('a') }))
  expect(read?.history.project.conventions.filePattern).toBe('versions/<year>_<month>-<revision>_name.py')
})
