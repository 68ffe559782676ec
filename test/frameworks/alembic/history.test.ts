import { describe, expect, test } from '@jest/globals'
import { detectProjects, frameworkOf } from '../../../src/frameworks/index.js'
import type { History } from '../../../src/model/migration.js'
import type { Span } from '../../../src/source/span.js'
import { processorTime } from '../../support/processor-time.js'
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
  test('parents come first, in the order in which Alembic runs them', () => {
    const all = readAll(repository('alembic-branches-and-merge'))
    expect(all.map(({ history }) => [order(history), history.heads])).toEqual([
      [['a1 < ', 'c3 < a1', 'b2 < a1', 'd4 < b2,c3', 'e5 < d4'], ['e5']],
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

  test.each([
    [
      'the label of a branch',
      { a: file('aaaa', 'None', "branch_labels = 'x'"), b: file('b', "'x'") },
      'follows x → null',
    ],
    ['the beginning of an id', { a: file('aaaabb', 'None'), b: file('b', "'aaaa'") }, 'follows aaaa → null'],
    [
      'label@head',
      { a: file('aaaa', 'None', "branch_labels = 'x'"), b: file('b', "'x@head'") },
      'follows x@head → null',
    ],
    [
      'to depend on a label',
      { a: file('aaaa', 'None', "branch_labels = ('w', 'x')"), b: file('b', 'None', "depends_on = 'x'") },
      'depends x → aaaa',
    ],
    [
      'to depend on the beginning of an id',
      { a: file('aaaabb', 'None'), b: file('b', 'None', "depends_on = ['aaaa']") },
      'depends aaaa → null',
    ],
  ])('what a name in a file stands for: %s', (_, files, link) => {
    const { revisions } = history(files)
    expect(
      revisions.flatMap(({ told }) => told?.links ?? []).map(({ kind, name, id }) => `${kind} ${name} → ${id}`),
    ).toEqual([link])
  })

  test('each name has its place', () => {
    const lines = ['"""add"""', 'revision: str = "c"', 'down_revision = ("a", "b")', 'depends_on = "d"', '']
    const [told] = history({ c: lines.join('\n') }).revisions.map((revision) => revision.told)
    const place = ({ start, end }: Span): string => `${start.line}:${start.column}-${end.column}`
    expect([told?.id, told?.parents, ...(told?.links.map(({ at }) => at) ?? [])].map((at) => at && place(at))).toEqual([
      '2:17-20',
      '3:17-27',
      '3:18-21',
      '3:23-26',
      '4:14-17',
    ])
  })

  test.each([
    ['no down_revision', { a: 'revision = "a"\n' }, 'a.py has no `down_revision`, and Alembic stops at it'],
    [
      'a character that the command line needs',
      { a: file('2024-01', 'None') },
      'a.py has the character - in its `revision`, and Alembic stops at it',
    ],
    [
      'a label that is there twice',
      { a: file('a', 'None', "branch_labels = 'x'"), b: file('b', "'a'", "branch_labels = 'x'") },
      'b.py takes the branch label x, which a has already, and Alembic stops at it',
    ],
    [
      'a label that is an id',
      { a: file('a', 'None'), b: file('b', "'a'", "branch_labels = 'a'") },
      'b.py takes the branch label a, which a has already, and Alembic stops at it',
    ],
    ['itself', { a: file('a', "'a'") }, 'revision a is its own ancestor, or follows one that is'],
  ])('what makes Alembic stop is told: %s', (_, files, message) => {
    expect(history(files).notes).toEqual([expect.objectContaining({ message, bearing: 'withholds' })])
  })

  test('the name of a file is its id where it has none and is hexadecimal', () => {
    expect(order(history({ abc123: 'down_revision = None\n' }))).toEqual(['abc123 < '])
  })

  test.each([
    ['_first', true],
    ['.hidden', true],
    ['__main__', true],
    ['__init__', false],
    ['__init__x', false],
    ['.#a', false],
    ['__pycache__/a', false],
  ])('whether Alembic loads %s.py: %s', (name, loaded) => {
    const read = history({ a: file('a', 'None'), [name]: file('b', "'a'") })
    expect(order(read)).toEqual(loaded ? ['a < ', 'b < a'] : ['a < '])
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

  test('Alembic stops at a file without a revision', () => {
    expect(history({ a: file('a', 'None'), tools: 'def f():\n    pass\n' }).strays).toEqual([
      { path: 'alembic/versions/tools.py', reason: 'it has no `revision`', stops: true },
    ])
  })

  test('a folder in which nothing is a revision is somebody else’s', () => {
    const { revisions, strays, notes } = history({ tools: 'def f():\n    pass\n' })
    expect([revisions, strays, notes]).toEqual([[], [], []])
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
  const started = processorTime()
  const revisions = project === undefined ? [] : frameworkOf(project).history(project, all).revisions
  expect(revisions.map(({ id }) => id)).toEqual(Object.keys(files))
  expect(processorTime() - started).toBeLessThan(5000)
})
