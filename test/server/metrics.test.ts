import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { claim } from '../../src/server/claim.js'
import { openDatabase } from '../../src/server/database.js'
import { keep } from '../../src/server/inbox.js'
import { metrics } from '../../src/server/metrics.js'
import { statusPages } from '../../src/server/status-pages.js'
import { intendInProgress } from '../../src/server/stores/check-runs.js'
import { want } from '../../src/server/subjects.js'
import { listen, type WebServer } from '../../src/server/web-server.js'
import { appDatabase, type AppDatabase } from '../support/app-database.js'
import { withPostgres } from '../support/postgres-binaries.js'

await withPostgres(18, (programs) => {
  let app: AppDatabase
  const servers: WebServer[] = []
  beforeAll(async () => void (app = await appDatabase(programs)))
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close(100)))
    await app.stop()
  })

  const figuresOf = async (measured: ReturnType<typeof metrics>): Promise<Record<string, number>> => {
    const { text } = await measured.figures()
    return Object.fromEntries(
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
    )
  }

  test('the figures say how things stand', async () => {
    const measured = metrics(app.database)
    for (let pull = 1; pull <= 3; pull++) {
      await want(app.database, { installation: 1, repository: 10, subject: `pull/${pull}` }, { lane: 'command' })
    }
    await claim(app.database, 'a')
    await keep(app.database, { delivery: crypto.randomUUID(), event: 'push', body: Buffer.from('{}') })
    await keep(app.database, { delivery: crypto.randomUUID(), event: 'push', body: Buffer.from('{') })
    await intendInProgress(app.database, { installation: 1, repository: 10, head: 'a', name: 'dba' }, 'x')
    await app.database.query("UPDATE dba.inbox SET received_at = received_at - interval '100 seconds'")
    await app.database.query("UPDATE dba.check_runs SET started_at = started_at - interval '11 minutes'")
    await app.database.query("UPDATE dba.subjects SET dead_at = next_at WHERE subject = 'pull/3'")
    const figures = await figuresOf(measured)
    expect(figures).toMatchObject({
      dba_database_up: 1,
      dba_pending_deliveries: 1,
      dba_unparseable_deliveries: 1,
      dba_waiting_subjects: 1,
      dba_running_subjects: 1,
      dba_dead_jobs: 1,
      dba_checks_in_progress_over_10m: 1,
      dba_wrong_epoch_writes_refused_total: 0,
    })
    expect(figures.dba_oldest_unprocessed_event_age_seconds).toBeGreaterThanOrEqual(100)
    expect(figures.dba_oldest_unprocessed_event_age_seconds).toBeLessThan(110)
  })

  test('what is counted is shown', async () => {
    const measured = metrics(app.database)
    measured.answered(202, 12)
    measured.settled('push', 'done')
    measured.turn('done', 1500)
    measured.published('failure', 3000)
    measured.inconclusive('timeout')
    measured.fenced()
    measured.repaired('deliveries', 3)
    measured.swept('deliveries', true, 10)
    measured.budget(5, 4321)
    measured.sandboxKilled('time')
    measured.request('rate-limited')
    expect(await figuresOf(measured)).toMatchObject({
      'dba_webhook_seconds_count{status="202"}': 1,
      'dba_deliveries_total{event="push",state="done"}': 1,
      'dba_turn_seconds_sum{turn="done"}': 1.5,
      'dba_review_seconds_count{conclusion="failure"}': 1,
      'dba_inconclusive_total{reason="timeout"}': 1,
      dba_wrong_epoch_writes_refused_total: 1,
      'dba_reconcile_repairs_total{loop="deliveries"}': 3,
      'dba_reconcile_seconds_count{loop="deliveries",ok="true"}': 1,
      'dba_github_budget_left{installation="5"}': 4321,
      'dba_sandbox_kills_total{reason="time"}': 1,
      'dba_github_requests_total{kind="rate-limited"}': 1,
    })
  })

  test('without a database they say so, and nothing old', async () => {
    const away = openDatabase({ url: 'postgresql://nobody:nothing@127.0.0.1:1/none', name: 'test' })
    const figures = await figuresOf(metrics(away))
    expect(figures.dba_database_up).toBe(0)
    expect(figures.dba_dead_jobs).toBeUndefined()
    await away.close()
  })

  test('the pages answer', async () => {
    let reason: string | null = null
    const measured = metrics(app.database)
    const web = await listen(statusPages({ unready: async () => reason, figures: () => measured.figures() }), {
      host: '127.0.0.1',
      port: 0,
    })
    servers.push(web)
    const get = async (path: string, method = 'GET') => {
      const response = await fetch(`http://127.0.0.1:${web.port}${path}`, { method })
      return [response.status, await response.text()] as const
    }
    expect(await get('/healthz')).toEqual([200, 'ok\n'])
    expect(await get('/readyz')).toEqual([200, 'ok\n'])
    expect(await get('/readyz', 'HEAD')).toEqual([200, ''])
    expect((await get('/healthz', 'POST'))[0]).toBe(405)
    reason = 'the process ends'
    expect(await get('/readyz')).toEqual([503, 'the process ends\n'])
    expect((await get('/healthz'))[0]).toBe(200)
    const [status, text] = await get('/metrics')
    expect(status).toBe(200)
    expect(text).toContain('# HELP dba_dead_jobs')
  })
})
