import { beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { lintEvidence } from '../../src/lint/evidence.js'
import { LOCK_MODES } from '../../src/model/effect.js'
import type { Rehearsal, RehearsalStep } from '../../src/model/evidence.js'
import type { Finding } from '../../src/model/finding.js'
import type { Note } from '../../src/model/note.js'
import type { Verdict } from '../../src/model/review.js'
import { NO_EVIDENCE, NO_SCHEMA } from '../../src/rehearsal/trial.js'
import { analyse, type Analysis } from '../../src/review/analyse.js'
import { conclude } from '../../src/review/conclude.js'
import { rule } from '../../src/rules/rule.js'
import { rules } from '../../src/rules/index.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

const BASE = 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);'
const UP =
  '-- dba:allow observed-table-rewrite it is small\nALTER TABLE orders DROP COLUMN note;\nCREATE INDEX orders_id ON orders (id);\nUPDATE orders SET id = id + 1;'
const DOWN = 'ALTER TABLE orders ADD COLUMN note text;\nDROP INDEX order_id;'

let analysis: Analysis
beforeAll(async () => {
  await loadParsers({ majors: [18], second: true })
  const base = new Map([['go.mod', null], ...files('1_orders', BASE, 'DROP TABLE orders;')])
  const head = new Map([...base, ...files('2_change', UP, DOWN)])
  analysis = analyse({ base, head, settings: DEFAULTS, today: '2026-01-15', mode: 'pull' })
})

function files(name: string, up: string, down: string) {
  return [
    [`migrations/${name}.up.sql`, { text: up }],
    [`migrations/${name}.down.sql`, { text: down }],
  ] as const
}

function judged(rehearsals: readonly Rehearsal[], readers = rules): ReturnType<typeof lintEvidence> {
  const { projects, migrations, findings, changed } = analysis
  const excerpt = (): string => ''
  return lintEvidence({
    projects,
    migrations,
    rehearsals,
    findings,
    rules: readers,
    settings: DEFAULTS,
    changed,
    merged: () => undefined,
    excerpt,
  })
}

/** Whatever a rehearsal of the change may have seen, likely or not. */
function anyRehearsal(): fc.Arbitrary<Rehearsal> {
  const [migration] = analysis.migrations
  if (migration?.up.script.kind !== 'script' || migration.down.script.kind !== 'script') throw new Error('not read')
  const relation = fc.constantFrom('public.orders', 'public.audit', 'other.thing', 'nodot')
  const text = fc.constantFrom(
    'orders',
    'note',
    'index public.orders_id remains',
    '5 rows of orders remain',
    '{{message}}',
  )
  const error = fc.option(
    fc.record({
      sqlstate: fc.constantFrom('23505', '42P01'),
      message: text,
      detail: fc.option(text),
      hint: fc.option(text),
    }),
  )
  const step = fc
    .record({
      phase: fc.constantFrom<RehearsalStep['phase']>('up', 'down', 'reapply'),
      at: fc.nat(2),
      locks: fc.array(fc.record({ mode: fc.constantFrom(...LOCK_MODES), object: relation })),
      rewrites: fc.array(relation),
      scans: fc.array(relation),
      created: fc.array(relation),
      partitions: fc.array(fc.record({ name: relation, of: relation })),
      error,
    })
    .map(({ phase, at, error: failure, ...seen }): RehearsalStep => {
      const { script } = phase === 'down' ? migration.down : migration.up
      const statement = script.kind === 'script' ? (script.statements[at] ?? script.statements[0]) : undefined
      if (statement === undefined) throw new Error('no statement')
      const { sql, span } = statement
      return {
        phase,
        sql,
        at: span,
        milliseconds: 1,
        ...seen,
        error: failure && { ...failure, diagnosis: null, at: span },
      }
    })
  return fc
    .record({
      verdict: fc.constantFrom<Rehearsal['verdict']>(
        ...(['reversible', 'leaves-residue', 'loses-data', 'up-fails'] as const),
        ...(['down-fails', 'reapply-fails', 'no-down', 'not-run'] as const),
      ),
      reason: fc.option(text),
      steps: fc.array(step),
      residue: fc.array(text),
      lost: fc.array(
        fc.record({
          table: fc.constantFrom('orders', 'audit'),
          column: fc.option(fc.constant('note')),
          rows: fc.nat(),
        }),
      ),
      unfinished: fc.array(
        fc.record({
          what: fc.constantFrom('invalid-index' as const, 'pending-detach' as const),
          object: text,
          table: text,
        }),
      ),
      brokenFunctions: fc.array(
        fc.record({ function: fc.constantFrom('f()', 'g'), message: text, created: fc.boolean() }),
      ),
      rows: fc.nat(),
    })
    .map((seen) => ({
      revision: migration.revision,
      sandbox: 'pglite',
      postgres: '18.1',
      skipped: [],
      ...NO_SCHEMA,
      ...NO_EVIDENCE,
      ...seen,
    }))
}

function verdictOf(rehearsals: readonly Rehearsal[], findings: readonly Finding[], notes: readonly Note[]): number {
  const order: readonly Verdict[] = ['pass', 'approval', 'block']
  const { projects, migrations } = analysis
  const pull = { repository: 'a/b', number: 1, base: 'x', head: 'y' }
  return order.indexOf(conclude({ pull, projects, migrations, rehearsals, findings, notes }, DEFAULTS).verdict)
}

describe('a rehearsal', () => {
  test('adds findings, takes none away, softens none, and makes no verdict better', () => {
    fc.assert(
      fc.property(fc.array(anyRehearsal(), { maxLength: 2 }), (rehearsals) => {
        const { findings, notes } = judged(rehearsals)
        expect(findings.filter(({ rule: id }) => !isReader(id) && id !== 'unused-suppression')).toEqual(
          analysis.findings,
        )
        expect(notes.filter(({ bearing }) => bearing === 'withholds')).toEqual([])
        expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(findings.length)
        expect(verdictOf(rehearsals, findings, notes)).toBeGreaterThanOrEqual(
          verdictOf(rehearsals, analysis.findings, []),
        )
      }),
    )
  })

  test('a comment that allows a reader is told of as soon as everything ran, and not before', () => {
    const [migration] = analysis.migrations
    if (migration === undefined) throw new Error('no migration')
    const seen = (verdict: Rehearsal['verdict']): Rehearsal => {
      const common = { sandbox: 'pglite', postgres: '18.1', reason: null, steps: [], residue: [], skipped: [] } as const
      return { revision: migration.revision, verdict, ...common, ...NO_SCHEMA, ...NO_EVIDENCE }
    }
    const unused = (rehearsals: readonly Rehearsal[]): readonly string[] =>
      judged(rehearsals).findings.flatMap(({ rule: id, message }) => (id === 'unused-suppression' ? [message] : []))
    const said = 'This comment allows observed-table-rewrite, which finds nothing here'
    expect(analysis.findings.map(({ rule: id }) => id)).not.toContain('unused-suppression')
    expect(unused([seen('reversible')])).toEqual([said])
    expect(unused([seen('not-run')])).toEqual([])
    expect(unused([])).toEqual([])
  })

  test('a rule that throws withholds the pass', () => {
    const [first] = rules.filter(({ check }) => check.evidence !== undefined)
    if (first === undefined) throw new Error('no rule')
    const broken = rule({
      meta: { ...first.meta, id: 'breaks' },
      check: {
        evidence: () => {
          throw new Error('it broke')
        },
      },
    })
    fc.assert(
      fc.property(anyRehearsal(), (rehearsal) => {
        const { notes, findings } = judged([rehearsal], [...rules, broken])
        expect(notes).toContainEqual(
          expect.objectContaining({ message: 'rule breaks failed: it broke', bearing: 'withholds' }),
        )
        expect(verdictOf([rehearsal], findings, notes)).toBe(2)
      }),
      { numRuns: 10 },
    )
  })
})

function isReader(id: string): boolean {
  return rules.some(({ meta, check }) => meta.id === id && check.evidence !== undefined)
}
