import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { respond } from '../src/commands/respond.js'
import { reporterOf } from '../src/cli/write.js'
import { lookupsOf } from '../src/report/lookups.js'
import { metaOf } from '../src/rules/index.js'
import { loadConfig } from '../src/config/load.js'
import type { PullRequest } from '../src/model/pull-request.js'
import type { Review } from '../src/model/review.js'
import type { Settings } from '../src/model/settings.js'
import { analyse } from '../src/review/analyse.js'
import { review } from '../src/review/review.js'
import { rules } from '../src/rules/index.js'
import { providerOf } from '../src/sandbox/choose.js'
import { loadParsers } from '../src/sql/parse.js'
import { contextOf } from './commands/context.js'
import { folderEntries } from './support/history-file.js'

/** The policy of a base, where it has one. */
function settingsOf(path: string): Settings {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  const ids = rules.map(({ meta }) => meta.id)
  const loaded = loadConfig(text, path, ids)
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  return loaded.settings
}

const PULLS = 'fixtures/pulls'
const stop = new AbortController()

beforeAll(() => loadParsers({ majors: [18], second: true }))
afterAll(() => stop.abort())

/** Times and the server's patch level differ from run to run. */
const scrubbed = (text: string): string =>
  text
    .replace(/"milliseconds": [\d.e-]+/g, '"milliseconds": 0')
    .replace(/\b18\.\d+\b/g, '18.x')
    .replace(/\b\d+(\.\d+)? ms\b/g, 'N ms')

describe.each(readdirSync(PULLS))('%s', (name) => {
  const folder = `${PULLS}/${name}`
  const files = { base: folderEntries(`${folder}/base`), head: folderEntries(`${folder}/head`) }
  const lookups = lookupsOf(files, metaOf)
  const settings = settingsOf(`${folder}/base/.github/dba.yml`)
  let result: Review

  beforeAll(async () => {
    const pull = JSON.parse(readFileSync(`${folder}/pull.json`, 'utf8')) as PullRequest
    result = await review(
      { pull, ...files, complete: true, settings, today: '2026-01-15' },
      {
        analyse: (input) => Promise.resolve(analyse(input)),
        sandbox: providerOf('pglite'),
        signal: stop.signal,
        progress: () => {},
      },
    )
  }, 60_000)

  test.each([
    ['review.json', 'json'],
    ['check-run.md', 'markdown'],
    ['terminal.txt', 'terminal'],
  ] as const)('%s', (file, format) => {
    expectGolden(file, reporterOf(format, lookups, { color: false, width: 100 }).render(result))
  })

  test.each(['explain', 'suggest'])('/dba %s', (command) => {
    const context = contextOf(result, { textOf: (span) => lookups.excerpt(span) })
    expectGolden(`${command}.md`, respond(`/dba ${command}`, context)?.reply ?? '')
  })

  function expectGolden(file: string, rendered: string): void {
    const text = scrubbed(rendered)
    const golden = `${folder}/expected/${file}`
    if (process.env['UPDATE'] === '1' && !process.env['CI']) {
      mkdirSync(`${folder}/expected`, { recursive: true })
      writeFileSync(golden, text)
    }
    expect(existsSync(golden) ? readFileSync(golden, 'utf8') : `missing: ${golden}`).toBe(text)
  }

  test('what ran is what was judged, statement by statement', () => {
    const run = result.rehearsals.map(({ revision, steps }) => ({
      path: revision.path,
      up: steps.flatMap(({ phase, sql, at }) => (phase === 'up' ? [{ sql, at }] : [])),
    }))
    const judged = result.rehearsals.map(({ revision }) => {
      const script = result.migrations.find(({ revision: { path } }) => path === revision.path)?.up.script
      return {
        path: revision.path,
        up: script?.kind === 'script' ? script.statements.map(({ sql, span }) => ({ sql, at: span })) : [],
      }
    })
    expect(run.length).toBeGreaterThan(0)
    expect(run).toEqual(judged)
  })

  test('the rehearsal takes no finding away', () => {
    const analysis = analyse({ ...files, settings, today: '2026-01-15', mode: 'pull' })
    expect(result.findings).toEqual(expect.arrayContaining([...analysis.findings]))
  })
})
