import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { commands } from '../../src/commands/index.js'
import { awaitsReport, respond } from '../../src/commands/respond.js'
import { loadConfig } from '../../src/config/load.js'
import { originsOf } from '../../src/config/origin.js'
import type { Review } from '../../src/model/review.js'
import { loadParsers } from '../../src/sql/parse.js'
import { agreed, empty, waiting } from '../report/reviews.js'
import { contextOf, head, reviewOf } from './context.js'

let review: Review
beforeAll(async () => {
  await loadParsers({ majors: [18] })
  review = reviewOf()
})

function expectGolden(name: string, actual: string): void {
  const path = fileURLToPath(new URL(`golden/${name}`, import.meta.url))
  if (process.env['UPDATE'] === '1' && !process.env['CI']) writeFileSync(path, actual)
  expect(existsSync(path) ? readFileSync(path, 'utf8') : `${name} is not there; make it with UPDATE=1`).toBe(actual)
}

const ASKED: readonly (readonly [string, string])[] = [
  ['help', '/dba help'],
  ['explain', '/dba explain'],
  ['explain-statement', '/dba explain #2'],
  ['explain-line', '/dba explain db/migrations/000002_totals.up.sql:4'],
  ['explain-down', '/dba explain db/migrations/000002_totals.down.sql'],
  ['explain-rule', '/dba explain drop-column'],
  ['explain-unknown', '/dba explain drop-colum'],
  ['status', '/dba status'],
  ['locks', '/dba locks'],
  ['diff', '/dba diff'],
  ['erd', '/dba erd'],
  ['plan', '/dba plan'],
  ['suggest', '/dba suggest'],
  ['conflicts-unseen', '/dba conflicts'],
  ['config-defaults', '/dba config'],
  ['describe-unseen', '/dba describe orders'],
  ['unknown', '/dba aprove 0123456789ab'],
  ['several', '/dba nonsense\n/dba locks\n/dba help me'],
]

describe('replies', () => {
  test.each(ASKED)('%s', (name, body) => expectGolden(`${name}.md`, respond(body, contextOf(review))?.reply ?? ''))

  test.each([
    ['status-rehearsed', '/dba status', waiting],
    ['explain-rehearsed', '/dba explain', waiting],
    ['diff-rehearsed', '/dba diff', waiting],
    ['erd-rehearsed', '/dba erd', waiting],
    ['plan-rehearsed', '/dba plan', agreed],
    ['conflicts', '/dba conflicts', waiting],
    ['conflicts-none', '/dba conflicts', { ...empty, clashes: [] }],
    ['describe', '/dba describe Orders', waiting],
    ['describe-neighbour', '/dba describe public.customers', waiting],
    ['describe-missing', '/dba describe order', waiting],
    ['explain-nothing', '/dba explain', empty],
    ['locks-nothing', '/dba locks', empty],
  ])('%s', (name, body, some) => expectGolden(`${name}.md`, respond(body, contextOf(some))?.reply ?? ''))

  test('a migration that nothing undoes gets a down script to begin with', () => {
    const lacking = new Map([...head].filter(([path]) => !path.endsWith('000002_totals.down.sql')))
    expectGolden('suggest-down.md', respond('/dba suggest', contextOf(reviewOf(lacking)))?.reply ?? '')
  })

  test('the policy says where each value comes from', () => {
    const text = [
      'postgres: 16',
      'migrations: [{ path: db, framework: goose }]',
      'rules:',
      '  drop-table: error',
      '  missing-lock-timeout: { severity: notice, options: { milliseconds: 500 } }',
      'approval:',
      '  data: ["@acme/dba", "role:admin"]',
      '  require-issue: true',
    ].join('\n')
    const path = '.github/dba.yml'
    const loaded = loadConfig(text, path, ['drop-table', 'missing-lock-timeout'])
    if (!('settings' in loaded)) throw new Error(JSON.stringify(loaded.problems))
    const policy = { settings: loaded.settings, path, lines: originsOf(text) }
    expectGolden('config.md', respond('/dba config', contextOf(review, { policy }))?.reply ?? '')
  })

  test('a report that was kept as JSON gives the same replies', () => {
    for (const some of [review, waiting]) {
      const stored = JSON.parse(JSON.stringify(some)) as Review
      for (const { name } of commands) {
        expect(respond(`/dba ${name}`, contextOf(stored))).toEqual(respond(`/dba ${name}`, contextOf(some)))
      }
    }
  })

  test('a report that is out of date says so', () => {
    const { reply } = respond('/dba locks', contextOf(review, { current: false })) ?? {}
    expect(reply).toMatch(/^⚠️ This is about `1a2b3c4`\. More has been pushed since/)
  })

  test('where there is no report, nothing is made up', () => {
    for (const { name, about } of commands.filter(({ about }) => about === 'report')) {
      expect({ name, about, ...respond(`/dba ${name}`, contextOf(null)) }).toMatchObject({
        reaction: 'confused',
        reply: 'There is no report on this pull request yet; ask again when there is one.\n',
        effects: [],
      })
    }
  })
})

test('a comment without a command has no answer', () => {
  for (const body of ['', 'Looks good to me', '> /dba rerun', '`/dba rerun`'])
    expect(respond(body, contextOf(review))).toBeNull()
})

test('who may not write runs nothing that needs it', () => {
  const may = (role: string | null) =>
    respond('/dba rerun', contextOf(review, { standing: { ...contextOf(review).standing, role } }))
  expect(may('write')).toEqual({ reaction: '+1', reply: null, effects: [{ kind: 'rerun' }] })
  for (const role of ['triage', 'read', null, 'unknown', 'some-role']) {
    expect(may(role)).toMatchObject({ reaction: 'confused', effects: [] })
  }
  expect(may('read')?.reply).toBe('rerun is for those who may write to the repository.\n')
})

test('what is asked for twice is done once', () => {
  expect(respond('/dba rerun\n/dba rerun', contextOf(review))?.effects).toEqual([{ kind: 'rerun' }])
})

test('a refused comment does nothing at all', () => {
  const answer = respond('/dba rerun\n/dba approve 0123456789ab\n/dba revoke', contextOf(review))
  expect(answer).toEqual({
    reaction: 'confused',
    reply: 'Nothing was done: approve and revoke stand in one comment.\n',
    effects: [],
  })
})

test('only what speaks about a report waits for one', () => {
  expect(awaitsReport('/dba explain')).toBe(true)
  for (const body of ['/dba help', '/dba rerun', '/dba approve 0123456789ab', '/dba nonsense', 'hello']) {
    expect(awaitsReport(body)).toBe(false)
  }
})
