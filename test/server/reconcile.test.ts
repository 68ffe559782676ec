import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { claim } from '../../src/server/claim.js'
import { keep } from '../../src/server/inbox.js'
import { install, repositoryOf, sawRepository } from '../../src/server/installations.js'
import { finish, takeHead } from '../../src/server/lease.js'
import { startLoops, type Loop } from '../../src/server/loops.js'
import { commentSweep } from '../../src/server/reconcile/comment-sweep.js'
import { deliveryDiff } from '../../src/server/reconcile/delivery-diff.js'
import { drift } from '../../src/server/reconcile/drift.js'
import { activeRepositories, everything } from '../../src/server/reconcile/open-pulls.js'
import type { ReconcileParts } from '../../src/server/reconcile/parts.js'
import type { LoggedDelivery, ReconcilePorts } from '../../src/server/reconcile/ports.js'
import { watchdog } from '../../src/server/reconcile/watchdog.js'
import { completedRun, intendCompleted, intendInProgress, startedRun } from '../../src/server/stores/check-runs.js'
import { keepCommand } from '../../src/server/stores/commands.js'
import { publishedReview } from '../../src/server/stores/reviews.js'
import { want } from '../../src/server/subjects.js'
import { appDatabase, testLog, until, type AppDatabase } from '../support/app-database.js'
import { withPostgres } from '../support/postgres-binaries.js'

const NOW = new Date('2026-03-04T12:00:00Z')
const MINUTE = 60_000

await withPostgres(18, (programs) => {
  let app: AppDatabase
  const { log, lines } = testLog()
  beforeAll(async () => void (app = await appDatabase(programs)))
  afterAll(() => app.stop())
  beforeEach(async () => {
    lines.length = 0
    await app.clear()
  })

  const unexpected = (): never => {
    throw new Error('nobody should have asked')
  }
  const parts = (ports: Partial<ReconcilePorts>): ReconcileParts => ({
    database: app.database,
    log,
    check: 'dba',
    time: () => NOW,
    ports: {
      deliveries: unexpected,
      delivery: unexpected,
      installations: unexpected,
      repositories: unexpected,
      openPulls: unexpected,
      comments: unexpected,
      offer: unexpected,
      actual: unexpected,
      closeRun: unexpected,
      ...ports,
    },
  })
  const repository = { id: 10, installation: 1, owner: 'acme', name: 'shop' }
  const key = (head: string) => ({ installation: 1, repository: 10, head, name: 'dba' })
  const completed = async (head: string, run = 5): Promise<void> => {
    const intended = { externalId: 'x', conclusion: 'failure', digest: 'd', annotations: 0 }
    await intendCompleted(app.database, key(head), intended)
    await completedRun(app.database, key(head), run, 'd')
  }
  const wanted = async (): Promise<readonly string[]> =>
    (
      await app.database.query<{ subject: string }>(
        'SELECT subject FROM dba.subjects WHERE wanted_epoch > done_epoch ORDER BY subject',
      )
    ).map(({ subject }) => subject)
  /** A pull request that was served at a head. */
  const served = async (pull: number, head: string): Promise<void> => {
    await want(app.database, { installation: 1, repository: 10, subject: `pull/${pull}` }, { lane: 'command' })
    const lease = await claim(app.database, 'test')
    if (lease === null) throw new Error('it was not there')
    await takeHead(app.database, lease, head)
    await finish(app.database, lease)
  }
  const age = (table: string, column: string, interval: string): Promise<unknown> =>
    app.database.query(`UPDATE dba.${table} SET ${column} = ${column} - interval '${interval}'`)

  describe('the log of deliveries', () => {
    /** A log of so many lines a minute apart, newest first, on pages of 10. */
    const logOf = (
      items: readonly LoggedDelivery[],
    ): Pick<ReconcilePorts, 'deliveries' | 'delivery'> & { pages: number } => {
      const ports = {
        pages: 0,
        deliveries: async (cursor: string | null) => {
          ports.pages++
          const start = Number(cursor ?? 0)
          const next = start + 10 < items.length ? String(start + 10) : null
          return { items: items.slice(start, start + 10), next }
        },
        delivery: async (id: number) => ({ event: 'pull_request', payload: { number: id } }),
      }
      return ports
    }
    const minutes = (count: number): readonly LoggedDelivery[] =>
      Array.from({ length: count }, (_, index) => ({
        id: index,
        guid: randomUUID(),
        deliveredAt: new Date(NOW.getTime() - index * MINUTE),
      }))

    test('what the inbox does not hold is fetched, and waits behind what comes', async () => {
      const items = minutes(25)
      for (const { guid } of items.filter((_item, index) => index % 5 !== 0)) {
        await keep(app.database, { delivery: guid, event: 'push', body: Buffer.from('{}') })
      }
      expect(await deliveryDiff(parts(logOf(items)))).toBe(5)
      const rows = await app.database.query(
        'SELECT delivery::text, event, lane FROM dba.inbox WHERE lane = 1 ORDER BY id',
      )
      expect(rows).toEqual(
        [0, 5, 10, 15, 20].map((index) => ({ delivery: items[index]?.guid, event: 'pull_request', lane: 1 })),
      )
      expect(await deliveryDiff(parts(logOf(items)))).toBe(0)
    })

    test('a second time it looks back fifteen minutes, not to the beginning', async () => {
      const items = minutes(100)
      const first = logOf(items)
      await deliveryDiff(parts(first))
      const second = logOf(items)
      await deliveryDiff(parts(second))
      expect([first.pages, second.pages]).toEqual([10, 2])
    })

    test('what is older than three days is not asked for', async () => {
      const old = { id: 1, guid: randomUUID(), deliveredAt: new Date(NOW.getTime() - 3 * 24 * 60 * MINUTE - 1) }
      expect(await deliveryDiff(parts(logOf([old])))).toBe(0)
    })

    test('one that was delivered three times is fetched once', async () => {
      const guid = randomUUID()
      const items = [1, 2, 3].map((id) => ({ id, guid, deliveredAt: NOW }))
      expect(await deliveryDiff(parts(logOf(items)))).toBe(1)
    })

    test('when it breaks off, the next time begins where it did', async () => {
      const items = minutes(5)
      const broken = {
        ...logOf(items),
        delivery: async (id: number) => (id === 3 ? unexpected() : { event: 'push', payload: {} }),
      }
      await expect(deliveryDiff(parts(broken))).rejects.toThrow()
      expect(await deliveryDiff(parts(logOf(items)))).toBe(2)
    })

    test('one that GitHub has forgotten is told', async () => {
      const items = minutes(1)
      expect(await deliveryDiff(parts({ ...logOf(items), delivery: async () => null }))).toBe(0)
      expect(lines.join('')).toContain('a delivery was lost, and GitHub does not have it any more')
    })

    test('a log that does not go on is no log', async () => {
      const stuck = async (): ReturnType<ReconcilePorts['deliveries']> => ({
        items: [{ id: 1, guid: randomUUID(), deliveredAt: NOW }],
        next: 'same',
      })
      await expect(deliveryDiff(parts({ deliveries: stuck }))).rejects.toThrow('does not go on')
    })
  })

  describe('the watchdog', () => {
    test('wishes again what has been in progress for ten minutes', async () => {
      await served(7, 'a')
      await intendInProgress(app.database, key('a'), 'x')
      await startedRun(app.database, key('a'), 5, true)
      expect(await watchdog(parts({}))).toBe(0)
      await age('check_runs', 'changed_at', '11 minutes')
      expect(await watchdog(parts({}))).toBe(1)
      expect(await wanted()).toEqual(['pull/7'])
    })

    test('wishes again what GitHub was not told', async () => {
      await served(7, 'a')
      await intendCompleted(app.database, key('a'), {
        externalId: 'x',
        conclusion: 'failure',
        digest: 'd',
        annotations: 3,
      })
      await age('check_runs', 'changed_at', '11 minutes')
      expect(await watchdog(parts({}))).toBe(1)
      expect(await wanted()).toEqual(['pull/7'])
    })

    test('closes a run to which nothing belongs', async () => {
      await sawRepository(app.database, repository)
      await intendInProgress(app.database, key('a'), 'x')
      await age('check_runs', 'changed_at', '11 minutes')
      const closed: string[] = []
      const closeRun: ReconcilePorts['closeRun'] = async (at, run) =>
        void closed.push(`${at.owner}/${at.name} ${run.head}`)
      expect(await watchdog(parts({ closeRun }))).toBe(1)
      expect(closed).toEqual(['acme/shop a'])
      // Once is enough.
      await age('check_runs', 'changed_at', '11 minutes')
      expect(await watchdog(parts({ closeRun }))).toBe(0)
    })

    test('takes up a command that nobody did', async () => {
      await keepCommand(app.database, {
        comment: 1,
        installation: 1,
        repository: 10,
        pull: 7,
        author: { id: 2, login: 'x' },
        bodyDigest: 'd',
      })
      expect(await watchdog(parts({}))).toBe(0)
      await age('commands', 'received_at', '2 minutes')
      expect(await watchdog(parts({}))).toBe(1)
      expect(await wanted()).toEqual(['pull/7'])
    })
  })

  describe('open pull requests', () => {
    const pulls = [
      { number: 7, head: 'a', target: 'main' },
      { number: 8, head: 'b', target: 'main' },
      { number: 9, head: 'c', target: 'main' },
    ]
    const published = (pull: number, head: string, target = 'main'): Promise<void> =>
      publishedReview(
        app.database,
        { installation: 1, repository: 10, subject: `pull/${pull}` },
        { head, base: 'x', target, migrations: 0, code: null, conclusion: 'failure', review: {} },
      )

    test('whose head has a completed check of another pull request, or of another target, are wished as well', async () => {
      await sawRepository(app.database, repository)
      await completed('a')
      await published(7, 'a')
      await published(8, 'b')
      await published(9, 'a', 'release')
      const openPulls: ReconcilePorts['openPulls'] = async () =>
        [7, 8, 9].map((number) => ({ number, head: 'a', target: 'main' }))
      expect(await activeRepositories(parts({ openPulls }))).toBe(2)
      expect(await wanted()).toEqual(['pull/8', 'pull/9'])
    })

    test('without a completed check are wished, in repositories where something happened', async () => {
      await sawRepository(app.database, repository)
      await sawRepository(app.database, { ...repository, id: 11, name: 'quiet' })
      await app.database.query("UPDATE dba.repositories SET active_at = active_at - interval '25 hours' WHERE id = 11")
      await completed('a')
      await published(7, 'a')
      await intendInProgress(app.database, key('b'), 'x')
      const asked: (readonly [string, Date | null])[] = []
      const openPulls: ReconcilePorts['openPulls'] = async ({ name }, since) => {
        asked.push([name, since])
        return pulls
      }
      expect(await activeRepositories(parts({ openPulls }))).toBe(2)
      expect(await wanted()).toEqual(['pull/8', 'pull/9'])
      await activeRepositories(parts({ openPulls }))
      expect(asked.map(([name]) => name)).toEqual(['shop', 'shop'])
      expect(asked[0]?.[1]).toBeNull()
      expect(asked[1]?.[1]).toBeInstanceOf(Date)
    })

    test('that were given up, and said to be, are tried again by the look at everything alone', async () => {
      await sawRepository(app.database, repository)
      await served(7, 'a')
      await completed('a')
      await app.database.query('UPDATE dba.subjects SET wanted_epoch = wanted_epoch + 1, dead_at = pg_catalog.now()')
      const openPulls: ReconcilePorts['openPulls'] = async () => pulls.slice(0, 1)
      expect(await activeRepositories(parts({ openPulls }))).toBe(0)
      // Of another head nothing was said yet.
      const moved: ReconcilePorts['openPulls'] = async () => [{ number: 7, head: 'b', target: 'main' }]
      const installations: ReconcilePorts['installations'] = async () => [{ id: 1, account: 'acme', suspended: false }]
      const repositories: ReconcilePorts['repositories'] = async () => [repository]
      expect(await everything(parts({ openPulls, installations, repositories }))).toBe(1)
      await app.database.query('UPDATE dba.subjects SET dead_at = pg_catalog.now()')
      expect(await activeRepositories(parts({ openPulls: moved }))).toBe(1)
    })

    test('of a repository that cannot be looked at do not hinder the others', async () => {
      await sawRepository(app.database, { ...repository, id: 9, name: 'broken' })
      await sawRepository(app.database, repository)
      const openPulls: ReconcilePorts['openPulls'] = async ({ name }) => (name === 'broken' ? unexpected() : pulls)
      expect(await activeRepositories(parts({ openPulls }))).toBe(3)
      expect(await app.database.query('SELECT id FROM dba.repositories WHERE swept_at IS NULL')).toEqual([{ id: 9 }])
    })

    test('of all installations are looked at, and their repositories are known then', async () => {
      const ports: Partial<ReconcilePorts> = {
        installations: async () => [
          { id: 1, account: 'acme', suspended: false },
          { id: 2, account: 'gone', suspended: true },
        ],
        repositories: async () => [repository],
        openPulls: async () => pulls,
      }
      expect(await everything(parts(ports))).toBe(3)
      expect(await repositoryOf(app.database, 10)).toEqual(repository)
      expect(await activeRepositories(parts({}))).toBe(0)
      expect(await app.database.query('SELECT id, suspended FROM dba.installations ORDER BY id')).toEqual([
        { id: 1, suspended: false },
        { id: 2, suspended: true },
      ])
    })
  })

  test('comments are looked for where somebody is waited for, from where the last look ended', async () => {
    await sawRepository(app.database, repository)
    const at = (subject: string) => ({ installation: 1, repository: 10, subject })
    const review = { head: 'a', base: 'b', target: 'main', migrations: 1, code: 'c', review: {} }
    await publishedReview(app.database, at('pull/7'), { ...review, conclusion: 'action_required' })
    await publishedReview(app.database, at('pull/8'), { ...review, conclusion: 'failure' })
    const asked: (readonly [number, Date | null])[] = []
    const ports: Partial<ReconcilePorts> = {
      comments: async (_repository, pull, since) => {
        asked.push([pull, since])
        return [
          { id: 1, updatedAt: NOW },
          { id: 2, updatedAt: new Date(NOW.getTime() - MINUTE) },
        ]
      },
      offer: async (_repository, _pull, { id }) => id === 2,
    }
    expect(await commentSweep(parts(ports))).toBe(1)
    await commentSweep(parts(ports))
    expect(asked.map(([pull]) => pull)).toEqual([7, 7])
    expect(asked[1]?.[1]).toEqual(new Date(NOW.getTime() - 5 * MINUTE))
  })

  test('T12: a comment of the very second of a mark is found, and offered as one that may be known', async () => {
    await sawRepository(app.database, repository)
    const review = { head: 'a', base: 'b', target: 'main', migrations: 1, code: 'c', review: {} }
    const at = { installation: 1, repository: 10, subject: 'pull/7' }
    await publishedReview(app.database, at, { ...review, conclusion: 'action_required' })
    // GitHub's times have no part of a second: it was written after the review, and has the second in which that was published.
    const [row] = await app.database.query<{ at: Date }>('SELECT published_at AS at FROM dba.reviews')
    const second = new Date(Math.floor((row?.at.getTime() ?? 0) / 1000) * 1000)
    const written = [{ id: 1, updatedAt: second }]
    const known = new Set<number>()
    const ports: Partial<ReconcilePorts> = {
      comments: async (_repository, _pull, since) =>
        written.filter(({ updatedAt }) => since === null || updatedAt >= since),
      // As the commands that are kept tell one comment from another.
      offer: async (_repository, _pull, { id }) => known.size < known.add(id).size,
    }
    expect(await commentSweep(parts(ports))).toBe(1)
    // Another of the second to which the mark was moved, and none twice.
    written.push({ id: 2, updatedAt: second })
    expect(await commentSweep(parts(ports))).toBe(1)
    expect(await commentSweep(parts(ports))).toBe(0)
  })

  describe('what GitHub shows', () => {
    const actual = (status: string, conclusion: string | null, others = 0) => ({ status, conclusion, others })
    test.each([
      ['what was meant', actual('completed', 'failure'), 0, []],
      ['another conclusion', actual('completed', 'neutral'), 1, ['pull/7']],
      ['a run in progress', actual('in_progress', null), 1, ['pull/7']],
      ['nothing', null, 1, ['pull/7']],
      ["somebody else's as well", actual('completed', 'failure', 2), 0, []],
    ])('is %s', async (_what, shown, repaired, wishes) => {
      await sawRepository(app.database, repository)
      await served(7, 'a')
      await completed('a')
      expect(await drift(parts({}))).toBe(0)
      await age('check_runs', 'sent_at', '11 minutes')
      expect(await drift(parts({ actual: async () => shown }))).toBe(repaired)
      expect(await wanted()).toEqual(wishes)
      expect(lines.join('').includes('somebody else')).toBe(shown?.others === 2)
    })
  })

  describe('loops', () => {
    const quick = (name: string, run: Loop['run'], every = 200): Loop => ({ name, every, run })
    const start = (loops: readonly Loop[], atOnce: readonly string[] = []) =>
      startLoops({ database: app.database, log, random: () => 0.5, now: () => performance.now() }, loops, atOnce)

    test('are run by one process at a time, in turn', async () => {
      let running = 0
      let most = 0
      let runs = 0
      const loop = quick('a', async () => {
        most = Math.max(most, ++running)
        runs++
        await new Promise((resolve) => setTimeout(resolve, 50))
        running--
        return 0
      })
      const all = [start([loop]), start([loop]), start([loop])]
      await new Promise((resolve) => setTimeout(resolve, 1_200))
      await Promise.all(all.map((loops) => loops.stop()))
      expect(most).toBe(1)
      expect(runs).toBeGreaterThanOrEqual(3)
      expect(runs).toBeLessThanOrEqual(6)
    })

    test('that fail are run again, and do not hinder others', async () => {
      let tries = 0
      let others = 0
      const loops = start([
        quick('bad', async () => {
          tries++
          throw new Error('no')
        }),
        quick('good', async () => ++others),
      ])
      await until(() => tries >= 2 && others >= 2)
      await loops.stop()
    })

    test('that are to be run at once are, whatever the time', async () => {
      let runs = 0
      const loop = quick('a', async () => ++runs, 3_600_000)
      const first = start([loop])
      await until(() => runs === 1)
      const second = start([loop], ['a'])
      await until(() => runs === 2)
      await Promise.all([first.stop(), second.stop()])
    })
  })

  test('an installation that is paused is not swept', async () => {
    await install(app.database, 1, 'acme')
    await sawRepository(app.database, repository)
    await app.database.query(
      "UPDATE dba.installations SET paused_until = pg_catalog.clock_timestamp() + interval '1 hour'",
    )
    expect(await activeRepositories(parts({}))).toBe(0)
  })
})
