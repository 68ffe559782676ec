import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { runScript } from '../../../src/rehearsal/script-run.js'
import { standIns } from '../../../src/rehearsal/stand-ins.js'
import { never } from '../../sandbox/opened.js'
import { readAll, repository } from '../tree.js'
import { withTool } from './fetching.js'
import { brief } from './maven.js'
import { liquibase } from './programs.js'
import { behaves, ran, type Place, type Run } from './scene.js'

/** Where the changelogs of the fixtures and cases lie: the search path, and the changelog below it. */
const CHANGELOGS = [
  ['src/main/resources', 'db/changelog/db.changelog-master.xml'],
  ['.', 'db/changelog/db.changelog-master.yaml'],
  ['.', 'db/changelog/db.changelog-master.sql'],
  ['liquibase', 'first.json'],
] as const

const LOG = 'db/changelog/db.changelog-master.sql'
const A = '--changeset ann:a\nCREATE TABLE a (id int);\n--rollback DROP TABLE a;\n'
const B = '--changeset ann:b\nCREATE TABLE b (id int);\n--rollback DROP TABLE b;\n'
const C = '--changeset ann:c\nCREATE TABLE c (id int);\n--rollback DROP TABLE c;\n'
const log = (...sets: readonly string[]): Readonly<Record<string, string>> => ({
  [LOG]: ['--liquibase formatted sql\n', ...sets].join('\n'),
})
const BASE = log(A, B)

await withTool(liquibase, async (program) => {
  const command =
    (...words: readonly string[]) =>
    ({ folder, address: { host, port, user, password, database } }: Place): Promise<Run> => {
      const found = CHANGELOGS.find(([path, file]) => existsSync(join(folder, path, file)))
      if (found === undefined) throw new Error('there is no changelog')
      const given = {
        'search-path': found[0],
        'changelog-file': found[1],
        url: `jdbc:postgresql://${host}:${port}/${database}`,
        username: user,
        password: password ?? '',
        'analytics-enabled': 'false',
      }
      const args = Object.entries(given).map(([name, value]) => `--${name}=${value}`)
      return ran(program, [...args, ...words], folder, { JAVA_TOOL_OPTIONS: brief(program) })
    }
  const fixtures = ['liquibase-sql', 'liquibase-xml', 'liquibase-yaml', 'liquibase-json']
  await behaves(
    { id: 'liquibase', up: command('update') },
    fixtures,
    [
      {
        name: 'it stops at a changeSet that is edited',
        base: BASE,
        pull: log(A.replace('id int', 'id bigint'), B),
        stops: /checksum|Validation Failed/i,
        tables: 'a b',
        finding: 'Liquibase finds another checksum than the one it stored, and stops before it runs anything',
      },
      {
        name: 'it stops at an edited comment within the SQL',
        base: BASE,
        pull: log(A.replace('CREATE', '-- The letter.\nCREATE'), B),
        stops: /Validation Failed/i,
        tables: 'a b',
        finding: 'edited-applied-migration-comments-only',
      },
      {
        name: 'white space is no edit',
        base: BASE,
        pull: log(A.replace('TABLE a (id int)', 'TABLE  a  (id   int)'), B),
        stops: null,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'neither is a place in the file',
        base: BASE,
        pull: log(B, A),
        stops: null,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'of two question marks in an operator the driver sends one',
        base: BASE,
        pull: log(A, B, `--changeset ann:c\nCREATE TABLE c AS SELECT 1 AS one WHERE '{"a": 1}'::jsonb ?? 'a';\n`),
        stops: null,
        tables: 'a b c',
        finding: null,
      },
      {
        name: 'it does not miss a changeSet that is gone',
        base: BASE,
        pull: log(B),
        stops: null,
        tables: 'a b',
        finding: 'Liquibase does not miss it: databases keep what it did, and new ones never get it',
      },
      {
        name: 'it runs one that comes before what it ran',
        base: BASE,
        pull: log(A, C, B),
        stops: null,
        tables: 'a b c',
        finding: null,
      },
      {
        name: 'it stops at two of one name',
        base: BASE,
        pull: log(A, B, C.replace('ann:c', 'ann:b')),
        stops: /duplicate identifiers/i,
        tables: 'a b',
        finding: 'duplicate-migration-version',
      },
      {
        name: 'an edited rollback is no edit of the changeSet',
        base: BASE,
        pull: log(A.replace('DROP TABLE a', 'DROP TABLE IF EXISTS a'), B),
        stops: null,
        tables: 'a b',
        finding: 'edited-applied-rollback',
      },
      {
        name: 'one that may run on change runs again',
        base: log(A, '--changeset ann:v runOnChange:true\nCREATE OR REPLACE VIEW v AS SELECT 1 AS one;\n'),
        pull: log(
          A,
          '--changeset ann:v runOnChange:true\nCREATE OR REPLACE VIEW v AS SELECT 1 AS one; CREATE TABLE IF NOT EXISTS c (id int);\n',
        ),
        stops: null,
        tables: 'a c',
        finding: null,
      },
    ],
    (scene) => {
      test('what has no inverse it refuses to roll back, and we know of no down', async () => {
        const files = repository('liquibase-xml')
        const texts = Object.fromEntries(files.paths.map((path) => [path, files.read(path)?.text ?? '']))
        const { run } = await scene.applied(texts, {}, command('rollback-count', '1'))
        expect(run).toMatchObject({
          done: false,
          said: expect.stringMatching(/does not support automatic rollback generation for raw sql/),
        })
        expect(readAll(files)[0]?.migrations.at(-1)?.down.kind).not.toBe('script')
      })

      test.each(fixtures.filter((name) => name !== 'liquibase-xml'))('%s is rolled back as we say', async (name) => {
        const files = repository(name)
        const texts = Object.fromEntries(files.paths.map((path) => [path, files.read(path)?.text ?? '']))
        const [read] = readAll(files)
        const migrations = read?.migrations ?? []
        const books = read?.history.project.conventions.bookkeeping ?? []
        const back = migrations.findLastIndex(({ down }) => down.kind !== 'script') + 1
        const count = migrations.length - back
        expect(count).toBeGreaterThan(0)
        const theirs = await scene.applied(texts, {}, command('rollback-count', String(count)))
        expect(theirs.run).toMatchObject({ done: true })
        const ours = await scene.within({}, async (_, session) => {
          const run = async (migration: (typeof migrations)[number], direction: 'up' | 'down'): Promise<void> => {
            const script = migration[direction]
            if (script.kind !== 'script') throw new Error(`${migration.revision.id} has no ${direction}`)
            const { ending } = await runScript(session, script, direction, standIns(session, []), never, 'replay')
            expect([migration.revision.id, ending]).toEqual([migration.revision.id, { kind: 'done' }])
          }
          for (const migration of migrations) await run(migration, 'up')
          for (const migration of migrations.slice(back).toReversed()) await run(migration, 'down')
          return session.dump(books)
        })
        expect(Object.fromEntries(theirs.schema)).toEqual(Object.fromEntries(ours))
      })
    },
  )
})
