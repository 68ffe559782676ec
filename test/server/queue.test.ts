import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { startQueue, type Queue, type QueueParts } from '../../src/server/queue.js'
import { want } from '../../src/server/subjects.js'
import { sweep } from '../../src/server/sweep.js'
import type { Failure, Hold, Turn, Work } from '../../src/server/worker.js'
import { appDatabase, testLog, until, type AppDatabase } from '../support/app-database.js'
import { withPostgres } from '../support/postgres-binaries.js'

await withPostgres(18, (programs) => {
  let app: AppDatabase
  const running: Queue[] = []
  const { log } = testLog()
  beforeAll(async () => void (app = await appDatabase(programs, 20)))
  afterAll(() => app.stop())
  beforeEach(() => app.clear())
  afterEach(() => Promise.all(running.splice(0).map((queue) => queue.stop(0))))

  interface Started {
    readonly queue: Queue
    readonly turns: [subject: string, turn: Turn][]
    readonly seen: string[]
    readonly givenUp: string[]
  }
  let holders = 0
  const start = (
    bringUpToDate: Work['bringUpToDate'],
    more: Partial<QueueParts> = {},
    failure: Failure = { kind: 'retry' },
  ): Started => {
    const started = { turns: [] as [string, Turn][], seen: [] as string[], givenUp: [] as string[] }
    const queue = startQueue({
      database: app.database,
      log,
      random: () => 0.5,
      now: () => performance.now(),
      holder: `holder ${++holders}`,
      concurrency: 4,
      work: {
        bringUpToDate: async (hold) => {
          started.seen.push(hold.lease.subject)
          await bringUpToDate(hold)
        },
        giveUp: async (hold, error) => void started.givenUp.push(`${hold.lease.subject}: ${error}`),
        judge: () => failure,
      },
      onTurn: (lease, turn) => void started.turns.push([lease.subject, turn]),
      ...more,
    })
    running.push(queue)
    return { ...started, queue }
  }
  const subject = (pull: number, repository = 10, installation = 1) => ({
    installation,
    repository,
    subject: `pull/${pull}`,
  })
  const now = { lane: 'command' } as const
  const waiting = async (): Promise<number> =>
    (
      await app.database.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM dba.subjects WHERE wanted_epoch > done_epoch AND dead_at IS NULL',
      )
    )[0]?.n ?? -1
  const served = (): Promise<void> => until(async () => (await waiting()) === 0)
  const hurry = (): Promise<unknown> =>
    app.database.query(
      `UPDATE dba.subjects SET next_at = pg_catalog.clock_timestamp() - interval '1 minute' WHERE lease_holder IS NULL`,
    )
  const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

  test('a wish is served within a second', async () => {
    const { turns } = start(async () => undefined)
    await sleep(300)
    const begun = performance.now()
    await want(app.database, subject(7), now)
    await served()
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect(turns).toEqual([['pull/7', 'done']])
  })

  test('twenty pushes in two seconds are served three times at most, and the last is', async () => {
    let head = 0
    let shown = -1
    const { seen } = start(async () => {
      const read = head
      await sleep(100)
      shown = read
    })
    for (let push = 1; push <= 20; push++) {
      head = push
      await want(app.database, subject(7), { lane: 'event' })
      await sleep(100)
    }
    await served()
    expect(seen.length).toBeLessThanOrEqual(3)
    expect(shown).toBe(20)
  })

  test('two workers never serve one pull request at once, in 500 wishes for ten of them', async () => {
    const busy = new Map<string, number>()
    let most = 0
    let count = 0
    const work = async ({ lease }: Hold): Promise<void> => {
      busy.set(lease.subject, (busy.get(lease.subject) ?? 0) + 1)
      most = Math.max(most, busy.get(lease.subject) ?? 0)
      count++
      await sleep(Math.random() * 5)
      busy.set(lease.subject, (busy.get(lease.subject) ?? 0) - 1)
    }
    start(work)
    start(work)
    for (let wish = 0; wish < 500; wish++) await want(app.database, subject((wish % 10) + 1), now)
    await served()
    expect(most).toBe(1)
    expect(count).toBeGreaterThanOrEqual(10)
  })

  test('a job that always throws ends as one that is given up, with what it said last', async () => {
    const { turns, givenUp } = start(async () => {
      throw new Error('boom')
    })
    await want(app.database, subject(7), now)
    await until(async () => {
      await hurry()
      await sweep(app.database)
      return (await waiting()) === 0
    })
    expect(turns.map(([, turn]) => turn)).toEqual([...Array.from({ length: 6 }, () => 'failed'), 'given-up'])
    expect(givenUp).toEqual(['pull/7: boom'])
  })

  test('when giving up fails too, it is tried until it succeeds', async () => {
    let tries = 0
    const { turns } = start(
      async () => {
        throw new Error('boom')
      },
      {
        work: {
          bringUpToDate: () => Promise.reject(new Error('boom')),
          giveUp: async () => {
            if (++tries < 3) throw new Error('GitHub is away')
          },
          judge: () => ({ kind: 'retry' }),
        },
      },
    )
    await want(app.database, subject(7), now)
    await until(async () => {
      await hurry()
      await sweep(app.database)
      return (await waiting()) === 0
    })
    expect(turns.map(([, turn]) => turn)).toEqual([...Array.from({ length: 8 }, () => 'failed'), 'given-up'])
  })

  test('a rate limit frees the worker, keeps the installation waiting, and the others go on', async () => {
    const { turns, seen } = start(
      async ({ lease }) => {
        if (lease.installation === 1) throw new Error('rate limit')
      },
      {},
      { kind: 'wait', milliseconds: 3_600_000, who: 'installation' },
    )
    await want(app.database, subject(7), now)
    await until(() => turns.length === 1)
    await want(app.database, subject(8), now)
    await want(app.database, subject(9, 20, 2), now)
    await until(() => turns.length === 2)
    await sleep(300)
    expect(seen).toEqual(['pull/7', 'pull/9'])
    expect(turns).toEqual([
      ['pull/7', 'waits'],
      ['pull/9', 'done'],
    ])
    expect(await app.database.query('SELECT attempts FROM dba.subjects WHERE subject = $1', ['pull/7'])).toEqual([
      { attempts: 0 },
    ])
  })

  test('what is gone is dropped', async () => {
    const { turns } = start(() => Promise.reject(new Error('404')), {}, { kind: 'drop' })
    await want(app.database, subject(7), now)
    await served()
    expect(turns).toEqual([['pull/7', 'dropped']])
  })

  test('two pull requests with one head take turns', async () => {
    const head = 'a'.repeat(40)
    let busy = 0
    let most = 0
    const { turns } = start(async (hold) => {
      await hold.takeHead(head)
      most = Math.max(most, ++busy)
      await sleep(200)
      busy--
    })
    await want(app.database, subject(7), now)
    await want(app.database, subject(8), now)
    await served()
    expect(most).toBe(1)
    expect(turns.filter(([, turn]) => turn === 'done')).toHaveLength(2)
  })

  describe('a lease that is lost', () => {
    const timing = { lasting: 600, renewEvery: 100, enoughToWrite: 200 }

    test('while its holder works is noticed, and nothing is written', async () => {
      let fenced: unknown = null
      let aborted = false
      let refused = 0
      const { turns } = start(
        async (hold) => {
          await hold.fence()
          // As if the process had been stopped for a while, and another had been given the subject.
          await app.database.query('UPDATE dba.subjects SET lease_epoch = lease_epoch + 1')
          await hold.fence().catch((error: unknown) => (fenced = error))
          aborted = hold.signal.aborted
          hold.signal.throwIfAborted()
        },
        { timing, onFenced: () => void refused++ },
      )
      await want(app.database, subject(7), now)
      await until(() => turns.length > 0)
      expect(turns[0]).toEqual(['pull/7', 'lost'])
      expect(fenced).toMatchObject({ message: expect.stringContaining('lease was lost') })
      expect(aborted).toBe(true)
      expect(refused).toBeGreaterThanOrEqual(1)
    })

    test('is renewed for as long as the work takes', async () => {
      const { turns } = start(
        async (hold) => {
          await sleep(1_500)
          await hold.fence()
        },
        { timing },
      )
      await want(app.database, subject(7), now)
      await served()
      expect(turns).toEqual([['pull/7', 'done']])
    })
  })

  describe('the end', () => {
    test('waits for what is at hand, and takes no more', async () => {
      const { queue, turns } = start(() => sleep(500), { concurrency: 1 })
      await want(app.database, subject(7), now)
      await want(app.database, subject(8), now)
      await until(() => queue.running() === 1)
      await queue.stop(5_000)
      expect(turns).toEqual([['pull/7', 'done']])
      expect(await waiting()).toBe(1)
    })

    test('hands back what takes too long, and another serves it within five seconds', async () => {
      const slow = start(
        ({ signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
        { concurrency: 2 },
      )
      await want(app.database, subject(7), now)
      await until(() => slow.queue.running() === 1)
      const other = start(async () => undefined)
      const begun = performance.now()
      await slow.queue.stop(200)
      expect(slow.turns).toEqual([['pull/7', 'handed-back']])
      await served()
      expect(performance.now() - begun).toBeLessThan(5_000)
      expect(other.turns).toEqual([['pull/7', 'done']])
      expect(await app.database.query('SELECT attempts FROM dba.subjects')).toEqual([{ attempts: 0 }])
    })
  })

  test('a database that goes away in the middle of work ends nothing but the work', async () => {
    const timing = { lasting: 1_500, renewEvery: 400, enoughToWrite: 500 }
    const { turns } = start(() => sleep(300), { timing })
    for (let crash = 1; crash <= 3; crash++) {
      await want(app.database, subject(crash), now)
      await sleep(150)
      await app.server.crash()
      await sleep(300)
      await app.server.start()
      await until(() =>
        sweep(app.database).then(
          () => true,
          () => false,
        ),
      )
    }
    await until(async () => {
      await sweep(app.database)
      return (await waiting()) === 0
    }, 20_000)
    expect(
      turns
        .filter(([, turn]) => turn === 'done')
        .map(([name]) => name)
        .sort(),
    ).toEqual(['pull/1', 'pull/2', 'pull/3'])
  })

  test('it goes on when the database has been away', async () => {
    const { turns } = start(async () => undefined)
    await want(app.database, subject(7), now)
    await served()
    await app.server.crash()
    await sleep(500)
    await app.server.start()
    await until(async () =>
      want(app.database, subject(8), now).then(
        () => true,
        () => false,
      ),
    )
    await until(async () => {
      await sweep(app.database).catch(() => undefined)
      return turns.length === 2
    }, 15_000)
    expect(turns[1]).toEqual(['pull/8', 'done'])
  })
})
