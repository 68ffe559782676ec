import { afterEach, describe, expect, test } from '@jest/globals'
import { conclude } from '../../src/review/conclude.js'
import { BOUNDS, NotReviewed, type Bounds } from '../../src/server/review-apart.js'
import { openReviewers } from '../../src/server/reviewers.js'
import { KEPT, order, signal } from './review-orders.js'
import { childrenHere } from '../support/children-here.js'

/** The processes of this kind that there are. */
const children = () => childrenHere('review-child.js')

const opened: ReturnType<typeof openReviewers>[] = []
function apart(bounds: Bounds = BOUNDS) {
  const reviewers = openReviewers({ ...KEPT, most: 1, reviews: 1 }, bounds)
  opened.push(reviewers)
  return reviewers.makeParts
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close(5_000)))
  expect(children()).toEqual([])
})

describe('a review in a process of its own', () => {
  test.each([
    ['clean', 'pass', 'reversible'],
    ['harmful', 'block', 'down-fails'],
  ])('%s comes to %s', async (name, verdict, rehearsed) => {
    const asked = order(name)
    const said: string[] = []
    const parts = await apart()(asked, signal, (text) => said.push(text))
    const review = conclude(parts, asked.input.settings)
    expect(review.verdict).toBe(verdict)
    expect(review.rehearsals.map((each) => each.verdict)).toContain(rehearsed)
    expect(said).toContain('Reading migrations')
  })

  test('an answer that no pipe takes at once arrives whole', async () => {
    const path = 'migrations/000009_all.up.sql'
    const text = Array.from({ length: 1_500 }, (_, i) => `CREATE TABLE t${i} (id bigint PRIMARY KEY);\n`).join('')
    const parts = await apart()(order('clean', { sandbox: 'none', more: { [path]: text } }), signal)
    expect(parts.migrations.map(({ revision }) => revision.path)).toContain(path)
    expect(JSON.stringify(parts).length).toBeGreaterThan(2 ** 20)
  })

  test('holds nothing of the environment of its parent', async () => {
    process.env['DBA_TEST_SECRET'] = 'CANARY'
    let seen: readonly string[] = []
    await apart()(order('clean'), signal, () => {
      seen = [...seen, ...children().map(({ environment }) => environment)]
    })
    delete process.env['DBA_TEST_SECRET']
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.join('')).not.toContain('CANARY')
    expect(seen.join('')).not.toContain('PATH=')
  })

  test.each([
    ['time', order('clean'), { milliseconds: 50 }, /longer than 0.05 s/],
    ['size', order('harmful', { sandbox: 'none' }), { characters: 1_000 }, /takes \d+/],
    ['memory', order('clean', { sandbox: 'none' }), { megabytes: 4 }, /ended before/],
  ])('a limit on %s is kept, and nothing is left of the process', async (_, asked, bounds, reason) => {
    const error = await apart({ ...BOUNDS, ...bounds })(asked, signal).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(NotReviewed)
    expect((error as Error).message).toMatch(reason)
    expect(children()).toEqual([])
  })

  test('is called off with its reason', async () => {
    const stop = new AbortController()
    const parts = apart()(order('clean'), stop.signal, () => stop.abort(new Error('a newer head is there')))
    await expect(parts).rejects.toThrow('a newer head is there')
    expect(children()).toEqual([])
  })
})
