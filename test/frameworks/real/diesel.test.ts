import { withTool } from './fetching.js'
import { diesel } from './programs.js'
import { behaves, ran, type Place, type Run } from './scene.js'

const A = { 'diesel.toml': '', ...migration('2023-01-01-000000_a') }
const B = migration('2023-01-03-000000_b')

/** A migration whose last letter is its table. */
function migration(name: string): Record<string, string> {
  const table = name.at(-1) ?? ''
  return {
    [`migrations/${name}/up.sql`]: `CREATE TABLE ${table} (id int PRIMARY KEY);`,
    [`migrations/${name}/down.sql`]: `DROP TABLE ${table};`,
  }
}

await withTool(diesel, async (program) => {
  const diesel =
    (command: string) =>
    (place: Place): Promise<Run> =>
      ran(program, ['migration', command, '--migration-dir', place.root, '--database-url', place.url], place.folder)
  await behaves(
    { id: 'diesel', up: diesel('run') },
    ['diesel-basic'],
    [
      {
        name: 'an edited migration is not run again',
        base: { ...A, ...B },
        pull: { 'migrations/2023-01-01-000000_a/up.sql': 'CREATE TABLE c (id int);' },
        stops: null,
        tables: 'a b',
        finding: 'diesel does not run it again',
      },
      {
        name: 'it says nothing when a migration is gone',
        base: { ...A, ...B },
        pull: { 'migrations/2023-01-03-000000_b/up.sql': null, 'migrations/2023-01-03-000000_b/down.sql': null },
        stops: null,
        tables: 'a b',
        finding: 'diesel says nothing on the way up, and cannot revert it any more',
      },
      {
        name: 'it cannot revert when the newest migration is gone',
        base: { ...A, ...B },
        pull: { 'migrations/2023-01-03-000000_b/up.sql': null, 'migrations/2023-01-03-000000_b/down.sql': null },
        then: diesel('revert'),
        stops: /20230103000000/,
        tables: 'a b',
        finding: 'diesel says nothing on the way up, and cannot revert it any more',
      },
      {
        name: 'a late migration is run',
        base: { ...A, ...B },
        pull: migration('2023-01-02-000000_c'),
        stops: null,
        tables: 'a b c',
        finding: null,
      },
      {
        name: 'a second folder of an applied version is taken for done',
        base: { ...A, ...B },
        pull: migration('2023-01-03-000000_c'),
        stops: null,
        tables: 'a b',
        finding: 'diesel runs one of the two and takes the other for done',
      },
      {
        name: 'of two new folders of one version one is run',
        base: { ...A, ...B },
        pull: { ...migration('2023-01-04-000000_c'), ...migration('2023-01-04-000000_d') },
        stops: null,
        tables: 'a b c',
        finding: 'diesel runs one of the two and takes the other for done',
      },
      {
        name: 'it stops at a folder that holds no up.sql',
        base: { ...A, ...B },
        pull: { 'migrations/2023-01-04-000000_c/down.sql': 'DROP TABLE c;' },
        stops: /Invalid migration directory/,
        tables: 'a b',
        finding: 'diesel stops at migrations/2023-01-04-000000_c/down.sql and applies nothing',
      },
      {
        name: 'it cannot revert without down.sql',
        base: { ...A, 'migrations/2023-01-03-000000_b/up.sql': 'CREATE TABLE b (id int);' },
        pull: {},
        then: diesel('revert'),
        stops: /down|revert/i,
        tables: 'a b',
        finding: null,
      },
    ],
  )
})
