import { describe, expect, test } from '@jest/globals'
import { presetSeverity } from '../../src/lint/severity.js'
import { sizeOf, type TableSize } from '../../src/model/settings.js'
import { SEVERITIES } from '../../src/model/finding.js'
import { PRESETS, type Preset } from '../../src/model/settings.js'
import type { Family, RuleMeta } from '../../src/rules/rule.js'
import { DEFAULTS } from '../support/settings.js'

/** What each preset gives a rule of weight `error`: relaxed · recommended · strict, for a large, an unknown and a small table. */
const OF_ERRORS: Readonly<Record<Family, string>> = {
  history: 'error/error/error · error/error/error · error/error/error',
  environment: 'approval/approval/approval · approval/approval/approval · approval/approval/approval',
  'data-loss': 'approval/approval/approval · approval/approval/approval · approval/approval/approval',
  blocking: 'error/notice/notice · error/warning/notice · error/error/notice',
  compatibility: 'warning/warning/warning · error/error/error · error/error/error',
  rollback: 'error/error/error · error/error/error · error/error/error',
  failure: 'error/error/error · error/error/error · error/error/error',
  transaction: 'error/error/error · error/error/error · error/error/error',
  security: 'error/error/error · error/error/error · error/error/error',
  hygiene: 'notice/notice/notice · warning/warning/warning · error/error/error',
  reading: 'notice/notice/notice · warning/warning/warning · error/error/error',
}
/** The same for the other weights, where the size of a table does not matter: relaxed · recommended · strict. */
const OF_OTHERS: readonly (readonly [family: Family, code: string, weight: RuleMeta['weight'], given: string])[] = [
  ['blocking', 'C1', 'warning', 'notice · warning · warning'],
  ['blocking', 'C1', 'notice', 'notice · notice · notice'],
  ['blocking', 'C1', 'off', 'off · off · off'],
  ['data-loss', 'B1', 'warning', 'notice · warning · warning'],
  ['hygiene', 'C68', 'warning', 'notice · warning · error'],
  ['hygiene', 'C68', 'notice', 'notice · notice · error'],
  ['hygiene', 'C68', 'off', 'off · off · off'],
  ['hygiene', 'I7', 'off', 'off · off · warning'],
  ['hygiene', 'J2', 'off', 'off · off · warning'],
  ['hygiene', 'K3', 'off', 'off · off · warning'],
]

const SIZES: readonly TableSize[] = ['large', 'unknown', 'small']
const FAMILIES = Object.keys(OF_ERRORS) as readonly Family[]

test.each(FAMILIES.map((family) => [family, OF_ERRORS[family]] as const))('%s: %s', (family, given) => {
  const of = (preset: Preset): string =>
    SIZES.map((size) => presetSeverity({ code: 'C1', family, weight: 'error' }, size, preset)).join('/')
  expect(PRESETS.map(of).join(' · ')).toBe(given)
})

test.each(OF_OTHERS)('%s %s of weight %s: %s', (family, code, weight, given) => {
  for (const size of SIZES) {
    expect(PRESETS.map((preset) => presetSeverity({ code, family, weight }, size, preset)).join(' · ')).toBe(given)
  }
})

test('strict is never milder than recommended, nor that than relaxed', () => {
  const order = ['off', ...SEVERITIES]
  for (const family of FAMILIES)
    for (const weight of ['error', 'warning', 'notice', 'off'] as const)
      for (const code of ['C1', 'I1'])
        for (const size of SIZES) {
          const ranks = PRESETS.map((preset) => order.indexOf(presetSeverity({ code, family, weight }, size, preset)))
          expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
        }
})

describe('the size of a table', () => {
  const tables = {
    ...DEFAULTS.tables,
    large: ['orders', 'audit.log'],
    small: ['flags'],
    measured: { large: ['flags', 'events'], small: ['orders', 'colours'] },
  }
  test.each<readonly [table: string, size: TableSize, why: string]>([
    ['orders', 'large', 'named large, measured small'],
    ['public.orders', 'large', 'public goes without saying'],
    ['audit.log', 'large', 'another schema'],
    ['log', 'unknown', 'of the schema that is not named'],
    ['flags', 'small', 'named small, measured large'],
    ['events', 'large', 'measured'],
    ['colours', 'small', 'measured'],
    ['Orders', 'unknown', 'another name in quotes'],
  ])('%s is %s: %s', (table, size) => {
    const [name = '', schema = ''] = table.split('.').reverse()
    expect(sizeOf({ ...DEFAULTS, tables }, { schema, name })).toBe(size)
  })
})
