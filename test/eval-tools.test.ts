import { resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'

interface State {
  readonly done: boolean
  readonly said: string | null
  readonly schema: ReadonlyMap<string, string>
}
const { verdictOf, downVerdict, isSaid } = (await import(resolve('scripts/frameworks/verdict.mjs'))) as {
  verdictOf: (seen: object) => string
  downVerdict: (item: object, its: State, mine: State | undefined) => { verdict: string }
  isSaid: (said: string, reason: string) => boolean
}

const SAME = { stopped: null, fails: null, differences: [], rows: [], downs: [] }
const fails = (isSame: boolean) => ({ id: '2', reason: 'no such table', isSame })

describe('how a history came out', () => {
  test.each<[what: string, seen: object, verdict: string]>([
    ['nothing differs', {}, 'equal'],
    ['an object differs', { differences: [{ key: 'table a' }] }, 'different'],
    ['rows differ', { rows: [{ table: 'a' }] }, 'different'],
    ['a down leads elsewhere', { downs: [{ verdict: 'wrong' }] }, 'different'],
    ['neither can undo one', { downs: [{ verdict: 'neither can' }] }, 'equal'],
    ['ours alone fails and nothing differs', { fails: fails(false) }, 'left out'],
    ['ours alone fails and an object differs', { fails: fails(false), differences: [{ key: 'table a' }] }, 'different'],
    ['the tool alone stops', { stopped: 'no such table' }, 'different'],
    ['both stop over the same', { stopped: 'no such table', fails: fails(true) }, 'both stop'],
    ['both stop, for other reasons', { stopped: 'no connection', fails: fails(false) }, 'different'],
    ['it could not be looked at', { failed: 'no sandbox' }, 'different'],
  ])('%s', (_, seen, verdict) => expect(verdictOf({ ...SAME, ...seen })).toBe(verdict))
})

describe('how a migration was undone', () => {
  const schema = (...keys: readonly string[]): State['schema'] => new Map(keys.map((key) => [key, 'table']))
  const done = (...keys: readonly string[]): State => ({ done: true, said: null, schema: schema(...keys) })
  const failed = (...keys: readonly string[]): State => ({ done: false, said: 'no', schema: schema(...keys) })
  test.each<[down: string, its: State, mine: State | undefined, verdict: string]>([
    ['script', done('table a'), done('table a'), 'equal'],
    ['script', done('table a'), done('table a', 'table b'), 'wrong'],
    ['script', failed('table a'), done('table a'), 'wrong'],
    ['script', done('table a'), failed('table a'), 'wrong'],
    ['script', failed('table a'), failed('table a'), 'neither can'],
    ['refused', failed('table a'), failed('table a'), 'neither can'],
    ['absent', failed('table a'), done('table a'), 'neither can'],
    ['absent', done('table a'), done('table a'), 'neither can'],
    ['absent', done(), done('table a'), 'wrong'],
    ['script', done('table a'), undefined, 'not compared'],
  ])('%s: %p beside %p', (kind, its, mine, verdict) => {
    expect(downVerdict({ revision: { id: '1' }, down: { kind } }, its, mine).verdict).toBe(verdict)
  })
})

test.each([
  ['ERROR: relation "a.b" does not exist (SQLSTATE 42P01)', 'relation "a.b" does not exist', true],
  ['message: "relation \\"a\\" does not exist"', 'relation "a" does not exist', true],
  ['FATAL: remaining connection slots are reserved', 'relation "a" does not exist', false],
])('%s', (said, reason, expected) => expect(isSaid(said, reason)).toBe(expected))
