import { beforeAll, expect, test } from '@jest/globals'
import { allowance } from '../../src/commands/rate.js'
import { respond } from '../../src/commands/respond.js'
import { loadParsers } from '../../src/sql/parse.js'
import { contextOf, reviewOf } from './context.js'

beforeAll(() => loadParsers({ majors: [18] }))

const NOW = '2026-01-15T10:00:00.000Z'
const ago = (seconds: number): string => new Date(Date.parse(NOW) - seconds * 1000).toISOString()

test.each<[string, readonly string[], number]>([
  ['none before', [], 3],
  ['one just now', [ago(0)], 2],
  ['one ten minutes ago', [ago(600)], 3],
  ['one just less than ten minutes ago', [ago(599)], 2],
  ['one from a clock that is ahead', [ago(-60)], 2],
  ['one without a readable time', ['yesterday'], 2],
  ['as many as may be', [ago(1), ago(2), ago(3)], 0],
  ['more than may be', [ago(1), ago(2), ago(3), ago(4)], 0],
])('%s', (_, earlier, left) => {
  expect(allowance(earlier, NOW, { commands: 3, minutes: 10 })).toBe(left)
})

test('what is beyond the allowance is not run', () => {
  const answer = respond('/dba rerun\n/dba help', contextOf(reviewOf()), 1)
  expect(answer?.effects).toEqual([{ kind: 'rerun' }])
  expect(answer?.reply).toBe('A pull request may run 20 commands in 10 minutes: not all of these were run.\n')
  expect(respond('/dba rerun', contextOf(reviewOf()), 0)).toEqual({ reaction: 'confused', reply: null, effects: [] })
})
