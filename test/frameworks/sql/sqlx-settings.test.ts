import { describe, expect, test } from '@jest/globals'
import { detectProjects } from '../../../src/frameworks/index.js'
import { findingsOf } from '../findings.js'
import { readAll, tree } from '../tree.js'

const SQL = 'CREATE TABLE a (id int);\n'

describe('sqlx.toml names the folder', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'in any place',
      { 'sqlx.toml': '[migrate]\nmigrations-dir = "db/steps"\n', 'db/steps/1_a.sql': SQL },
      ['sqlx:db/steps'],
    ],
    [
      'from where it lies itself',
      { 'crates/api/sqlx.toml': '[migrate]\nmigrations-dir = "../../sql/api"\n', 'sql/api/1_a.up.sql': SQL },
      ['sqlx:sql/api'],
    ],
    [
      'before what the nearest manifest says',
      { 'go.mod': '', 'sqlx.toml': '[migrate]\nmigrations-dir = "db"\n', 'db/1_a.up.sql': SQL },
      ['sqlx:db'],
    ],
    ['or means the usual one', { 'a/sqlx.toml': '[common]\n', 'a/migrations/1_a.sql': SQL }, ['sqlx:a/migrations']],
    ['but none outside', { 'sqlx.toml': '[migrate]\nmigrations-dir = "../x"\n', 'x/1_a.sql': SQL }, []],
  ])('%s', (_, files, projects) => {
    expect(detectProjects(tree(files)).map(({ framework, root }) => `${framework}:${root}`)).toEqual(projects)
  })
})

test('the table of the books may have another name', () => {
  const files = { 'sqlx.toml': '[migrate]\ntable-name = "app._done"\n', 'migrations/1_a.sql': SQL }
  const [read] = readAll(tree(files))
  expect(read?.history.project.conventions.bookkeeping).toEqual(['app._done'])
})

test('settings that cannot be read withhold a pass', () => {
  const [read] = readAll(tree({ 'sqlx.toml': '[migrate', 'migrations/1_a.sql': SQL }))
  expect(read?.history.notes.map(({ bearing, message }) => `${bearing}: ${message}`)).toEqual([
    'withholds: sqlx.toml cannot be read: it is no TOML; what it says of migrations is not known',
  ])
})

describe('what is ignored for the checksum makes no other migration', () => {
  const spaces = '[migrate]\nignored-chars = [" ", "\\t", "\\r", "\\n"]\n'
  const edited = 'CREATE TABLE a (\n  id int\n);\n'
  const about = (settings: string, text: string): readonly string[] =>
    findingsOf(
      { 'sqlx.toml': settings, 'Cargo.toml': '', 'migrations/1_a.sql': SQL, 'migrations/2_b.sql': 'SELECT 1;' },
      { 'sqlx.toml': settings, 'Cargo.toml': '', 'migrations/1_a.sql': text, 'migrations/2_b.sql': 'SELECT 1;' },
    ).filter((line) => line.startsWith('edited-applied'))
  test.each<[string, string, string, RegExp]>([
    ['layout, where white space is ignored', spaces, edited, /comments-only: .* of which sqlx takes no checksum/],
    ['layout, where nothing is', '', edited, /sqlx.* stops/],
    ['a comment, whose words are not ignored', spaces, `-- a\n${SQL}`, /sqlx.* stops/],
    ['other SQL', spaces, 'CREATE TABLE b (id int);\n', /sqlx compares checksums, and stops/],
  ])('%s', (_, settings, text, finding) => {
    expect(about(settings, text)).toEqual([expect.stringMatching(finding)])
  })
})

test('a change of the settings is one of what surrounds the migrations', () => {
  const files = (table: string) => ({ 'sqlx.toml': `[migrate]\ntable-name = "${table}"\n`, 'migrations/1_a.sql': SQL })
  const said = findingsOf(files('_a'), files('_b'))
  expect(said.filter((line) => line.startsWith('migration-environment-changed'))).toHaveLength(1)
  expect(findingsOf(files('_a'), files('_a'))).toEqual([])
})
