import { expect, test } from '@jest/globals'
import { nearest } from '../../src/source/nearest.js'

const RULES = ['drop-column', 'drop-table', 'rename-column', 'create-index-non-concurrently']
const BRANCHES = ['main', 'origin/main', 'feature/orders', 'release-1.2']

test.each([
  ['drop-colum', RULES, ['drop-column']],
  ['dorp-table', RULES, ['drop-table']],
  ['DROP-TABLE', RULES, ['drop-table']],
  ['create-index-not-concurrently', RULES, ['create-index-non-concurrently']],
  ['zebra', RULES, []],
  ['mian', BRANCHES, ['main']],
  ['main', BRANCHES, ['main', 'origin/main']],
  ['orders', BRANCHES, ['feature/orders']],
  ['x', BRANCHES, []],
  ['x'.repeat(300), BRANCHES, []],
])('%s', (word, known, expected) => expect(nearest(word, known)).toEqual(expected))
