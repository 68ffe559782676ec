import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Side } from '../../src/model/open-snapshot.js'
import { sideOf } from '../../src/model/open-snapshot.js'
import { policyOn } from '../../src/review/policy.js'
import { readStatistics, sizesIn, STATISTICS_SCHEMA, type TableStatistics } from '../../src/statistics/file.js'
import { DEFAULTS } from '../support/settings.js'

const file = (...tables: readonly unknown[]): string => JSON.stringify({ version: 1, taken: '2026-01-15', tables })
const table = (more: object = {}): object => ({ table: 'public.a', rows: 1, bytes: 1, writes: null, ...more })

test('the published schema is the schema', () => {
  const path = 'schema/statistics.schema.json'
  const text = `${JSON.stringify(STATISTICS_SCHEMA, null, 2)}\n`
  if (process.env['UPDATE'] === '1' && !process.env['CI']) writeFileSync(path, text)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

describe('what is wrong with a file is said', () => {
  test.each<readonly [text: string, problem: string]>([
    ['', 'it is not JSON: Unexpected end of JSON input'],
    ['[]', 'the file must be object'],
    ['{}', "the file must have required property 'version'"],
    ['{"version":2,"taken":"2026-01-15","tables":[]}', 'version must be equal to constant'],
    ['{"version":1,"taken":"today","tables":[]}', 'taken must match pattern "^\\d{4}-\\d\\d-\\d\\d$"'],
    [file(table({ rows: -1 })), 'tables.0.rows must be >= 0'],
    [file(table({ rows: '1' })), 'tables.0.rows must be number,null'],
    [file({ table: 'public.a', rows: 1, bytes: 1 }), "tables.0 must have required property 'writes'"],
    [file(table({ table: 'a' })), 'tables.0.table must NOT have fewer than 3 characters'],
    [file(table({ table: 'orders' })), 'tables.0.table must match pattern "^[^.].*\\..'],
    [file(table({ size: 1 })), 'tables.0 must NOT have additional properties'],
    [file(table(), table()), 'public.a is there twice'],
  ])('%s', (text, problem) => {
    const read = readStatistics(text)
    expect('problem' in read ? read.problem : 'nothing').toContain(problem)
  })
})

const THRESHOLDS = { largeRows: 100, largeBytes: 1000, busyWrites: 10, smallRows: 9, smallBytes: 90 }

test.each<readonly [TableStatistics['rows'], TableStatistics['bytes'], TableStatistics['writes'], size: string]>([
  [100, 0, 0, 'large'],
  [99, 0, 0, 'unknown'],
  [0, 1000, 0, 'large'],
  [9, 90, 10, 'large'],
  [9, 90, 9.9, 'small'],
  [9, 90, null, 'small'],
  [0, 0, 0, 'small'],
  [10, 90, 0, 'unknown'],
  [9, 91, 0, 'unknown'],
  [null, 90, 0, 'unknown'],
  [9, null, 0, 'unknown'],
  [null, null, null, 'unknown'],
  [null, 1000, null, 'large'],
  [null, null, 10, 'large'],
])('%s rows, %s bytes and %s writes a second: %s', (rows, bytes, writes, size) => {
  const tables = [{ table: 'public.a', rows, bytes, writes }]
  const { large, small } = sizesIn({ version: 1, taken: '2026-01-15', tables }, THRESHOLDS)
  expect(large.includes('a') ? 'large' : small.includes('a') ? 'small' : 'unknown').toBe(size)
})

test('tables go by the keys of the model', () => {
  const tables = ['public.a', 'audit.a', 'public.odd.name'].map((name) => ({
    table: name,
    rows: 0,
    bytes: 0,
    writes: 0,
  }))
  expect(sizesIn({ version: 1, taken: '2026-01-15', tables }, THRESHOLDS).small).toEqual(['a', 'audit.a', 'odd.name'])
})

function side(files: Readonly<Record<string, string>>): Side {
  const entries = Object.keys(files).map((path) => ({ path, mode: '100644', object: path, size: 1, refused: null }))
  return sideOf(entries, (asked) =>
    Promise.resolve(new Map(asked.map(({ path }) => [path, Buffer.from(files[path] ?? '')]))),
  )
}

describe('the policy of a base branch', () => {
  const config = 'tables: { statistics: db/stats.json }\n'
  test('knows what the statistics there say', async () => {
    const policy = await policyOn(side({ '.github/dba.yml': config, 'db/stats.json': file(table({ rows: 5e6 })) }))
    expect('settings' in policy ? policy.settings.tables.measured : policy).toEqual({ large: ['a'], small: [] })
  })
  test('without any every size is unknown', async () => {
    const policy = await policyOn(side({ 'db/stats.json': file(table()) }))
    expect('settings' in policy ? policy.settings : policy).toEqual(DEFAULTS)
  })
  test.each<readonly [files: Readonly<Record<string, string>>, reason: string]>([
    [{}, 'there is no such file on the base branch'],
    [{ 'db/stats.json': '{' }, 'it is not JSON'],
    [{ 'db/stats.json': file(table({ rows: -1 })) }, 'tables.0.rows must be >= 0'],
  ])('is not valid when they cannot be used: %j', async (files, reason) => {
    const policy = await policyOn(side({ '.github/dba.yml': config, ...files }))
    expect('problem' in policy ? policy.problem : 'none').toContain(
      `The statistics db/stats.json that the configuration names cannot be used: ${reason}`,
    )
  })
})
