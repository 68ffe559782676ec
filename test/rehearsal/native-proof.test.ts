import { expect, test } from '@jest/globals'
import type { RehearsalVerdict } from '../../src/model/evidence.js'
import { nativeProof, type Dumps, type Ending } from '../../src/rehearsal/native-proof.js'

const TOOL = { name: 'alembic 1.0', contained: true }
const dump = (...objects: readonly string[]): ReadonlyMap<string, string> =>
  new Map(objects.map((each) => each.split(' = ') as [string, string]))
const A = 'table public.a = table'
const X = 'column public.a.x = integer'
const DONE: Ending = { outcome: 'reversible', kind: 'done' }
const RUN: Dumps = { before: dump(), up: dump(A, X), down: dump(), again: dump(A, X) }

/** How the rehearsal ended and what it saw, what the tool's run was like, and what that comes to. */
test.each<[string, RehearsalVerdict, Dumps, Dumps, Ending, object]>([
  ['the same', 'reversible', RUN, RUN, DONE, { verdict: 'equal', outcome: 'reversible', reason: null, lines: [] }],
  ['only rows are lost', 'loses-data', RUN, RUN, DONE, { verdict: 'equal' }],
  ['no rehearsal', 'not-run', {}, RUN, DONE, { verdict: 'alone', outcome: 'reversible', reason: null }],
  [
    'a rehearsal that stopped after up',
    'not-run',
    { before: dump(), up: dump(A, X) },
    RUN,
    DONE,
    { verdict: 'alone', lines: [] },
  ],
  [
    'a rehearsal that stopped after another up',
    'not-run',
    { before: dump(), up: dump(A) },
    RUN,
    DONE,
    { verdict: 'differs', lines: ['after up: column public.a.x comes of the tool alone'] },
  ],
  [
    'a definition',
    'reversible',
    { ...RUN, up: dump(A, 'column public.a.x = text') },
    RUN,
    DONE,
    {
      verdict: 'differs',
      lines: ['after up: column public.a.x differs: integer by the tool, text by the rehearsal'],
      reason: 'after up: column public.a.x differs: integer by the tool, text by the rehearsal',
    },
  ],
  [
    'a difference that was there before is said once',
    'reversible',
    { before: dump(), up: dump(A, X), down: dump(), again: dump(A, X) },
    {
      before: dump('schema s = schema'),
      up: dump('schema s = schema', A, X),
      down: dump('schema s = schema', A),
      again: dump('schema s = schema', A, X),
    },
    DONE,
    {
      verdict: 'differs',
      lines: ['before up: schema s comes of the tool alone', 'after down: table public.a comes of the tool alone'],
      reason: 'before up: schema s comes of the tool alone (and 1 more)',
    },
  ],
  [
    'what is left, in its own eyes',
    'not-run',
    {},
    { ...RUN, down: dump(A) },
    { outcome: 'leaves-residue', kind: 'done' },
    { verdict: 'alone', outcome: 'leaves-residue', reason: 'table public.a remains' },
  ],
  [
    'another ending',
    'down-fails',
    { before: dump(), up: dump(A, X) },
    RUN,
    DONE,
    {
      verdict: 'differs',
      reason: "the rehearsal ends with down-fails, the tool's own run on empty tables with reversible",
    },
  ],
  [
    'a command that fails',
    'reversible',
    RUN,
    { before: dump() },
    { outcome: 'up-fails', kind: 'failed', reason: 'it fails', output: 'Traceback' },
    { verdict: 'failed', outcome: 'up-fails', reason: 'it fails', output: 'Traceback' },
  ],
  [
    'a command that was stopped says nothing of the migration',
    'reversible',
    RUN,
    { before: dump() },
    { outcome: 'up-fails', kind: 'stopped', reason: 'it was ended', output: '' },
    { verdict: 'not-run', outcome: 'not-run', reason: 'it was ended' },
  ],
])('%s', (_, rehearsed, ours, theirs, ending, expected) => {
  expect(nativeProof(TOOL, rehearsed, { ours, theirs }, ending)).toMatchObject(expected)
})
