import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { DEFAULTS } from '../../src/config/schema.js'
import type { Parts } from '../../src/review/conclude.js'
import type { ReviewInput } from '../../src/review/review.js'
import { admitAnalysers } from '../../src/server/analyses/analyser-login.js'
import { startAnalysing, type Analysing, type AnalysisOutcome } from '../../src/server/analyses/analysing.js'
import {
  answer,
  look,
  place,
  renewOrder,
  sweepOrders,
  take,
  type OrderTiming,
} from '../../src/server/analyses/order-book.js'
import { ORDER_FIGURES } from '../../src/server/analyses/order-figures.js'
import { inputIn, partsIn, writtenInput } from '../../src/server/analyses/order-form.js'
import { startOrdering, type Ordering, type OrderOutcome } from '../../src/server/analyses/ordering.js'
import { openDatabase, type Database } from '../../src/server/database.js'
import { NotReviewed, type Order } from '../../src/server/review-apart.js'
import { KEEPING, openReviewers } from '../../src/server/reviewers.js'
import { appDatabase, testLog, until, type AppDatabase } from '../support/app-database.js'
import { folderEntries } from '../support/history-file.js'
import { withPostgres } from '../support/postgres-binaries.js'

const [VERSION, INSTALLATION] = ['1.2.3', 7]
const FAST: OrderTiming = {
  wanted: 2_000,
  look: 100,
  lasting: 800,
  renewEvery: 200,
  poll: 100,
  nobody: 800,
  longest: 5_000,
}

function input(name: string, sandbox: 'pglite' | 'none' = 'none'): ReviewInput {
  const folder = `fixtures/pulls/${name}`
  return {
    pull: { repository: 'acme/shop', number: 7, base: 'b'.repeat(40), head: 'a'.repeat(40) },
    base: folderEntries(`${folder}/base`),
    head: folderEntries(`${folder}/head`),
    complete: true,
    settings: { ...DEFAULTS, rehearsal: { ...DEFAULTS.rehearsal, sandbox } },
    today: '2026-01-15',
  }
}
const NOTHING: Omit<Parts, 'pull'> = { projects: [], migrations: [], findings: [], rehearsals: [], notes: [] }
const partsOf = ({ input: { pull } }: Pick<Order, 'input'>): Parts => ({ ...NOTHING, pull })

describe('the form of an order', () => {
  test.each(readdirSync('fixtures/pulls'))('%s arrives as it was sent', (name) => {
    const asked = input(name)
    expect(inputIn(writtenInput(asked))).toEqual(asked)
  })

  test('so does what is no text', () => {
    const odd: ReviewInput = {
      ...input('clean'),
      complete: { incomplete: 'there are more' },
      head: new Map([
        ['a\0b.sql', { text: 'SELECT \ud800 \0 \u2028 __proto__' }],
        ['__proto__', { text: 'constructor' }],
        ['link.sql', { reason: 'a symbolic link' } as never],
        ['listed.sql', null],
      ]),
    }
    expect(inputIn(writtenInput(odd))).toEqual(odd)
  })

  const asked = input('clean')
  const whole = { ...NOTHING, pull: asked.pull }
  test.each<[string, unknown]>([
    ['nothing', null],
    ['a list', [whole]],
    ['no lists', { pull: asked.pull }],
    ['a list that is none', { ...whole, findings: {} }],
    ['no pull request', NOTHING],
    ['another repository', { ...whole, pull: { ...asked.pull, repository: 'other/shop' } }],
    ['another pull request', { ...whole, pull: { ...asked.pull, number: 8 } }],
    ['another head', { ...whole, pull: { ...asked.pull, head: 'c'.repeat(40) } }],
    ['another base', { ...whole, pull: { ...asked.pull, base: 'c'.repeat(40) } }],
  ])('an answer that is %s is none', (_, value) => {
    expect(partsIn(JSON.stringify(value), asked)).toBeNull()
  })

  test('an answer that is no JSON is none, and one that is whole is one', () => {
    expect(partsIn('{"pull":', asked)).toBeNull()
    expect(partsIn(JSON.stringify(whole), asked)).toEqual(whole)
  })
})

await withPostgres(18, (programs) => {
  let app: AppDatabase
  const endings: (() => Promise<unknown>)[] = []
  beforeAll(async () => void (app = await appDatabase(programs, 20)))
  beforeEach(() => app.clear())
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end()
  })
  afterAll(() => app.stop())

  const { log } = testLog()
  const now = (): number => performance.now()
  const open = new AbortController().signal

  function broker(timing: Partial<OrderTiming> = {}, more: { readonly characters?: number } = {}) {
    const outcomes: OrderOutcome[] = []
    const onEnd = (outcome: OrderOutcome): void => void outcomes.push(outcome)
    const { database } = app
    const ordering: Ordering = startOrdering({
      database,
      version: VERSION,
      log,
      now,
      timing: { ...FAST, ...timing },
      onEnd,
      ...more,
    })
    endings.push(() => ordering.stop())
    const asks = (what: ReviewInput, signal = open): Promise<Parts> =>
      ordering.makeParts({ installation: INSTALLATION, input: what, surroundings: {} }, signal)
    return { asks, outcomes }
  }

  function analyser(
    makeParts: (order: Order, signal: AbortSignal) => Promise<Parts>,
    { database = app.database, version = VERSION, concurrency = 1, timing = FAST } = {},
  ) {
    const outcomes: AnalysisOutcome[] = []
    const analysing: Analysing = startAnalysing({
      database,
      version,
      holder: randomUUID(),
      concurrency,
      surroundings: { path: '/here' },
      makeParts,
      log,
      now,
      timing,
      onEnd: (outcome) => void outcomes.push(outcome),
    })
    endings.push(() => analysing.stop(0))
    return { analysing, outcomes }
  }

  /** Work that goes on until it is called off. */
  const endless = (_: Order, signal: AbortSignal): Promise<Parts> =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  const placed = async (id = randomUUID(), wanted = 2_000): Promise<string> => {
    const text = writtenInput(input('clean'))
    await place(app.database, { id, installation: INSTALLATION, version: VERSION, input: text }, wanted)
    return id
  }
  const takes = (holder: string, lasting = 300, version = VERSION) => take(app.database, { version, holder, lasting })
  const rows = () => app.database.query<{ tries: number; installation_id: number }>('SELECT * FROM dba.orders')
  const reasonOf = (asked: Promise<Parts>): Promise<string> =>
    asked.then(
      () => 'parts',
      (error: unknown) => {
        expect(error).toBeInstanceOf(NotReviewed)
        return (error as Error).message
      },
    )
  const sleep = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))

  test.each(['clean', 'harmful'])('%s comes to what it comes to in one process', async (name) => {
    const { asks, outcomes } = broker({ nobody: 20_000, longest: 60_000 })
    const reviewers = openReviewers({ ...KEEPING, most: 1 })
    const { outcomes: filled } = analyser(reviewers.makeParts)
    const asked = input(name)
    expect(await asks(asked)).toEqual(
      await reviewers.makeParts({ installation: INSTALLATION, input: asked, surroundings: {} }, open),
    )
    await reviewers.close(5_000)
    expect([outcomes, filled]).toEqual([['answered'], ['answered']])
    expect(await rows()).toEqual([])
  })

  test('both sides hear at once what becomes of an order', async () => {
    const slow = { ...FAST, look: 20_000, poll: 20_000 }
    const { asks } = broker(slow)
    const { analysing } = analyser(async (order) => partsOf(order), { timing: slow })
    // Once they listen: what comes before that is found by looking.
    await asks(input('clean'))
    const begun = now()
    for (let i = 0; i < 5; i++) await asks(input('clean'))
    expect(now() - begun).toBeLessThan(5_000)
    // The answer is out before the analyser has put its own books away.
    while (analysing.running() > 0) await sleep(5)
  })

  test('an order arrives with whose it is, and the analyser says where it rehearses', async () => {
    const { asks } = broker()
    let seen: Partial<Order> = {}
    analyser(async (order) => {
      seen = order
      return partsOf(order)
    })
    await asks(input('clean'))
    expect(seen).toEqual({ installation: INSTALLATION, input: input('clean'), surroundings: { path: '/here' } })
  })

  test('many orders are filled by several, each by one', async () => {
    const { asks } = broker({ nobody: 10_000 })
    const begun: string[] = []
    const make = async (order: Order): Promise<Parts> => {
      begun.push(order.input.pull.head)
      await sleep(20)
      return partsOf(order)
    }
    for (let i = 0; i < 3; i++) analyser(make, { concurrency: 2 })
    const heads = Array.from({ length: 24 }, (_, i) => i.toString(16).padStart(40, '0'))
    const clean = input('clean')
    const all = await Promise.all(heads.map((head) => asks({ ...clean, pull: { ...clean.pull, head } })))
    expect(all.map(({ pull }) => pull.head)).toEqual(heads)
    expect([...begun].sort()).toEqual(heads)
  })

  test('why there is no answer is told', async () => {
    const { asks, outcomes } = broker()
    analyser(() => Promise.reject(new NotReviewed('it took longer\0 than 180 seconds')))
    expect(await reasonOf(asks(input('clean')))).toBe('it took longer\u2400 than 180 seconds')
    expect(outcomes).toEqual(['not-reviewed'])
  })

  describe('is not reviewed', () => {
    test.each<[string, () => Promise<unknown>, RegExp, OrderOutcome]>([
      ['when there is no analyser', async () => undefined, /no analyser of version 1.2.3 took it/, 'unattended'],
      [
        'when they are of another version',
        async () => analyser(async (order) => partsOf(order), { version: '1.2.4' }),
        /no analyser of version 1.2.3 took it/,
        'unattended',
      ],
      [
        'when each who tries fails',
        async () => analyser(() => Promise.reject(new Error('no processes are left'))),
        /without a word, 2 times/,
        'given-up',
      ],
      [
        'when it is answered with something else',
        async () => analyser(async () => ({ ...NOTHING, pull: { ...input('clean').pull, number: 8 } })),
        /no review of this change/,
        'failed',
      ],
      ['when nobody comes to an end', async () => analyser(endless), /done with it within 2 s/, 'too-late'],
    ])('%s', async (_, prepare, reason, outcome) => {
      await prepare()
      const { asks, outcomes } = broker({ longest: 2_000 })
      expect(await reasonOf(asks(input('clean')))).toMatch(reason)
      expect(outcomes).toEqual([outcome])
      expect(await rows()).toEqual([])
    })

    test('when the order or the answer is too long', async () => {
      const asked = input('harmful')
      const { asks } = broker({}, { characters: 100 })
      expect(await reasonOf(asks(asked))).toMatch(/what is to be reviewed takes \d+ characters/)
      const large = broker({}, { characters: writtenInput(asked).length })
      analyser(async (order) => ({ ...partsOf(order), notes: [{ message: 'x'.repeat(100_000) }] as never }))
      expect(await reasonOf(large.asks(asked))).toMatch(/what was found takes \d+ characters/)
    })
  })

  test('an order waits for analysers that are busy, for longer than for none', async () => {
    const { asks } = broker({ nobody: 500 })
    analyser(async (order) => {
      await sleep(1_000)
      return partsOf(order)
    })
    const two = await Promise.all([asks(input('clean')), asks(input('harmful'))])
    expect(two.map(({ pull }) => pull.number)).toEqual([7, 7])
  })

  test('what is called off is withdrawn, and whoever is at it stops', async () => {
    const { asks, outcomes } = broker()
    const { analysing, outcomes: filled } = analyser(endless, {
      timing: { ...FAST, lasting: 20_000, renewEvery: 20_000 },
    })
    const stop = new AbortController()
    const asked = asks(input('clean'), stop.signal)
    await until(() => analysing.running() === 1)
    stop.abort(new Error('a newer head is there'))
    await expect(asked).rejects.toThrow('a newer head is there')
    expect(await rows()).toEqual([])
    await until(() => analysing.running() === 0, 5_000)
    expect([outcomes, filled]).toEqual([['called-off'], ['called-off']])
  })

  test('what is called off before it is taken is never begun', async () => {
    const { asks } = broker()
    const stop = new AbortController()
    const asked = asks(input('clean'), stop.signal)
    await until(async () => (await rows()).length === 1)
    stop.abort(new Error('off'))
    await expect(asked).rejects.toThrow('off')
    expect(await takes('late')).toBeNull()
  })

  test('another takes over from an analyser that is gone, once its lease is over', async () => {
    const { asks } = broker({ nobody: 5_000 })
    const asked = asks(input('clean'))
    await until(async () => (await takes('gone', 600)) !== null)
    const begun = now()
    analyser(async (order) => partsOf(order))
    await asked
    expect(now() - begun).toBeGreaterThan(400)
  })

  test('what ends its analysers is given up after two tries, while others are served first', async () => {
    const { asks, outcomes } = broker({ nobody: 5_000 })
    const asked = reasonOf(asks(input('clean')))
    await until(async () => (await takes('gone', 100)) !== null)
    const later = await placed()
    await sleep(150)
    expect((await takes('next'))?.id).toBe(later)
    await until(async () => (await takes('gone too', 100)) !== null)
    expect(await asked).toBe('the analysis ended without a word, 2 times')
    expect(outcomes).toEqual(['given-up'])
  })

  test('a process that ends gives back what it was at, and the try does not count', async () => {
    const { asks } = broker({ nobody: 5_000 })
    const asked = asks(input('clean'))
    for (let i = 0; i < 3; i++) {
      const { analysing, outcomes } = analyser(endless)
      await until(() => analysing.running() === 1)
      await analysing.stop(0)
      expect(outcomes).toEqual(['handed-back'])
      expect(await rows()).toMatchObject([{ tries: 0, lease_holder: null }])
    }
    analyser(async (order) => partsOf(order))
    await asked
  })

  test('a process that ends lets what is nearly done come to its end', async () => {
    const { asks } = broker({ nobody: 5_000 })
    const { analysing, outcomes } = analyser(async (order) => {
      await sleep(300)
      return partsOf(order)
    })
    const asked = asks(input('clean'))
    await until(() => analysing.running() === 1)
    await analysing.stop(5_000)
    expect(outcomes).toEqual(['answered'])
    await asked
  })

  test('whoever lost the lease neither renews nor answers', async () => {
    const id = await placed()
    const first = await takes('first', 50)
    await sleep(80)
    const second = await takes('second')
    expect([first?.tries, second?.tries]).toEqual([1, 2])
    if (first === null || second === null) throw new Error('nothing was taken')
    expect(await renewOrder(app.database, first, 1_000)).toBe(false)
    expect(await answer(app.database, first, { answer: '{}' })).toBe(false)
    expect(await renewOrder(app.database, second, 1_000)).toBe(true)
    expect(await answer(app.database, second, { reason: 'no' })).toBe(true)
    expect(await answer(app.database, second, { answer: '{}' })).toBe(false)
    expect(await look(app.database, id, 1_000)).toMatchObject({ answer: null, reason: 'no' })
  })

  test('what a broker leaves that is gone is not begun, called off and forgotten', async () => {
    await placed(randomUUID(), 400)
    const { analysing, outcomes } = analyser(endless)
    await until(() => analysing.running() === 1)
    await until(() => analysing.running() === 0)
    expect(outcomes).toEqual(['called-off'])
    expect(await takes('late')).toBeNull()
    await placed(randomUUID(), 0)
    expect(await takes('later still')).toBeNull()
    const kept = await placed()
    expect(await sweepOrders(app.database)).toBe(2)
    expect(await rows()).toMatchObject([{ id: kept, installation_id: INSTALLATION }])
  })

  test('connections that break are made anew, on both sides', async () => {
    const { asks } = broker({ nobody: 5_000 })
    const { analysing } = analyser(async (order) => {
      await sleep(500)
      return partsOf(order)
    })
    const asked = asks(input('clean'))
    await until(() => analysing.running() === 1)
    const cut = openDatabase({ url: app.url, name: 'cutter' })
    endings.push(() => cut.close())
    await cut.query(
      `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
       WHERE application_name = 'test' AND pid <> pg_catalog.pg_backend_pid()`,
    )
    await asked
    await asks(input('clean'))
  })

  test('an order that the server lost is no review, but an error after which the subject is tried again', async () => {
    const { asks, outcomes } = broker()
    const asked = asks(input('clean'))
    await until(async () => (await rows()).length === 1)
    await app.database.query('DELETE FROM dba.orders')
    const error: unknown = await asked.catch((thrown: unknown) => thrown)
    expect(error).not.toBeInstanceOf(NotReviewed)
    expect(String(error)).toMatch(/the order is gone/)
    expect(outcomes).toEqual(['failed'])
  })

  test('the figures say how orders stand', async () => {
    await placed()
    await placed()
    await app.database.query("UPDATE dba.orders SET placed_at = placed_at - interval '100 seconds'")
    await takes('busy', 5_000)
    const figures = await ORDER_FIGURES.read(app.database)
    expect(figures).toMatchObject({ waitingOrders: 1, runningOrders: 1 })
    expect(figures['oldestOrder']).toBeGreaterThanOrEqual(100)
    expect(figures['oldestOrder']).toBeLessThan(110)
  })

  describe('the login of the analysers', () => {
    let guest: Database
    beforeAll(async () => {
      await app.database.query(`CREATE ROLE "an Analyser" LOGIN PASSWORD 'guest'`)
      const url = new URL(app.url)
      url.username = 'an Analyser'
      url.password = 'guest'
      guest = openDatabase({ url: url.href, name: 'guest' })
      await Promise.all([1, 2, 3].map(() => admitAnalysers(app.database, 'an Analyser')))
    })
    afterAll(() => guest.close())

    test('is enough to fill orders and to say how they stand', async () => {
      const { asks } = broker()
      analyser(async (order) => partsOf(order), { database: guest })
      await asks(input('clean'))
      expect(await ORDER_FIGURES.read(guest)).toEqual({ waitingOrders: 0, runningOrders: 0, oldestOrder: 0 })
    })

    test('is for nothing else of the App', async () => {
      const tables = await app.database.query<{ name: string }>(
        `SELECT pg_catalog.format('%I.%I', schemaname, tablename) AS name FROM pg_catalog.pg_tables
         WHERE schemaname IN ('dba', 'dba_queue') AND tablename <> 'orders' ORDER BY 1`,
      )
      expect(tables.length).toBeGreaterThan(15)
      for (const { name } of tables) {
        await expect(guest.query(`SELECT FROM ${name} LIMIT 0`)).rejects.toThrow(/permission denied/)
      }
      for (const sql of [
        "INSERT INTO dba.orders (id, installation_id, version, input, wanted_until) VALUES (gen_random_uuid(), 1, '1', '', now())",
        "UPDATE dba.orders SET input = ''",
        'UPDATE dba.orders SET wanted_until = now()',
        'DELETE FROM dba.orders',
        'TRUNCATE dba.orders',
        'CREATE TABLE dba.more ()',
        'CREATE TABLE public.more ()',
      ]) {
        await expect(guest.query(sql)).rejects.toThrow(/permission denied/)
      }
    })

    test.each([
      ['one that is not there', 'nobody', /must be a login of the database: there is no nobody/],
      ['a role that is no login', 'pg_monitor', /must be a login/],
      ["the App's own", 'boss', /must be another login/],
    ])('%s is refused', async (_, login, says) => {
      await expect(admitAnalysers(app.database, login)).rejects.toThrow(says)
    })
  })
})
