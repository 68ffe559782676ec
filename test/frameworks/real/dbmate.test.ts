import { npmTool, withTool } from './fetching.js'
import { behaves, ran } from './scene.js'

const tool = npmTool('dbmate', '2.36.0')

const sql = (table: string): string =>
  `-- migrate:up\nCREATE TABLE ${table} (id int);\n-- migrate:down\nDROP TABLE ${table};\n`
const A = { 'db/schema.sql': '', 'db/migrations/20230101000000_a.sql': sql('a') }
const B = { 'db/migrations/20230103000000_b.sql': sql('b') }

await withTool(tool, async (program) => {
  await behaves(
    {
      id: 'dbmate',
      up: (place) => ran(program, ['--url', place.url, '--no-dump-schema', 'migrate'], place.folder),
    },
    ['dbmate-basic'],
    [
      {
        name: 'an edited migration is not run again',
        base: { ...A, ...B },
        pull: { 'db/migrations/20230101000000_a.sql': sql('c') },
        stops: null,
        tables: 'a b',
        finding: 'dbmate does not run it again',
      },
      {
        name: 'it says nothing when a migration is gone',
        base: { ...A, ...B },
        pull: { 'db/migrations/20230103000000_b.sql': null },
        stops: null,
        tables: 'a b',
        finding: 'dbmate says nothing, and rolls back the one before it when it is told to roll back',
      },
      {
        name: 'it rolls back the one before when the newest is gone',
        base: { ...A, ...B },
        pull: { 'db/migrations/20230103000000_b.sql': null },
        then: (place) => ran(program, ['--url', place.url, '--no-dump-schema', 'rollback'], place.folder),
        stops: null,
        tables: 'b',
        finding: 'dbmate says nothing, and rolls back the one before it when it is told to roll back',
      },
      {
        name: 'a late migration is run',
        base: { ...A, ...B },
        pull: { 'db/migrations/20230102000000_c.sql': sql('c') },
        stops: null,
        tables: 'a b c',
        finding: null,
      },
      {
        name: 'a second file of an applied version is taken for done',
        base: { ...A, ...B },
        pull: { 'db/migrations/20230103000000_c.sql': sql('c') },
        stops: null,
        tables: 'a b',
        finding:
          'dbmate takes one for done where the other was applied before, and fails at the second of two new ones',
      },
      {
        name: 'of two new files of one version the second fails',
        base: { ...A, ...B },
        pull: { 'db/migrations/20230104000000_c.sql': sql('c'), 'db/migrations/20230104000000_d.sql': sql('d') },
        stops: /duplicate key value/,
        tables: 'a b c',
        finding:
          'dbmate takes one for done where the other was applied before, and fails at the second of two new ones',
      },
      {
        name: 'a second up block fails, since its version is in the books already',
        base: { ...A },
        pull: { 'db/migrations/20230104000000_c.sql': sql('c') + sql('d') },
        stops: /duplicate key value/,
        tables: 'a c',
        finding: null,
      },
    ],
  )
})
