import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Api } from '../../src/github/api.js'
import { keepReview, type KeptReview } from '../../src/github/inline-review.js'
import { findingMark, type InlineComment, markedFinding } from '../../src/report/inline.js'
import type { FakePull, FakeRepository, FaultPlan } from '../support/github/index.js'
import { openWorld, type World } from './world.js'

const REVIEW = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews'

const WORDS = 'What there is to say of lines.'

let world: World
beforeAll(async () => void (world = await openWorld(1_500)))
afterAll(() => world.end())

const fingerprint = (n: number): string => n.toString(16).padStart(16, '0')
function remark(n: number, line: number, changes: Partial<InlineComment> = {}): InlineComment {
  const body = `${findingMark(fingerprint(n))}\nfinding ${n}\n`
  return { path: 'm/2.sql', startLine: null, line, side: 'RIGHT', body, fingerprint: fingerprint(n), ...changes }
}
const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => `SELECT ${from + i};\n`).join('')

interface Scene {
  readonly repository: FakeRepository
  readonly pull: FakePull
  readonly api: Api
  keep(...wanted: readonly InlineComment[]): Promise<KeptReview>
  /** The first comment of each thread: the finding, and its state. */
  threads(): readonly string[]
}
function scene(): Scene {
  const repository = world.repository({ files: { 'm/1.sql': numbered(1, 40), 'm/old.sql': 'DROP TABLE x;\n' } })
  const pull = repository.openPull({ files: { 'm/2.sql': numbered(1, 9), 'm/1.sql': `-- new\n${numbered(1, 40)}` } })
  const api = world.api(repository)
  return {
    repository,
    pull,
    api,
    keep: (...wanted) =>
      keepReview(api, { pull: pull.number, head: pull.sha, wanted, words: WORDS, begun: pull.threads.length > 0 }),
    threads: () =>
      pull.threads.map(({ comments: [first], resolvedBy }) => {
        const found = Number(`0x${markedFinding(first?.body ?? '') ?? '0'}`)
        return `${found}${resolvedBy === null ? '' : ' resolved'}`
      }),
  }
}

test('what is new is one review; what is there is not posted again; what is fixed is resolved', async () => {
  const { keep, pull, threads } = scene()
  expect(await keep(remark(1, 1), remark(2, 5, { startLine: 3 }))).toEqual({
    posted: 2,
    edited: 0,
    resolved: 0,
    unplaced: 0,
  })
  expect(pull.reviews.map(({ state, commit }) => [state, commit])).toEqual([['COMMENTED', pull.sha]])
  expect(pull.reviewComments.map(({ line, startLine }) => [startLine, line])).toEqual([
    [null, 1],
    [3, 5],
  ])
  expect(await keep(remark(1, 1), remark(2, 5, { startLine: 3 }))).toMatchObject({ posted: 0, resolved: 0 })
  expect(await keep(remark(2, 5, { startLine: 3 }), remark(3, 7))).toMatchObject({ posted: 1, resolved: 1 })
  expect(threads()).toEqual(['1 resolved', '2', '3'])
  expect(pull.reviews).toHaveLength(2)
  expect(await keep()).toMatchObject({ posted: 0, resolved: 2 })
  expect(threads()).toEqual(['1 resolved', '2 resolved', '3 resolved'])
})

test('nothing is asked where nothing was ever said and nothing is to be said', async () => {
  const { keep } = scene()
  world.asked()
  await keep()
  expect(world.asked()).toEqual([])
})

describe('over two pushes', () => {
  test('a line that only moved keeps its comment', async () => {
    const { keep, pull, threads } = scene()
    await keep(remark(1, 5))
    pull.push({ 'm/2.sql': `-- above\n${numbered(1, 9)}` })
    expect(await keep(remark(1, 6))).toMatchObject({ posted: 0, resolved: 0 })
    pull.push({ 'm/2.sql': `-- above\n-- and more\n${numbered(1, 9)}` })
    expect(await keep(remark(1, 7))).toMatchObject({ posted: 0, resolved: 0 })
    expect(threads()).toEqual(['1'])
  })

  test('a line that was changed while its finding stays gets a new comment, and the old thread is resolved, once', async () => {
    const { keep, pull, threads } = scene()
    await keep(remark(1, 5))
    const changed = `${numbered(1, 4)}SELECT 5, 5;\n${numbered(6, 9)}`
    pull.push({ 'm/2.sql': changed })
    expect(await keep(remark(1, 5))).toMatchObject({ posted: 1, resolved: 1 })
    pull.push({ 'm/2.sql': `${changed}-- below\n` })
    expect(await keep(remark(1, 5))).toMatchObject({ posted: 0, resolved: 0 })
    expect(threads()).toEqual(['1 resolved', '1'])
  })

  test('a finding that was fixed and comes back is said again', async () => {
    const { keep, threads } = scene()
    await keep(remark(1, 5))
    await keep()
    expect(await keep(remark(1, 5))).toMatchObject({ posted: 1 })
    expect(threads()).toEqual(['1 resolved', '1'])
  })

  test('what a person resolved stays resolved', async () => {
    const { keep, pull, threads } = scene()
    await keep(remark(1, 5))
    const [thread] = pull.threads
    if (thread) thread.resolvedBy = world.github.user('ann')
    expect(await keep(remark(1, 5))).toMatchObject({ posted: 0, edited: 0, resolved: 0 })
    expect(threads()).toEqual(['1 resolved'])
  })

  test('a comment whose words change is edited in its place', async () => {
    const { keep, pull } = scene()
    await keep(remark(1, 5))
    const body = `${findingMark(fingerprint(1))}\nsaid better\n`
    expect(await keep(remark(1, 5, { body }))).toMatchObject({ posted: 0, edited: 1, resolved: 0 })
    expect(pull.reviewComments.map((comment) => comment.body)).toEqual([body])
  })
})

test('T14: another’s comment with our mark neither stands for a finding nor is resolved', async () => {
  const { keep, pull, threads } = scene()
  await keep(remark(1, 5))
  const [thread] = pull.threads
  const [comment] = thread?.comments ?? []
  if (thread && comment) thread.comments[0] = { ...comment, author: world.github.user('mallory') }
  expect(await keep(remark(1, 5))).toMatchObject({ posted: 1, resolved: 0 })
  expect(threads()).toEqual(['1', '1'])
})

describe('lines that GitHub’s diff does not show', () => {
  test('are left out, and the others are posted all the same', async () => {
    const { keep, threads, pull } = scene()
    const outside = remark(2, 30, { path: 'm/1.sql' })
    const across = remark(3, 30, { path: 'm/1.sql', startLine: 3 })
    const elsewhere = remark(4, 1, { path: 'm/not-there.sql' })
    expect(await keep(remark(1, 1), outside, across, elsewhere)).toMatchObject({ posted: 1, unplaced: 3 })
    expect(threads()).toEqual(['1'])
    expect(pull.reviews).toHaveLength(1)
  })

  test('no review is posted when none is left', async () => {
    const { keep, pull } = scene()
    expect(await keep(remark(2, 30, { path: 'm/1.sql' }))).toMatchObject({ posted: 0, unplaced: 1 })
    expect(pull.reviews).toEqual([])
  })

  test('a file that is taken away is remarked on from its left side', async () => {
    const { keep, pull, threads } = scene()
    pull.push({ 'm/old.sql': null })
    expect(await keep(remark(1, 1, { path: 'm/old.sql', side: 'LEFT' }))).toMatchObject({ posted: 1 })
    expect(threads()).toEqual(['1'])
  })
})

test('a review of a commit that is no longer of the pull request throws', async () => {
  const { api, pull } = scene()
  const late = keepReview(api, {
    pull: pull.number,
    head: 'f'.repeat(40),
    wanted: [remark(1, 1)],
    words: WORDS,
    begun: false,
  })
  await expect(late).rejects.toMatchObject({ kind: 'unprocessable' })
})

describe('a review is posted once', () => {
  test.each<[string, FaultPlan]>([
    ['502 after it was done', { route: REVIEW, after: 502, times: 1 }],
    ['502 before it was done', { route: REVIEW, before: 502, times: 1 }],
    ['no answer, after it was done', { route: REVIEW, hang: 'after', times: 1 }],
    ['a connection that is cut after it was done', { route: REVIEW, cut: 'after', times: 1 }],
    ['502 after the second try, without the lines out of place', { route: REVIEW, after: 502, skip: 1, times: 1 }],
  ])('although GitHub answers with %s', async (_, plan) => {
    const { keep, pull, threads } = scene()
    const fault = world.github.fault(plan)
    const outside = remark(3, 30, { path: 'm/1.sql' })
    await keep(remark(1, 1), remark(2, 2), ...(plan.skip === undefined ? [] : [outside]))
    expect(fault.hits).toBe(1)
    fault.remove()
    expect(pull.reviews).toHaveLength(1)
    expect(threads()).toEqual(['1', '2'])
  })
})

test('threads are read through all pages', async () => {
  const { keep, pull, threads } = scene()
  await keep(remark(1, 1))
  const [ours] = pull.threads.splice(0, 1)
  const [comment] = ours?.comments ?? []
  for (let i = 0; ours && comment && i < 130; i++) {
    const talk = { ...comment, author: world.github.user('ann'), body: `talk ${i}` }
    pull.threads.push({ id: `PRRT_${i}`, resolvedBy: null, comments: [talk] })
  }
  if (ours) pull.threads.push(ours)
  expect(await keep(remark(1, 1))).toMatchObject({ posted: 0, resolved: 0 })
  expect(threads()).toHaveLength(131)
})
