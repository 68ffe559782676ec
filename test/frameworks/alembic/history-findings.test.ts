import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { detectProjects, frameworkOf } from '../../../src/frameworks/index.js'
import { fileSet, type FileEntries } from '../../../src/model/file-set.js'
import { analyse } from '../../../src/review/analyse.js'
import { loadParsers } from '../../../src/sql/parse.js'
import { DEFAULTS } from '../../support/settings.js'

await loadParsers()

/** Revisions by file, each as `id < parents; more`. */
type Versions = Readonly<Record<string, string>>

function sideOf(versions: Versions): FileEntries {
  const entries = Object.entries(versions).map(([name, said]) => {
    const [id = '', down = ''] = (said.split(';')[0] ?? '').split('<').map((part) => part.trim())
    const more = said.split(';').slice(1).join('\n').trim()
    const text = `"""${name}"""\n\nrevision = "${id}"\ndown_revision = ${down === '' ? 'None' : down}\n${more}\n\n\ndef upgrade():\n    pass\n`
    return [`alembic/versions/${name}.py`, { text }] as const
  })
  return new Map([['alembic/env.py', { text: '' }], ...entries])
}

/** What the rules on histories say, as `file:line rule: message`. */
function findings(base: Versions, head: Versions): readonly string[] {
  const settings = { ...DEFAULTS, postgres: 16 }
  const input = { base: sideOf(base), head: sideOf(head), settings, today: '2026-01-15', mode: 'pull' as const }
  return analyse(input)
    .findings.filter(({ rule }) =>
      ['multiple-heads', 'broken-parent-link', 'duplicate-migration-version', 'invalid-migration-filename'].includes(
        rule,
      ),
    )
    .map(({ at, rule, severity, message }) => {
      const file = at.path.replace('alembic/versions/', '')
      return `${file}:${at.start.line}:${at.start.column} ${severity} ${rule}: ${message.replace(/: Alembic c.*/, '')}`
    })
}

const BASE = { a: 'aaaa', b: 'bbbb < "aaaa"' }

describe('what a pull request does to a history', () => {
  test.each<[title: string, head: Versions, expected: readonly string[]]>([
    ['goes on from the head', { c: 'cccc < "bbbb"', d: 'dddd < "cccc"' }, []],
    ['forks and merges', { c: 'cccc < "aaaa"', d: 'dddd < ("bbbb", "cccc")' }, []],
    [
      'forks',
      { c: 'cccc < "aaaa"' },
      [
        'c.py:4:17 error multiple-heads: Revision cccc adds a head beside bbbb: Alembic has 2 heads to choose from and applies nothing',
      ],
    ],
    [
      'begins anew',
      { c: 'cccc' },
      [
        'c.py:4:17 error multiple-heads: Revision cccc adds a head beside bbbb: Alembic has 2 heads to choose from and applies nothing',
      ],
    ],
    [
      'begins a branch',
      { c: 'cccc; branch_labels = ("jobs",)' },
      [
        'c.py:4:17 warning multiple-heads: Revision cccc begins the branch jobs beside bbbb: from here on Alembic has 2 heads, and applies nothing when it is asked for the one head and not for all',
      ],
    ],
    [
      'names nobody',
      { c: 'cccc < "xxxx"' },
      ['c.py:4:17 error broken-parent-link: Revision cccc names parent xxxx, which is in no file'],
    ],
    [
      'names nobody among others',
      { c: 'cccc < ("bbbb", "xxxx")' },
      ['c.py:4:26 error broken-parent-link: Revision cccc names parent xxxx, which is in no file'],
    ],
    [
      'names the beginning of an id',
      { b: 'bbbbcccc < "aaaa"', c: 'cccc < "bbbb"' },
      [
        'c.py:4:17 error broken-parent-link: Revision cccc names parent bbbb, which is only the beginning of an id: a file has to name the whole id bbbbcccc, or Alembic stops',
      ],
    ],
    [
      'depends on nobody',
      { c: 'cccc < "bbbb"; depends_on = "xxxx"' },
      ['c.py:5:14 error broken-parent-link: Revision cccc depends on xxxx, which is in no file'],
    ],
    ['names itself', { c: 'cccc < "cccc"' }, ['c.py:4:17 error broken-parent-link: Revision cccc comes after itself']],
    [
      'goes round',
      { a: 'aaaa < "bbbb"' },
      [
        'a.py:4:17 error broken-parent-link: Revision aaaa comes after bbbb, which comes after it: there is no order in which Alembic can apply them',
      ],
    ],
    [
      'depends on what follows',
      { a: 'aaaa; depends_on = "bbbb"' },
      [
        'a.py:5:14 error broken-parent-link: Revision aaaa comes after bbbb, which comes after it: there is no order in which Alembic can apply them',
      ],
    ],
    [
      'takes an id',
      { c: 'bbbb < "aaaa"' },
      [
        'c.py:3:12 error duplicate-migration-version: Version bbbb of alembic/versions/c.py is already taken by alembic/versions/b.py: Alembic warns that the revision is present more than once, and keeps one of the two',
      ],
    ],
  ])('%s', (_, head, expected) => expect(findings(BASE, { ...BASE, ...head })).toEqual(expected))

  test('a third branch beside two is nobody’s concern, a fork of one is', () => {
    const two = { ...BASE, j: 'jobs; branch_labels = "jobs"' }
    expect(findings(two, { ...two, k: 'keys; branch_labels = "keys"' })).toEqual([])
    expect(findings(two, { ...two, k: 'keys < "jobs"', l: 'lots < "jobs"' })).toHaveLength(1)
    expect(findings(two, { ...two, k: 'keys; branch_labels = "keys"', c: 'cccc < "aaaa"' })).toEqual([
      expect.stringMatching(/^c.py:4:17 error multiple-heads: Revision cccc adds a head/),
    ])
  })

  test('what was there before is not held against it', () => {
    const broken = { ...BASE, c: 'cccc < "xxxx"', d: 'bbbb < "aaaa"', e: 'eeee < "eeee"' }
    expect(findings(broken, { ...broken, f: 'ffff < "bbbb"' })).toEqual([])
  })
})

/** Histories of up to a dozen revisions, some of them with a fault. */
const histories = fc
  .array(
    fc.record({
      parents: fc.uniqueArray(fc.nat(11), { maxLength: 2 }),
      needs: fc.option(fc.nat(11), { freq: 8 }),
      astray: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) =>
    drawn.map(({ parents, needs, astray }, index) => {
      // What is named comes before, save where a fault is wanted: then it may be later, or nowhere.
      const place = (named: number): number => (astray && named % 4 === 3 ? named : named % Math.max(1, index))
      const named = index === 0 && !astray ? [] : [...new Set(parents.map(place))]
      return { named, needs: needs === null || index === 0 ? [] : [place(needs)] }
    }),
  )

test('any history has an order, or the finding that says why not', () => {
  fc.assert(
    fc.property(histories, (drawn) => {
      const versions = Object.fromEntries(
        drawn.map(({ named, needs }, index) => {
          const ids = (list: readonly number[]): string => list.map((each) => `"r${each}",`).join(' ')
          return [
            `f${(index * 7) % 13}_${index}`,
            `r${index} < ${named.length > 0 ? `(${ids(named)})` : 'None'}; depends_on = [${ids(needs)}]`,
          ]
        }),
      )
      const files = fileSet(sideOf(versions))
      const [project] = detectProjects(files)
      if (project === undefined) throw new Error('no project')
      const { revisions, heads } = frameworkOf(project).history(project, files)
      const place = new Map(revisions.map(({ id }, at) => [id, at]))
      expect(place.size).toBe(drawn.length)
      const before = drawn.flatMap(({ named, needs }, index) =>
        [...named, ...needs].map((other) => [other, index] as const),
      )
      const inOrder = before.every(
        ([other, index]) => (place.get(`r${other}`) ?? Infinity) < (place.get(`r${index}`) ?? -1),
      )
      const broken = findings({}, versions).some((line) => line.includes('broken-parent-link'))
      expect(broken).toBe(!inOrder)
      const followed = new Set(drawn.flatMap(({ named }) => named))
      expect([...heads].sort()).toEqual(drawn.flatMap((_, index) => (followed.has(index) ? [] : [`r${index}`])).sort())
    }),
    { numRuns: 200 },
  )
})

test('a file that is no revision stops Alembic', () => {
  const base = sideOf(BASE)
  const head = new Map([...base, ['alembic/versions/tools.py', { text: 'def f():\n    pass\n' }] as const])
  const { findings } = analyse({ base, head, settings: DEFAULTS, today: '2026-01-15', mode: 'pull' })
  expect(findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
    'invalid-migration-filename: Alembic stops at alembic/versions/tools.py and applies nothing: it has no `revision`',
  ])
})
