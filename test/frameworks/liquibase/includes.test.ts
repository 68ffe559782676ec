import { describe, expect, test } from '@jest/globals'
import { clued, gathered } from '../../../src/frameworks/gather.js'
import { detectProjects } from '../../../src/frameworks/index.js'
import { fileSet } from '../../../src/model/file-set.js'
import { readTree, xml } from './changelog.js'

const set = (id: string, attributes = '', body = '<sql>SELECT 1</sql>'): string =>
  `<changeSet id="${id}" author="ann"${attributes}>${body}</changeSet>`
const sql = (id: string): string => `--liquibase formatted sql\n--changeset ann:${id}\nSELECT 1;\n`
const MASTER = 'db/changelog/db.changelog-master.xml'

/** The ids of the changeSets that run, in order. */
function idsIn(files: Readonly<Record<string, string>>): readonly string[] {
  return readTree(files).history.revisions.map(({ id }) => id.split('::')[1] ?? '')
}

describe('includeAll', () => {
  const FILES = {
    'db/changelog/steps/b.sql': sql('b'),
    'db/changelog/steps/B.sql': sql('B'),
    'db/changelog/steps/a/z.sql': sql('z'),
    'db/changelog/steps/a/deep/y.sql': sql('y'),
    'db/changelog/steps/10.sql': sql('10'),
    'db/changelog/steps/9.sql': sql('9'),
    'db/changelog/steps/c.xml': xml(set('c')),
    'db/changelog/steps/notes.md': 'No changelog.',
  }
  // What Liquibase 4.33 does: https://docs.liquibase.com/change-types/includeall.html
  test.each([
    ['takes all below a folder, by their paths sign for sign', '', '10 9 B y z b c'],
    ['takes what ends so, whatever its case', ' endsWithFilter=" .SQL "', '10 9 B y z b'],
    ['goes as deep as it is told', ' maxDepth="1"', '10 9 B b c'],
    ['goes no less deep than it is told', ' minDepth="2"', 'y z'],
    ['goes between both', ' minDepth="2" maxDepth="2"', 'z'],
    ['takes nothing where it is told so', ' maxDepth="0" errorIfMissingOrEmpty="false"', ''],
  ])('%s', (_, attributes, ids) => {
    const master = xml(`<includeAll path="steps" relativeToChangelogFile="true"${attributes}/>`)
    expect(idsIn({ ...FILES, [MASTER]: master }).join(' ')).toBe(ids)
  })

  test.each([
    ['nothing that ends so', ' endsWithFilter=".json"', /nothing in steps/],
    ['nothing so deep', ' minDepth="9"', /nothing in steps/],
    ['depths that exclude each other', ' minDepth="3" maxDepth="2"', /maxDepth/],
    ['a depth that is no number', ' minDepth="two"', /minDepth/],
    ['a filter in Java', ' filter="a.B"', /Java class \(filter\)/],
    ['an order in Java', ' resourceComparator="a.B"', /Java class \(resourceComparator\)/],
  ])('%s withholds a pass', (_, attributes, reason) => {
    const master = xml(`<includeAll path="steps" relativeToChangelogFile="true"${attributes}/>`)
    expect(readTree({ ...FILES, [MASTER]: master }).history.notes).toContainEqual({
      message: expect.stringMatching(reason),
      at: expect.objectContaining({ path: MASTER }),
      bearing: 'withholds',
    })
  })
})

test('includes are followed as deep as they lead', async () => {
  const path = (level: number): string => `db/changelog/steps/${level}.xml`
  const files: Record<string, string> = {
    [MASTER]: xml('<include file="steps/0.xml" relativeToChangelogFile="true"/>'),
  }
  for (let level = 0; level < 20; level++) {
    files[path(level)] = xml(`${set(`c${level}`)}<include file="${level + 1}.xml" relativeToChangelogFile="true"/>`)
  }
  files[path(20)] = xml(set('c20'))
  const load = (paths: readonly string[]) =>
    Promise.resolve(
      fileSet(new Map(Object.entries(files).map(([name, text]) => [name, paths.includes(name) ? { text } : null]))),
    )
  const clues = await clued({ paths: Object.keys(files), load })
  const found = await gathered({ paths: Object.keys(files), load }, clues, detectProjects(clues), [])
  const { history } = readTree(found)
  expect(history.notes).toEqual([])
  expect(history.revisions).toHaveLength(21)
})

test('a changelog that nobody includes is a stray', () => {
  const files = {
    [MASTER]: xml('<include file="steps/a.sql" relativeToChangelogFile="true"/>'),
    'db/changelog/steps/a.sql': sql('a'),
    'db/changelog/steps/b.sql': sql('b'),
    'db/changelog/steps/rows.csv': 'id\n1\n',
  }
  expect(readTree(files).history.strays).toEqual([
    { path: 'db/changelog/steps/b.sql', reason: 'no changelog includes it' },
  ])
})

describe('which changeSets run where no context is given', () => {
  // By `liquibase.changelog.filter.ContextChangeSetFilter`; those of several words are what `update-sql` prints (4.33.0).
  test.each([
    ['a name', ' context="test"', true],
    ['the old and the new attribute', ' contextFilter="test"', true],
    ['what excludes a name', ' context="!test"', true],
    ['a required context', ' context="@test"', false],
    ['a required context among others', ' context="test, @prod"', true],
    ['two required contexts', ' context="@test or @prod"', true],
    ['a required context and a name', ' context="test and @prod"', true],
    ['the absence of a required context', ' context="!@test"', true],
    ['a required absence', ' context="@!test"', true],
    ['brackets', ' context="test and (@a or @b)"', true],
    ['brackets that hold', ' context="@a or (b and c)"', true],
    ['labels', ' labels="v1"', true],
    ['another database', ' dbms="mysql, h2"', false],
    ['every other database but one', ' dbms="!oracle"', true],
    ['PostgreSQL among others', ' dbms="oracle,postgresql"', true],
    ['what is ignored', ' ignore="true"', false],
  ])('%s', (_, attributes, runs) => {
    const files = { [MASTER]: xml(set('a') + set('b', attributes)) }
    expect(idsIn(files)).toEqual(runs ? ['a', 'b'] : ['a'])
  })

  test('a required context of an include is one of all that it leads to', () => {
    const files = {
      [MASTER]: xml('<include file="a.sql" relativeToChangelogFile="true" context="@test"/>'),
      'db/changelog/a.sql': sql('a'),
    }
    expect(idsIn(files)).toEqual([])
  })
})

test.each([
  ['runOnChange="true"', true],
  ['runAlways="true"', true],
  ['runAlways="false" runOnChange="true"', true],
  ['runAlways="true" runOnChange="false"', true],
  ['runAlways="false" runOnChange="false"', false],
])('a changeSet with %s runs again: %s', (attributes, repeatable) => {
  const [revision] = readTree({ [MASTER]: xml(set('a', ` ${attributes}`)) }).history.revisions
  expect(revision?.repeatable).toBe(repeatable)
})

test.each([
  ['the first that is set stays', '<property name="n" value="1"/><property name="n" value="2"/>', '1'],
  ['one of another database is none', '<property name="n" value="1" dbms="mysql"/><property name="n" value="2"/>', '2'],
  ['one may name another', '<property name="m" value="7"/><property name="n" value="${m}"/>', '7'],
])('of properties, %s', (_, properties, value) => {
  const [migration] = readTree({ [MASTER]: xml(properties + set('a', '', '<sql>SELECT ${n}</sql>')) }).migrations
  expect(migration?.up).toMatchObject({ statements: [{ sql: `SELECT ${value}` }] })
})
