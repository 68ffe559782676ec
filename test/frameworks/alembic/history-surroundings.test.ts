import { describe, expect, test } from '@jest/globals'
import type { FileEntries } from '../../../src/model/file-set.js'
import { analyse } from '../../../src/review/analyse.js'
import { DEFAULTS } from '../../support/settings.js'

const REVISION = 'revision = "a"\ndown_revision = None\ndef upgrade():\n    pass\n'
const ENV =
  'from alembic import context\nNAMES = (A.x,)\ncontext.configure(connection=f"x {URL}", a=[1])\nif A:\n    f()\ng()\n'

const sideOf = (files: Readonly<Record<string, string>>): FileEntries =>
  new Map(
    Object.entries({ 'db/versions/a.py': REVISION, 'db/env.py': ENV, ...files })
      .filter(([, text]) => text !== 'none')
      .map(([path, text]) => [path, text === 'binary' ? { reason: 'file holds a NUL byte', line: 1 } : { text }]),
  )

/** What is said when the base turns into the head: findings on the environment, and what withholds a pass. */
function said(base: Readonly<Record<string, string>>, head: Readonly<Record<string, string>>): readonly string[] {
  const input = {
    base: sideOf(base),
    head: sideOf(head),
    settings: DEFAULTS,
    today: '2026-01-15',
    mode: 'pull' as const,
  }
  const { findings, notes } = analyse(input)
  return [
    ...findings.map(({ rule, severity, message }) => `${severity} ${rule}: ${message.replace(/: .*/, '')}`),
    ...notes.flatMap(({ bearing, message }) => (bearing === 'withholds' ? [message] : [])),
  ]
}

const changed = (path: string, verb = 'changes'): readonly string[] => [
  `approval migration-environment-changed: ${path} ${verb}`,
]

describe('what decides how migrations run', () => {
  test.each<[title: string, env: string, expected: readonly string[]]>([
    ['nothing', ENV, []],
    ['a comment', `# why\n${ENV}`, []],
    ['layout', ENV.replace('a=[1])', '\n    a=[\n        1,\n    ],\n)'), []],
    ['an argument', ENV.replace('a=[1]', 'a=[2]'), changed('db/env.py')],
    ['inside an f-string', ENV.replace('x {URL}', 'y {URL}'), changed('db/env.py')],
    ['a tuple that is none any more', ENV.replace('(A.x,)', '(A.x)'), changed('db/env.py')],
    ['what is inside the if', ENV.replace('\ng()', '\n    g()'), changed('db/env.py')],
    ['a string', ENV.replace('import context', 'import context\nrun("DROP TABLE t")'), changed('db/env.py')],
    ['no env.py', 'none', changed('db/env.py', 'is removed')],
  ])('env.py: %s', (_, env, expected) => expect(said({}, { 'db/env.py': env })).toEqual(expected))

  const ini = '[alembic]\nscript_location = db\nschema = a\n'
  test.each<[title: string, file: Readonly<Record<string, string>>, expected: readonly string[]]>([
    ['a comment', { 'alembic.ini': `# why\n${ini}` }, []],
    ['names of new files', { 'alembic.ini': `${ini}file_template = %%(rev)s\n` }, []],
    ['logging', { 'alembic.ini': `${ini}[loggers]\nkeys = root\n` }, []],
    ['the same folder, said otherwise', { 'alembic.ini': ini.replace('= db', '= %(here)s/db') }, []],
    ['another file, the same text', { 'alembic.ini': 'none', 'conf/alembic.ini': ini }, []],
    ['what env.py may read', { 'alembic.ini': ini.replace('schema = a', 'schema = b') }, changed('alembic.ini')],
    ['subfolders', { 'alembic.ini': `${ini}recursive_version_locations = true\n` }, changed('alembic.ini')],
  ])('alembic.ini: %s', (_, head, expected) => expect(said({ 'alembic.ini': ini }, head)).toEqual(expected))

  test('a module that Python loads with the folder', () => {
    expect(said({}, { 'db/__init__.py': '' })).toEqual([])
    expect(said({}, { 'db/versions/__init__.py': 'import os\n' })).toEqual(
      changed('db/versions/__init__.py', 'is added'),
    )
  })

  test('a project that is new has nothing to compare with', () => {
    expect(said({ 'db/versions/a.py': 'none', 'db/env.py': 'none' }, {})).not.toContainEqual(
      expect.stringMatching('migration-environment-changed'),
    )
  })
})

test.each(['a.pyc', 'tools.so', 'x.pth', 'try.ipynb', '2024/b.pyc'])(
  '%s among the revisions cannot be read',
  (name) => {
    const path = `db/versions/${name}`
    const note = `${name.replace(/.*\//, '')} looks like a migration of Alembic, which is not read`
    expect(said({}, { [path]: 'binary' })).toEqual([note])
    expect(said({ [path]: 'binary' }, { [path]: 'none' })).toEqual([note])
    expect(said({ [path]: 'binary' }, { [path]: 'binary' })).toEqual([])
  },
)
