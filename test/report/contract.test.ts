import { describe, expect, test } from '@jest/globals'
import type { Review } from '../../src/model/review.js'
import { json } from '../../src/report/json.js'
import { markdown } from '../../src/report/markdown.js'
import type { Reporter } from '../../src/report/reporter.js'
import { sarif } from '../../src/report/sarif.js'
import { terminal } from '../../src/report/terminal.js'
import { blocked, empty, HOSTILE, hostile, huge, LOOKUPS, unread } from './reviews.js'

const REPORTERS: readonly Reporter<string>[] = [
  terminal(LOOKUPS, { color: false, width: 100 }),
  terminal(LOOKUPS, { color: true, width: 40 }),
  markdown(LOOKUPS),
  json(),
  sarif([], '0.0.0'),
]
const REVIEWS: Readonly<Record<string, Review>> = { empty, blocked, unread, huge }

describe.each(REPORTERS.map((reporter, i) => [`${reporter.id} ${i}`, reporter] as const))('%s', (_, reporter) => {
  test.each(Object.entries(REVIEWS))('renders the review %s, twice the same', (_, review) => {
    const before = JSON.stringify(review)
    const output = reporter.render(review)
    expect(output).toMatch(/\S[^]*\n$/)
    expect(reporter.render(review)).toBe(output)
    expect(JSON.stringify(review)).toBe(before)
  })

  test.each(Object.entries(HOSTILE))('shows nothing unseen, and gives a runner no orders: %s', (_, text) => {
    const output = reporter.render(hostile(text))
    const colors = /\u001b\[\d+m/g
    expect(reporter.id === 'terminal' ? output.replace(colors, '') : output).not.toMatch(
      // The zero width space is what takes the life out of a mention in Markdown.
      reporter.id === 'markdown'
        ? /(?![\n\u200b])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
        : /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u,
    )
    for (const line of output.replace(colors, '').split('\n')) {
      expect(line).not.toMatch(/^\s*::[\w-]+.*::/)
      expect(line).not.toContain('##[')
    }
    if (text.length < 1000) expect(output.length).toBeLessThan(60_000)
  })
})
