import { withTool } from './fetching.js'
import { prisma } from './programs.js'
import { behaves, ran, type Case, type Place, type Run } from './scene.js'

const sql = (table: string): string => `CREATE TABLE "${table}" (id int);\nSELECT 1;\n`
const at = (name: string): string => `prisma/migrations/${name}/migration.sql`
const A = {
  'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n',
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  [at('20240101000000_a')]: sql('a'),
}
const B = { [at('20240301000000_b')]: sql('b') }

await withTool(prisma, async (program) => {
  const run =
    (...command: readonly string[]) =>
    ({ url, folder, root }: Place): Promise<Run> =>
      ran(process.execPath, [program, url, folder, root, ...command], folder)
  const cases: readonly Case[] = [
    {
      name: 'an edited migration is not run again, and nothing is said',
      base: { ...A, ...B },
      pull: { [at('20240101000000_a')]: sql('c') },
      stops: null,
      tables: 'a b',
      finding: '`prisma migrate deploy` does not run it again',
    },
    {
      name: 'a comment that changes is of no interest to `migrate status`',
      base: { ...A, ...B },
      pull: { [at('20240101000000_a')]: `-- reviewed\n${sql('a')}` },
      then: run('migrate', 'status'),
      stops: null,
      tables: 'a b',
      finding: '`prisma migrate dev` wants to reset every database of a developer that ran the old bytes',
    },
    {
      name: 'it says nothing when one is gone',
      base: { ...A, ...B },
      pull: { [at('20240301000000_b')]: null },
      stops: null,
      tables: 'a b',
      finding: '`prisma migrate deploy` says nothing',
    },
    {
      name: 'a late migration is run',
      base: { ...A, ...B },
      pull: { [at('20240201000000_late')]: sql('late') },
      stops: null,
      tables: 'a b late',
      finding: null,
    },
    {
      name: 'two of one time are both run',
      base: { ...A },
      pull: { [at('20240401000000_y')]: sql('y'), [at('20240401000000_x')]: sql('x') },
      stops: null,
      tables: 'a x y',
      finding: null,
    },
    {
      name: 'a file is one transaction, and what went before it stays',
      base: { ...A },
      pull: { ...B, [at('20240401000000_c')]: `${sql('c')} SELECT 1 / 0;` },
      stops: /division by zero/,
      tables: 'a b',
      finding: null,
    },
    {
      name: 'what refuses a transaction may stand alone',
      base: { ...A },
      pull: { [at('20240401000000_c')]: 'CREATE INDEX CONCURRENTLY i ON a (id);' },
      stops: null,
      tables: 'a',
      finding: null,
    },
    {
      name: 'but not beside others',
      base: { ...A },
      pull: { [at('20240401000000_c')]: 'CREATE INDEX CONCURRENTLY i ON a (id); CREATE TABLE c (id int);' },
      stops: /cannot run inside a transaction block/,
      tables: 'a',
      finding: 'concurrently-in-transaction',
    },
    {
      name: 'a folder without migration.sql stops it',
      base: { ...A },
      pull: { ...B, 'prisma/migrations/20240401000000_c/notes.txt': '' },
      stops: /P3015/,
      tables: 'a b',
      finding: 'Prisma stops at the folder 20240401000000_c',
    },
    {
      name: 'after a failure it runs nothing more',
      base: { ...A },
      pull: { [at('20240201000000_c')]: 'SELECT 1 / 0;', ...B },
      then: async (place) => {
        await run('migrate', 'deploy')(place)
        return run('migrate', 'deploy')(place)
      },
      stops: /P3009/,
      tables: 'a',
      finding: null,
    },
  ]
  await behaves({ id: 'prisma', up: run('migrate', 'deploy') }, ['prisma-basic'], cases)
})
