import { describe, expect, test } from '@jest/globals'
import { detectProjects, frameworkOf } from '../../../src/frameworks/index.js'
import type { History } from '../../../src/model/migration.js'
import { readAll, repository, tree } from '../tree.js'

function history(files: Readonly<Record<string, string | Uint8Array>>): History {
  const versions = Object.entries(files).map(([name, text]) => [`alembic/versions/${name}.py`, text])
  const [read] = readAll(tree({ 'alembic/env.py': '', ...Object.fromEntries(versions) }))
  if (read === undefined) throw new Error('no project')
  return read.history
}
const order = ({ revisions }: History) => revisions.map(({ id, parents }) => `${id} < ${parents.join()}`)
const file = (id: string, down: string, more = '') => `revision = '${id}'\ndown_revision = ${down}\n${more}`

describe('detection', () => {
  const roots = (...paths: readonly string[]) =>
    detectProjects({ paths }).map(({ framework, root }) => `${framework} ${root}`)
  test.each([
    [['alembic.ini', 'alembic/env.py', 'alembic/versions/a.py'], ['alembic alembic']],
    [['a/migrations/script.py.mako', 'a/migrations/versions/a.py'], ['alembic a/migrations']],
    [['env.py', 'versions/a.py'], ['alembic ']],
    [['alembic/env.py', 'alembic/versions/2024/a.py'], ['alembic alembic']],
    [['db/alembic/versions/a.py'], ['alembic db/alembic']],
    [['versions/a.py'], []],
    [['alembic/env.py'], []],
  ])('%j', (paths, expected) => expect(roots(...paths)).toEqual(expected))

  test('a versions folder that the team names', () => {
    const [project] = detectProjects({ paths: ['db/versions/a.py'] }, [{ path: 'db/versions', framework: 'alembic' }])
    expect(project?.root).toBe('db')
  })
})

describe('the graph', () => {
  test('parents come first, then paths decide', () => {
    const all = readAll(repository('alembic-branches-and-merge'))
    expect(all.map(({ history }) => [order(history), history.heads])).toEqual([
      [['a1 < ', 'b2 < a1', 'c3 < a1', 'd4 < b2,c3', 'e5 < d4'], ['e5']],
    ])
  })

  test.each([
    ['a string', "'x'", ['x']],
    ['a tuple', "('x', 'y')", ['x', 'y']],
    ['a tuple without parentheses', "'x', 'y'", ['x', 'y']],
    ['a list', "['x']", ['x']],
    ['None', 'None', []],
  ])('down_revision may be %s', (_, down, parents) => {
    expect(history({ a: file('a', down) }).revisions[0]?.parents).toEqual(parents)
  })

  test('annotated assignments', () => {
    const text = 'revision: str = "b"\ndown_revision: Union[str, None] = "a"\n'
    expect(order(history({ a: file('a', 'None'), b: text }))).toEqual(['a < ', 'b < a'])
  })

  test('depends_on orders, and is no parent', () => {
    const { heads, revisions } = history({ a: file('a', 'None', "depends_on = 'b'"), b: file('b', 'None') })
    expect([revisions.map(({ id }) => id), heads]).toEqual([
      ['b', 'a'],
      ['b', 'a'],
    ])
  })

  test('two heads, a parent that is nowhere, and an id that is there twice are all told', () => {
    const { revisions, heads } = history({
      a: file('a', "'gone'"),
      b: file('b', "'a'"),
      c: file('c', "'a'"),
      d: file('c', "'a'"),
    })
    expect(revisions.map(({ id, parents }) => [id, ...parents].join())).toEqual(['a,gone', 'b,a', 'c,a', 'c,a'])
    expect(heads).toEqual(['b', 'c'])
  })

  test('a circle withholds, and its revisions stay', () => {
    const { revisions, notes } = history({
      a: file('a', "'c'"),
      b: file('b', "'a'"),
      c: file('c', "'b'"),
      d: file('d', 'None'),
    })
    expect(revisions.map(({ id }) => id)).toEqual(['d', 'a', 'b', 'c'])
    expect(notes.map(({ bearing }) => bearing)).toEqual(['withholds', 'withholds', 'withholds'])
  })

  test('a revision that cannot be told withholds', () => {
    const { revisions, notes, strays } = history({
      a: 'revision = make()\n',
      b: 'revision = "b"\ndown_revision = PARENT\n',
    })
    expect([revisions.map(({ id }) => id), strays]).toEqual([['b'], []])
    expect(notes.map(({ message }) => message)).toEqual([
      'revision of a.py cannot be told without running it',
      'down_revision of b.py cannot be told without running it',
    ])
  })

  test('a file without a revision is a stray', () => {
    expect(history({ tools: 'def f():\n    pass\n' }).strays).toEqual([
      { path: 'alembic/versions/tools.py', reason: 'it has no `revision`' },
    ])
  })

  test('a file that cannot be read is a revision, refused', () => {
    const files = tree({ 'alembic/env.py': '', 'alembic/versions/abc_x.py': new Uint8Array([0]) })
    const [read] = readAll(files)
    expect(read?.migrations.map(({ revision, up }) => [revision.id, up.kind])).toEqual([['abc', 'refused']])
    expect(read?.history.notes.map(({ bearing }) => bearing)).toEqual(['withholds'])
  })

  test('titles are the first line of the docstring', () => {
    const titled = history({
      a: `"""add users\n\nRevision ID: a\n"""\n${file('a', 'None')}`,
      '12ab_add_price': file('b', "'a'"),
    })
    expect(titled.revisions.map(({ title }) => title)).toEqual(['add users', 'add price'])
  })
})

test('a history of 2,000 revisions takes no time to speak of', () => {
  const files = Object.fromEntries(
    Array.from({ length: 2000 }, (_, i) => [`r${i}`, file(`r${i}`, i === 0 ? 'None' : `'r${i - 1}'`)]),
  )
  const all = tree({
    'alembic/env.py': '',
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`alembic/versions/${name}.py`, text])),
  })
  const [project] = detectProjects(all)
  const started = performance.now()
  const revisions = project === undefined ? [] : frameworkOf(project).history(project, all).revisions
  expect(revisions.map(({ id }) => id)).toEqual(Object.keys(files))
  expect(performance.now() - started).toBeLessThan(5000)
})
