import { describe, expect, test } from '@jest/globals'
import { analyseApart } from '../../src/review/analyst.js'
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
