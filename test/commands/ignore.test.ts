import { beforeAll, describe, expect, test } from '@jest/globals'
import { respond } from '../../src/commands/respond.js'
import type { Context } from '../../src/commands/command.js'
import type { Review } from '../../src/model/review.js'
import { loadParsers } from '../../src/sql/parse.js'
import { contextOf, MAINTAINER, reviewOf } from './context.js'

let review: Review
let fingerprint = ''
beforeAll(async () => {
  await loadParsers({ majors: [18] })
  review = reviewOf()
  fingerprint = review.findings.find(({ rule }) => rule === 'create-index-non-concurrently')?.fingerprint ?? ''
})

const said = (body: string, some: Partial<Context> = {}) => respond(`/dba ignore ${body}`, contextOf(review, some))

describe('a finding is set aside', () => {
  test.each<[string, () => string]>([
    ['by its rule', () => 'create-index-non-concurrently'],
    ['by its fingerprint', () => fingerprint],
    ['by the beginning of it', () => fingerprint.slice(0, 6)],
    ['by its place', () => 'db/migrations/000002_totals.up.sql:4'],
  ])('%s', (_, word) => {
    const answer = said(`${word()} reason="the table is empty" until=2026-02-28`)
    expect(answer).toEqual({
      reaction: '+1',
      reply:
        'create-index-non-concurrently at db/migrations/000002\\_totals.up.sql:4 is set aside in this pull request until 2026-02-28.\n'.replace(
          '\\_',
          '_',
        ),
      effects: [
        {
          kind: 'ignore',
          ignore: {
            fingerprint,
            reason: 'the table is empty',
            until: '2026-02-28',
            by: { id: 10, login: 'ada' },
            comment: 99,
          },
        },
        { kind: 'rerun' },
      ],
    })
  })

  test('without an end, for as long as the pull request is open', () => {
    expect(said(`${fingerprint} reason="x"`)?.effects[0]).toMatchObject({ ignore: { until: null } })
  })
})

describe('a finding is not set aside', () => {
  test.each<[string, string, RegExp]>([
    ['without a finding', 'reason="x"', /takes one finding/],
    ['without a reason', 'create-index-non-concurrently', /for a reason/],
    ['with a blank one', 'create-index-non-concurrently reason="  "', /for a reason/],
    ['with a reason that nobody quoted', 'create-index-non-concurrently reason=the table is empty', /quotation marks/],
    ['with a long one', `create-index-non-concurrently reason="${'x'.repeat(501)}"`, /at most 500/],
    ['until no day', 'create-index-non-concurrently reason=x until=2026-02-30', /a day, written/],
    ['until tomorrow', 'create-index-non-concurrently reason=x until=tomorrow', /a day, written/],
    ['until yesterday', 'create-index-non-concurrently reason=x until=2026-01-14', /has passed/],
    ['with another option', 'create-index-non-concurrently reason=x forever=yes', /no forever/],
    ['that needs approval', 'drop-column reason=x', /needs a named approver/],
    ['that is not there', 'rename-table reason=x', /No finding of this report/],
    ['that is misspelt', 'drop-colum reason=x', /drop-column at db/],
    ['that nobody knows', '__proto__ reason=x', /No finding of this report/],
    ['by a place where there is none', 'db/migrations/000002_totals.up.sql:1 reason=x', /No finding/],
    [
      'by every finding of a place that has several',
      'db/migrations/000002_totals.up.sql:3 reason=x',
      /name one by its fingerprint/,
    ],
  ])('%s', (_, body, reply) => {
    const answer = said(body)
    expect(answer?.effects).toEqual([])
    expect(answer?.reaction).toBe('confused')
    expect(answer?.reply).toMatch(reply)
  })

  test.each(['triage', 'read', null, 'unknown'])('by somebody with the role %s', (role) => {
    expect(said(`${fingerprint} reason=x`, { standing: { ...MAINTAINER, role } })?.effects).toEqual([])
  })
})
