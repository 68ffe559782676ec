import { expect, test } from '@jest/globals'
import { driftIn } from '../../src/native/alembic.js'
import { driftNotes } from '../../src/review/drift-notes.js'

const DETECTED = "FAILED: New upgrade operations detected: [('remove_column', None, 'users', 'phone')]\n"

test.each<readonly [string, number | null, string, ReturnType<typeof driftIn>]>([
  ['no difference', 0, 'No new upgrade operations detected.\n', { kind: 'none' }],
  [
    'a difference',
    255,
    `INFO x\n${DETECTED}`,
    { kind: 'differs', said: "[('remove_column', None, 'users', 'phone')]" },
  ],
  ['a project without models', 255, 'FAILED: … does not provide a MetaData object or sequence of objects\n', null],
  [
    'an older Alembic',
    2,
    "alembic: error: argument {branches,current}: invalid choice: 'check'\n",
    {
      kind: 'unknown',
      reason: "`alembic check` fails: alembic: error: argument {branches,current}: invalid choice: 'check'",
    },
  ],
  [
    'models that cannot be loaded',
    1,
    "Traceback …\nModuleNotFoundError: No module named 'shop'\n",
    { kind: 'unknown', reason: "`alembic check` fails: ModuleNotFoundError: No module named 'shop'" },
  ],
  ['one that was ended', null, '', { kind: 'unknown', reason: '`alembic check` fails' }],
])('%s', (_, code, output, drift) => {
  expect(driftIn({ code, output })).toEqual(drift)
})

test('a difference is a note that informs, whatever its length', () => {
  const proof = { tool: 'alembic 1.20.1', contained: true, verdict: 'equal', outcome: 'reversible' } as const
  const native = { ...proof, reason: null, lines: [], output: '' }
  const said = 'x'.repeat(2_000)
  expect(driftNotes([{ native: { ...native, drift: { kind: 'differs', said } } }])).toEqual([
    {
      message: `alembic 1.20.1: the models are not what the migrations make: ${'x'.repeat(600)}…`,
      at: null,
      bearing: 'informs',
    },
  ])
  expect(driftNotes([{ native: { ...native, drift: { kind: 'none' } } }, { native }, {}])).toEqual([])
})
