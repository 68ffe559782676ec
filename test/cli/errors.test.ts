import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dba } from '../support/dba.js'
import { scratch, type Scratch } from '../support/scratch.js'

let repository: Scratch
beforeEach(() => {
  repository = scratch()
  repository.write('README.md', 'A project\n')
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'start')
})
afterEach(() => repository.dispose())

describe('errors say what to do and exit with 2', () => {
  test('not a git repository', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dba-empty-'))
    const { code, out, err } = await dba(folder, ['review'])
    rmSync(folder, { recursive: true })
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/not in a git repository .*run this in a clone/)
  })

  test.each([
    ['an unknown ref', ['review', '--base', 'mian'], /Unknown ref 'mian'; did you mean 'main'\?/],
    ['no migrations', ['review'], /No migrations were found.*\.github\/dba\.yml/],
    [
      'a config that cannot be read',
      ['review', '--config', 'nowhere.yml'],
      /configuration nowhere\.yml cannot be read/,
    ],
    ['a file that is not there', ['lint', 'nowhere.sql'], /There is no file nowhere\.sql/],
    ['an unknown rule', ['explain', 'drop-colum'], /drop-column/],
    ['an unknown command', ['reveiw'], /Did you mean review\?/],
    ['an unknown option', ['review', '--fast'], /unknown option '--fast'/],
    ['an unknown format', ['review', '--format', 'pdf'], /Allowed choices are terminal, markdown, json, sarif/],
  ])('%s', async (_, args, message) => {
    const { code, out, err } = await dba(repository.folder, args)
    expect(err).toMatch(message)
    expect([code, out]).toEqual([2, ''])
  })

  test('a config that is not valid names file, line and the nearest key', async () => {
    repository.write('.github/dba.yml', 'postgres: 16\nrulez: {}\n')
    repository.git('add', '-A')
    repository.git('commit', '-qm', 'policy')
    const { code, err } = await dba(repository.folder, ['review'])
    expect(err).toMatch(/\.github\/dba\.yml:2: .*rulez.*rules/)
    expect(code).toBe(2)
  })
})

test.each([
  [
    'a framework that is not there',
    'migrations: [{ path: db, framework: rails }]',
    /no framework is called rails; there are alembic, /,
  ],
  [
    'an option that a rule does not have',
    'rules: { drop-table: { options: { quarantin: [] } } }',
    /drop-table has no option quarantin; there are quarantine/,
  ],
])('the policy names %s', async (_, text, message) => {
  repository.write('dba.yml', `${text}\n`)
  const { code, err } = await dba(repository.folder, ['review', '--config', 'dba.yml'])
  expect(err).toMatch(message)
  expect(code).toBe(2)
})

test.each([
  ['that the tool passes over is judged all the same', 'migrations/drop.sql', 'DROP TABLE users;\n', /drop-table/],
  ['that nobody reads withholds the pass', 'notes.py', 'print(1)\n', /notes\.py is not read/],
])('a named file %s', async (_, path, text, said) => {
  repository.write('go.mod', 'module example.com/x\n')
  repository.write('migrations/000001_a.up.sql', 'CREATE TABLE a (id bigint PRIMARY KEY);\n')
  repository.write('migrations/000001_a.down.sql', 'DROP TABLE a;\n')
  repository.write(path, text)
  const { code, out } = await dba(repository.folder, ['lint', path])
  expect(out).toMatch(said)
  expect(code).toBe(1)
})

test('--help teaches', async () => {
  const { code, out } = await dba(repository.folder, ['--help'])
  expect(code).toBe(0)
  for (const verb of ['review', 'lint', 'rehearse', 'explain', 'rules', 'status'])
    expect(out).toMatch(new RegExp(`^  ${verb}\\b`, 'm'))
  expect(out).toContain('Exit codes: 0 pass, 1 blocked or needs approval, 2 the review could not be made.')
})

test('rules are listed, and each can be explained', async () => {
  const { out } = await dba(repository.folder, ['rules', '--format', 'json'])
  const ids = (JSON.parse(out) as readonly { id: string }[]).map(({ id }) => id)
  expect(ids).toContain('drop-column')
  const page = await dba(repository.folder, ['explain', 'drop-column'])
  expect(page.code).toBe(0)
  expect(page.out).toMatch(/drop-column[\s\S]*ALTER TABLE/)
})

test('colour follows NO_COLOR and the terminal', async () => {
  repository.write('a.sql', 'DROP TABLE users;\n')
  const escape = '\u001b['
  const plain = await dba(repository.folder, ['lint', 'a.sql'])
  const forced = await dba(repository.folder, ['lint', 'a.sql'], { FORCE_COLOR: '1' })
  const refused = await dba(repository.folder, ['lint', 'a.sql'], { FORCE_COLOR: '1', NO_COLOR: '1' })
  expect(plain.out).toContain('drop-table')
  expect(plain.out).not.toContain(escape)
  expect(forced.out).toContain(escape)
  expect(refused.out).not.toContain(escape)
})
