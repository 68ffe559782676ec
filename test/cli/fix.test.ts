import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { dba } from '../support/dba.js'
import { scratch, type Scratch } from '../support/scratch.js'

const OLD = 'CREATE TABLE a (id bigint PRIMARY KEY, b bigint);\n'
const INDEX = 'CREATE INDEX a_b_idx ON a (b);\n'
const FILES = ['migrations/000002_b.up.sql', 'migrations/000002_b.down.sql'] as const

let repository: Scratch
beforeEach(() => {
  repository = scratch()
  repository.write('go.mod', 'module example.com/blog\n')
  repository.write('migrations/000001_a.up.sql', OLD)
  repository.write('migrations/000001_a.down.sql', 'DROP TABLE a;\n')
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'one')
  repository.write(FILES[0], INDEX)
  repository.write(FILES[1], 'DROP INDEX a_b_idx;\n')
})
afterEach(() => repository.dispose())

const text = (path: string): string => readFileSync(join(repository.folder, path), 'utf8')

test('with --dry-run the differences are printed and nothing is written; without it the files are', async () => {
  const dry = await dba(repository.folder, ['lint', '--fix', '--dry-run', ...FILES])
  expect(dry.err).toBe('Would fix migrations/000002_b.up.sql:1 create-index-non-concurrently\n')
  const changes = dry.out.split('\n').filter((line) => /^[-+]/.test(line))
  expect(changes).toEqual([
    `--- a/${FILES[1]}`,
    `+++ b/${FILES[1]}`,
    '-DROP INDEX a_b_idx;',
    '+DROP INDEX CONCURRENTLY IF EXISTS a_b_idx;',
    `--- a/${FILES[0]}`,
    `+++ b/${FILES[0]}`,
    `-${INDEX.trim()}`,
    '+CREATE INDEX CONCURRENTLY a_b_idx ON a (b);',
  ])
  expect(text(FILES[0])).toBe(INDEX)

  const { mode } = statSync(join(repository.folder, FILES[0]))
  const done = await dba(repository.folder, ['lint', '--fix', ...FILES])
  expect([done.code, done.err]).toEqual([0, 'Fixed migrations/000002_b.up.sql:1 create-index-non-concurrently\n'])
  expect([text(FILES[0]), text(FILES[1])]).toEqual([
    'CREATE INDEX CONCURRENTLY a_b_idx ON a (b);\n',
    'DROP INDEX CONCURRENTLY IF EXISTS a_b_idx;\n',
  ])
  expect(statSync(join(repository.folder, FILES[0])).mode).toBe(mode)
})

test('files that the base branch has stay as they are', async () => {
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'two')
  const done = await dba(repository.folder, ['lint', '--fix', ...FILES])
  expect(done.err).toContain(
    'Left migrations/000002_b.up.sql:1 create-index-non-concurrently: the base branch has the file\n',
  )
  expect(text(FILES[0])).toBe(INDEX)
})

test('where nobody knows what is applied nothing is touched', async () => {
  const done = await dba(repository.folder, ['lint', '--fix', '--base', 'nowhere', ...FILES])
  expect([done.code, done.out]).toEqual([2, ''])
  expect(done.err).toContain('What has been applied is not known, and applied migrations are not to be changed.')
  expect(text(FILES[0])).toBe(INDEX)
})
