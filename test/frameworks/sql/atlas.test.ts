import { describe, expect, test } from '@jest/globals'
import { misfitOf } from '../../../src/frameworks/sql/atlas-sum.js'
import { unread } from '../../../src/frameworks/unread.js'
import { findingsOf } from '../findings.js'
import { readAll, repository, sketch, tree } from '../tree.js'

const files = repository('atlas-basic')
const BASE = Object.fromEntries(files.paths.map((path) => [path, files.read(path)?.text ?? '']))
const FOLDER = 'db/migrations'
const SUM = `${FOLDER}/atlas.sum`
const [AUTHORS, INDEX, BORN] = ['20240110090000_authors', '20240202090000_name_index', '20240303090000_born'].map(
  (name) => `${FOLDER}/${name}.sql`,
) as [string, string, string]

describe('whether a sum file fits its folder', () => {
  const without = (path: string): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(BASE).filter(([each]) => each !== path))
  test.each([
    ['as it was written', BASE, 'fits'],
    ['a file that is edited', { ...BASE, [INDEX]: `${BASE[INDEX]}\n` }, { path: INDEX, what: 'edited' }],
    ['the last one edited', { ...BASE, [BORN]: 'SELECT 1;' }, { path: BORN, what: 'edited' }],
    ['a new file', { ...BASE, [`${FOLDER}/20240404090000_x.sql`]: '' }, { what: 'added' }],
    ['a new file in between', { ...BASE, [`${FOLDER}/20240203090000_x.sql`]: '' }, { what: 'added' }],
    ['a file that is gone', without(AUTHORS), { path: AUTHORS, what: 'removed' }],
    ['no text of a sum file', { ...BASE, [SUM]: 'not a sum\n' }, { path: SUM, what: 'unreadable' }],
    ['a merge of two', { ...BASE, [SUM]: `${BASE[SUM]}<<<<<<< ours\n` }, { path: SUM, what: 'unreadable' }],
    ['another total', { ...BASE, [SUM]: `h1:x${BASE[SUM]?.slice(3)}` }, { path: SUM, what: 'unreadable' }],
  ])('%s', (_, entries, expected) => {
    const misfit = misfitOf(SUM, tree(entries))
    if (typeof expected === 'string') expect(misfit).toBe(expected)
    else expect(misfit).toMatchObject(expected)
  })
})

describe('what a pull request does', () => {
  const says = (pull: Readonly<Record<string, string>>): readonly string[] => findingsOf(BASE, { ...BASE, ...pull })
  test('a new file without its line in the sum file', () => {
    expect(says({ [`${FOLDER}/20240404090000_x.sql`]: 'SELECT 1;' })).toContainEqual(
      expect.stringMatching(/^checksum-manifest-not-updated: .*atlas\.sum stays as it is/),
    )
  })
  test('a new file that tells the sum file to ignore it', () => {
    const text = '-- atlas:sum ignore\n\nSELECT 1;'
    expect(says({ [`${FOLDER}/20240404090000_x.sql`]: text }).join()).not.toContain('checksum-manifest-not-updated')
  })
  test('a sum file that was changed by hand', () => {
    expect(says({ [`${FOLDER}/20240404090000_x.sql`]: 'SELECT 1;', [SUM]: `${BASE[SUM]}\n` })).toContainEqual(
      expect.stringMatching(/^checksum-manifest-not-updated: .*atlas\.sum does not fit the files beside it/),
    )
  })
  test('a file that sorts before the newest', () => {
    expect(says({ [`${FOLDER}/20240203090000_x.sql`]: 'SELECT 1;' })).toContainEqual(
      expect.stringMatching(/^out-of-order-migration: .*Atlas refuses to run/),
    )
  })
})

test('a file that names its mode is in no transaction', () => {
  const [read] = readAll(files)
  expect(read?.migrations.map(({ up }) => sketch(up).replace(/ .*/s, ''))).toEqual(['one:', 'none:', 'one:'])
})

test('a database that is empty begins with the newest checkpoint, and one that exists never runs it', () => {
  const path = `${FOLDER}/20240404090000_all.sql`
  const text = '-- atlas:checkpoint\n\nCREATE TABLE "authors" ("id" bigint);\n'
  const [read] = readAll(tree({ ...BASE, [path]: text }))
  expect(read?.history.heads).toEqual(['20240404090000'])
  expect(read?.history.revisions.filter(({ baseline }) => baseline === true)).toMatchObject([{ path }])
  // Nobody has run it yet.
  expect(read?.history.notes).toMatchObject([{ bearing: 'withholds', at: { path } }])
  const [later] = readAll(repository('atlas-checkpoint'))
  expect(later?.history.notes).toMatchObject([{ bearing: 'informs', message: /runs none of the 2 migrations/ }])
})

test('a checkpoint that comes before what is applied is not late', () => {
  const path = `${FOLDER}/20240203090000_all.sql`
  const said = findingsOf(BASE, { ...BASE, [path]: '-- atlas:checkpoint\n\nCREATE TABLE "authors" ("id" bigint);\n' })
  expect(said.join()).not.toContain('out-of-order-migration')
})

describe('an archive', () => {
  const sketches = (text: string): readonly string[] =>
    readAll(tree({ 'm/1_a.sql': text, 'm/atlas.sum': '' })).flatMap(({ migrations }) =>
      migrations.flatMap(({ up, down }) => [sketch(up), sketch(down)]),
    )
  const [UP, DOWN] = ['-- migration.sql --\nCREATE TABLE a ();\n', '-- down.sql --\nDROP TABLE a;\n']
  test.each([
    ['has both ways', `-- atlas:txtar\n\n${UP}${DOWN}`, ['one: CREATE TABLE a ()', 'one: DROP TABLE a']],
    ['may have one', `-- atlas:txtar\n\n${UP}`, ['one: CREATE TABLE a ()', 'absent']],
    ['names its transaction', `-- atlas:txtar\n-- atlas:txmode none\n\n${UP}`, ['none: CREATE TABLE a ()', 'absent']],
    [
      'may ask before',
      `-- atlas:txtar\n\n-- checks/empty.sql --\nSELECT true;\n${UP}`,
      [
        'one: CREATE TABLE a ()\ngap: checks/empty.sql is what Atlas asks the database before it runs the migration; it is not asked here',
        'absent',
      ],
    ],
    [
      'needs a migration',
      `-- atlas:txtar\n\n${DOWN}`,
      ['refused in line 1: the archive has no migration.sql', 'one: DROP TABLE a'],
    ],
    [
      'holds one of each',
      `-- atlas:txtar\n\n${UP}${UP}`,
      ['refused in line 1: the archive has more than one migration.sql', 'absent'],
    ],
    [
      'is not read where a comment may end a file',
      `-- atlas:txtar\n\n${UP}-- Now the rest --\nSELECT 1;\n`,
      ['refused in line 5: whether “Now the rest” begins a file of the archive is not known', 'absent'],
    ],
    ['is none unless it says so', `${UP}${DOWN}`, ['one: CREATE TABLE a () | DROP TABLE a', 'absent']],
  ])('%s', (_, text, expected) => expect(sketches(text)).toEqual(expected))
})

describe('what the configuration tells', () => {
  const HCL = (migration: string): string =>
    `env "prod" {\n  url = getenv("DATABASE_URL")\n  migration {\n    dir = "file://migrations"\n    ${migration}\n  }\n}\n`
  const LATE = { [`${FOLDER}/20240203090000_x.sql`]: 'SELECT 1;' }
  const says = (text: string): string => {
    const base = { ...BASE, 'db/atlas.hcl': text }
    return findingsOf(base, { ...base, ...LATE })
      .filter((line) => line.startsWith('out-of-order'))
      .join()
  }
  test.each([
    ['nothing of the order', HCL(''), 'Atlas refuses to run'],
    ['the order that is the default', HCL('exec_order = LINEAR'), 'Atlas refuses to run'],
    ['to leave out what is late', HCL('exec_order = LINEAR_SKIP'), 'exec_order = LINEAR_SKIP, leaves it out'],
    ['to run what is late', HCL('exec_order = "non-linear"'), ''],
    ['an order that is computed', HCL('exec_order = var.order'), 'Atlas refuses to run'],
    ['two orders', HCL('exec_order = NON_LINEAR') + HCL(''), 'Atlas refuses to run'],
    ['of another folder', HCL('exec_order = NON_LINEAR').replace('migrations', 'other'), 'Atlas refuses to run'],
  ])('%s', (_, text, expected) =>
    expected === '' ? expect(says(text)).toBe('') : expect(says(text)).toContain(expected),
  )

  const notesOf = (text: string, path = 'db/atlas.hcl'): readonly string[] =>
    readAll(tree({ ...BASE, [path]: text })).flatMap(({ history }) =>
      history.notes.map(({ bearing, message }) => `${bearing}: ${message}`),
    )
  test.each([
    ['one order', HCL('exec_order = NON_LINEAR'), []],
    [
      'an order that is computed',
      HCL('exec_order = var.order'),
      [
        'informs: db/atlas.hcl tells no one order of execution for db/migrations, so it is taken for linear, as Atlas does by itself',
      ],
    ],
    [
      'files of another tool',
      HCL('format = goose'),
      ['withholds: db/atlas.hcl says that files in db/migrations are goose’s; they are read as Atlas’s own'],
    ],
    [
      'files of another tool in the folder’s name',
      HCL('').replace('migrations', 'migrations?format=flyway'),
      ['withholds: db/atlas.hcl says that files in db/migrations are flyway’s; they are read as Atlas’s own'],
    ],
    ['what is not read', 'env {', ['withholds: db/atlas.hcl is not read: a brace is not closed']],
  ])('%s is noted, or is not', (_, text, expected) => expect(notesOf(text)).toEqual(expected))

  test('a configuration elsewhere that is not read is nobody’s concern', () => {
    expect(notesOf('env {', 'other/atlas.hcl')).toEqual([])
  })

  test.each([
    ['a new order', HCL(''), HCL('exec_order = NON_LINEAR'), true],
    ['another URL', HCL(''), HCL('').replace('DATABASE_URL', 'DB'), false],
    ['the default in words', HCL(''), HCL('exec_order = LINEAR'), false],
  ])('a change of it is found where it means something: %s', (_, before, after, found) => {
    const said = findingsOf({ ...BASE, 'db/atlas.hcl': before }, { ...BASE, 'db/atlas.hcl': after })
    expect(said.some((line) => line.startsWith('migration-environment-changed'))).toBe(found)
  })
})

describe('whose database it is', () => {
  const HCL = (url: string, dev: string): string =>
    `env "prod" {\n  url = ${url}\n  dev = ${dev}\n  migration {\n    dir = "file://db/migrations"\n  }\n}\n`
  const TREE = { [`${FOLDER}/1_a.sql`]: 'CREATE TABLE a (id int);', [SUM]: '' }
  test.each([
    ['PostgreSQL', '"postgres://localhost/a"', '"docker://postgres/16/dev"', 1],
    ['PostgreSQL with extensions', 'var.url', '"docker://pgvector/pg16/dev"', 1],
    ['SQLite', 'var.url', '"sqlite://dev?mode=memory"', 0],
    ['MySQL in a container', 'var.url', '"docker://mysql/8/dev"', 0],
    ['MySQL in a container of its own', 'var.url', '"docker+mysql://org/image:1/dev"', 0],
    ['another to develop with', '"postgres://localhost/a"', '"sqlite://dev"', 1],
    ['not told', 'var.url', 'var.dev', 1],
  ])('%s', (_, url, dev, projects) => {
    expect(readAll(tree({ ...TREE, 'atlas.hcl': HCL(url, dev) }))).toHaveLength(projects)
  })

  test('a change for another database is told to be passed over', () => {
    const base = { ...TREE, 'atlas.hcl': HCL('var.url', '"sqlite://dev"') }
    const files = tree({ ...base, [`${FOLDER}/2_b.sql`]: 'CREATE TABLE b (id int);' })
    expect(unread(files, [], [`${FOLDER}/2_b.sql`])).toMatchObject([
      { message: 'db/migrations is by the books of its tool for sqlite, and not reviewed', bearing: 'informs' },
    ])
  })
})
