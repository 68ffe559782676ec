import { beforeAll, expect, test } from '@jest/globals'
import { GIVES_WAY, givenWay, type Placed } from '../../src/lint/give-way.js'
import type { Finding, Severity } from '../../src/model/finding.js'
import { analyse } from '../../src/review/analyse.js'
import { rules } from '../../src/rules/index.js'
import type { Span } from '../../src/source/span.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const span = (from: number, to: number): Span => ({
  path: 'a.sql',
  start: { line: from, column: 1 },
  end: { line: to, column: 9 },
})
const STATEMENT = span(1, 4)
const ANOTHER = span(5, 6)

function placed(
  rule: string,
  severity: Severity,
  at: Span,
  statement: Span | null,
  more: Partial<Finding> = {},
): Placed {
  const finding: Finding = {
    ...{ rule, severity, at, confidence: 'certain', message: rule, related: [], direction: 'up', migration: '1' },
    ...{ place: 'in-diff', allowed: null, fingerprint: rule, fix: null },
    ...more,
  }
  return { finding, statement }
}

const loser = placed('loses', 'warning', span(2, 2), STATEMENT)

test.each<readonly [name: string, winner: Placed, left: readonly string[]]>([
  ['the same place', placed('wins', 'warning', span(2, 2), STATEMENT), ['wins']],
  ['around it', placed('wins', 'error', STATEMENT, STATEMENT), ['wins']],
  ['less severe', placed('wins', 'notice', span(2, 2), STATEMENT), ['loses', 'wins']],
  ['another operation of the statement', placed('wins', 'error', span(3, 3), STATEMENT), ['loses', 'wins']],
  ['another statement', placed('wins', 'error', span(2, 2), ANOTHER), ['loses', 'wins']],
  ['no statement', placed('wins', 'error', span(2, 2), null), ['loses', 'wins']],
  ['the other direction', placed('wins', 'error', STATEMENT, STATEMENT, { direction: 'down' }), ['loses', 'wins']],
  ['another rule', placed('another', 'error', STATEMENT, STATEMENT), ['loses', 'another']],
])('%s', (_, winner, left) => {
  const findings = givenWay([loser, winner], { loses: ['wins'] })
  expect(findings.map(({ rule }) => rule)).toEqual(left)
})

test('a rule that has been renamed does not stay in the table', () => {
  const ids = rules.map(({ meta }) => meta.id)
  expect(
    Object.entries(GIVES_WAY)
      .flat(2)
      .filter((id) => !ids.includes(id)),
  ).toEqual([])
})

/** Statements in which several rules could see the same cause: what they say of a table that is there, in `recommended`. */
test.each<readonly [statement: string, ...said: readonly string[]]>([
  ['ADD COLUMN a int NOT NULL', 'error add-required-column'],
  ['ADD COLUMN a uuid NOT NULL DEFAULT gen_random_uuid()', 'warning add-column-volatile-default'],
  ['ADD COLUMN a serial', 'warning add-column-serial'],
  ['ADD COLUMN a bigserial PRIMARY KEY', 'warning add-column-serial'],
  ['ADD COLUMN a int PRIMARY KEY', 'error add-required-column'],
  ['ADD COLUMN a int UNIQUE', 'warning add-unique-constraint'],
  ['ADD COLUMN a int CHECK (a > 0)', 'warning add-check-validating'],
  ['ALTER COLUMN a TYPE int', 'warning change-column-type-rewrite'],
  ['ADD PRIMARY KEY (id)', 'warning add-primary-key-validating'],
  ['DROP COLUMN a, ADD COLUMN b int NOT NULL', 'approval drop-column', 'error add-required-column'],
])('one finding for each cause: %s', (action, ...said) => {
  const sql = `SET lock_timeout = '2s';\nALTER TABLE orders ${action};\n`
  const { findings } = analyse({
    base: new Map(),
    head: new Map([['orders.sql', { text: sql }]]),
    settings: DEFAULTS,
    today: '2026-01-15',
    mode: 'files',
  })
  expect(findings.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(said)
})
