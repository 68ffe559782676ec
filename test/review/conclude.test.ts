import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Between, Rehearsal, RehearsalVerdict } from '../../src/model/evidence.js'
import { SEVERITIES, type Finding, type Severity } from '../../src/model/finding.js'
import type { Note } from '../../src/model/note.js'
import type { Verdict } from '../../src/model/review.js'
import { conclude, type Parts } from '../../src/review/conclude.js'
import { rules } from '../../src/rules/index.js'
import { startOf } from '../../src/source/span.js'
import { DEFAULTS } from '../support/settings.js'

const at = startOf('migrations/1.up.sql')
const revision = { id: '1', parents: [], path: at.path, downPath: null, title: '1', repeatable: false }
const statements = { kind: 'script', statements: [], transaction: 'one', gaps: [], comments: [] } as const

const finding = (rule: string, severity: Severity, allowed = false): Finding => ({
  rule,
  severity,
  confidence: 'certain',
  message: 'something',
  at,
  related: [],
  direction: 'up',
  migration: '1',
  place: 'in-diff',
  allowed: allowed ? { by: 'comment', reason: 'because' } : null,
  fingerprint: '0',
  fix: null,
})
const rehearsal = (verdict: RehearsalVerdict): Rehearsal => ({
  revision,
  sandbox: 'pglite',
  postgres: '18.1',
  verdict,
  reason: verdict === 'reversible' ? null : 'a reason',
  steps: [],
  residue: [],
  schema: null,
  picture: null,
  rows: 0,
  unfilled: [],
  lost: [],
  filled: [],
  changed: [],
  between: null,
  violations: [],
  dataDependent: null,
  unfinished: [],
  brokenFunctions: [],
  unreadFunctions: [],
  recovery: null,
  window: null,
  skipped: [],
})
const broken = (since: 'before' | 'up'): Rehearsal => ({
  ...rehearsal('reversible'),
  rows: 5,
  violations: [{ constraint: 'a_fkey', table: 'b', rows: 2, query: 'SELECT * FROM b WHERE …', since }],
})
const dependent: Rehearsal = {
  ...rehearsal('reversible'),
  rows: 5,
  dataDependent: {
    sql: 'ALTER …',
    at,
    sqlstate: '23502',
    message: 'there are NULLs',
    query: 'SELECT * FROM a WHERE b IS NULL',
    diagnosis: null,
  },
}
const meanwhile = (between: Partial<Between>): Rehearsal => ({
  ...rehearsal('reversible'),
  rows: 7,
  between: { rows: 5, outcome: 'kept', reason: null, failure: null, lost: [], gone: [], ...between },
})
const inTheWay = meanwhile({
  outcome: 'down-fails',
  reason: 'column "b" of relation "a" contains null values',
  failure: {
    sqlstate: '23502',
    message: 'column "b" of relation "a" contains null values',
    detail: null,
    hint: null,
    at,
    diagnosis: {
      cause: '1 row of a has no value in b',
      remedy: null,
      rows: [],
      total: 1,
      query: 'SELECT * FROM a WHERE b IS NULL',
      cleanup: null,
      nearest: [],
      dependents: [],
    },
  },
})
const unseen = meanwhile({ outcome: 'not-run', reason: 'the sandbox is gone' })
const note = (bearing: Note['bearing']): Note => ({ message: 'a note', at: null, bearing })

const parts = (some: Partial<Parts> = {}): Parts => ({
  pull: { repository: 'a/b', number: 1, base: 'x', head: 'y' },
  projects: [],
  migrations: [
    {
      revision,
      framework: 'golang-migrate',
      change: 'added',
      up: { script: statements, effects: [] },
      down: { script: statements, effects: [] },
    },
  ],
  findings: [],
  rehearsals: [rehearsal('reversible')],
  notes: [],
  ...some,
})
const verdictOf = (some: Partial<Parts>): Verdict => conclude(parts(some), DEFAULTS).verdict

describe('the verdict', () => {
  test.each<[string, Partial<Parts>, Verdict]>([
    ['nothing to say', {}, 'pass'],
    ['a warning', { findings: [finding('missing-lock-timeout', 'warning')] }, 'pass'],
    ['an error', { findings: [finding('rename-table', 'error')] }, 'block'],
    ['an error of a rule nobody knows', { findings: [finding('a-rule-to-come', 'error')] }, 'block'],
    ['an allowed error', { findings: [finding('rename-table', 'error', true)] }, 'pass'],
    ['lost data', { findings: [finding('drop-table', 'approval')] }, 'approval'],
    [
      'lost data and an error',
      { findings: [finding('drop-table', 'approval'), finding('rename-table', 'error')] },
      'block',
    ],
    ['a note', { notes: [note('informs')] }, 'pass'],
    ['something not understood', { notes: [note('withholds')] }, 'block'],
    ['a down that fails', { rehearsals: [rehearsal('down-fails')] }, 'block'],
    ['residue', { rehearsals: [rehearsal('leaves-residue')] }, 'block'],
    ['up that fails', { rehearsals: [rehearsal('up-fails')] }, 'block'],
    ['values that do not come back', { rehearsals: [rehearsal('loses-data')] }, 'approval'],
    [
      'values that do not come back, after something else went wrong',
      { rehearsals: [{ ...rehearsal('reapply-fails'), lost: [{ table: 'a', column: 'b', rows: 3 }] }] },
      'block',
    ],
    ['an old rule that rows break after up', { rehearsals: [broken('before')] }, 'block'],
    ['a new rule that generated rows break', { rehearsals: [broken('up')] }, 'pass'],
    ['an up that fails on some rows only', { rehearsals: [dependent] }, 'pass'],
    ['a down that fails on rows written after up only', { rehearsals: [inTheWay] }, 'pass'],
    ['rows written after up of which nothing was seen', { rehearsals: [unseen] }, 'block'],
    [
      'lost values, and rows written after up of which nothing was seen',
      { rehearsals: [{ ...unseen, verdict: 'loses-data', lost: [{ table: 'a', column: 'b', rows: 3 }] }] },
      'block',
    ],
    ['up again that fails', { rehearsals: [rehearsal('reapply-fails')] }, 'block'],
    ['a rehearsal that did not run', { rehearsals: [rehearsal('not-run')] }, 'block'],
    ['no rehearsal at all', { rehearsals: [] }, 'block'],
    ['one of two rehearsals did not run', { rehearsals: [rehearsal('reversible'), rehearsal('not-run')] }, 'block'],
  ])('%s', (_, some, verdict) => expect(verdictOf(some)).toBe(verdict))

  test('a conclusion follows the verdict, and is never neutral', () => {
    const conclusions = [{}, { findings: [finding('drop-table', 'approval')] }, { notes: [note('withholds')] }].map(
      (some) => conclude(parts(some), DEFAULTS).conclusion,
    )
    expect(conclusions).toEqual(['success', 'action_required', 'failure'])
  })

  test('a declared irreversible migration waits for a person', () => {
    const down = { script: { kind: 'irreversible', reason: 'rows are merged', at } as const, effects: [] }
    const [migration] = parts().migrations
    const irreversible = migration ? [{ ...migration, down }] : []
    expect(verdictOf({ migrations: irreversible, rehearsals: [rehearsal('no-down')] })).toBe('approval')
  })
})

test.each([
  ['up', 'forward'],
  ['down', 'rollback'],
] as const)('a statement that cannot run fails the gate of its direction: %s', (direction, gate) => {
  const findings = [{ ...finding('unknown-object', 'error'), direction }]
  const { gates } = conclude(parts({ findings, rehearsals: [rehearsal('reversible')] }), DEFAULTS)
  expect(gates.filter(({ status }) => status === 'fail').map((each) => each.gate)).toEqual([gate])
})

describe('the gates of rows', () => {
  const gate = (name: string, some: Rehearsal): string => {
    const found = conclude(parts({ rehearsals: [some] }), DEFAULTS).gates.find(({ gate: each }) => each === name)
    return `${found?.status}: ${found?.detail}`
  }
  test.each<[string, string, Rehearsal, string]>([
    ['empty tables', 'data', rehearsal('reversible'), 'not-applicable: there was no row to compare'],
    [
      'kept',
      'data',
      { ...rehearsal('reversible'), rows: 7 },
      'pass: after down the 7 rows had the values of before up',
    ],
    [
      'filled in',
      'data',
      { ...rehearsal('reversible'), rows: 7, filled: [{ table: 'a', column: 'b', rows: 2 }] },
      'pass: after down the 7 rows had the values of before up; 2 of a.b had no value before',
    ],
    [
      'written between',
      'data',
      meanwhile({}),
      'pass: after down the 7 rows had the values of before up; rows written between up and down are kept',
    ],
    [
      'written between, in what up had added',
      'data',
      meanwhile({ gone: [{ table: 'a', column: 'b', rows: 2 }] }),
      'pass: after down the 7 rows had the values of before up; rows written between up and down are kept, save in what up had added',
    ],
    [
      'written between and lost',
      'data',
      meanwhile({ outcome: 'lost', lost: [{ table: 'a', column: null, rows: 2 }] }),
      'pass: after down the 7 rows had the values of before up; a rollback takes along rows or values written after up: 2 of a; the rows were generated',
    ],
    [
      'written between and in the way',
      'data',
      inTheWay,
      'pass: after down the 7 rows had the values of before up; down may fail once rows are written after up (1 row of a has no value in b); before a rollback look: SELECT * FROM a WHERE b IS NULL; the rows were generated',
    ],
    [
      'written between and not seen',
      'data',
      unseen,
      'inconclusive: not rehearsed: what becomes of rows written between up and down was not seen: the sandbox is gone',
    ],
    [
      'lost',
      'data',
      {
        ...rehearsal('loses-data'),
        lost: [
          { table: 'a', column: 'b', rows: 2 },
          { table: 'c', column: null, rows: 1 },
        ],
      },
      'needs-approval: 1: a rollback does not bring back 2 values of a.b, 1 row of c of the generated rows',
    ],
    [
      'lost, and the schema came back',
      'rollback',
      rehearsal('loses-data'),
      'pass: the schema after down equals the schema before up',
    ],
    ['satisfied', 'integrity', { ...rehearsal('no-down'), rows: 7 }, 'pass: after up every row satisfied every rule'],
    [
      'broken',
      'integrity',
      broken('before'),
      'fail: 1: 2 rows of b break a_fkey; to find such: SELECT * FROM b WHERE …',
    ],
    [
      'up to the rows',
      'integrity',
      broken('up'),
      'pass: depends on the rows: 2 rows of b break a_fkey; to find such: SELECT * FROM b WHERE …',
    ],
    [
      'up to the rows',
      'forward',
      dependent,
      'pass: up fails on rows that production may have (there are NULLs); look in production first: SELECT * FROM a WHERE b IS NULL',
    ],
  ])('%s: %s', (_, name, some, expected) => expect(gate(name, some)).toBe(expected))

  test('what depends on the rows is a note of its own', () => {
    const notes = [broken('up'), dependent, meanwhile({}), inTheWay].flatMap(
      (some) => conclude(parts({ rehearsals: [some] }), DEFAULTS).notes,
    )
    expect(notes.map(({ message, bearing }) => `${bearing}: ${message}`)).toEqual([
      'informs: 2 rows of b break a_fkey; to find such: SELECT * FROM b WHERE …; the rows were generated',
      'informs: up fails on rows that production may have (there are NULLs); look in production first: SELECT * FROM a WHERE b IS NULL',
      'informs: down may fail once rows are written after up (1 row of a has no value in b); before a rollback look: SELECT * FROM a WHERE b IS NULL; the rows were generated',
    ])
  })
})

test('one more finding, note or rehearsal never makes a verdict better', () => {
  const order: readonly Verdict[] = ['pass', 'approval', 'block']
  const someFinding = fc.record({
    rule: fc.constantFrom(...rules.map(({ meta }) => meta.id), 'unknown-rule'),
    severity: fc.constantFrom(...SEVERITIES),
    allowed: fc.boolean(),
  })
  const anyFinding = someFinding.map(({ rule, severity, allowed }) => finding(rule, severity, allowed))
  const someRehearsal = fc
    .constantFrom<RehearsalVerdict>(
      'reversible',
      'leaves-residue',
      'loses-data',
      'up-fails',
      'down-fails',
      'reapply-fails',
      'no-down',
      'not-run',
    )
    .map(rehearsal)
  const anyRehearsal = fc.oneof(
    someRehearsal,
    someRehearsal.map((some): Rehearsal => ({ ...some, rows: 5, lost: [{ table: 'a', column: 'b', rows: 3 }] })),
    fc.constantFrom(broken('before'), broken('up'), dependent),
  )
  const anyNote = fc.constantFrom<Note['bearing']>('informs', 'withholds').map(note)
  const anyParts = fc.record({
    findings: fc.array(anyFinding),
    rehearsals: fc.array(anyRehearsal),
    notes: fc.array(anyNote),
  })
  fc.assert(
    fc.property(anyParts, anyParts, (first, more) => {
      const some = { ...first, rehearsals: [rehearsal('reversible'), ...first.rehearsals] }
      const both = {
        findings: [...some.findings, ...more.findings],
        rehearsals: [...some.rehearsals, ...more.rehearsals],
        notes: [...some.notes, ...more.notes],
      }
      expect(order.indexOf(verdictOf(both))).toBeGreaterThanOrEqual(order.indexOf(verdictOf(some)))
    }),
  )
})
