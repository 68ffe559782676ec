import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { startDispatch, type Dispatch, type DispatchTiming, type Receive } from '../../src/server/dispatch.js'
import { forget, keep, missing, settle, take } from '../../src/server/inbox.js'
import { appDatabase, testLog, until, type AppDatabase } from '../support/app-database.js'
import { withPostgres } from '../support/postgres-binaries.js'

await withPostgres(18, (programs) => {
  let app: AppDatabase
  const running: Dispatch[] = []
  const { log, lines } = testLog()
  beforeAll(async () => void (app = await appDatabase(programs)))
  afterAll(() => app.stop())
  beforeEach(async () => {
    await Promise.all(running.splice(0).map((dispatch) => dispatch.stop()))
    await app.clear()
  })
  afterAll(() => Promise.all(running.map((dispatch) => dispatch.stop())))

  const start = (receive: Receive, timing: Partial<DispatchTiming> = {}): Dispatch => {
    const dispatch = startDispatch({
      database: app.database,
      receive,
      log,
      random: () => 0.5,
      timing: { poll: 50, ...timing },
    })
    running.push(dispatch)
    return dispatch
  }
  const put = async (payload: unknown, lane: 0 | 1 = 0, event = 'pull_request'): Promise<string> => {
    const delivery = randomUUID()
    const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
    await keep(app.database, { delivery, event, body, lane })
    return delivery
  }
  const states = async (): Promise<Record<string, number>> => {
    const rows = await app.database.query<{ state: string; n: number }>(
      'SELECT state, count(*)::int AS n FROM dba.inbox GROUP BY state',
    )
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
  }
  const settled = (): Promise<void> => until(async () => ((await states()).pending ?? 0) === 0)

  test('what is kept is handed over as it was delivered', async () => {
    const delivery = await put({ number: 7, __proto__x: 1 })
    const got: unknown[] = []
    start(async (each) => {
      got.push(each)
      return 'done'
    })
    await settled()
    expect(got).toEqual([{ id: delivery, name: 'pull_request', payload: { number: 7, __proto__x: 1 } }])
    expect(await states()).toEqual({ done: 1 })
  })

  test('one that is poison waits for itself, and not the others for it', async () => {
    await put({ poison: true })
    for (let number = 0; number < 30; number++) await put({ number })
    const begun = performance.now()
    start(async ({ payload }) => {
      if ('poison' in payload) throw new Error('cannot \0 read this')
      return 'ignored'
    })
    await until(async () => (await states()).ignored === 30)
    expect(performance.now() - begun).toBeLessThan(3_000)
    expect(await app.database.query('SELECT attempts, error, state FROM dba.inbox ORDER BY id LIMIT 1')).toEqual([
      { attempts: 1, error: 'cannot \u2400 read this', state: 'pending' },
    ])
  })

  test('one that fails six times is given up, and the log says so', async () => {
    const delivery = await put({})
    start(async () => {
      throw new Error('no')
    })
    await until(async () => {
      await app.database.query("UPDATE dba.inbox SET next_at = pg_catalog.clock_timestamp() WHERE state = 'pending'")
      return (await states()).dead === 1
    })
    expect(await app.database.query('SELECT attempts FROM dba.inbox')).toEqual([{ attempts: 6 }])
    expect(lines.some((line) => line.includes('a delivery is given up') && line.includes(delivery))).toBe(true)
  })

  test('one whose reader is gone comes again, and has used an attempt', async () => {
    await put({})
    expect(await take(app.database, 10, 100)).toMatchObject([{ attempts: 1 }])
    expect(await take(app.database, 10, 100)).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(await take(app.database, 10, 100)).toMatchObject([{ attempts: 2 }])
  })

  test('who was late settles nothing', async () => {
    await put({})
    const [first] = await take(app.database, 1, 0)
    const [second] = await take(app.database, 1, 60_000)
    if (first === undefined || second === undefined) throw new Error('nothing was taken')
    await settle(app.database, first, { state: 'dead', error: 'late' })
    expect(await states()).toEqual({ pending: 1 })
    await settle(app.database, second, { state: 'done' })
    expect(await states()).toEqual({ done: 1 })
  })

  test('one that takes too long has failed, and the rest goes on', async () => {
    await put({ slow: true })
    await put({})
    start(({ payload }) => ('slow' in payload ? new Promise(() => undefined) : Promise.resolve('done')), {
      patience: 100,
    })
    await until(async () => (await states()).done === 1)
    await until(async () => (await app.database.query('SELECT 1 FROM dba.inbox WHERE error IS NOT NULL')).length === 1)
  })

  test('three that hand over hand each over once', async () => {
    for (let number = 0; number < 200; number++) await put({ number })
    const got: unknown[] = []
    for (let count = 0; count < 3; count++) {
      start(async ({ payload }) => {
        got.push((payload as { number: number }).number)
        await new Promise((resolve) => setTimeout(resolve, 1))
        return 'done'
      })
    }
    await settled()
    expect([...got].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 200 }, (_, number) => number))
  })

  test('what comes now goes before what was found missing', async () => {
    for (let number = 0; number < 5; number++) await put({ number }, 1)
    await put({ number: 'now' }, 0)
    const got: unknown[] = []
    const [first] = await take(app.database, 1, 60_000)
    got.push(JSON.parse(first?.body.toString() ?? '{}'))
    expect(got).toEqual([{ number: 'now' }])
  })

  test('a ring is heard at once', async () => {
    const got: number[] = []
    const dispatch = start(
      async () => {
        got.push(performance.now())
        return 'done'
      },
      { poll: 60_000 },
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    const begun = performance.now()
    await put({})
    dispatch.wake()
    await until(() => got.length === 1)
    expect((got[0] ?? 0) - begun).toBeLessThan(1_000)
  })

  test('it stops after what is at hand', async () => {
    await put({})
    let ended = false
    const dispatch = start(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200))
      ended = true
      return 'done'
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    await dispatch.stop()
    expect(ended).toBe(true)
    expect(await states()).toEqual({ done: 1 })
  })

  test('which of many were never kept', async () => {
    const here = await put({})
    const gone = randomUUID()
    expect(await missing(app.database, [here, gone, here.toUpperCase()])).toEqual([gone])
  })

  describe('what is forgotten', () => {
    test.each([
      ['done', '15 days', { rows: 1, bodies: 0 }],
      ['dead', '15 days', { rows: 1, bodies: 0 }],
      ['pending', '15 days', { rows: 0, bodies: 0 }],
      ['done', '4 days', { rows: 0, bodies: 1 }],
      ['ignored', '4 days', { rows: 0, bodies: 1 }],
      ['dead', '4 days', { rows: 0, bodies: 0 }],
      ['unparseable', '4 days', { rows: 0, bodies: 0 }],
      ['done', '2 days', { rows: 0, bodies: 0 }],
    ])('%s for %s', async (state, age, gone) => {
      await put({})
      await app.database.query(
        `UPDATE dba.inbox SET state = $1, received_at = received_at - $2::interval, settled_at = pg_catalog.clock_timestamp() - $2::interval`,
        [state, age],
      )
      expect(await forget(app.database)).toEqual(gone)
    })
  })
})
