import { readdirSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { analyseApart, openAnalyst } from '../../src/review/analyst.js'
import type { AnalysisInput } from '../../src/review/analyse.js'
import { DEFAULTS } from '../support/settings.js'

const input = (files: Readonly<Record<string, string>>): AnalysisInput => ({
  base: new Map(),
  head: new Map([['go.mod', null], ...Object.entries(files).map(([path, text]) => [path, { text }] as const)]),
  settings: DEFAULTS,
  today: '2026-01-15',
  mode: 'pull',
})

describe('an analysis in a thread of its own', () => {
  test('gives what it gives here', async () => {
    const { migrations, findings, plans } = await analyseApart(
      input({ 'migrations/000001_a.up.sql': '-- Nothing yet.\n' }),
      new AbortController().signal,
    )
    expect(migrations.map(({ change, revision }) => [change, revision.id])).toEqual([['added', '1']])
    expect(findings.map(({ rule }) => rule)).toEqual(['empty-migration'])
    expect(plans.map((plan) => plan.map(({ role }) => role))).toEqual([['rehearse']])
  })

  test('a file too deep for any parser is refused by name, and the rest is analysed', async () => {
    const deep = `SELECT ${'(SELECT '.repeat(600)}1${')'.repeat(600)};\n`
    const { notes, migrations } = await analyseApart(
      input({
        'migrations/000001_a.up.sql': deep,
        'migrations/000002_b.up.sql': 'CREATE TABLE b (id bigint PRIMARY KEY);\n',
      }),
      new AbortController().signal,
    )
    expect(notes.filter(({ bearing }) => bearing === 'withholds').map(({ at }) => at?.path)).toEqual([
      'migrations/000001_a.up.sql',
    ])
    expect(migrations.map(({ up }) => up.script.kind)).toEqual(['refused', 'script'])
  })

  test('ends at once when the review is stopped', async () => {
    const stop = new AbortController()
    const running = analyseApart(input({ 'migrations/000001_a.up.sql': 'SELECT 1;\n' }), stop.signal)
    stop.abort(new Error('interrupted'))
    await expect(running).rejects.toThrow('interrupted')
  })
})

describe('a thread that stays from one analysis to the next', () => {
  const ordinary = input({ 'migrations/000001_a.up.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);\n' })
  const signal = new AbortController().signal
  const SLOW = 'what is not read in time'

  test.each([
    ['nothing out of the common', 'ALTER TABLE a ADD COLUMN b int;\n', true],
    ['a syntax error', 'CREATE TABEL b (id int);\n', true],
    ['what is refused before any parser sees it', `SELECT ${'('.repeat(600)}1${')'.repeat(600)};\n`, true],
    [SLOW, `SELECT a${'[1]'.repeat(300_000)};\n`, false],
    ['what runs a parser out of its memory', `SELECT 1 WHERE 1 ${'IN (1) '.repeat(3_000)};\n`, false],
  ])('after %s the next comes to the same', async (why, sql, unharmed) => {
    // Half a megabyte of brackets takes longer than that on any machine, and the first reading has loaded everything.
    const analyst = openAnalyst(why === SLOW ? 700 : undefined)
    try {
      const alone = await analyst.analyse(ordinary, signal)
      expect(analyst.unharmed()).toBe(true)
      await analyst.analyse(input({ 'migrations/000001_a.up.sql': sql }), signal)
      expect(analyst.unharmed()).toBe(unharmed)
      expect(await analyst.analyse(ordinary, signal)).toEqual(alone)
      expect(analyst.unharmed()).toBe(unharmed)
    } finally {
      await analyst.close()
    }
  })

  test('is one thread, made ready before it is needed and gone when it is closed', async () => {
    const before = threads()
    const analyst = openAnalyst()
    analyst.warm()
    await analyst.analyse(ordinary, signal)
    const warm = threads()
    expect(warm).toBeGreaterThan(before)
    for (let times = 0; times < 5; times++) await analyst.analyse(ordinary, signal)
    expect(threads()).toBe(warm)
    await analyst.close()
    expect(threads()).toBeLessThan(warm)
  })

  test('is another after an analysis that was stopped', async () => {
    const analyst = openAnalyst()
    const alone = await analyst.analyse(ordinary, signal)
    const stop = new AbortController()
    const running = analyst.analyse(ordinary, stop.signal)
    stop.abort(new Error('interrupted'))
    await expect(running).rejects.toThrow('interrupted')
    await expect(analyst.analyse(ordinary, stop.signal)).rejects.toThrow('interrupted')
    expect(await analyst.analyse(ordinary, signal)).toEqual(alone)
    await analyst.close()
  })
})

/** How many threads this process has, by what the system knows of it. */
function threads(): number {
  return readdirSync('/proc/self/task').length
}
