import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { rules } from '../src/rules/index.js'
import { loadParsers, parse } from '../src/sql/parse.js'
import { washed } from './rehearsal/washed.js'
import { folderOf, fixtureOf, judgedBy } from './rules/judged.js'
import { underline } from './support/underline.js'

/** What cannot happen unless something else does, which has a finding of its own. */
const CAUSES: Readonly<Record<string, string>> = {
  'invalid-index-left-behind': 'seeded-run-fails',
  'suppression-added-on-merged-file': 'edited-applied-migration-comments-only',
  'drop-fk-locks-both-tables': 'drop-constraint',
  'drop-partition-locks-parent': 'drop-partition-data',
  'drop-table-multiple-fks': 'drop-table',
  'timestamp-timezone-dependent': 'change-type-breaks-clients',
}

const provider = washed()
beforeAll(() => loadParsers({ majors: [15, 17, 18], second: true }))
afterAll(async () => provider[Symbol.asyncDispose]())

test('the registry is sorted, and every id is unique and has a fixture folder', () => {
  const ids = rules.map(({ meta }) => meta.id)
  expect(ids).toEqual([...new Set(ids)].sort())
  expect(readdirSync('fixtures/rules').sort()).toEqual(ids)
})

test.each(rules.map(({ meta }) => [meta.id, meta] as const))('%s says what it must, in the house style', (_, meta) => {
  expect(meta.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  expect(meta.code).toMatch(/^[A-L]\d+$/)
  for (const line of [meta.summary, ...Object.values(meta.messages)]) expect(line).not.toMatch(/\.$/)
  for (const prose of [meta.why, meta.instead]) expect(prose).toMatch(/^[A-Z`].*[.)]$/s)
})

describe.each(rules.map((rule) => [rule.meta.id, rule] as const))('%s', (id, rule) => {
  test('bad: this rule speaks, and no other does in anger', async () => {
    const sides = fixtureOf(rule, 'bad')
    const { findings } = await judgedBy(rule, sides, provider)
    const others = findings.filter(
      (finding) => finding.rule !== id && finding.rule !== CAUSES[id] && finding.severity !== 'notice',
    )
    expect(others).toEqual([])
    const mine = findings.filter((finding) => finding.rule === id)
    expect(mine.length).toBeGreaterThan(0)
    const suggested = mine.flatMap(({ fix, at }) => (fix !== null && at.path.endsWith('.sql') ? [fix] : []))
    expect(suggested.filter((fix) => parse(fix).kind !== 'parsed')).toEqual([])
    const golden = `${folderOf(id)}/bad.txt`
    const shown = underline(findings, sides.head)
    if (process.env['UPDATE'] === '1' && !process.env['CI']) writeFileSync(golden, shown)
    expect(existsSync(golden) ? readFileSync(golden, 'utf8') : `missing: ${golden}`).toBe(shown)
  })

  test('good: every rule is silent', async () => {
    const { findings, notes } = await judgedBy(rule, fixtureOf(rule, 'good'), provider)
    expect(
      findings.map((finding) => `${finding.at.path}:${finding.at.start.line} ${finding.rule}: ${finding.message}`),
    ).toEqual([])
    expect(notes.filter(({ bearing }) => bearing === 'withholds')).toEqual([])
  })
})
