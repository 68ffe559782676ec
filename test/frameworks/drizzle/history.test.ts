import { describe, expect, test } from '@jest/globals'
import { processorTime } from '../../support/processor-time.js'
import { readAll, repository, sketch, tree } from '../tree.js'

interface Named {
  readonly tag: unknown
  readonly when?: unknown
  readonly idx?: unknown
}

const journal = (...entries: readonly Named[]): string =>
  JSON.stringify({
    version: '7',
    dialect: 'postgresql',
    entries: entries.map((entry, idx) => ({ idx, when: 1000 + idx, breakpoints: true, ...entry })),
  })

function told(text: string | Uint8Array, files: Readonly<Record<string, string>>) {
  const all = Object.entries(files).map(([name, content]) => [`drizzle/${name}`, content])
  const [read] = readAll(tree({ 'drizzle/meta/_journal.json': text, ...Object.fromEntries(all) }))
  if (read === undefined) throw new Error('no project')
  const { history, migrations } = read
  return {
    ids: history.revisions.map(({ id }) => id),
    strays: history.strays.map(({ path }) => path),
    notes: history.notes.map(({ message, bearing, at }) => `${bearing} in line ${at?.start.line}: ${message}`),
    runs: migrations.map(({ up, down }) => `${sketch(up)} => ${sketch(down)}`),
  }
}

describe('the journal of Drizzle', () => {
  test('orders by its entries, not by numbers or names', () => {
    const text = journal({ tag: '0001_b', idx: 9 }, { tag: '0000_a', idx: 3 })
    expect(told(text, { '0000_a.sql': '', '0001_b.sql': '', '0002_c.sql': '' })).toMatchObject({
      ids: ['0001_b', '0000_a'],
      strays: ['drizzle/0002_c.sql'],
      notes: [],
    })
  })

  test('stops where a file is missing, and skips what is older than the one before', () => {
    const text = JSON.stringify(
      JSON.parse(journal({ tag: '0000_a', when: 5 }, { tag: '0001_b', when: 5 }, { tag: '0002_c', when: 6 })),
      null,
      1,
    )
    expect(told(text, { '0000_a.sql': '', '0001_b.sql': '' })).toMatchObject({
      ids: ['0000_a', '0001_b'],
      notes: [
        'withholds in line 21: Drizzle stops before it runs anything: the journal names 0002_c, and there is no 0002_c.sql',
        'informs in line 15: The time of 0001_b in the journal is not after that of 0000_a before it: a database that has run only the latter skips it',
      ],
    })
  })

  test.each([
    ['no JSON', '{', /it is not JSON/],
    ['no entries', '{"dialect":"postgresql"}', /entries must be a list/],
    ['entries that only a prototype has', '{"__proto__":{"entries":[]}}', /entries must be a list/],
    ['a tag that leaves the folder', journal({ tag: '../../x' }), /entries\.0\.tag must be the name of a file/],
    ['a tag that is none', journal({ tag: 1 }), /entries\.0\.tag must be/],
    ['a time that is none', journal({ tag: 'a', when: '1' }), /entries\.0\.when must be a number/],
    ['a number that is none', journal({ tag: 'a', idx: 1.5 }), /entries\.0\.idx must be a whole number/],
    ['10,000 levels', `{"entries":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, /entries\.0\.tag must be/],
    ['a million levels', '['.repeat(1_000_000), /it is not JSON|entries must be a list/],
    ['too many entries', `{"entries":[${'0,'.repeat(30_000)}0]}`, /must not have more than 20000 items/],
    ['a file that is too large', 'x'.repeat((1 << 20) + 1), /the most that is read is 1048576/],
    ['bytes that are no text', new Uint8Array([65, 0]), /NUL byte/],
  ])('is refused with a reason: %s', (_, text, expected) => {
    const before = processorTime()
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
    const { ids, notes, strays } = told(bytes, { '0000_a.sql': '' })
    expect({ ids, strays }).toEqual({ ids: [], strays: ['drizzle/0000_a.sql'] })
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(/^withholds in line 1: The journal of Drizzle cannot be read: /)
    expect(notes[0]).toMatch(expected)
    expect(processorTime() - before).toBeLessThan(3000)
  })

  test.each([
    ['pieces', 'SELECT 1;\n--> statement-breakpoint\nSELECT 2;', 'one: SELECT 1 | SELECT 2 => absent'],
    ['without breakpoints', 'SELECT 1; SELECT 2;', 'one: SELECT 1 | SELECT 2 => absent'],
    ['on one line', 'SELECT 1;--> statement-breakpoint\nSELECT 2;', 'one: SELECT 1 | SELECT 2 => absent'],
  ])('sends %s in one transaction', (_, text, expected) => {
    expect(told(journal({ tag: '0000_a' }), { '0000_a.sql': text }).runs).toEqual([expected])
  })

  test('a breakpoint inside a string cuts it apart', () => {
    const text = "SELECT 'ä --> statement-breakpoint' AS a;"
    expect(told(journal({ tag: '0000_a' }), { '0000_a.sql': text }).runs[0]).toMatch(
      'gap: Drizzle cuts the statement in line 1 apart at "--> statement-breakpoint"',
    )
  })
})

test('folders of Drizzle 1.0 are read by their names', () => {
  const [read] = readAll(repository('drizzle-folders'))
  expect(read?.history.revisions.map(({ id, path }) => [id, path])).toEqual([
    ['20240105090000_quiet_harbour', 'drizzle/20240105090000_quiet_harbour/migration.sql'],
    ['20240220140000_brave_lantern', 'drizzle/20240220140000_brave_lantern/migration.sql'],
  ])
  expect(read?.history.project.conventions.lateVersion).toBe('applied')
})
