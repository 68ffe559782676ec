import { withTool } from './fetching.js'
import { drizzle, drizzleNext } from './programs.js'
import { behaves, ran, type Case, type Place, type Run } from './scene.js'

const sql = (table: string): string => `CREATE TABLE "${table}" ("id" integer);\n--> statement-breakpoint\nSELECT 1;`

/** A folder of Drizzle by its journal: tables and times in order, each a file of that name. */
function journal(entries: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  const list = Object.entries(entries).map(([tag, when], idx) => ({ idx, version: '7', when, tag, breakpoints: true }))
  return { 'drizzle/meta/_journal.json': JSON.stringify({ version: '7', dialect: 'postgresql', entries: list }) }
}

const files = (...tables: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tables.map((table) => [`drizzle/${table}.sql`, sql(table)]))

const BASE = { ...journal({ a: 10, b: 30 }), ...files('a', 'b') }

const BY_JOURNAL: readonly Case[] = [
  {
    name: 'an edited migration is not run again',
    base: BASE,
    pull: { 'drizzle/a.sql': sql('c') },
    stops: null,
    tables: 'a b',
    finding: 'Drizzle does not run it again',
  },
  {
    name: 'a comment that changes does not trouble it, though it writes down a hash',
    base: BASE,
    pull: { 'drizzle/a.sql': `-- reviewed\n${sql('a')}` },
    stops: null,
    tables: 'a b',
    finding: 'never compares it, and runs nothing again',
  },
  {
    name: 'it stops when a file is gone that the journal names',
    base: BASE,
    pull: { 'drizzle/b.sql': null },
    stops: /No file .*b\.sql found/,
    tables: 'a b',
    finding: 'Drizzle stops when its journal still names it, and otherwise says nothing',
  },
  {
    name: 'it says nothing when the journal forgets it too',
    base: BASE,
    pull: { 'drizzle/b.sql': null, ...journal({ a: 10 }) },
    stops: null,
    tables: 'a b',
    finding: 'Drizzle stops when its journal still names it, and otherwise says nothing',
  },
  {
    name: 'a late migration is skipped without a word, also at the end of the journal',
    base: BASE,
    pull: { ...journal({ a: 10, b: 30, late: 20 }), ...files('late') },
    stops: null,
    tables: 'a b',
    finding: 'skips it silently on every database that is past it',
  },
  {
    name: 'and so is one of the same time',
    base: BASE,
    pull: { ...journal({ a: 10, b: 30, late: 30 }), ...files('late') },
    stops: null,
    tables: 'a b',
    finding: 'skips it silently on every database that is past it',
  },
  {
    name: 'a newer one between others is run',
    base: BASE,
    pull: { ...journal({ a: 10, c: 40, b: 30 }), ...files('c') },
    stops: null,
    tables: 'a b c',
    finding: null,
  },
  {
    name: 'a tag that is named twice is run twice',
    base: BASE,
    pull: {
      'drizzle/meta/_journal.json': JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: [10, 30, 40, 50].map((when, idx) => ({
          idx,
          when,
          tag: ['a', 'b', 'c', 'c'][idx],
          breakpoints: true,
        })),
      }),
      ...files('c'),
    },
    stops: /Failed query|already exists/,
    tables: 'a b',
    finding: 'Drizzle runs the file twice',
  },
  {
    name: 'a file that the journal does not name is not run',
    base: BASE,
    pull: files('c'),
    stops: null,
    tables: 'a b',
    finding: 'Drizzle runs only what its journal names',
  },
  {
    name: 'all that is pending is one transaction',
    base: BASE,
    pull: { ...journal({ a: 10, b: 30, c: 40, d: 50 }), ...files('c'), 'drizzle/d.sql': 'SELECT 1 / 0;' },
    stops: /division by zero/,
    tables: 'a b',
    finding: null,
  },
  {
    name: 'what refuses a transaction stops it',
    base: BASE,
    pull: { ...journal({ a: 10, b: 30, c: 40 }), 'drizzle/c.sql': 'CREATE INDEX CONCURRENTLY i ON a (id);' },
    stops: /cannot run inside a transaction block/,
    tables: 'a b',
    finding: 'concurrently-in-transaction',
  },
]

const folder = (name: string, table: string): Readonly<Record<string, string>> => ({
  [`drizzle/${name}/migration.sql`]: sql(table),
  [`drizzle/${name}/snapshot.json`]: '{}',
})
const FOLDERS = { ...folder('20240101000000_a', 'a'), ...folder('20240301000000_b', 'b') }

const BY_FOLDERS: readonly Case[] = [
  {
    name: 'an edited migration is not run again',
    base: FOLDERS,
    pull: { 'drizzle/20240101000000_a/migration.sql': sql('c') },
    stops: null,
    tables: 'a b',
    finding: 'Drizzle does not run it again',
  },
  {
    name: 'it says nothing when a migration is gone',
    base: FOLDERS,
    pull: { 'drizzle/20240301000000_b/migration.sql': null, 'drizzle/20240301000000_b/snapshot.json': null },
    stops: null,
    tables: 'a b',
    finding: 'Drizzle says nothing',
  },
  {
    name: 'a late migration is run',
    base: FOLDERS,
    pull: folder('20240201000000_late', 'late'),
    stops: null,
    tables: 'a b late',
    finding: null,
  },
  {
    name: 'two of one time are both run',
    base: FOLDERS,
    pull: { ...folder('20240401000000_c', 'c'), ...folder('20240401000000_d', 'd') },
    stops: null,
    tables: 'a b c d',
    finding: null,
  },
]

const up =
  (program: string) =>
  ({ url, folder, root }: Place): Promise<Run> =>
    ran(process.execPath, [program, url, root], folder)

await withTool(drizzle, (program) =>
  behaves({ id: 'drizzle', books: 'drizzle', up: up(program) }, ['drizzle-basic'], BY_JOURNAL),
)
await withTool(drizzleNext, (program) =>
  behaves({ id: 'drizzle 1.0', books: 'drizzle', up: up(program) }, ['drizzle-folders'], BY_FOLDERS),
)
