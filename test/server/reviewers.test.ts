import { readdirSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { BOUNDS, NotReviewed, type Bounds } from '../../src/server/review-apart.js'
import { openReviewers, type Keeping, type Reviewers } from '../../src/server/reviewers.js'
import { until } from '../support/app-database.js'
import { childrenHere } from '../support/children-here.js'
import { fixtureSides } from '../support/history-file.js'
import { KEPT, order, orderOf, signal } from './review-orders.js'

const pids = (): readonly number[] => childrenHere('review-child.js').map(({ pid }) => pid)

const opened: Reviewers[] = []
function open(keeping: Partial<Keeping> = {}, bounds: Partial<Bounds> = {}): Reviewers {
  const reviewers = openReviewers({ ...KEPT, most: 1, ...keeping }, { ...BOUNDS, ...bounds })
  opened.push(reviewers)
  return reviewers
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close(5_000)))
  expect(pids()).toEqual([])
})

/** One review, and the process that made it: there is room for no other. */
async function madeBy({ makeParts }: Reviewers, asked = reading()): Promise<number | undefined> {
  let by: number | undefined
  await makeParts(asked, signal, () => ([by] = pids()))
  return by
}
const reading = (installation = 7) => order('clean', { sandbox: 'none', installation })
const hostile = (text: string, installation = 7) =>
  order('clean', { sandbox: 'none', installation, more: { 'migrations/000009_hostile.up.sql': text } })
const failure = (parts: Promise<unknown>): Promise<unknown> =>
  parts.then(
    () => null,
    (error: unknown) => error,
  )

/** Takes longer to read than one file may. */
const ENDLESS = `SELECT a${'[1]'.repeat(300_000)};\n`
/** Runs the second reader out of its memory. */
const BREAKING = `SELECT 1 WHERE 1 ${'IN (1) '.repeat(3_000)};\n`

describe('a process that has reviewed', () => {
  test('reviews again for the same installation', async () => {
    const reviewers = open()
    const first = await madeBy(reviewers)
    expect(first).toBeDefined()
    expect([await madeBy(reviewers), await madeBy(reviewers)]).toEqual([first, first])
  })

  test('is ended before another installation is served', async () => {
    const reviewers = open()
    const [first, other, again] = [
      await madeBy(reviewers, reading(7)),
      await madeBy(reviewers, reading(8)),
      await madeBy(reviewers, reading(7)),
    ]
    expect(new Set([first, other, again]).size).toBe(3)
    expect(pids()).toEqual([again])
  })

  test('reviews again after a rehearsal that came to its end', async () => {
    const reviewers = open()
    const first = await madeBy(reviewers, order('clean'))
    expect(await madeBy(reviewers, order('harmful'))).toBe(first)
  })

  test.each<[string, Partial<Keeping>, Partial<Bounds>, ReturnType<typeof order>]>([
    ['has read what a reader could not end', {}, {}, hostile(ENDLESS)],
    ['has read what broke a parser', {}, {}, hostile(BREAKING)],
    ['has reviewed as often as one may', { reviews: 1 }, {}, reading()],
    ['has grown too large', { megabytes: 1 }, {}, reading()],
    ['could not rehearse what it was to', {}, {}, impossible()],
  ])('is ended when it %s', async (_, keeping, bounds, asked) => {
    const reviewers = open(keeping, bounds)
    const first = await madeBy(reviewers, asked)
    expect(first).toBeDefined()
    expect(await madeBy(reviewers)).not.toBe(first)
  })

  test.each<[string, Partial<Bounds>, ReturnType<typeof order>, RegExp]>([
    ['time', { milliseconds: 15_000 }, order('clean', { sandbox: 'none', more: endless(12) }), /longer than 15 s/],
    ['size', { characters: 40_000 }, order('clean', { sandbox: 'none', more: many(200) }), /takes \d+/],
  ])('is ended when a review met the limit on %s', async (_, bounds, asked, reason) => {
    const reviewers = open({}, bounds)
    const first = await madeBy(reviewers)
    const error = await failure(reviewers.makeParts(asked, signal))
    expect(error).toBeInstanceOf(NotReviewed)
    expect((error as Error).message).toMatch(reason)
    expect(pids()).not.toContain(first)
    expect(await madeBy(reviewers)).not.toBe(first)
  })

  test('is ended when a review was called off', async () => {
    const reviewers = open()
    const first = await madeBy(reviewers)
    const stop = new AbortController()
    const off = reviewers.makeParts(order('clean'), stop.signal, () => stop.abort(new Error('a newer head is there')))
    await expect(off).rejects.toThrow('a newer head is there')
    expect(pids()).not.toContain(first)
    expect(await madeBy(reviewers)).not.toBe(first)
  })

  test('is ended when nobody has asked for it for long', async () => {
    const reviewers = open({ idle: 300 })
    expect(await madeBy(reviewers)).toBeDefined()
    await until(() => pids().length === 0, 20_000)
    expect(await madeBy(reviewers)).toBeDefined()
  })

  test('that dies at the next review is not that review’s doing: it is made by another', async () => {
    const reviewers = open()
    const first = (await madeBy(reviewers)) ?? 0
    let killed = false
    const parts = await reviewers.makeParts(reading(), signal, () => {
      if (!killed) process.kill(first, 'SIGKILL')
      killed = true
    })
    expect(parts.migrations.length).toBeGreaterThan(0)
    expect(pids()).not.toContain(first)
  })

  test('that dies at its first review has failed at it', async () => {
    const reviewers = open()
    const error = await failure(
      reviewers.makeParts(reading(), signal, () => pids().forEach((pid) => process.kill(pid, 'SIGKILL'))),
    )
    expect((error as Error).message).toBe('the review ended before it was made (SIGKILL)')
  })
})

describe('processes that review', () => {
  test('are no more than there may be, and everybody is served', async () => {
    const reviewers = open({ most: 2 })
    let most = 0
    const look = (): void => void (most = Math.max(most, pids().length))
    const asked = [1, 2, 3, 1, 2, 3, 1].map((installation) => reviewers.makeParts(reading(installation), signal, look))
    const all = await Promise.all(asked)
    look()
    for (const parts of all) expect(parts).toEqual(all[0])
    expect(all[0]?.migrations.length).toBeGreaterThan(0)
    expect(most).toBe(2)
  })

  test('one that has read nothing waits for whoever comes', async () => {
    const reviewers = open({ most: 2 })
    await reviewers.makeParts(reading(1), signal)
    await until(() => pids().length === 2, 20_000)
    const [first, spare] = pids()
    let during: readonly number[] = []
    await reviewers.makeParts(reading(2), signal, () => (during = pids()))
    expect(during).toEqual([first, spare])
  })

  test('who waits for one can be called off', async () => {
    const reviewers = open()
    const stop = new AbortController()
    const first = reviewers.makeParts(reading(1), signal)
    const second = reviewers.makeParts(reading(2), stop.signal)
    stop.abort(new Error('not any more'))
    await expect(second).rejects.toThrow('not any more')
    expect((await first).migrations.length).toBeGreaterThan(0)
  })

  test('all end together: those at work, those that wait, and who waits for one', async () => {
    const reviewers = open({ most: 2 })
    await reviewers.makeParts(reading(1), signal)
    const atWork = failure(reviewers.makeParts(order('clean', { installation: 2 }), signal))
    const more = failure(reviewers.makeParts(order('clean', { installation: 3 }), signal))
    const waits = failure(reviewers.makeParts(order('clean', { installation: 4 }), signal))
    await until(() => pids().length === 2, 20_000)
    await reviewers.close(5_000)
    expect(pids()).toEqual([])
    for (const error of await Promise.all([atWork, more, waits])) expect(error).toBeInstanceOf(NotReviewed)
    await expect(reviewers.makeParts(reading(1), signal)).rejects.toThrow('the process ends')
  })
})

describe('what is found is the same', () => {
  const found = async ({ makeParts }: Reviewers, asked: ReturnType<typeof order>): Promise<string> =>
    JSON.stringify(await makeParts(asked, signal))

  test('in a process that has read nothing and in one that has', async () => {
    const pulls = readdirSync('fixtures/pulls')
    const cold = open({ reviews: 1 })
    const warm = open()
    const expected = new Map<string, string>()
    for (const name of pulls) expected.set(name, await found(cold, order(name, { sandbox: 'none' })))
    // Each after each, and each after itself.
    for (const name of pulls.flatMap((one) => pulls.flatMap((other) => [one, other]))) {
      expect(await found(warm, order(name, { sandbox: 'none' }))).toBe(expected.get(name))
    }
  })

  test('whatever was read before', async () => {
    const histories = readdirSync('fixtures/rules').flatMap((rule) =>
      (['bad', 'good'] as const).map((name) => ({ rule, name, sides: fixtureSides(`fixtures/rules/${rule}`, name) })),
    )
    const inOrder = async (some: typeof histories): Promise<ReadonlyMap<string, string>> => {
      const reviewers = open({ reviews: Infinity })
      const all = new Map<string, string>()
      for (const { rule, name, sides } of some) {
        all.set(`${rule}/${name}`, await found(reviewers, orderOf(sides, { sandbox: 'none' })))
      }
      return all
    }
    const forwards = await inOrder(histories)
    const backwards = await inOrder([...histories].reverse())
    expect(forwards.size).toBeGreaterThan(100)
    for (const [name, parts] of forwards) expect([name, backwards.get(name)]).toEqual([name, parts])
  }, 120_000)
})

/** So many files, each of which stops its reader. */
function endless(files: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: files }, (_, i) => [`migrations/${String(100_000 + i)}_hostile.up.sql`, ENDLESS]),
  )
}

/** So many tables more. */
function many(tables: number): Readonly<Record<string, string>> {
  const text = Array.from({ length: tables }, (_, i) => `CREATE TABLE t${i} (id bigint PRIMARY KEY);\n`).join('')
  return { 'migrations/000009_all.up.sql': text }
}

/** A rehearsal on a server that is not there. */
function impossible(): ReturnType<typeof order> {
  const asked = order('clean')
  const { settings } = asked.input
  const rehearsal = { ...settings.rehearsal, sandbox: 'service' as const }
  return { ...asked, input: { ...asked.input, settings: { ...settings, rehearsal } } }
}
