import { expect, test } from '@jest/globals'
import { ruleListMarkdown, ruleMarkdown, rulePage, type RuleFacts } from '../../src/report/rule-page.js'
import { expectGolden } from './golden.js'
import { RULES } from './reviews.js'

const rules: readonly RuleFacts[] = Object.entries(RULES).map(([id, texts], i) => ({
  id,
  code: `C${i + 1}`,
  family: 'blocking',
  weight: 'error',
  confidence: 'certain',
  ...texts,
}))
const [, index] = rules
const examples = {
  bad: 'CREATE INDEX orders_customer_idx ON orders (customer_id);\n',
  underlined: 'CREATE INDEX orders_customer_idx ON orders (customer_id);\n^^^^^^^^^^^^\n',
  good: 'CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);\n',
}

const measured = {
  statement: 'CREATE INDEX orders_customer_idx ON orders (customer_id)',
  seen: {
    '14-17': { locks: { orders: 'SHARE' }, rewrites: [], scans: ['orders'] },
    '18': { unseen: 'it cannot run in a transaction, in which it could be watched' },
  },
} as const

test('a page for a terminal', () => expectGolden('rule.txt', rulePage(index as RuleFacts, { ...examples, measured })))
test('a page in Markdown', () => expectGolden('rule.md', ruleMarkdown(index as RuleFacts, { ...examples, measured })))
test('the list in Markdown', () => expectGolden('rules.md', ruleListMarkdown(rules)))

test('a rule without examples has no empty headings', () => {
  const none = { bad: null, underlined: null, good: null }
  expect(rulePage(index as RuleFacts, none)).not.toMatch(/^(Found|Not found)/m)
  expect(ruleMarkdown(index as RuleFacts, none)).not.toMatch(/Found|Not found/)
})

test.each([
  [{}, 'every version'],
  [{ from: 12 }, '12 and newer'],
  [{ until: 10 }, 'up to 10'],
  [{ from: 11, until: 13 }, '11 to 13'],
])('versions %j', (postgres, expected) => {
  expect(rulePage({ ...(index as RuleFacts), postgres }, examples)).toContain(`PostgreSQL  ${expected}`)
})
