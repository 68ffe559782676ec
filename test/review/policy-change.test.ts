import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { sideOf, type OpenSnapshot, type Side } from '../../src/model/open-snapshot.js'
import { treeEntry } from '../../src/model/tree-entry.js'
import { ON_ITS_OWN } from '../../src/review/circumstances.js'
import { conclude } from '../../src/review/conclude.js'
import { policyChange } from '../../src/review/policy-change.js'
import { policyIn } from '../../src/review/policy.js'
import { DEFAULTS } from '../support/settings.js'

const PATH = '.github/dba.yml'
/** A side with this policy; null for one without. `named`: whether its contents have names, as git's have. */
function side(text: string | null, named = true): Side {
  const content = Buffer.from(text ?? '')
  const sha = content.toString('hex').padEnd(40, '0').slice(-40)
  const entries = text === null ? [] : [treeEntry(Buffer.from(PATH), '100644', named ? sha : null)]
  return sideOf(entries, async (asked) => new Map(asked.map(({ path }) => [path, content])))
}
const snapshot = (before: string | null, after: string | null, named = true): OpenSnapshot => ({
  pull: { repository: 'acme/shop', number: 7, base: 'a', head: 'b' },
  policy: side(before),
  base: side(before),
  head: side(after, named),
  complete: true,
})
const weaker = async (before: string | null, after: string | null): Promise<readonly string[]> =>
  (await policyChange(snapshot(before, after))).findings.map(({ message }) => message)

describe('what asks for less needs somebody who agrees', () => {
  test.each<[what: string, before: string | null, after: string | null, message: string | RegExp]>([
    [
      'a rule is off',
      null,
      'rules:\n  drop-table: off\n',
      'rules.drop-table asks for less: approval (by default) becomes off (line 2)',
    ],
    [
      'a rule weighs less',
      'rules:\n  drop-table: error',
      'rules:\n  drop-table: warning',
      'rules.drop-table asks for less: error (line 2) becomes warning (line 2)',
    ],
    [
      'a rule goes back to its default',
      'rules:\n  drop-table: error',
      null,
      'rules.drop-table asks for less: error (line 2) becomes approval (by default)',
    ],
    [
      'a rule blocks no large table any more',
      'postgres: 18',
      'rules:\n  create-index-non-concurrently: warning',
      /error, warning, notice \(by default\) becomes warning \(line 2\)/,
    ],
    [
      'a rule has other options',
      null,
      'rules:\n  migration-timestamp-in-future: { options: { tolerance: 9 } }',
      /rules\.migration-timestamp-in-future\.options asks for less/,
    ],
    [
      'nothing is rehearsed',
      'rehearsal:\n  required: true',
      'rehearsal:\n  required: false',
      'rehearsal.required asks for less: true (line 2) becomes false (line 2)',
    ],
    [
      'there is no sandbox',
      null,
      'rehearsal: { sandbox: none, required: false }',
      /rehearsal\.sandbox asks for less: auto \(by default\) becomes none/,
    ],
    ['fewer rows', null, 'rehearsal:\n  rows: 0', 'rehearsal.rows asks for less: 5 (by default) becomes 0 (line 2)'],
    [
      'one more may agree',
      "approval:\n  data: ['@dora']",
      "approval:\n  data: ['@dora', '@ann']",
      'approval.data asks for less: @dora (line 2) becomes @dora, @ann (line 2)',
    ],
    [
      'a lower role may agree',
      null,
      "approval:\n  data: ['role:write']",
      'approval.data asks for less: role:maintain (by default) becomes role:write (line 2)',
    ],
    [
      'nobody is asked about tables',
      "approval:\n  schema: ['@dora']",
      null,
      'approval.schema asks for less: @dora (line 2) becomes nothing (by default)',
    ],
    [
      'no issue is asked for',
      'approval:\n  require-issue: true',
      null,
      /approval\.require-issue asks for less: true \(line 2\) becomes false \(by default\)/,
    ],
    [
      'no backup is asked for',
      'approval:\n  require-backup: true',
      'approval:\n  require-backup: false',
      /approval\.require-backup/,
    ],
    [
      'a table is not large any more',
      'tables:\n  large: [orders, users]',
      'tables:\n  large: [users]',
      'tables.large asks for less: orders, users (line 2) becomes users (line 2)',
    ],
    [
      'a table is small',
      null,
      'tables:\n  small: [orders]',
      'tables.small asks for less: nothing (by default) becomes orders (line 2)',
    ],
    [
      'it looks elsewhere',
      null,
      'migrations:\n  - path: elsewhere',
      /migrations asks for less: nothing \(by default\) becomes elsewhere \(line 1\)/,
    ],
    [
      'it looks into one folder less',
      'migrations: [{ path: a }, { path: b }]',
      'migrations: [{ path: a }]',
      /migrations asks for less: a, b/,
    ],
    [
      'another dump of the schema',
      'baseline: a.sql',
      'baseline: b.sql',
      /baseline asks for less: a\.sql \(line 1\) becomes b\.sql/,
    ],
    ['a newer PostgreSQL', 'postgres: 15', 'postgres: 18', 'postgres asks for less: 15 (line 1) becomes 18 (line 1)'],
    [
      'another preset',
      'preset: strict',
      null,
      'preset asks for less: strict (line 1) becomes recommended (by default)',
    ],
    ['it is removed', 'approval:\n  require-issue: true', null, /approval\.require-issue/],
  ])('%s', async (_, before, after, message) => {
    const found = await weaker(before, after)
    expect(found).toHaveLength(after?.includes('sandbox: none') ? 2 : 1)
    const mine = found.find((each) => (typeof message === 'string' ? each === message : message.test(each)))
    expect([found, mine]).toEqual([found, expect.any(String)])
  })

  test('each value is a finding of its own, which keeps its identity when lines move', async () => {
    const before = "approval:\n  data: ['@dora']\n"
    const after = "rules:\n  drop-table: off\n  truncate: off\napproval:\n  data: ['@dora', '@ann']\n"
    const one = (await policyChange(snapshot(before, after))).findings
    const other = (await policyChange(snapshot(`# moved\n${before}`, `# moved\n\n${after}`))).findings
    expect(one.map(({ severity, at }) => [severity, at.path, at.start.line])).toEqual([
      ['approval', PATH, 5],
      ['approval', PATH, 2],
      ['approval', PATH, 3],
    ])
    expect(new Set(one.map(({ fingerprint }) => fingerprint)).size).toBe(3)
    expect(other.map(({ fingerprint }) => fingerprint)).toEqual(one.map(({ fingerprint }) => fingerprint))
  })
})

describe('what asks for as much, or for more, is told', () => {
  test.each<[what: string, before: string | null, after: string | null]>([
    ['a comment', 'postgres: 18', '# ours\npostgres: 18'],
    [
      'what was the default is written down',
      null,
      "approval:\n  data: ['role:maintain']\nrehearsal:\n  required: true",
    ],
    ['a rule weighs more', null, 'rules:\n  drop-table: error'],
    [
      'a rule that is off has other options',
      'rules:\n  migration-timestamp-in-future: off',
      'rules:\n  migration-timestamp-in-future: { severity: off, options: { tolerance: 9 } }',
    ],
    ['a stricter preset', 'preset: relaxed', 'preset: recommended'],
    ['one fewer may agree', "approval:\n  data: ['@dora', '@ann']", "approval:\n  data: ['@dora']"],
    ['somebody is asked about tables', null, "approval:\n  schema: ['@dora']"],
    ['a table is large', null, 'tables:\n  large: [orders]'],
    ['a table is not small any more', 'tables:\n  small: [orders]', null],
    [
      'it is rehearsed',
      'rehearsal: { required: false, sandbox: none }',
      'rehearsal: { required: true, sandbox: auto, rows: 9 }',
    ],
    ['one more folder', 'migrations: [{ path: a }]', 'migrations: [{ path: a }, { path: b }]'],
    ['an older PostgreSQL', 'postgres: 18', 'postgres: 15'],
    ['fewer words in comments', null, 'comment: never'],
  ])('%s', async (_, before, after) => {
    const { findings, notes } = await policyChange(snapshot(before, after))
    expect(findings).toEqual([])
    expect(notes).toMatchObject([
      { bearing: 'informs', message: expect.stringContaining('nothing in it asks for less') },
    ])
  })
})

describe('the files that belong to the policy', () => {
  const KNOWN = '.github/dba-baseline.json'
  const CONFIG = { [PATH]: 'tables: { statistics: db/stats.json }\n' }
  const folder = (texts: Readonly<Record<string, string>>): Side => {
    const entries = Object.entries(texts).map(([path, text]) =>
      treeEntry(Buffer.from(path), '100644', createHash('sha1').update(text).digest('hex')),
    )
    return sideOf(entries, async (asked) => new Map(asked.map(({ path }) => [path, Buffer.from(texts[path] ?? '')])))
  }
  const changed = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) =>
    policyChange({ policy: folder(before), base: folder(before), head: folder(after) }, null, {
      statistics: 'db/stats.json',
    })
  const stats = (rows: number): string =>
    JSON.stringify({
      ...{ version: 1, taken: '2026-01-15' },
      tables: [{ table: 'public.orders', rows, bytes: 1, writes: null }],
    })
  const known = (...digits: readonly string[]): string =>
    JSON.stringify({
      version: 1,
      findings: digits.map((digit) => ({
        ...{ path: 'a.sql', rule: 'drop-column', reason: 'old', since: '2026-01-15' },
        fingerprint: digit.repeat(16),
      })),
    })

  test.each<
    [what: string, before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>, said: string]
  >([
    [
      'more is known',
      { [KNOWN]: known('1') },
      { [KNOWN]: known('1', '2') },
      `known findings asks for less: 1 of them (${KNOWN}) becomes also drop-column in a.sql (${KNOWN})`,
    ],
    [
      'a large table is small',
      { ...CONFIG, 'db/stats.json': stats(5_000_000) },
      { ...CONFIG, 'db/stats.json': stats(5) },
      'tables.statistics asks for less: orders large (line 1) becomes orders small (line 1)',
    ],
  ])('%s', async (_, before, after, said) => {
    expect((await changed(before, after)).findings.map(({ message }) => message)).toEqual([said])
    // The other way round nothing is asked less.
    expect((await changed(after, before)).findings).toEqual([])
    expect((await changed(after, before)).notes).toHaveLength(1)
  })

  test('a file that cannot be used is no pass', async () => {
    const { notes } = await changed({}, { [KNOWN]: '{' })
    expect(notes).toMatchObject([{ bearing: 'withholds', message: expect.stringContaining(KNOWN) }])
  })
})

test.each([
  ['the same text', 'postgres: 17', 'postgres: 17', true],
  ['the same text on disk, where it has no name', 'postgres: 17', 'postgres: 17', false],
  ['none', null, null, true],
] as const)('no change is nothing: %s', async (_, before, after, named) => {
  expect(await policyChange(snapshot(before, after, named))).toEqual({ findings: [], notes: [] })
})

test.each([
  ['not valid', 'rulez: {}', /it will not be valid: .*rulez/s],
  ['an approver of another organisation', "approval:\n  data: ['@elsewhere/dba']", /another organisation/],
])('one that is %s is no pass', async (_, after, message) => {
  const { findings, notes } = await policyChange(snapshot(null, after), 'acme')
  expect(findings).toEqual([])
  expect(notes).toMatchObject([{ bearing: 'withholds', message: expect.stringMatching(message) }])
})

describe('the verdict', () => {
  const nothing = { pull: snapshot(null, null).pull, projects: [], migrations: [], rehearsals: [] }
  const verdict = async (before: string | null, after: string | null): Promise<readonly string[]> => {
    const { verdict, gates } = conclude(
      { ...nothing, ...(await policyChange(snapshot(before, after))) },
      DEFAULTS,
      ON_ITS_OWN,
    )
    return [verdict, ...gates.filter(({ status }) => status === 'needs-approval').map(({ gate }) => gate)]
  }
  test.each([
    ['as much', 'postgres: 18', '# ours\npostgres: 18', ['pass']],
    ['less', null, 'rules:\n  drop-table: off', ['approval', 'standards', 'approval']],
    ['what is not valid', null, 'nonsense: 1', ['block']],
  ])('of %s', async (_, before, after, expected) => expect(await verdict(before, after)).toEqual(expected))

  test('no policy can say that it may be weakened', () => {
    expect(policyIn('rules:\n  policy-weakened: off', PATH)).toMatchObject({
      problem: expect.stringMatching(/policy-weakened/),
    })
  })
})
