import { describe, expect, test } from '@jest/globals'
import { sarif } from '../../src/report/sarif.js'
import { expectGolden } from './golden.js'
import { blocked, empty, hostile, RULES, unread } from './reviews.js'

const RULE_FACTS = Object.entries(RULES).map(([id, texts], i) => ({
  id,
  code: `B${i + 1}`,
  family: 'data-loss',
  weight: 'error' as const,
  confidence: 'certain' as const,
  ...texts,
}))
const reporter = sarif(RULE_FACTS, '1.2.3')

interface Run {
  readonly invocations: readonly {
    readonly executionSuccessful: boolean
    readonly toolExecutionNotifications: readonly object[]
  }[]
  readonly results: readonly {
    readonly ruleId: string
    readonly level: string
    readonly suppressions: readonly object[]
    readonly locations: readonly {
      readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } }
    }[]
  }[]
}
const runOf = (output: string): Run => (JSON.parse(output) as { runs: [Run] }).runs[0]

describe('sarif', () => {
  test('the log', () => expectGolden('blocked.sarif', reporter.render(blocked)))

  test('what holds a pull request is an error, what was allowed is suppressed', () => {
    const { results } = runOf(reporter.render(blocked))
    expect(results.map(({ ruleId, level, suppressions }) => [ruleId, level, suppressions.length])).toEqual([
      ['missing-lock-timeout', 'warning', 0],
      ['drop-column', 'error', 0],
      ['create-index-non-concurrently', 'error', 0],
      ['missing-down', 'warning', 1],
    ])
  })

  test('a run that could not look was not successful', () => {
    expect(runOf(reporter.render(empty)).invocations).toEqual([
      { executionSuccessful: true, toolExecutionNotifications: [] },
    ])
    for (const review of [blocked, unread]) {
      expect(runOf(reporter.render(review)).invocations[0]?.executionSuccessful).toBe(false)
    }
    const undecided = { ...empty, gates: unread.gates }
    expect(runOf(reporter.render(undecided)).invocations[0]?.executionSuccessful).toBe(false)
  })

  test.each([
    ['a b', 'db/a%20b.sql'],
    ['a:b', 'db/a%3Ab.sql'],
    ['é', 'db/%C3%A9.sql'],
    ['%41', 'db/%2541.sql'],
    ['a\nb', 'db/a%0Ab.sql'],
    ['\ud800', 'db/%EF%BF%BD.sql'],
  ])('a path with %j is a URI', (name, uri) => {
    const { results } = runOf(reporter.render(hostile(name)))
    expect(results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri)
  })
})
