import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { KNOWN_FINDINGS_SCHEMA, knownFindingsText, readKnownFindings } from '../../src/config/known-findings.js'
import type { Finding, Severity } from '../../src/model/finding.js'
import type { KnownFinding } from '../../src/model/settings.js'
import { notKnowable, staleNotes, withKnown, type Judged } from '../../src/review/known.js'
import { startOf } from '../../src/source/span.js'

const entry = (more: Partial<KnownFinding> = {}): KnownFinding => ({
  ...{ path: 'a.sql', rule: 'create-index-non-concurrently', fingerprint: '0123456789abcdef', reason: 'old' },
  ...{ since: '2026-01-15', ...more },
})
const finding = (more: Partial<Finding> = {}): Finding => ({
  ...{ rule: 'create-index-non-concurrently', severity: 'warning', confidence: 'certain', message: 'm' },
  ...{ at: startOf('a.sql'), related: [], direction: 'up', migration: '1', place: 'in-diff', allowed: null },
  ...{ fingerprint: '0123456789abcdef', fix: null, ...more },
})

test('the published schema is the schema', () => {
  const path = 'schema/baseline.schema.json'
  const text = `${JSON.stringify(KNOWN_FINDINGS_SCHEMA, null, 2)}\n`
  if (process.env['UPDATE'] === '1' && !process.env['CI']) writeFileSync(path, text)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('what is written is read again, and does not depend on the order of what was found', () => {
  const entries = [
    entry({ fingerprint: '3'.repeat(16), path: 'b.sql' }),
    entry({ fingerprint: '2'.repeat(16), rule: 'drop-table' }),
    entry({ fingerprint: '1'.repeat(16) }),
  ]
  expect(readKnownFindings(knownFindingsText(entries))).toEqual(
    entries.toReversed().toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.rule < b.rule ? -1 : 1)),
  )
  expect(knownFindingsText(entries)).toBe(knownFindingsText(entries.toReversed()))
})

test.each<readonly [text: string, problem: string]>([
  ['', 'it is not JSON'],
  ['{"version":1,"findings":[{}]}', "findings.0 must have required property 'path'"],
  [knownFindingsText([entry({ reason: ' ' })]), 'findings.0.reason must match pattern'],
  [knownFindingsText([entry({ fingerprint: 'x' })]), 'findings.0.fingerprint must match pattern'],
  [knownFindingsText([entry(), entry()]), 'the finding 0123456789abcdef is there twice'],
])('what is wrong with a file is said: %s', (text, problem) => {
  const read = readKnownFindings(text)
  expect('problem' in read ? read.problem : '').toContain(problem)
})

describe('which findings can be known', () => {
  test.each<readonly [rule: string, severity: Severity, pull: string | null, files: string | null]>([
    ['create-index-non-concurrently', 'error', null, null],
    ['missing-lock-timeout', 'notice', null, null],
    ['unused-suppression', 'warning', null, null],
    ['create-index-non-concurrently', 'approval', 'it needs a named approver', null],
    ['drop-column', 'approval', 'it needs a named approver', null],
    ['drop-column', 'warning', 'it needs a named approver', null],
    ...['multiple-heads', 'edited-applied-migration', 'suppression-added-on-merged-file'].map((rule) => {
      const why = 'it is about the history: it has to be put right'
      return [rule, 'error', why, why] as const
    }),
    ['up-fails', 'error', ...both('the rehearsal has seen it happen')],
    ['unanalysable-statement', 'warning', ...both('what nobody could read is not known')],
    ['no-such-rule', 'warning', ...both('its rule is not known')],
  ])('%s, %s', (rule, severity, pull, files) => {
    const given = (judged: Judged): string | null => notKnowable({ rule, severity }, judged)
    expect([given('pull'), given('files')]).toEqual([pull, files])
    const known = withKnown([finding({ rule, severity })], [entry({ rule })], 'pull')
    expect(known.map(({ allowed }) => allowed?.by ?? null)).toEqual([pull === null ? 'baseline' : null])
  })
})

function both(why: string): readonly [string, string] {
  return [why, why]
}

test('only the very finding is known', () => {
  const known = [entry()]
  expect(withKnown([finding({ fingerprint: 'f'.repeat(16) })], known, 'pull')[0]?.allowed).toBe(null)
  expect(withKnown([finding({ rule: 'add-check-validating' })], known, 'pull')[0]?.allowed).toBe(null)
  const commented = finding({ allowed: { by: 'comment', reason: 'small' } })
  expect(withKnown([commented], known, 'pull')).toEqual([commented])
})

test('of a file that is gone, entries are stale; of one that was not judged nothing is known', () => {
  const said = (exists: boolean, found: readonly Finding[]): readonly string[] =>
    staleNotes([entry()], found, [], () => exists).map(({ message, bearing }) => `${bearing}: ${message}`)
  expect(said(true, [])).toEqual([])
  expect(said(false, [finding()])).toEqual([])
  expect(said(false, [])).toEqual([
    'informs: .github/dba-baseline.json holds findings that are no longer there: create-index-non-concurrently in a.sql; dba baseline takes them out',
  ])
})
