import { describe, expect, test } from '@jest/globals'
import { detectProjects, frameworkOf, unread } from '../../src/frameworks/index.js'
import { readAll, tree } from './tree.js'

const index = (paths: readonly string[]) => ({ paths })
const found = (paths: readonly string[]) =>
  detectProjects(index(paths)).map(({ framework, root }) => `${framework} ${root}`)

describe('which tool a tree speaks for', () => {
  test.each([
    ['pairs beside go.mod', ['go.mod', 'm/1_a.up.sql'], ['golang-migrate m']],
    ['pairs beside Cargo.toml', ['Cargo.toml', 'm/1_a.up.sql'], ['sqlx m']],
    ['pairs alone', ['m/1_a.up.sql'], ['golang-migrate m']],
    [
      'the nearest manifest wins',
      ['go.mod', 'x/Cargo.toml', 'x/m/1_a.up.sql', 'm/1_a.up.sql'],
      ['golang-migrate m', 'sqlx x/m'],
    ],
    ['traces of sqlx beat go.mod', ['go.mod', 'Cargo.toml', '.sqlx/q.json', 'm/1_a.up.sql'], ['sqlx m']],
    ['the only manifest in the tree', ['api/Cargo.toml', 'db/1_a.up.sql'], ['sqlx db']],
    ['folders with up.sql', ['migrations/2023-01-01-000000_a/up.sql'], ['diesel migrations']],
    [
      'Hasura keeps the layout of diesel',
      ['config.yaml', 'metadata/version.yaml', 'migrations/default/1600000000000_a/up.sql'],
      ['hasura migrations/default'],
    ],
    [
      'several databases of Hasura',
      ['h/config.yaml', 'h/metadata/version.yaml', 'h/migrations/a/16_a/up.sql', 'h/migrations/b/16_b/up.sql'],
      ['hasura h/migrations/a', 'hasura h/migrations/b'],
    ],
    ['flat files of Hasura', ['config.yaml', 'metadata/version.yaml', 'migrations/16_a.up.sql'], ['hasura migrations']],
    ['a folder called goose', ['db/goose/1_a.sql'], ['goose db/goose']],
    ['a schema.sql beside', ['db/schema.sql', 'db/migrations/1_a.sql'], ['dbmate db/migrations']],
    ['numbered files in migrations', ['migrations/1_a.sql'], ['sql migrations']],
    ['numbered files elsewhere are no migrations', ['queries/1_a.sql', 'docker-entrypoint-initdb.d/01_init.sql'], []],
    ['a sum file of Atlas', ['migrations/1_a.sql', 'migrations/atlas.sum'], ['atlas migrations']],
    ['a sum file beside pairs', ['go.mod', 'm/1_a.up.sql', 'm/atlas.sum'], ['golang-migrate m']],
    ['Drizzle by its journal', ['drizzle/0000_a.sql', 'drizzle/meta/_journal.json'], ['drizzle drizzle']],
    ['Drizzle by its snapshots', ['drizzle/1_a/migration.sql', 'drizzle/1_a/snapshot.json'], ['drizzle drizzle']],
    [
      'a journal in a folder of Supabase',
      ['supabase/migrations/0000_a.sql', 'supabase/migrations/meta/_journal.json'],
      ['drizzle supabase/migrations'],
    ],
    ['Prisma by its lock', ['db/steps/migration_lock.toml', 'db/steps/init/migration.sql'], ['prisma db/steps']],
    ['Prisma by a date', ['db/20230101000000_a/migration.sql'], ['prisma db']],
    ['Prisma by the name of its folder', ['api/migrations/init/migration.sql'], ['prisma api/migrations']],
    ['a folder of another name', ['docs/init/migration.sql'], []],
    [
      'several of Prisma',
      ['a/migrations/1_a/migration.sql', 'b/migrations/1_a/migration.sql'],
      ['prisma a/migrations', 'prisma b/migrations'],
    ],
    [
      'an archive below Prisma is its own',
      ['a/migrations/1_a/migration.sql', 'a/migrations/old/1_a/migration.sql'],
      ['prisma a/migrations'],
    ],
    ['Supabase', ['supabase/config.toml', 'supabase/migrations/1_a.sql'], ['supabase supabase/migrations']],
    ['Supabase in a package', ['apps/x/supabase/migrations/1_a.sql'], ['supabase apps/x/supabase/migrations']],
    ['folders up and down', ['db/migrations/up/1_a.sql', 'db/migrations/down/1_a.sql'], ['sql db/migrations']],
    ['a folder called down alone', ['db/migrations/down/1_a.sql'], ['sql db/migrations/down']],
    ['other people’s code', ['vendor/x/migrations/1_a.up.sql', 'node_modules/x/migrations/1_a.up.sql'], []],
    ['two in one folder', ['m/1_a.up.sql', 'm/2023-01-01-000000_a/up.sql'], ['diesel m', 'golang-migrate m']],
    ['the top folder', ['1_a.up.sql'], ['golang-migrate ']],
    [
      'a folder for ClickHouse',
      ['clickhouse/migrations/1_a.up.sql', 'api/migrations/1_a.up.sql'],
      ['golang-migrate api/migrations'],
    ],
    ['the inner name counts', ['mysql/postgres/migrations/1_a.up.sql'], ['golang-migrate mysql/postgres/migrations']],
    ['a part of a word is no name', ['oracles/h2o/migrations/1_a.up.sql'], ['golang-migrate oracles/h2o/migrations']],
  ])('%s', (_, paths, expected) => expect(found(paths)).toEqual(expected))

  test.each([
    ['goose', '-- +goose Up\n'],
    ['dbmate', '-- migrate:up\n-- migrate:down\n'],
    ['sql', 'SELECT 1;'],
  ])('markers settle it: %s', (tool, text) => {
    for (const around of [{ 'go.mod': '' }, { 'schema.sql': '' }, {}]) {
      const [read] = readAll(tree({ ...around, 'migrations/1_a.sql': text, 'migrations/2_b.sql': text }))
      expect(read?.history.project.framework).toBe(tool)
      expect(read?.history.project.conventions.tool.toLowerCase()).toMatch(tool)
    }
  })

  test.each([
    ['-- Up Migration', ['node-pg-migrate']],
    ['---- UP  migration', ['node-pg-migrate']],
    ['SELECT 1; -- up migration', ['sql']],
    ['-- up', ['sql']],
  ])('a section of node-pg-migrate: %s', (text, tools) => {
    const files = tree({ 'migrations/1_a.sql': text })
    expect(readAll(files).map(({ history }) => history.project.framework)).toEqual(tools)
  })

  test.each([
    ['{"dependencies":{"node-pg-migrate":"9"}}', 'node-pg-migrate'],
    ['{"dependencies":{"pg":"8"}}', 'sql'],
    ['{"name":"node-pg-migrate"}', 'sql'],
  ])('a manifest speaks for files without sections: %s', (manifest, tool) => {
    const files = tree({ 'package.json': '{}', 'api/package.json': manifest, 'api/migrations/1_a.sql': 'SELECT 1;' })
    expect(readAll(files).map(({ history }) => history.project.framework)).toEqual([tool])
  })

  test.each([
    ['prisma', 'p/migration_lock.toml', 'provider = "mysql"', 'p/1_a/migration.sql', 'mysql'],
    ['prisma', 'p/migration_lock.toml', '# provider = "mysql"\nprovider = "cockroachdb"', 'p/1_a/migration.sql', null],
    ['drizzle', 'p/meta/_journal.json', '{"dialect":"sqlite","entries":[]}', 'p/0000_a.sql', 'sqlite'],
    ['drizzle', 'p/meta/_journal.json', '{"dialect":"pg","entries":[]}', 'p/0000_a.sql', null],
  ])('the books of %s, %s: %s', (tool, books, text, path, database) => {
    const files = tree({ [books]: text, [path]: 'SELECT 1;' })
    const projects = detectProjects(files)
    const notes = unread(files, projects, [path]).map(({ bearing, message }) => `${bearing}: ${message}`)
    expect(projects.map(({ framework }) => framework)).toEqual(database === null ? [tool] : [])
    expect(notes).toEqual(
      database === null ? [] : [`informs: p is by the books of its tool for ${database}, and not reviewed`],
    )
  })

  test('one marked file among many does not make a tool', () => {
    const [read] = readAll(
      tree({
        'migrations/1_a.sql': 'SELECT 1;',
        'migrations/2_b.sql': 'SELECT 1;',
        'migrations/3_c.sql': '-- +goose Up\n',
      }),
    )
    expect(read?.history.project.framework).toBe('sql')
    expect(read?.migrations.map(({ up }) => up.kind)).toEqual(['script', 'script', 'refused'])
  })
})

describe('folders that the team names', () => {
  const paths = [
    'db/steps/1_a.sql',
    'migrations/1_a.up.sql',
    'deep/a/migrations/1_a.up.sql',
    'deep/b/migrations/1_a.up.sql',
  ]
  const configured = (path: string, framework: string | null = null) =>
    detectProjects(index(paths), [{ path, framework }]).map((project) => `${project.framework} ${project.root}`)
  test.each([
    ['keep out the others', 'migrations', null, ['golang-migrate migrations']],
    ['may hold several', 'deep/', null, ['golang-migrate deep/a/migrations', 'golang-migrate deep/b/migrations']],
    ['may be called anything', './db/steps', null, ['sql db/steps']],
    ['may be another tool’s', 'migrations', 'sqlx', ['sqlx migrations']],
    ['may have a tool that paths do not show', 'db/steps', 'goose', ['goose db/steps']],
    ['may be wrong', 'nowhere', null, []],
    ['may be of an unknown tool', 'migrations', 'nobody', []],
  ])('%s', (_, path, framework, expected) => expect(configured(path, framework)).toEqual(expected))
})

describe('history by names', () => {
  const history = (names: readonly string[], around: Readonly<Record<string, string>> = {}) => {
    const files = tree({ ...around, ...Object.fromEntries(names.map((name) => [`migrations/${name}`, ''])) })
    const [project] = detectProjects(files)
    if (project === undefined) throw new Error('no project')
    const { revisions, heads, strays } = frameworkOf(project).history(project, files)
    return {
      revisions: revisions.map(({ id, parents, path, downPath }) => [id, parents.join(), path, downPath].join(' ')),
      heads,
      strays: strays.map(({ path }) => path),
    }
  }

  test('golang-migrate orders by number, and 1 is 001', () => {
    expect(history(['10_c.up.sql', '9_b.up.sql', '001_a.up.sql', '1_x.up.sql', '001_a.down.sql'])).toEqual({
      revisions: [
        '1  migrations/001_a.up.sql migrations/001_a.down.sql',
        '1  migrations/1_x.up.sql ',
        '9 1 migrations/9_b.up.sql ',
        '10 9 migrations/10_c.up.sql ',
      ],
      heads: ['10'],
      strays: [],
    })
  })

  test('golang-migrate pairs by version when the names differ', () => {
    expect(history(['1_a.up.sql', '1_b.down.sql', '2_c.up.sql', '3_d.down.sql']).revisions).toEqual([
      '1  migrations/1_a.up.sql migrations/1_b.down.sql',
      '2 1 migrations/2_c.up.sql ',
    ])
  })

  test('files that no one will apply are strays, others are nobody’s', () => {
    const names = [
      '1_a.up.sql',
      '2_b.sql',
      'c.up.sql',
      '3-d.up.sql',
      '4_e.down.sql',
      'README.md',
      'schema.sql',
      'seed.sql',
    ]
    expect(history(names).strays).toEqual([
      'migrations/2_b.sql',
      'migrations/3-d.up.sql',
      'migrations/c.up.sql',
      'migrations/4_e.down.sql',
    ])
  })

  test.each([
    ['_up and _down', ['001_a_up.sql', '001_a_down.sql', '002_b_up.sql']],
    ['postgrator', ['001.do.sql', '001.undo.sql', '002.do.b.sql', '002.undo.b.sql']],
    ['undo and rollback', ['001-a.sql', '001-a.undo.sql', '002-b.sql', '002_rollback.sql']],
    ['folders', ['up/001.sql', 'down/001.sql', 'up/002_b.sql', 'down/002_b.sql', 'down/README.md']],
  ])('plain files pair: %s', (_, names) => {
    const { revisions, strays } = history(names)
    const sql = names.filter((name) => name.endsWith('.sql'))
    const pairs = revisions.map((line) => line.replaceAll('migrations/', '').split(' '))
    expect(
      pairs
        .flatMap(([, , up, down]) => [up, down])
        .filter((path) => path !== '')
        .sort(),
    ).toEqual([...sql].sort())
    expect(pairs.map(([id]) => id)).toEqual(['1', '2'])
    expect(strays).toEqual([])
  })

  test('dbmate orders names as text', () => {
    const dbmate = { 'schema.sql': '' }
    const files = tree({ ...dbmate, 'migrations/9_b.sql': '-- migrate:up\n', 'migrations/10_a.sql': '-- migrate:up\n' })
    expect(readAll(files)[0]?.history.revisions.map(({ id }) => id)).toEqual(['10', '9'])
  })

  test('diesel knows a folder by its date', () => {
    const names = [
      '2023-02-01-000000_b/up.sql',
      '2023-01-01-000000_a/up.sql',
      '2023-01-01-000000_a/down.sql',
      '2023-03-01-000000_c/down.sql',
      'backfill.sql',
    ]
    expect(history(names)).toEqual({
      revisions: [
        '20230101000000  migrations/2023-01-01-000000_a/up.sql migrations/2023-01-01-000000_a/down.sql',
        '20230201000000 20230101000000 migrations/2023-02-01-000000_b/up.sql ',
      ],
      heads: ['20230201000000'],
      strays: ['migrations/backfill.sql', 'migrations/2023-03-01-000000_c/down.sql'],
    })
  })

  test.each([
    ['sequential', ['0001_a.up.sql']],
    ['timestamp', ['20230101_a.up.sql']],
    ['timestamp', ['1_a.up.sql', '1700000000_b.up.sql']],
  ])('numbering is %s', (numbering, names) => {
    const [project] = detectProjects(index(names.map((name) => `m/${name}`)))
    expect(project?.conventions.numbering).toBe(numbering)
  })
})

describe('migrations that are not read', () => {
  const notes = (paths: readonly string[], changed: readonly string[] = paths) =>
    unread(index(paths), detectProjects(index(paths)), changed).map(({ bearing, message }) => `${bearing}: ${message}`)
  test.each([
    ['shop/migrations/0002_price.py', 'Django'],
    ['db/migrate/20230101000000_add_price.rb', 'Rails'],
    ['src/main/java/db/migration/V2__Price.java', 'Flyway'],
    ['migrations/V2__price.rs', 'Refinery'],
    ['src/main/resources/db/changelog/changes/002.yaml', 'Liquibase'],
    ['src/migrations/1700000000000-Price.ts', 'Knex, TypeORM, Sequelize or node-pg-migrate'],
    ['priv/repo/migrations/20230101000000_price.exs', 'Ecto'],
    ['hasura/migrations/1600000000000_price/up.yaml', 'Hasura'],
    ['hasura/migrations/1600000000000_price.up.yaml', 'Hasura'],
    ['database/migrations/2023_01_01_000000_price.php', 'Laravel or Phinx'],
    ['migrations/price.sql', 'an unknown tool'],
  ])('%s', (path, tool) => {
    expect(notes([path])).toEqual([
      `withholds: ${path.split('/').at(-1)} looks like a migration of ${tool}, which is not read`,
    ])
    expect(notes([path, 'README.md'], ['README.md']).every((note) => note.startsWith('informs: '))).toBe(true)
  })

  test('a database of Hasura that is none of PostgreSQL is told of', () => {
    const sql = 'migrations/ledger/1600000000000_price/up.sql'
    const files = tree({
      'config.yaml': '',
      'metadata/databases/databases.yaml': '- name: shop\n  kind: postgres\n- name: ledger\n  kind: mssql\n',
      [sql]: 'SELECT 1;',
      'migrations/shop/1600000000000_price/up.sql': 'SELECT 1;',
    })
    const projects = detectProjects(files)
    expect(projects.map(({ root }) => root)).toEqual(['migrations/shop'])
    expect(unread(files, projects, [sql]).map(({ message }) => message)).toEqual([
      'up.sql looks like a migration of Hasura, which is not read',
    ])
  })

  test('one note a folder', () => {
    expect(notes(['a/migrations/0001_a.py', 'a/migrations/0002_b.py'])).toEqual([
      'withholds: 0001_a.py and 1 more beside it look like migrations of Django, which is not read',
    ])
  })

  test('what is read, and what is no migration, has no note', () => {
    expect(
      notes(['go.mod', 'db/migrations/1_a.up.sql', 'db/migrations/seed.sql', 'db/queries/a.sql', 'src/a.ts']),
    ).toEqual([])
  })

  test('a class that is a revision of a project is not told to be unread', () => {
    const java = 'src/main/java/shop/migrations/V2__Price.java'
    expect(notes(['src/main/resources/db/migration/V1__a.sql', java], [java])).toEqual([])
    expect(notes(['src/main/resources/db/migration/V1__a.sql', 'other/db/migration/V2__Price.java'])).toEqual([
      'withholds: V2__Price.java looks like a migration of Flyway, which is not read',
    ])
  })

  test('what is for another database is not reviewed, and that is said of what changes', () => {
    const paths = ['clickhouse/migrations/1_a.up.sql', 'clickhouse/migrations/2_b.up.sql', 'api/migrations/1_a.up.sql']
    const said =
      'informs: clickhouse/migrations is by its name for ClickHouse, and not reviewed; where it is for PostgreSQL, name it ' +
      'under `migrations` in the configuration'
    expect(notes(paths)).toEqual([said])
    expect(notes(paths, ['api/migrations/1_a.up.sql'])).toEqual([])
    const named = [{ path: 'clickhouse/migrations', framework: null }]
    expect(unread(index(paths), detectProjects(index(paths), named), paths).map(({ bearing }) => bearing)).toEqual([
      'withholds',
    ])
  })
})
