import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Rehearsal, RehearsalVerdict } from '../../src/model/evidence.js'
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
  lost: [],
  skipped: [],
})
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

test('one more finding, note or rehearsal never makes a verdict better', () => {
  const order: readonly Verdict[] = ['pass', 'approval', 'block']
  const someFinding = fc.record({
    rule: fc.constantFrom(...rules.map(({ meta }) => meta.id), 'unknown-rule'),
    severity: fc.constantFrom(...SEVERITIES),
    allowed: fc.boolean(),
  })
  const anyFinding = someFinding.map(({ rule, severity, allowed }) => finding(rule, severity, allowed))
  const anyRehearsal = fc
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
