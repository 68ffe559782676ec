import { nodeProgram } from './node-program.js'
import { withTool } from './fetching.js'
import { behaves, ran, type Place, type Run } from './scene.js'

const tool = nodeProgram(
  'node-pg-migrate',
  ['node-pg-migrate@9.0.0', 'pg@8.23.1'],
  `import { runner } from 'node-pg-migrate'
const [databaseUrl, dir, direction] = process.argv.slice(2)
// What its command line takes for granted.
await runner({ databaseUrl, dir, direction, migrationsTable: 'pgmigrations', singleTransaction: true, checkOrder: true })
`,
)

const BASE = { 'package.json': '{"dependencies":{"node-pg-migrate":"9.0.0"}}' }
const sql = (table: string): string =>
  `-- Up Migration\nCREATE TABLE ${table} (id int);\n-- Down Migration\nDROP TABLE ${table};\n`
const A = { ...BASE, 'migrations/1673000000000_a.sql': sql('a') }
const B = { 'migrations/1675000000000_b.sql': sql('b') }
const LATE = 'migrations/1674000000000_late.sql'
const NEXT = 'migrations/1677000000000_next.sql'

await withTool(tool, async (program) => {
  const go =
    (direction: string) =>
    ({ url, folder, root }: Place): Promise<Run> =>
      ran(process.execPath, [program, url, root, direction], folder)
  await behaves(
    { id: 'node-pg-migrate', up: go('up') },
    ['node-pg-migrate-sections'],
    [
      {
        name: 'an edited migration is not run again',
        base: { ...A, ...B },
        pull: { 'migrations/1673000000000_a.sql': sql('c') },
        stops: null,
        tables: 'a b',
        finding: 'node-pg-migrate does not run it again',
      },
      {
        name: 'it says nothing when the newest is gone',
        base: { ...A, ...B },
        pull: { 'migrations/1675000000000_b.sql': null },
        stops: null,
        tables: 'a b',
        finding:
          'node-pg-migrate stops on every database that ran it, as soon as another migration takes its place in the order',
      },
      {
        name: 'but stops when another takes its place',
        base: { ...A, ...B },
        pull: { 'migrations/1675000000000_b.sql': null, [NEXT]: sql('next') },
        stops: /Not run migration 1677000000000_next is preceding already run migration 1675000000000_b/,
        tables: 'a b',
        finding:
          'node-pg-migrate stops on every database that ran it, as soon as another migration takes its place in the order',
      },
      {
        name: 'and when the one before is gone',
        base: { ...A, ...B },
        pull: { 'migrations/1673000000000_a.sql': null },
        stops: /Not run migration 1675000000000_b is preceding already run migration 1673000000000_a/,
        tables: 'a b',
        finding:
          'node-pg-migrate stops on every database that ran it, as soon as another migration takes its place in the order',
      },
      {
        name: 'a late migration is refused',
        base: { ...A, ...B },
        pull: { [LATE]: sql('late') },
        stops: /Not run migration 1674000000000_late is preceding already run migration 1675000000000_b/,
        tables: 'a b',
        finding: 'node-pg-migrate refuses to run on every database that is past it',
      },
      {
        name: 'two of one number are both run, in the order of their names',
        base: { ...A },
        pull: { 'migrations/1675000000000_y.sql': sql('y'), 'migrations/1675000000000_x.sql': sql('x') },
        stops: null,
        tables: 'a x y',
        finding: null,
      },
      {
        name: 'all that is pending is one transaction',
        base: { ...A },
        pull: { ...B, [NEXT]: 'SELECT 1 / 0;' },
        stops: /division by zero/,
        tables: 'a',
        finding: null,
      },
      {
        name: 'what refuses a transaction stops it',
        base: { ...A },
        pull: { [NEXT]: 'CREATE INDEX CONCURRENTLY i ON a (id);' },
        stops: /cannot run inside a transaction block/,
        tables: 'a',
        finding: 'concurrently-in-transaction',
      },
      {
        name: 'without sections it has no down',
        base: { ...A, [NEXT]: 'CREATE TABLE next (id int);' },
        pull: {},
        then: go('down'),
        stops: /User has disabled down migration on file: 1677000000000_next/,
        tables: 'a next',
        finding: null,
      },
      {
        name: 'with a down alone, the up runs it too',
        base: { ...A, ...B },
        pull: { [NEXT]: 'CREATE TABLE next (id int);\n-- Down Migration\nDROP TABLE next;' },
        stops: null,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'a file without a number stops it',
        base: { ...A, ...B },
        pull: { 'migrations/notes.sql': sql('notes') },
        stops: /Cannot determine numeric prefix for "notes.sql"/,
        tables: 'a b',
        finding: 'node-pg-migrate stops at it',
      },
    ],
  )
})
