import { expect, test } from '@jest/globals'
import type { NativeProof, Rehearsal, RehearsalVerdict } from '../../src/model/evidence.js'
import { GATES } from '../../src/model/review.js'
import { conclude, type Parts } from '../../src/review/conclude.js'
import { DEFAULTS } from '../support/settings.js'

const revision = { id: 'b2', parents: [], path: 'versions/b2.py', downPath: null, title: 'b2', repeatable: false }
const rehearsal = (verdict: RehearsalVerdict): Rehearsal => ({
  revision,
  sandbox: 'local',
  postgres: '18.4',
  verdict,
  reason: verdict === 'reversible' ? null : 'a reason',
  steps: [],
  residue: [],
  rows: 0,
  unfilled: [],
  lost: [],
  filled: [],
  violations: [],
  dataDependent: null,
  schema: null,
  picture: null,
  changed: [],
  between: null,
  unfinished: [],
  brokenFunctions: [],
  unreadFunctions: [],
  recovery: null,
  window: null,
  skipped: [],
})
const script = { kind: 'script', statements: [], transaction: 'one', gaps: [], comments: [] } as const
const parts = (each: Rehearsal): Parts => ({
  pull: { repository: 'a/b', number: null, base: 'a', head: 'b' },
  projects: [],
  migrations: [
    { revision, framework: 'alembic', change: 'added', up: { script, effects: [] }, down: { script, effects: [] } },
  ],
  findings: [],
  rehearsals: [each],
  notes: [],
})
const proof = (more: Partial<NativeProof>): NativeProof => ({
  tool: 'alembic 1.0',
  contained: true,
  verdict: 'equal',
  outcome: 'reversible',
  reason: null,
  lines: [],
  output: '',
  ...more,
})
const open = (each: Rehearsal): readonly string[] =>
  conclude(parts(each), DEFAULTS)
    .gates.filter(({ status }) => status === 'fail' || status === 'inconclusive')
    .map(({ gate, status, detail }) => `${gate} ${status}: ${detail}`)

/** What the tool's own run opens of a rehearsal that went well. */
test.each<[Partial<NativeProof>, readonly string[]]>([
  [{}, []],
  [{ verdict: 'alone' }, []],
  [
    { verdict: 'not-run', outcome: 'not-run', reason: 'it went elsewhere' },
    ['forward inconclusive: b2, by alembic 1.0: not run: it went elsewhere'],
  ],
  [
    { verdict: 'differs', reason: 'after up: table a', lines: ['after up: table a'] },
    ['forward inconclusive: b2, by alembic 1.0: other than in the rehearsal: after up: table a'],
  ],
  [
    { verdict: 'differs', reason: 'after down: table a', lines: ['after down: table a'] },
    ['rollback inconclusive: b2, by alembic 1.0: other than in the rehearsal: after down: table a'],
  ],
  [{ verdict: 'failed', outcome: 'up-fails', reason: 'no' }, ['forward fail: b2, by alembic 1.0: no']],
  [{ verdict: 'failed', outcome: 'down-fails', reason: 'no' }, ['rollback fail: b2, by alembic 1.0: no']],
  [{ verdict: 'failed', outcome: 'reapply-fails', reason: 'no' }, ['re-apply fail: b2, by alembic 1.0: no']],
  [
    { verdict: 'alone', outcome: 'leaves-residue', reason: 'type a remains' },
    ['rollback fail: b2, by alembic 1.0: type a remains'],
  ],
])('%j', (more, expected) => {
  expect(open({ ...rehearsal('reversible'), native: proof(more) })).toEqual(expected)
})

test('the tool never makes a rehearsal better', () => {
  const verdicts = ['not-run', 'up-fails', 'down-fails', 'leaves-residue', 'loses-data', 'reapply-fails'] as const
  for (const verdict of verdicts) {
    const without = conclude(parts(rehearsal(verdict)), DEFAULTS)
    for (const kind of ['equal', 'alone'] as const) {
      const beside = conclude(parts({ ...rehearsal(verdict), native: proof({ verdict: kind }) }), DEFAULTS)
      expect(beside.verdict).toBe(without.verdict)
      expect(beside.gates.map(({ status }) => status)).toEqual(without.gates.map(({ status }) => status))
      expect(beside.gates).toHaveLength(GATES.length)
    }
  }
})
