import { withTool } from './fetching.js'
import { supabase } from './programs.js'
import { behaves, ran, type Place, type Run } from './scene.js'

const sql = (table: string): string => `create table ${table} (id int);\nselect 1;\n`
const at = (version: string, name: string): string => `supabase/migrations/${version}_${name}.sql`
const A = { 'supabase/config.toml': 'project_id = "test"\n', [at('20240101000000', 'a')]: sql('a') }
const B = { [at('20240301000000', 'b')]: sql('b') }

await withTool(supabase, async (program) => {
  const push =
    (...more: readonly string[]) =>
    ({ url, folder }: Place): Promise<Run> =>
      ran(program, ['db', 'push', '--db-url', url, '--yes', ...more], folder, { HOME: folder, DO_NOT_TRACK: '1' })
  await behaves(
    { id: 'supabase', books: 'supabase_migrations', up: push() },
    ['supabase-basic'],
    [
      {
        name: 'an edited migration is not run again',
        base: { ...A, ...B },
        pull: { [at('20240101000000', 'a')]: sql('c') },
        stops: null,
        tables: 'a b',
        finding: 'Supabase does not run it again',
      },
      {
        name: 'it refuses to run when one is gone',
        base: { ...A, ...B },
        pull: { [at('20240101000000', 'a')]: null },
        stops: /Remote migration versions not found in local migrations directory/,
        tables: 'a b',
        finding: '`supabase db push` refuses to run on every database that ran it',
      },
      {
        name: 'a late migration is refused',
        base: { ...A, ...B },
        pull: { [at('20240201000000', 'late')]: sql('late') },
        stops: /to be inserted before the last migration on remote database/,
        tables: 'a b',
        finding: '`supabase db push` refuses to run on every database that is past it',
      },
      {
        name: 'unless it is told to include it',
        base: { ...A, ...B },
        pull: { [at('20240201000000', 'late')]: sql('late') },
        then: push('--include-all'),
        stops: null,
        tables: 'a b late',
        finding: '`supabase db push` refuses to run on every database that is past it',
      },
      {
        name: 'the second of one version is undone when its version is in the books already',
        base: { ...A },
        pull: { [at('20240401000000', 'x')]: sql('x'), [at('20240401000000', 'y')]: sql('y') },
        stops: /duplicate key value/,
        tables: 'a x',
        finding: 'Supabase stops when it writes the version of the second into its books',
      },
      {
        name: 'a file is one transaction, and what went before it stays',
        base: { ...A },
        pull: { ...B, [at('20240401000000', 'c')]: `${sql('c')} select 1 / 0;` },
        stops: /division by zero/,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'what refuses a transaction may stand first',
        base: { ...A },
        pull: { [at('20240401000000', 'c')]: 'create index concurrently i on a (id);\ncreate table c (id int);' },
        stops: null,
        tables: 'a c',
        finding: null,
      },
      {
        name: 'what follows is undone without it',
        base: { ...A },
        pull: {
          [at('20240401000000', 'c')]:
            'vacuum;\ncreate index concurrently i on a (id);\ncreate table c (id int);\nselect 1 / 0;',
        },
        stops: /division by zero/,
        tables: 'a',
        finding: null,
      },
      {
        name: 'or later, and what is before it stays',
        base: { ...A },
        pull: {
          [at('20240401000000', 'c')]:
            'create table c (id int);\ncreate index concurrently i on a (id);\ncreate table d (id int);\nselect 1 / 0;',
        },
        stops: /division by zero/,
        tables: 'a c',
        finding: null,
      },
      {
        name: 'a file of another name is passed over',
        base: { ...A },
        pull: { 'supabase/migrations/c.sql': sql('c') },
        stops: null,
        tables: 'a',
        finding: 'Supabase passes over it',
      },
      {
        name: 'an old init that comes first is passed over',
        base: { ...A },
        pull: { [at('20211001000000', 'init')]: sql('init') },
        stops: null,
        tables: 'a',
        finding: 'Supabase passes over a first migration that is called init',
      },
    ],
  )
})
