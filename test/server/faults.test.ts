import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createHmac, randomUUID } from 'node:crypto'
import { startDispatch } from '../../src/server/dispatch.js'
import { missing } from '../../src/server/inbox.js'
import { want } from '../../src/server/subjects.js'
import { sweep } from '../../src/server/sweep.js'
import { appDatabase, testLog, until, type AppDatabase } from '../support/app-database.js'
import { appProcess, type AppProcess } from '../support/app-process.js'
import { withPostgres } from '../support/postgres-binaries.js'

const SECRET = 'the secret of the webhook, long enough'

await withPostgres(18, (programs) => {
  let app: AppDatabase
  const children: AppProcess[] = []
  const { log } = testLog()
  beforeAll(async () => {
    app = await appDatabase(programs)
    await app.database.query(
      'CREATE TABLE public.writes (id bigint GENERATED ALWAYS AS IDENTITY, subject text, epoch bigint, holder text)',
    )
  })
  afterAll(() => app.stop())
  beforeEach(async () => {
    await app.clear()
    await app.database.query('TRUNCATE public.writes')
  })
  afterEach(() => Promise.all(children.splice(0).map((child) => child.stop())))

  const child = (name: string, options: Record<string, unknown>): AppProcess => {
    const started = appProcess(name, { url: app.url, ...options })
    children.push(started)
    return started
  }
  const count = async (sql: string): Promise<number> =>
    (await app.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`))[0]?.n ?? -1

  describe('an intake', () => {
    const startIntake = async (): Promise<number> => Number(await child('intake', { secret: SECRET }).said('port'))
    /** The status of the answer; null when there is none. */
    const send = async (port: number, body: string, delivery = randomUUID()): Promise<number | null> => {
      const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`
      try {
        const response = await fetch(`http://127.0.0.1:${port}/webhook`, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/json',
            'x-github-event': 'push',
            'x-github-delivery': delivery,
            'x-hub-signature-256': signature,
          },
        })
        await response.arrayBuffer()
        return response.status
      } catch {
        return null
      }
    }

    test('R3: killed between the commit and the answer has kept it; it is done once, and again changes nothing', async () => {
      const delivery = randomUUID()
      expect(await send(await startIntake(), '{"die after":1}', delivery)).toBeNull()
      expect(await count("dba.inbox WHERE state = 'pending'")).toBe(1)
      let done = 0
      const dispatch = startDispatch({
        database: app.database,
        log,
        random: Math.random,
        receive: async () => {
          done++
          return 'done'
        },
      })
      await until(() => done === 1)
      expect(await send(await startIntake(), '{}', delivery)).toBe(202)
      await new Promise((resolve) => setTimeout(resolve, 400))
      await dispatch.stop()
      expect(done).toBe(1)
    })

    test('R4: killed before the commit has not answered, and the id is known as missing', async () => {
      const delivery = randomUUID()
      expect(await send(await startIntake(), '{"die before":1}', delivery)).toBeNull()
      expect(await missing(app.database, [delivery])).toEqual([delivery])
    })

    test('R5: without a database answers 503 within two seconds, loses nothing that it accepted, and goes on when it is back', async () => {
      const port = await startIntake()
      expect(await send(port, '{}')).toBe(202)
      await app.server.crash()
      const times: number[] = []
      const answers = await Promise.all(
        Array.from({ length: 200 }, async () => {
          const begun = performance.now()
          const status = await send(port, '{}')
          times.push(performance.now() - begun)
          return status
        }),
      )
      expect(new Set(answers)).toEqual(new Set([503]))
      expect(times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]).toBeLessThan(2_000)
      await app.server.start()
      await until(async () => (await send(port, '{}')) === 202)
      await until(async () => (await count('dba.inbox')) >= 2)
    })

    test('R5: a database that is killed under load has every delivery that was accepted', async () => {
      const port = await startIntake()
      const accepted: string[] = []
      const loads = Array.from({ length: 8 }, async () => {
        for (let index = 0; index < 40; index++) {
          const delivery = randomUUID()
          if ((await send(port, '{}', delivery)) === 202) accepted.push(delivery)
          else await new Promise((resolve) => setTimeout(resolve, 30))
        }
      })
      await until(() => accepted.length > 40)
      await app.server.crash()
      await app.server.start()
      await Promise.all(loads)
      expect(accepted.length).toBeGreaterThan(80)
      expect(await missing(app.database, accepted)).toEqual([])
    })
  })

  describe('a worker', () => {
    const timing = { lasting: 1_500, renewEvery: 400, enoughToWrite: 500 }
    const subject = (pull: number) => ({ installation: pull, repository: pull, subject: `pull/${pull}` })
    const worker = async (holder: string, more: Record<string, unknown> = {}): Promise<AppProcess> => {
      const started = child('worker', { holder, timing, work: 100, ...more })
      await started.said('ready')
      return started
    }
    const served = (): Promise<void> =>
      until(async () => (await count('dba.subjects WHERE wanted_epoch > done_epoch')) === 0, 20_000)
    /** Writes that were made by an older lease after a newer one had begun to write. */
    const stale = (): Promise<number> =>
      count(`public.writes AS w WHERE EXISTS (
        SELECT FROM public.writes AS newer WHERE newer.subject = w.subject AND newer.epoch > w.epoch AND newer.id < w.id)`)

    test('R1: that is killed is replaced when its lease has run out', async () => {
      const first = await worker('first', { work: 60_000 })
      for (let pull = 1; pull <= 4; pull++) await want(app.database, subject(pull), { lane: 'command' })
      await until(() => first.lines.filter((line) => line.startsWith('begun')).length === 4)
      const second = await worker('second')
      await first.kill('SIGKILL')
      const begun = performance.now()
      await served()
      expect(performance.now() - begun).toBeLessThan(timing.lasting + 5_000)
      await until(() => second.lines.filter((line) => line.endsWith('done')).length === 4)
      expect(await stale()).toBe(0)
    })

    test('R2: that is asked to end finishes what it can, hands the rest back, and exits well', async () => {
      const first = await worker('first', { work: 60_000, grace: 300 })
      for (let pull = 1; pull <= 4; pull++) await want(app.database, subject(pull), { lane: 'command' })
      await until(() => first.lines.filter((line) => line.startsWith('begun')).length === 4)
      await worker('second')
      const begun = performance.now()
      expect(await first.kill('SIGTERM')).toBe(0)
      await served()
      expect(performance.now() - begun).toBeLessThan(6_000)
      expect(first.lines.filter((line) => line.endsWith('handed-back'))).toHaveLength(4)
      expect(await count('dba.subjects WHERE attempts > 0')).toBe(0)
    })

    test('R34: that was stopped and goes on writes nothing any more', async () => {
      const zombie = await worker('zombie', { work: 400, writes: 20 })
      await want(app.database, subject(1), { lane: 'command' })
      await until(async () => (await count("public.writes WHERE holder = 'zombie'")) >= 1)
      zombie.signal('SIGSTOP')
      const second = await worker('second', { writes: 5 })
      await until(() => second.lines.some((line) => line.endsWith('done')), 15_000)
      const before = await count("public.writes WHERE holder = 'zombie'")
      zombie.signal('SIGCONT')
      await zombie.said('turn pull/1 lost')
      expect(await count("public.writes WHERE holder = 'zombie'")).toBe(before)
      expect(await stale()).toBe(0)
    })

    test('what kills every worker that touches it is given up like any failure', async () => {
      await want(app.database, subject(1), { lane: 'command' })
      await app.database.query("UPDATE dba.subjects SET attempts = 6, error = 'the worker that was at it is gone'")
      const last = await worker('last')
      await last.said('gave up pull/1 the worker that was at it is gone')
      await until(async () => (await count('dba.subjects WHERE dead_at IS NOT NULL')) === 1)
    })

    test('R5: whose database goes away in the middle of its work does not end, and goes on when it is back', async () => {
      const first = await worker('first', { work: 200 })
      let gone = false
      void first.exited.then(() => (gone = true))
      for (let pull = 1; pull <= 8; pull++) await want(app.database, subject(pull), { lane: 'command' })
      await until(() => first.lines.filter((line) => line.startsWith('begun')).length >= 4)
      await app.server.crash()
      // Long enough for all that is at hand to fail, and for the queue to find out.
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      await app.server.start()
      await until(async () => {
        await app.database.query(
          'UPDATE dba.subjects SET next_at = least(next_at, pg_catalog.clock_timestamp()) WHERE lease_holder IS NULL',
        )
        return (await count('dba.subjects WHERE wanted_epoch > done_epoch')) === 0
      }, 20_000)
      expect(gone).toBe(false)
      expect(await stale()).toBe(0)
    })

    test('R6: whose connections are cut again and again serves all, and nothing twice at once', async () => {
      await worker('first', { work: 20 })
      await worker('second', { work: 20 })
      const cut = setInterval(() => {
        void app.database
          .query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name IN ('first', 'second') ORDER BY random() LIMIT 2`,
          )
          .catch(() => undefined)
      }, 100)
      for (let pull = 1; pull <= 10; pull++) await want(app.database, subject(pull), { lane: 'command' })
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      clearInterval(cut)
      // What waits for its next try need not be waited for here.
      await until(async () => {
        await app.database.query(
          'UPDATE dba.subjects SET next_at = least(next_at, pg_catalog.clock_timestamp()) WHERE lease_holder IS NULL',
        )
        await sweep(app.database)
        return (await count('dba.subjects WHERE wanted_epoch > done_epoch AND dead_at IS NULL')) === 0
      }, 20_000)
      expect(await stale()).toBe(0)
    })
  })
})
