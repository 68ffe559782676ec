import { expect, test } from '@jest/globals'
import { clued, gathered } from '../../src/frameworks/gather.js'
import { detectProjects } from '../../src/frameworks/index.js'
import { fileSet } from '../../src/model/file-set.js'

/** A side that keeps a list of what was loaded. */
function sideOf(files: Readonly<Record<string, string>>) {
  const loaded: (readonly string[])[] = []
  const load = (paths: readonly string[]) => {
    loaded.push(paths)
    const entries = Object.entries(files).map(([path, text]) => [path, paths.includes(path) ? { text } : null] as const)
    return Promise.resolve(fileSet(new Map(entries)))
  }
  return { loaded, source: { paths: Object.keys(files), load } }
}

/** The texts that are there in the end. */
async function texts(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { source } = sideOf(files)
  const clues = await clued(source)
  const found = await gathered(source, clues, detectProjects(clues), [])
  return found.paths.filter((path) => found.read(path) !== undefined)
}

const REVISION = 'revision = "a"\ndown_revision = None\n'

test('where a configuration leads, what it names is loaded; nothing else is', async () => {
  const files = {
    'alembic.ini': '[alembic]\nscript_location = app/db\nversion_locations = app/steps\n',
    'app/db/env.py':
      'from alembic import context\nfrom app.models import Base\ncontext.configure(connection=c, target_metadata=Base.metadata)\n',
    'app/models.py': 'from app.base import Base\n',
    'app/base.py': 'import app.other\n',
    'app/other.py': '',
    'app/steps/a.py': REVISION,
    'app/views.py': '',
    'README.md': '',
  }
  expect(await texts(files)).toEqual(['alembic.ini', 'app/base.py', 'app/db/env.py', 'app/models.py', 'app/steps/a.py'])
})

test('what revisions import is loaded, and what that imports', async () => {
  const files = {
    'app/db/env.py': '',
    'app/db/versions/a.py': `from app.db.helpers import (\n    grant,\n)\nfrom . import near\nimport app.names as n, os\n${REVISION}def upgrade():\n    from app import late\n`,
    'app/db/versions/near.py': 'revision = "b"\ndown_revision = "a"\n',
    'app/db/helpers.py': 'from .sql import text\n',
    'app/db/sql.py': 'from app.db import helpers\n',
    'app/names.py': '',
    'app/late.py': '',
    'app/never.py': '',
  }
  expect(await texts(files)).toEqual(
    Object.keys(files)
      .filter((path) => path !== 'app/never.py')
      .sort(),
  )
})

test('an application is not loaded whole', async () => {
  const modules = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`app/m${i}.py`, `import app.m${i + 1}\n`]))
  const wide = Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`app/w${i}.py`, '']))
  const all = Object.keys(wide).map((path) => `import ${path.replace('.py', '').replace('/', '.')}\n`)
  const base = { 'app/db/env.py': '' }
  expect(await texts({ ...base, ...wide, 'app/db/versions/a.py': `${all.join('')}${REVISION}` })).toHaveLength(502)
  expect(
    (await texts({ ...base, ...modules, 'app/db/versions/a.py': `import app.m0\n${REVISION}` })).length,
  ).toBeLessThan(10)
})

test('a side is not read again when nothing new is asked for', async () => {
  const { source, loaded } = sideOf({ 'm/1_a.up.sql': '', 'go.mod': '' })
  const clues = await clued(source)
  await gathered(source, clues, detectProjects(clues), [])
  expect(loaded).toEqual([[], ['m/1_a.up.sql']])
})
