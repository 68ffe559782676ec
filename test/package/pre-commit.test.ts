import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { dba, type Ran } from '../support/dba.js'
import { scratch, type Scratch } from '../support/scratch.js'

interface Hook {
  readonly id: string
  readonly entry: string
  readonly language: string
  readonly files: string
  readonly require_serial: boolean
}

const [hook] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as readonly [Hook]
/** pre-commit reads this as Python does, where a flag may stand in front. */
const files = new RegExp(hook.files.replace(/^\(\?i\)/, ''), 'i')

let repository: Scratch
beforeEach(() => {
  repository = scratch()
  repository.write('go.mod', 'module example.com/shop\n')
})
afterEach(() => repository.dispose())

/** What pre-commit does: the entry, with the staged files that the hook is for. */
function staged(texts: Readonly<Record<string, string>>): Promise<Ran> {
  for (const [path, text] of Object.entries(texts)) repository.write(path, text)
  const [program, ...args] = hook.entry.split(' ')
  expect(program).toBe('dba')
  return dba(repository.folder, [...args, ...Object.keys(texts).filter((path) => files.test(path))])
}

test('the hook is a command of the package, given all files at once', () => {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: object }
  expect(bin).toHaveProperty(hook.entry.split(' ')[0] ?? '')
  expect(hook).toMatchObject({ id: 'dba-lint', language: 'node', require_serial: true })
})

describe('it is asked about', () => {
  test.each([
    ['migrations/000001_users.up.sql', true],
    ['db/V1__Init.SQL', true],
    ['backend/alembic/versions/abc123_orders.py', true],
    ['backend/alembic/env.py', false],
    ['backend/models.py', false],
    ['README.md', false],
  ])('%s: %p', (path, asked) => {
    expect(files.test(path)).toBe(asked)
  })
})

test('a sound migration may be committed', async () => {
  const { code } = await staged({
    'migrations/000001_users.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY);\n',
    'migrations/000001_users.down.sql': 'DROP TABLE users;\n',
    'README.md': 'Not looked at.\n',
  })
  expect(code).toBe(0)
})

test('one that destroys may not', async () => {
  repository.write('migrations/000001_users.up.sql', 'CREATE TABLE users (id bigint PRIMARY KEY, name text);\n')
  repository.write('migrations/000001_users.down.sql', 'DROP TABLE users;\n')
  const { code, out } = await staged({
    'migrations/000002_name.up.sql': 'ALTER TABLE users DROP COLUMN name;\n',
    'migrations/000002_name.down.sql': 'ALTER TABLE users ADD COLUMN name text;\n',
  })
  expect(code).toBe(1)
  expect(out).toContain('drop-column')
})
