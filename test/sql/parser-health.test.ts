import { expect, test } from '@jest/globals'
import { acceptedBy, loadParsers, parse, parserHealth, secondOpinion } from '../../src/sql/parse.js'

test('a parser that was not loaded is our mistake, not the text’s', async () => {
  expect(() => parse('select 1')).toThrow(/not loaded/)
  await loadParsers()
  expect(parse('select 1').kind).toBe('parsed')
  expect(() => acceptedBy(15, 'select 1')).toThrow('the grammar of PostgreSQL 15 was not loaded')
  expect(secondOpinion('select 1', [])).toMatchObject({
    kind: 'not-asked',
    reason: expect.stringMatching(/not loaded/),
  })
})

test('loading twice is harmless', async () => {
  await Promise.all([loadParsers({ majors: [15], second: true }), loadParsers({ majors: [15], second: true })])
  expect(acceptedBy(15, 'select 1').kind).toBe('accepted')
})

test('a parser that fails is said to have failed, and after a few times is relied on no more', () => {
  expect(parserHealth()).toEqual({ poisonings: 0, usable: true, pristine: true })
  const tooMuch = `select 1${'+1'.repeat(20_000)}`
  for (let times = 1; times <= 4; times++) {
    expect(parse(tooMuch)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/the parser failed on this text/),
    })
    expect(parserHealth()).toEqual({ poisonings: times, usable: times < 4, pristine: false })
    if (times < 4) expect(parse('select 1').kind).toBe('parsed')
  }
  expect(parse('select 1')).toEqual({ kind: 'refused', reason: 'the parser failed 4 times and is no longer relied on' })
  expect(acceptedBy(15, 'select 1')).toMatchObject({ kind: 'refused' })
})
