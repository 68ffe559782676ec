import { describe, expect, test } from '@jest/globals'
import { processorTime } from '../../support/processor-time.js'
import { readAll, sketch, tree } from '../tree.js'

const MANIFEST = { 'package.json': '{"dependencies":{"node-pg-migrate":"9.0.0"}}' }

function told(files: Readonly<Record<string, string>>) {
  const all = Object.entries(files).map(([name, text]) => [`migrations/${name}`, text])
  const [read] = readAll(tree({ ...MANIFEST, ...Object.fromEntries(all) }))
  if (read === undefined) throw new Error('no project')
  return {
    ids: read.history.revisions.map(({ id }) => id),
    strays: read.history.strays.map(({ path }) => path.slice(11)),
    runs: read.migrations.map(({ up, down }) => `${sketch(up)} => ${sketch(down)}`),
  }
}

describe('node-pg-migrate', () => {
  test('orders by number, a date of 17 digits as its milliseconds, then by name as people do', () => {
    // 2023-01-01 is 1672531200000.
    const names = ['20230101000000001_c', '1672531200000_b', '1672531200002_d', '7_a10', '7_a9', '0100_e']
    const files = Object.fromEntries(names.map((name) => [`${name}.sql`, '']))
    expect(told(files).ids).toEqual([
      '7_a9',
      '7_a10',
      '0100_e',
      '1672531200000_b',
      '20230101000000001_c',
      '1672531200002_d',
    ])
  })

  test.each([
    ['without sections', 'SELECT 1; SELECT 2;', 'one: SELECT 1 | SELECT 2 => absent'],
    ['both', '-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;', 'one: SELECT 1 => one: SELECT 2'],
    [
      'the other way round',
      '-- Down Migration\nSELECT 2;\n-- Up Migration\nSELECT 1;',
      'one: SELECT 1 => one: SELECT 2',
    ],
    [
      'dashes and case',
      '  -- -- UP\tmigration\nSELECT 1;\n---down  Migration!\nSELECT 2;',
      'one: SELECT 1 => one: SELECT 2',
    ],
    ['an up alone', '-- Up Migration\nSELECT 1;', 'one: SELECT 1 => absent'],
    // The tool takes the whole file for the up when only the down is marked.
    ['a down alone', 'SELECT 1;\n-- Down Migration\nSELECT 2;', 'one: SELECT 1 | SELECT 2 => one: SELECT 2'],
    ['not at the end of a line', 'SELECT 1; -- down migration\nSELECT 2;', 'one: SELECT 1 | SELECT 2 => absent'],
    ['an empty down', 'SELECT 1;\n-- Down Migration\n', 'one: SELECT 1 => one: '],
  ])('sections: %s', (_, text, expected) => expect(told({ '1_a.sql': text }).runs).toEqual([expected]))

  test('pairs are one migration each', () => {
    const { ids, runs } = told({ '1_a.up.sql': 'SELECT 1;', '1_a.down.sql': 'SELECT 2;', '2_b.up.sql': 'SELECT 3;' })
    expect(ids).toEqual(['1_a', '2_b'])
    expect(runs).toEqual(['one: SELECT 1 => one: SELECT 2', 'one: SELECT 3 => absent'])
  })

  test('code has its place, and is not read', () => {
    const { ids, runs, strays } = told({
      '1_a.sql': 'SELECT 1;',
      '2_b.js': 'exports.up = () => {}',
      '3_c.ts': '',
      '.hidden.sql': '',
      'helper.js': '',
    })
    expect(ids).toEqual(['1_a', '2_b', '3_c'])
    expect(runs.slice(1)).toEqual([
      'refused in line 1: a migration in JavaScript is code, which is not read => refused in line 1: a migration in JavaScript is code, which is not read',
      'refused in line 1: a migration in TypeScript is code, which is not read => refused in line 1: a migration in TypeScript is code, which is not read',
    ])
    expect(strays).toEqual(['helper.js'])
  })

  test.each([
    ['dashes', '-'.repeat(1 << 19)],
    ['empty lines', '\n'.repeat(1 << 19)],
    ['markers', '--up migration\n'.repeat(1 << 15)],
  ])('looks for sections in time among many %s', (_, text) => {
    const before = processorTime()
    told({ '1_a.sql': text })
    expect(processorTime() - before).toBeLessThan(3000)
  })
})
