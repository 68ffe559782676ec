import { describe, expect, test } from '@jest/globals'
import { detectProjects, frameworkOf, unread } from '../../../src/frameworks/index.js'
import { analyse } from '../../../src/review/analyse.js'
import { loadParsers } from '../../../src/sql/parse.js'
import { DEFAULTS } from '../../support/settings.js'
import { readAll, repository, tree } from '../tree.js'

await loadParsers({ majors: [DEFAULTS.postgres], second: true })

type Files = Readonly<Record<string, string>>

const entries = (files: Files) => new Map(Object.entries(files).map(([path, text]) => [path, { text }] as const))
const empty = (paths: readonly string[]): Files => Object.fromEntries(paths.map((path) => [path, '']))
const projects = (paths: readonly string[]): readonly string[] =>
  detectProjects({ paths }).map(({ framework, root }) => `${framework} ${root}`)

describe('which folders are projects of Flyway by their names', () => {
  test.each([
    ['its usual folder', ['src/main/resources/db/migration/V1__a.sql'], ['flyway src/main/resources/db/migration']],
    ['any folder', ['sql/V1__a.sql'], ['flyway sql']],
    ['the top', ['V1__a.sql'], ['flyway ']],
    ['folders below', ['db/migration/2023/V1__a.sql', 'db/migration/2024/V2__b.sql'], ['flyway db/migration']],
    [
      'two that hold the same versions',
      ['migrations/a/V1__a.sql', 'migrations/a/V2__a.sql', 'migrations/b/V1__a.sql', 'migrations/b/V2__a.sql'],
      ['flyway migrations/a', 'flyway migrations/b'],
    ],
    [
      'several modules',
      ['a/src/main/resources/db/migration/V1__a.sql', 'b/src/main/resources/db/migration/V1__a.sql'],
      ['flyway a/src/main/resources/db/migration', 'flyway b/src/main/resources/db/migration'],
    ],
    [
      'none for another database',
      ['db/migration/h2/V1__a.sql', 'db/migration/postgresql/V1__a.sql'],
      ['flyway db/migration'],
    ],
    ['none for tests', ['src/test/resources/db/migration/V1__a.sql'], []],
    ['none of Refinery', ['Cargo.toml', 'migrations/V1__a.sql'], []],
    ['none of repeatable files alone', ['views/R__a.sql'], []],
    ['none of others', ['migrations/1__a.sql'], ['sql migrations']],
    [
      'numbered files beside it are no other project',
      ['migrations/V1__a.sql', 'migrations/2_b.sql'],
      ['flyway migrations'],
    ],
  ])('%s', (_, paths, expected) => expect(projects(paths)).toEqual(expected))

  test('a folder that the team names', () => {
    const index = { paths: ['odd/2/V1__a.sql', 'src/test/resources/db/migration/V1__a.sql'] }
    const at = (path: string) =>
      detectProjects(index, [{ path, framework: 'flyway' }]).map((project) => `${project.framework} ${project.root}`)
    expect(at('odd')).toEqual(['flyway odd/2'])
    expect(at('src/test/resources/db/migration')).toEqual(['flyway src/test/resources/db/migration'])
    expect(at('nowhere')).toEqual([])
  })

  test('files for tests are told of when they change', () => {
    const paths = ['src/test/resources/db/migration/V1__a.sql']
    expect(unread({ paths }, [], paths).map(({ bearing, message }) => `${bearing}: ${message}`)).toEqual([
      'informs: src/test/resources/db/migration is by its name for tests, and not reviewed; where a database keeps what it ' +
        'does, name it under `migrations` in the configuration',
    ])
  })
})

describe('the history of a fixture', () => {
  const history = (name: string) => {
    const [read] = readAll(repository(name))
    if (read === undefined) throw new Error('no project')
    return read.history
  }
  test.each([
    ['flyway-basic', '1 | 2 1 | 10 2 | R order totals'],
    ['flyway-versions', '1 | 1.2.3 1 | 1.10 1.2.3 | 2 1.10 | 2.0.1 2'],
    ['flyway-undo', '1 U1__ticket.sql | 2 1 U2__ticket_state.sql'],
    ['flyway-baseline', '1 | 2 1 | B2 2 | 3 B2 | 4 3'],
    ['flyway-names', '1 | 1.1 1 | R areas'],
    ['flyway-vendors', '1 | 2 1'],
  ])('%s: %s', (name, expected) => {
    const told = history(name).revisions.map(({ id, parents, downPath }) =>
      [id, ...parents, ...(downPath === null ? [] : [downPath.replace(/.*\//, '')])].join(' '),
    )
    expect(told.join(' | ')).toBe(expected)
  })

  test.each([
    [
      'flyway-versions',
      'db/migrations/notes.sql: its name begins with none of V, R, U, B and with no event of Flyway’s',
    ],
    ['flyway-undo', 'sql/U7__nothing.sql: there is no migration of version 7 to undo'],
    ['flyway-names', 'database/V2__not_a_migration.sql: its name ends with none of .psql, .ddl'],
  ])('%s has a stray', (name, stray) => {
    expect(history(name).strays.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([stray])
  })

  test('callbacks and the configuration are around it', () => {
    const { surroundings, notes } = history('flyway-baseline')
    expect(surroundings?.map(({ path, role }) => `${role} ${path.replace(/.*\//, '')}`)).toEqual([
      'runs afterMigrate__grants.sql',
      'runs beforeMigrate.sql',
      'configures build.gradle.kts',
    ])
    expect(notes.map(({ message }) => message)).toEqual([
      'an empty database begins with the baseline B2__account.sql and runs none of the 2 migrations up to its version; so does the replay',
    ])
  })

  test('what its configuration sets is in its conventions', () => {
    const { conventions } = history('flyway-names').project
    expect(conventions).toMatchObject({
      lateVersion: 'applied',
      hashesFiles: true,
      downs: 'none',
      filePattern: 'M1.2--name.psql',
    })
    expect(conventions.together).toBe('set group to false')
    expect(history('flyway-undo').project.conventions).toMatchObject({ downs: 'expected', lateVersion: 'refused' })
    expect(history('flyway-vendors').project.conventions.bookkeeping).toEqual(['parcels.flyway_schema_history'])
  })

  test('code in Java has its place and is not read', () => {
    const [read] = readAll(repository('flyway-baseline'))
    expect(read?.migrations.map(({ revision, up }) => `${revision.id} ${up.kind}`)).toContain('3 refused')
  })
})

test('what every connection begins with is set for every migration', () => {
  const settings = "flyway.initSql=SET lock_timeout = '5s'; SET statement_timeout TO 0; SELECT 1"
  const [read] = readAll(tree({ 'flyway.conf': settings, 'sql/V1__a.sql': '' }))
  expect(read?.history.project.conventions.settings).toEqual([
    { name: 'lock_timeout', value: '5s', local: false },
    { name: 'statement_timeout', value: '0', local: false },
  ])
})

test('two repeatable migrations of one name stop Flyway', () => {
  const [read] = readAll(tree(empty(['db/migration/V1__a.sql', 'db/migration/R__v.sql', 'db/migration/x/R__v.sql'])))
  expect(read?.history.notes.map(({ bearing, message }) => `${bearing}: ${message}`)).toEqual([
    'withholds: Flyway stops before it runs anything: another repeatable migration is called “v” as well',
  ])
})

test('a configuration that cannot be read withholds', () => {
  const [read] = readAll(tree({ 'flyway.toml': '[flyway', 'sql/V1__a.sql': '' }))
  expect(read?.history.notes).toMatchObject([{ bearing: 'withholds', at: { path: 'flyway.toml' } }])
})

test('a project is read as each side configures it', () => {
  const files = tree({ 'flyway.conf': 'flyway.outOfOrder=true', 'sql/V1__a.sql': '' })
  const [project] = detectProjects(tree({ 'flyway.conf': 'flyway.mixed=true', 'sql/V1__a.sql': '' }))
  if (project === undefined) throw new Error('no project')
  expect(project.conventions.lateVersion).toBe('refused')
  expect(frameworkOf(project).history(project, files).project.conventions.lateVersion).toBe('applied')
})

describe('what of a file its checksum sees', () => {
  const BASE = { 'sql/V1__a.sql': 'CREATE TABLE a (\n  id int\n);\n' }
  test.each([
    ['other line ends', 'CREATE TABLE a (\r\n  id int\r\n);\r\n', []],
    ['no end of the last line', 'CREATE TABLE a (\n  id int\n);', []],
    ['a space', 'CREATE TABLE a (\n  id int\n); \n', ['edited-applied-migration-comments-only']],
    ['a comment', '-- x\nCREATE TABLE a (\n  id int\n);\n', ['edited-applied-migration-comments-only']],
    [
      'a line that becomes part of a comment',
      'CREATE TABLE a ( -- id\n  id int\n);\n',
      ['edited-applied-migration-comments-only'],
    ],
  ])('%s', (_, text, rules) => {
    const head = { 'sql/V1__a.sql': text }
    const pull = {
      base: entries(BASE),
      head: entries(head),
      settings: DEFAULTS,
      today: '2026-01-15',
      mode: 'pull',
    } as const
    expect(analyse(pull).findings.map(({ rule }) => rule)).toEqual(rules)
  })
})

describe('what is replayed before a pull request', () => {
  const BASE = { 'sql/V1__a.sql': 'CREATE TABLE a (id int);', 'sql/V2__b.sql': 'CREATE TABLE b (id int);' }
  const B2 = { 'sql/B2__all.sql': 'CREATE TABLE a (id int); CREATE TABLE b (id int);' }
  const V3 = { 'sql/V3__c.sql': 'ALTER TABLE b ADD COLUMN c int;' }
  const V4 = { 'sql/V4__d.sql': 'ALTER TABLE b ADD COLUMN d int;' }
  const plan = (base: Files, head: Files): string =>
    analyse({ base: entries(base), head: entries(head), settings: DEFAULTS, today: '2026-01-15', mode: 'pull' })
      .plans.flatMap((each) => each.map(({ role, revision }) => `${role} ${revision.id}`))
      .join(', ')
  test.each([
    ['versions alone', BASE, { ...BASE, ...V3 }, 'replay 1, replay 2, rehearse 3'],
    [
      'a baseline in place of what it stands for',
      { ...BASE, ...B2 },
      { ...BASE, ...B2, ...V3 },
      'replay B2, rehearse 3',
    ],
    [
      'a new baseline comes first',
      { ...BASE, ...V3 },
      { ...BASE, ...B2, ...V3, ...V4 },
      'rehearse B2, replay 3, rehearse 4',
    ],
    ['a new baseline in place of files', BASE, { ...B2, ...V3 }, 'rehearse B2, rehearse 3'],
    [
      'a late one is tried after the baseline',
      { ...BASE, ...B2 },
      { ...BASE, ...B2, 'sql/V1.1__x.sql': 'CREATE TABLE x (id int);' },
      'replay B2, rehearse 1.1',
    ],
    [
      'what a new baseline stands for and is new as well',
      BASE,
      { ...BASE, ...V3, 'sql/B3__all.sql': 'CREATE TABLE a (id int); CREATE TABLE b (id int, c int);' },
      'replay 1, replay 2, rehearse 3',
    ],
  ])('%s', (_, base, head, expected) => expect(plan(base, head)).toBe(expected))

  test('a baseline that is not reviewed withholds the pass', () => {
    const head = { ...BASE, ...V3, 'sql/B3__all.sql': 'CREATE TABLE a (id int); CREATE TABLE b (id int, c int);' }
    const pull = {
      base: entries(BASE),
      head: entries(head),
      settings: DEFAULTS,
      today: '2026-01-15',
      mode: 'pull',
    } as const
    expect(analyse(pull).notes).toContainEqual(
      expect.objectContaining({
        bearing: 'withholds',
        message:
          'sql/B3__all.sql is not reviewed: databases that begin with it never run sql/V3__c.sql, which is new as well',
      }),
    )
  })
})
