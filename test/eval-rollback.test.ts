import { execFile } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { RehearsalVerdict } from '../src/model/evidence.js'
import { scratch, type Scratch } from './support/scratch.js'

const { agrees, figures } = (await import(resolve('scripts/rollback/compare.mjs'))) as {
  agrees: (label: string, rehearsal: Seen) => boolean
  figures: (cases: readonly { path: string; label: string; rehearsal?: Seen; notUnderstood?: string }[]) => {
    readonly [count: string]: unknown
    readonly reasons: Readonly<Record<string, readonly { cause: string; cases: readonly { path: string }[] }[]>>
  }
}
const { inBatches } = (await import(resolve('scripts/rollback/batches.mjs'))) as {
  inBatches: (
    plan: readonly Item[],
    size: number,
    run: (plan: readonly Item[]) => Promise<readonly Pick<Seen, 'verdict' | 'reason'>[]>,
    settled: (count: number) => void,
  ) => Promise<readonly Pick<Seen, 'verdict' | 'reason'>[]>
}

interface Seen {
  readonly verdict: RehearsalVerdict
  readonly reason: string | null
  readonly steps: readonly { phase: string; error: { sqlstate: string; message: string } | null }[]
  readonly residue: readonly string[]
  readonly skipped: readonly unknown[]
}

interface Item {
  readonly id: string
  readonly role: 'replay' | 'rehearse'
}

const seen = (verdict: RehearsalVerdict, more: Partial<Seen> = {}): Seen => {
  return { verdict, reason: null, steps: [], residue: [], skipped: [], ...more }
}
const failing = (phase: string, message: string): Seen['steps'] => [{ phase, error: { sqlstate: '42P07', message } }]

test.each<[label: string, verdicts: readonly RehearsalVerdict[]]>([
  ['clean', ['reversible', 'loses-data']],
  ['drift', ['leaves-residue']],
  ['down-error', ['down-fails']],
  ['up2-error', ['reapply-fails']],
  ['down-missing', ['no-down']],
  ['down-raises', ['no-down']],
  ['merge-or-empty', ['reversible', 'no-down']],
])('%s is borne out by %s and nothing else', (label, expected) => {
  const every: readonly RehearsalVerdict[] = [
    'reversible',
    'leaves-residue',
    'loses-data',
    'up-fails',
    'down-fails',
    'reapply-fails',
    'no-down',
  ]
  expect(every.filter((verdict) => agrees(label, seen(verdict)))).toEqual(expected)
})

test('a second up that fails over what down left is what up2-error says, and drift', () => {
  const both = seen('leaves-residue', { steps: failing('reapply', 'relation "a" already exists') })
  expect(agrees('up2-error', both)).toBe(true)
  expect(agrees('drift', both)).toBe(true)
})

test('figures: precision and recall are of broken; what did not run or was not understood is apart', () => {
  const left = ['index public.a_idx remains', 'column public.a.b differs: text instead of text NOT NULL']
  const counted = figures([
    { path: '1', label: 'clean', rehearsal: seen('reversible', { skipped: [{}] }) },
    { path: '2', label: 'drift', rehearsal: seen('leaves-residue', { residue: left }) },
    { path: '3', label: 'clean', rehearsal: seen('leaves-residue', { residue: left }) },
    {
      path: '4',
      label: 'clean',
      rehearsal: seen('leaves-residue', { residue: left.map((line) => line.replaceAll('.a', '.z')) }),
    },
    { path: '5', label: 'drift', rehearsal: seen('reversible') },
    {
      path: '6',
      label: 'clean',
      rehearsal: seen('down-fails', { steps: failing('down', 'relation "a" already exists') }),
    },
    { path: '7', label: 'down-missing', rehearsal: seen('no-down') },
    { path: '8', label: 'clean', rehearsal: seen('not-run', { reason: 'no sandbox' }) },
    { path: '9', label: 'drift', notUnderstood: 'up: a loop over "x"' },
  ])
  const { reasons, ...counts } = counted
  expect(counts).toEqual({
    labelled: 9,
    compared: 7,
    agreeing: 3,
    brokenSeen: 1,
    brokenMissed: 1,
    cleanBlamed: 3,
    cleanPassed: 1,
    partial: 1,
    notRun: 1,
    notUnderstood: 1,
  })
  const said = Object.entries(reasons).flatMap(([kind, groups]) =>
    groups.map(({ cause, cases }) => `${kind} ${cases.map(({ path }) => path).join()}: ${cause}`),
  )
  expect(said).toEqual([
    'notRun 8: no sandbox',
    'notUnderstood 9: up: a loop over "…"',
    'disagreement 3,4: labelled clean, rehearsed as leaves-residue: column differs, index remains',
    'disagreement 5: labelled drift, rehearsed as reversible',
    'disagreement 6: labelled clean, rehearsed as down-fails: 42P07 relation "…" already exists',
  ])
})

test('what follows one that ends early, or cannot be brought up, is asked again', async () => {
  const plan = ['a', 'b', 'stuck', 'c', 'broken', 'd', 'e', 'f'].map((id): Item => ({ id, role: 'rehearse' }))
  const asked: string[] = []
  const run = async (part: readonly Item[]) => {
    let stopped: string | null = null
    const wanted = part.filter(({ role }) => role === 'rehearse')
    asked.push(wanted.map(({ id }) => id).join(' '))
    return wanted.map(({ id }) => {
      if (stopped !== null) return { verdict: 'not-run', reason: stopped } as const
      if (id === 'stuck' || id === 'broken') stopped = `${id} comes before`
      if (id === 'stuck') return { verdict: 'not-run', reason: 'it hangs' } as const
      return { verdict: id === 'broken' ? 'up-fails' : 'reversible', reason: null } as const
    })
  }
  const rehearsals = await inBatches(plan, 5, run, () => {})
  expect(asked).toEqual(['a b stuck c broken', 'c broken d e f', 'd e f'])
  expect(rehearsals.map(({ verdict }) => verdict)).toEqual([
    'reversible',
    'reversible',
    'not-run',
    'reversible',
    'up-fails',
    'reversible',
    'reversible',
    'reversible',
  ])
})

const GOLANG = 'golang-migrate-basic/db/migrations'
const NO_DOWN = 'golang-migrate-timestamps-no-down/migrations'
const ALEMBIC = 'alembic-basic/backend/alembic/versions'
const LABELS: readonly (readonly [path: string, label: string])[] = [
  [`${GOLANG}/000001_create_customers.up.sql`, 'clean'],
  [`${GOLANG}/000002_create_orders.up.sql`, 'drift'],
  [`${NO_DOWN}/20240212101500_account_region.up.sql`, 'down-missing'],
  [`${ALEMBIC}/1f0c2d9a7b31_create_users.py`, 'clean'],
  [`${ALEMBIC}/c2f7705b8e94_drop_budget.py`, 'down-raises'],
  ['alembic-gaps/alembic/versions/0002_loop.py', 'clean'],
  ['alembic-gaps/alembic/env.py', 'clean'],
  [`${GOLANG}/README.md`, 'harness'],
]

let clones: Scratch
beforeAll(() => {
  clones = scratch()
  cpSync('fixtures/projects', clones.folder, { recursive: true })
  clones.git('add', '-A')
  clones.git('commit', '-qm', 'projects')
  const commit = readFileSync(join(clones.folder, '.git/refs/heads/main'), 'utf8').trim()
  // Bare, and the only thing there is.
  clones.git('clone', '-q', '--bare', '.', 'clones/example+projects')
  const lines = LABELS.map(([path, label]) => JSON.stringify({ repo: 'example/projects', commit, path, label }))
  writeFileSync(join(clones.folder, 'clones/labels.jsonl'), lines.join('\n'))
})
afterAll(() => clones.dispose())

test('the labelled revisions of a clone are rehearsed and compared', async () => {
  const output = await new Promise<string>((done, failed) => {
    const args = ['scripts/eval-rollback.mjs', join(clones.folder, 'clones')]
    execFile(process.execPath, args, (error, out) => (error === null ? done(out) : failed(error)))
  })
  expect(output).toBe(`
repository        n  agree     %  precision  recall  not run  not understood
example/projects  5      4  80.0          –     0.0        0               2
  1 with a label of another kind, left out
  not understood:
    1 × up: line … of upgrade() is not read: it imports application code: the type is not understood: app.types.Money is not understood here
    1 × it is in no history that was found
  1 × labelled drift, rehearsed as reversible
    ${GOLANG}/000002_create_orders.up.sql
      ours:  up, down and up again leave no trace

repository        n  agree     %  precision  recall  not run  not understood
example/projects  5      4  80.0          –     0.0        0               2
total             5      4  80.0          –     0.0        0               2
`)
})
