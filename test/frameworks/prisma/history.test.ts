import { describe, expect, test } from '@jest/globals'
import { readAll, repository, sketch, tree } from '../tree.js'

const LOCK = { 'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n' }

/** Everything that is said of the migrations of Prisma in some files, named from their folder. */
function told(files: Readonly<Record<string, string>>) {
  const all = Object.entries(files).map(([name, text]) => [`prisma/migrations/${name}`, text])
  const [read] = readAll(tree({ ...LOCK, ...Object.fromEntries(all) }))
  if (read === undefined) throw new Error('no project')
  const { history, migrations } = read
  return {
    ids: history.revisions.map(({ id }) => id),
    strays: history.strays.map(({ path, reason, stops }) => `${path.slice(18)}${stops ? ' stops' : ''}: ${reason}`),
    runs: migrations.map(({ up, down }) => `${sketch(up)} => ${sketch(down)}`),
  }
}

const two = 'CREATE TABLE a (); CREATE TABLE b ();'

describe('Prisma', () => {
  test('orders folders as text, whatever they are called', () => {
    const names = ['20230201000000_b', '20230101000000_a', '20230101000000_B', '9_late', '0_init', 'squashed']
    const files = Object.fromEntries(names.map((name) => [`${name}/migration.sql`, two]))
    expect(told(files).ids).toEqual([...names].sort())
  })

  test.each([
    ['several statements are one query, and a transaction', two, /^one: .* => absent$/],
    ['a statement alone is in none', 'CREATE INDEX CONCURRENTLY i ON a (b);', /^none: CREATE INDEX/],
    ['among others it is in one', 'SET lock_timeout = 1; CREATE INDEX CONCURRENTLY i ON a (b);', /^one: SET/],
    ['with a BEGIN and a COMMIT of its own', `BEGIN; ${two} COMMIT;`, /^none: BEGIN \|/],
    ['nothing', '-- This is an empty migration.', /^none: {2}=> absent$/],
  ])('%s', (_, text, expected) => expect(told({ '1_a/migration.sql': text }).runs[0]).toMatch(expected))

  test('a down.sql beside it takes it back', () => {
    const { runs, strays } = told({ '1_a/migration.sql': two, '1_a/down.sql': 'DROP TABLE a, b;' })
    expect(runs).toEqual(['one: CREATE TABLE a () | CREATE TABLE b () => none: DROP TABLE a, b'])
    expect(strays).toEqual([])
  })

  test('files that nothing runs are strays, and a folder without migration.sql stops it', () => {
    const files = { '1_a/migration.sql': two, '1_a/up.sql': '', 'loose.sql': '', 'README.md': '', '2_b/down.sql': '' }
    expect(told({ ...files, '3_c/notes.txt': '', '3_c/more.txt': '' }).strays).toEqual([
      '2_b/down.sql stops: Prisma stops at the folder 2_b, because there is no migration.sql in it',
      '3_c/more.txt stops: Prisma stops at the folder 3_c, because there is no migration.sql in it',
      '1_a/up.sql: Prisma reads only migration.sql in the folder of a migration',
      'loose.sql: Prisma reads only migration.sql in the folder of a migration',
    ])
  })

  test('a project may lie anywhere, and one for another database is left out', () => {
    const roots = readAll(repository('prisma-custom-folder')).map(({ history }) => history.project.root)
    expect(roots).toEqual(['services/shop/database/steps'])
  })
})
