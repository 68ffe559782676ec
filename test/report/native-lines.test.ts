import { expect, test } from '@jest/globals'
import type { NativeProof } from '../../src/model/evidence.js'
import { json } from '../../src/report/json.js'
import { markdown } from '../../src/report/markdown.js'
import { terminal } from '../../src/report/terminal.js'
import { LOOKUPS, blocked } from './reviews.js'

const NATIVE: NativeProof = {
  tool: 'alembic 1.20.1',
  contained: false,
  verdict: 'differs',
  outcome: 'reversible',
  reason: 'after up: column public.t.x differs',
  lines: ['after up: column public.t.x differs'],
  output: 'INFO one\n\n\u001b[31mINFO two\n',
}
const review = { ...blocked, rehearsals: blocked.rehearsals.map((each) => ({ ...each, native: NATIVE })) }

test.each([
  ['terminal', terminal(LOOKUPS, { color: false, width: 120 }).render(review)],
  ['markdown', markdown(LOOKUPS).render(review)],
])('%s tells of the run of the tool', (_, text) => {
  const plain = text.replaceAll('\\', '').replace(/\s+/g, ' ')
  for (const said of [
    'alembic 1.20.1: other schemas than in the rehearsal, reversible',
    'alembic 1.20.1, after up: column public.t.x differs',
    'alembic 1.20.1 printed: INFO one',
    'alembic 1.20.1 could not be cut off from the network on this machine',
  ])
    expect(plain).toContain(said)
  expect(text).not.toContain('\u001b')
  expect(plain.split('other schemas than in the rehearsal')).toHaveLength(1 + review.rehearsals.length)
})

test('JSON has all of it', () => {
  const document = JSON.parse(json().render(review)) as { rehearsals: { native: unknown }[] }
  expect(document.rehearsals.length).toBeGreaterThan(0)
  for (const { native } of document.rehearsals) expect(native).toEqual(NATIVE)
})
