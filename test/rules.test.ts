import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { analyse, type Analysis } from '../src/review/analyse.js'
import { rules } from '../src/rules/index.js'
import { loadParsers } from '../src/sql/parse.js'
import { fixtureSides, type Sides } from './support/history-file.js'
import { DEFAULTS } from './support/settings.js'
import { underline } from './support/underline.js'

const folderOf = (id: string): string => `fixtures/rules/${id}`

beforeAll(() => loadParsers({ majors: [15, 17, 18], second: true }))

/** What only a target older than the newest refuses. */
const OLDER_TARGETS: Readonly<Record<string, number>> = {
  'requires-newer-postgres': 15,
  'not-valid-fk-on-partitioned': 17,
}

function analysisOf({ base, head }: Sides, id: string): Analysis {
  const postgres = OLDER_TARGETS[id] ?? 18
  const isOff = rules.some(({ meta }) => meta.id === id && meta.weight === 'off')
  const settings = { ...DEFAULTS, postgres, rules: isOff ? { [id]: 'notice' as const } : {} }
  return analyse({ base, head, settings, today: '2026-01-15', mode: 'pull' })
}

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

describe.each(rules.map(({ meta }) => [meta.id]))('%s', (id) => {
  test('bad: this rule speaks, and no other does in anger', () => {
    const sides = fixtureSides(folderOf(id), 'bad')
    const { findings } = analysisOf(sides, id)
    const others = findings.filter(({ rule, severity }) => rule !== id && severity !== 'notice')
    expect(others).toEqual([])
    const mine = findings.filter(({ rule }) => rule === id)
    expect(mine.length).toBeGreaterThan(0)
    const golden = `${folderOf(id)}/bad.txt`
    const shown = underline(findings, sides.head)
    if (process.env['UPDATE'] === '1' && !process.env['CI']) writeFileSync(golden, shown)
    expect(existsSync(golden) ? readFileSync(golden, 'utf8') : `missing: ${golden}`).toBe(shown)
  })

  test('good: every rule is silent', () => {
    const { findings, notes } = analysisOf(fixtureSides(folderOf(id), 'good'), id)
    expect(findings.map(({ rule, message, at }) => `${at.path}:${at.start.line} ${rule}: ${message}`)).toEqual([])
    expect(notes.filter(({ bearing }) => bearing === 'withholds')).toEqual([])
  })
})
