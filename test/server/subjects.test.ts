import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { claim, mustBeBuried } from '../../src/server/claim.js'
import { install, pause, remove, suspend, unpaused } from '../../src/server/installations.js'
import { bury, fail, finish, handBack, holds, postpone, renew, takeHead, type Lease } from '../../src/server/lease.js'
import { unwant, want } from '../../src/server/subjects.js'
import { forgetJobs, sweep } from '../../src/server/sweep.js'
import { appDatabase, type AppDatabase } from '../support/app-database.js'
import { withPostgres } from '../support/postgres-binaries.js'

await withPostgres(18, (programs) => {
  let app: AppDatabase
  beforeAll(async () => void (app = await appDatabase(programs)))
  afterAll(() => app.stop())
  beforeEach(() => app.clear())

  const one = { installation: 1, repository: 10, subject: 'pull/7' }
  const now = { lane: 'command' } as const
  const taken = async (holder = 'a', limits = {}): Promise<Lease> => {
    const lease = await claim(app.database, holder, limits)
    if (lease === null) throw new Error('nothing was there to take')
    return lease
  }
  const row = async (): Promise<Record<string, unknown>> =>
    (await app.database.query<Record<string, unknown>>('SELECT * FROM dba.subjects'))[0] ?? {}
  const jobs = async (): Promise<number> =>
    (await app.database.query<{ n: number }>('SELECT count(*)::int AS n FROM dba_queue.jobs'))[0]?.n ?? -1
  /** Lets time pass for what waits. */
  const due = (): Promise<unknown> =>
    app.database.query(`UPDATE dba.subjects SET next_at = pg_catalog.clock_timestamp()`)

  describe('a wish', () => {
    test('is leased once', async () => {
      await want(app.database, one, now)
      const lease = await taken()
      expect(lease).toMatchObject({ ...one, holder: 'a', epoch: 1, wanted: 1, failures: 0, lane: 0, head: null })
      expect(await claim(app.database, 'b')).toBeNull()
      expect(await finish(app.database, lease)).toBe(true)
      expect(await claim(app.database, 'b')).toBeNull()
    })

    test('that comes while another is served is served after it', async () => {
      await want(app.database, one, now)
      const lease = await taken()
      await want(app.database, one, now)
      expect(await renew(app.database, lease)).toEqual({ wantedAgain: true })
      await finish(app.database, lease)
      expect(await taken('b')).toMatchObject({ epoch: 2, wanted: 2 })
    })

    test('wakes a worker once, however often it is wished', async () => {
      for (let count = 0; count < 20; count++) await want(app.database, one, { lane: 'event' })
      expect(await jobs()).toBe(1)
      expect(await claim(app.database, 'a')).toBeNull()
      await due()
      expect(await taken()).toMatchObject({ wanted: 20 })
    })

    test('that is made again and again is put off for ten seconds in all', async () => {
      await want(app.database, one, { lane: 'event' })
      await app.database.query("UPDATE dba.subjects SET gathering_since = gathering_since - interval '9.5 seconds'")
      await want(app.database, one, { lane: 'event' })
      const [left] = await app.database.query<{ left: number }>(
        'SELECT extract(epoch FROM next_at - pg_catalog.clock_timestamp())::float8 AS left FROM dba.subjects',
      )
      expect(left?.left).toBeLessThanOrEqual(0.5)
    })

    test('is no more when its subject is', async () => {
      await want(app.database, one, now)
      await unwant(app.database, 10, 'pull/7')
      expect(await claim(app.database, 'a')).toBeNull()
    })

    test.each(['pull/0', 'pull/-1', 'pull/7; drop', 'group/xyz', 'group/', '', `pull/${'9'.repeat(11)}`])(
      'for %j is refused',
      async (subject) => {
        await expect(want(app.database, { ...one, subject }, now)).rejects.toThrow(/subjects_subject_check/)
      },
    )
  })

  describe('a lease', () => {
    test('that ran out goes to another, and the first may do nothing any more', async () => {
      await want(app.database, one, now)
      const first = await taken('a', { lasting: 1 })
      await new Promise((resolve) => setTimeout(resolve, 20))
      const second = await taken('b')
      expect(second).toMatchObject({ epoch: 2, failures: 1, error: 'the worker that was at it is gone' })
      expect(await holds(app.database, first)).toBe(false)
      expect(await renew(app.database, first)).toBeNull()
      expect(await finish(app.database, first)).toBe(false)
      expect(await fail(app.database, first, 'late', 0)).toBe(false)
      expect(await handBack(app.database, first)).toBe(false)
      expect(await takeHead(app.database, first, 'f'.repeat(40))).toBe(false)
      expect(await holds(app.database, second)).toBe(true)
    })

    test('lets write only as long as a write would end within it', async () => {
      await want(app.database, one, now)
      const lease = await taken('a', { lasting: 5_000 })
      expect(await holds(app.database, lease, 10_000)).toBe(false)
      expect(await holds(app.database, lease, 4_000)).toBe(true)
      await renew(app.database, lease, 25_000)
      expect(await holds(app.database, lease, 10_000)).toBe(true)
    })

    test('that is handed back is there for another at once, with no attempt used', async () => {
      await want(app.database, one, now)
      await handBack(app.database, await taken())
      expect(await jobs()).toBe(1)
      expect(await taken('b')).toMatchObject({ failures: 0 })
    })

    test('of a failure comes again later; after six it is buried, and a new wish begins anew', async () => {
      await want(app.database, one, now)
      for (let count = 1; count <= 6; count++) {
        const lease = await taken()
        expect(mustBeBuried(lease)).toBe(false)
        expect(await fail(app.database, lease, `failure ${count}`, 60_000)).toBe(true)
        expect(await claim(app.database, 'b')).toBeNull()
        await due()
      }
      const last = await taken()
      expect(last).toMatchObject({ failures: 6, error: 'failure 6' })
      expect(mustBeBuried(last)).toBe(true)
      expect(await bury(app.database, last)).toBe(true)
      expect(await claim(app.database, 'b')).toBeNull()
      await want(app.database, one, { lane: 'rerequest' })
      expect(await taken()).toMatchObject({ failures: 0 })
    })

    test('that waits for a rate limit uses no attempt', async () => {
      await want(app.database, one, now)
      await postpone(app.database, await taken(), 3_600_000)
      expect(await claim(app.database, 'a')).toBeNull()
      await due()
      expect(await taken()).toMatchObject({ failures: 0 })
    })

    test('with a head excludes another of the repository with this head', async () => {
      const other = { ...one, subject: 'pull/8' }
      const head = 'a'.repeat(40)
      await want(app.database, one, now)
      await want(app.database, other, now)
      const [first, second] = [await taken(), await taken('b')]
      const got = await Promise.all([takeHead(app.database, first, head), takeHead(app.database, second, head)])
      expect(got.filter(Boolean)).toHaveLength(1)
      const [winner, loser] = got[0] ? [first, second] : [second, first]
      await postpone(app.database, loser, 0)
      expect(await claim(app.database, 'c')).toBeNull()
      await finish(app.database, winner)
      expect(await taken('c')).toMatchObject({ id: loser.id, failures: 0, head })
    })
  })

  test('a loop that wishes what fails does not keep it alive', async () => {
    await want(app.database, one, { lane: 'reconcile' })
    for (let count = 1; count <= 6; count++) {
      await fail(app.database, await taken(), 'no', 60_000)
      await want(app.database, one, { lane: 'reconcile' })
      expect(await claim(app.database, 'b')).toBeNull()
      await due()
    }
    expect(mustBeBuried(await taken())).toBe(true)
  })

  describe('who comes next', () => {
    const names = async (count: number): Promise<readonly string[]> => {
      const list: string[] = []
      for (let index = 0; index < count; index++) {
        const lease = await taken('a', { perInstallation: 100 })
        list.push(`${lease.installation}:${lease.subject}`)
      }
      return list
    }

    test('is decided by the lane', async () => {
      for (const [pull, lane] of [
        [1, 'reconcile'],
        [2, 'rerequest'],
        [3, 'event'],
        [4, 'command'],
      ] as const) {
        await want(app.database, { ...one, subject: `pull/${pull}` }, { lane, gather: 0 })
      }
      expect(await names(4)).toEqual(['1:pull/4', '1:pull/3', '1:pull/2', '1:pull/1'])
    })

    test('goes round the installations, whoever floods', async () => {
      for (let pull = 1; pull <= 20; pull++) {
        await want(app.database, { ...one, subject: `pull/${pull}` }, { lane: 'event', gather: 0 })
      }
      for (const installation of [2, 3]) {
        await want(
          app.database,
          { installation, repository: installation, subject: 'pull/1' },
          { lane: 'event', gather: 0 },
        )
      }
      expect(await names(5)).toEqual(['1:pull/1', '2:pull/1', '3:pull/1', '1:pull/2', '1:pull/3'])
    })

    test('is never more of one installation than its share', async () => {
      for (let pull = 1; pull <= 10; pull++) await want(app.database, { ...one, subject: `pull/${pull}` }, now)
      const leases = await Promise.all(Array.from({ length: 8 }, (_, index) => claim(app.database, `w${index}`)))
      expect(leases.filter((lease) => lease !== null)).toHaveLength(4)
    })

    test.each([
      ['is paused', () => pause(app.database, 1, { milliseconds: 60_000, why: 'rate limit' })],
      ['is suspended', () => suspend(app.database, 1, true)],
      ['was removed', () => remove(app.database, 1)],
    ])('is nothing of an installation that %s', async (_what, stop) => {
      await want(app.database, one, now)
      await stop()
      expect(await claim(app.database, 'a')).toBeNull()
    })
  })

  describe('a pause', () => {
    const paused = async (): Promise<number> => {
      const [row] = await app.database.query<{ seconds: number }>(
        `SELECT round(extract(epoch FROM paused_until - pg_catalog.clock_timestamp()) / 60)::int AS seconds
         FROM dba.installations WHERE id = 1`,
      )
      return row?.seconds ?? -1
    }
    const over = (ago: string): Promise<unknown> =>
      app.database.query(`UPDATE dba.installations SET paused_until = pg_catalog.clock_timestamp() - interval '${ago}'`)
    const limit = (growing: boolean, minutes = 1): Promise<void> =>
      pause(app.database, 1, { milliseconds: minutes * 60_000, why: 'limit', growing })
    beforeEach(() => install(app.database, 1, 'acme'))

    test('of which GitHub names no end lasts twice as long each time in a row, and an hour at most', async () => {
      const lasted: number[] = []
      for (let time = 0; time < 8; time++) {
        await limit(true)
        // Others are told of the same limit.
        await limit(true)
        lasted.push(await paused())
        await over('1 minute')
      }
      expect(lasted).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
      await over('16 minutes')
      await limit(true)
      expect(await paused()).toBe(1)
    })

    test('of which GitHub names the end lasts until then, each time', async () => {
      await limit(false, 50)
      expect(await paused()).toBe(50)
      await limit(false, 5)
      expect(await paused()).toBe(50)
      await over('1 minute')
      await limit(false, 5)
      expect(await paused()).toBe(5)
    })

    test('is told to whoever is about to write', async () => {
      await unpaused(app.database, 1)
      await limit(false)
      await expect(unpaused(app.database, 1)).rejects.toMatchObject({ name: 'Paused' })
      await unpaused(app.database, 2)
      await over('1 second')
      await unpaused(app.database, 1)
    })
  })

  describe('the sweep', () => {
    const lose = (): Promise<unknown> => app.database.query('DELETE FROM dba_queue._private_jobs')

    test.each([
      ['what nobody was woken for', 1, "UPDATE dba.subjects SET next_at = next_at - interval '4 seconds'"],
      ['what is only just due', 0, 'SELECT 1'],
      ['what is not due', 0, "UPDATE dba.subjects SET next_at = next_at + interval '1 hour'"],
      ['what is given up', 0, "UPDATE dba.subjects SET dead_at = next_at, next_at = next_at - interval '1 hour'"],
      [
        'what may not be served yet',
        0,
        `WITH late AS (UPDATE dba.subjects SET next_at = next_at - interval '1 hour')
         UPDATE dba.installations SET paused_until = pg_catalog.clock_timestamp() + interval '1 hour'`,
      ],
      [
        'what a worker that is gone held',
        1,
        "UPDATE dba.subjects SET lease_holder = 'x', lease_until = pg_catalog.clock_timestamp() - interval '1 ms'",
      ],
      [
        'what a worker holds',
        0,
        "UPDATE dba.subjects SET lease_holder = 'x', lease_until = pg_catalog.clock_timestamp() + interval '9 s', next_at = next_at - interval '1 hour'",
      ],
    ])('%s: %i', async (_what, woken, change) => {
      await want(app.database, one, now)
      await lose()
      await app.database.query(change)
      expect(await sweep(app.database)).toBe(woken)
      expect(await jobs()).toBe(woken)
    })
  })

  test('a job that a worker took along is forgotten when another was woken for it', async () => {
    await want(app.database, one, now)
    await app.database.query(
      "UPDATE dba_queue._private_jobs SET locked_by = 'gone', locked_at = now() - interval '3 hours'",
    )
    await want(app.database, one, now)
    expect(await jobs()).toBe(2)
    expect(await forgetJobs(app.database)).toBe(0)
    await app.database.query(
      "UPDATE dba_queue._private_jobs SET locked_at = now() - interval '5 hours' WHERE locked_by = 'gone'",
    )
    expect(await forgetJobs(app.database)).toBe(1)
    expect(await jobs()).toBe(1)
  })

  test('the row says since when it waits', async () => {
    await want(app.database, one, now)
    const { wanted_since: since } = await row()
    await fail(app.database, await taken(), 'no', 0)
    expect((await row()).wanted_since).toEqual(since)
    await finish(app.database, await taken())
    expect((await row()).wanted_since).toBeNull()
  })
})
