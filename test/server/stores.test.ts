import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { approve, endApprovals, liveApprovals } from '../../src/server/stores/approvals.js'
import { auditOf } from '../../src/server/stores/audit.js'
import {
  checkRunById,
  checkRunOf,
  completedRun,
  intendCompleted,
  intendInProgress,
  sentAnnotations,
  startedRun,
} from '../../src/server/stores/check-runs.js'
import {
  carriedOut,
  commandsWithin,
  keepCommand,
  pendingCommands,
  settleCommand,
} from '../../src/server/stores/commands.js'
import { ignore, ignoresOf } from '../../src/server/stores/ignores.js'
import { publishedReview, reviewOf, reviewsOfHead } from '../../src/server/stores/reviews.js'
import { lostStickyComment, stickyCommentOf, wroteStickyComment } from '../../src/server/stores/sticky-comments.js'
import { moveWatermark, watermark } from '../../src/server/stores/watermarks.js'
import { install, remove } from '../../src/server/installations.js'
import { appDatabase, type AppDatabase } from '../support/app-database.js'
import { withPostgres } from '../support/postgres-binaries.js'

await withPostgres(18, (programs) => {
  let app: AppDatabase
  beforeAll(async () => void (app = await appDatabase(programs)))
  afterAll(() => app.stop())
  beforeEach(() => app.clear())

  // The audit is never emptied, so that each test has a pull request of its own.
  let pull = 0
  beforeEach(() => void pull++)
  const place = () => ({ installation: 1, repository: 10, pull })
  const dba = { id: 5, login: 'dba' }

  describe('consent', () => {
    const consent = (code = 'c0de', comment = 1) => ({
      code,
      kinds: ['data'],
      user: dba,
      role: 'maintain',
      comment,
      backup: null,
    })
    const codes = async (): Promise<readonly string[]> =>
      (await liveApprovals(app.database, 10, pull)).map(({ code }) => code)
    const trail = async (): Promise<readonly string[]> =>
      (await auditOf(app.database, 10, pull)).map(({ what, user }) => `${what} by ${user?.login ?? 'nobody'}`)

    test('counts, and is in the audit', async () => {
      expect(await approve(app.database, place(), consent())).toBe(true)
      expect(await liveApprovals(app.database, 10, pull)).toMatchObject([{ ...consent(), user: dba }])
      expect(await trail()).toEqual(['approved by dba'])
    })

    test('given twice by one comment is given once', async () => {
      const given = await Promise.all([1, 2, 3].map(() => approve(app.database, place(), consent())))
      expect(given.filter(Boolean)).toHaveLength(1)
      expect(await trail()).toEqual(['approved by dba'])
    })

    test('does not count when it has expired', async () => {
      await approve(app.database, place(), consent(), 0)
      expect(await codes()).toEqual([])
    })

    test('lasts three days', async () => {
      await approve(app.database, place(), consent())
      const [live] = await liveApprovals(app.database, 10, pull)
      expect((live?.expiresAt.getTime() ?? 0) - (live?.createdAt.getTime() ?? 0)).toBeCloseTo(72 * 3_600_000, -3)
    })

    test('that was voided never counts again, though the same text comes back', async () => {
      await approve(app.database, place(), consent())
      expect(await endApprovals(app.database, place(), 'a push', null)).toBe(1)
      expect(await approve(app.database, place(), consent())).toBe(false)
      expect(await codes()).toEqual([])
      expect(await endApprovals(app.database, place(), 'a push', null)).toBe(0)
      expect(await trail()).toEqual(['approved by dba', 'voided by nobody'])
    })

    test('to another text is voided, to this one is kept', async () => {
      await approve(app.database, place(), consent('old', 1))
      await approve(app.database, place(), consent('new', 2))
      await endApprovals(app.database, place(), 'a push', null, { code: 'new' })
      expect(await codes()).toEqual(['new'])
    })

    test('can be taken back, and by whom is in the audit', async () => {
      await approve(app.database, place(), consent())
      await endApprovals(app.database, place(), 'taken back', { id: 6, login: 'other' })
      expect(await trail()).toEqual(['approved by dba', 'revoked by other'])
    })

    test('is of one pull request', async () => {
      await approve(app.database, place(), consent())
      expect(await liveApprovals(app.database, 10, pull + 1)).toEqual([])
      expect(await liveApprovals(app.database, 11, pull)).toEqual([])
    })

    test('ends with the installation, and the audit stays', async () => {
      await install(app.database, 1, 'acme')
      await approve(app.database, place(), consent())
      await remove(app.database, 1)
      expect(await codes()).toEqual([])
      expect(await trail()).toEqual(['approved by dba'])
    })
  })

  describe('a check run', () => {
    const key = { installation: 1, repository: 10, head: 'a', name: 'dba' }
    const intended = (digest: string) => ({ externalId: 'v1', conclusion: 'failure', digest, annotations: 120 })

    test('is meant before it is sent, and sent when GitHub has said so', async () => {
      await intendInProgress(app.database, key, 'v1')
      expect(await checkRunOf(app.database, key)).toMatchObject({ run: null, status: 'in_progress', sent: false })
      await startedRun(app.database, key, 99, true)
      expect(await checkRunById(app.database, 10, 99)).toMatchObject({ ...key, run: 99, createdRuns: 1, sent: true })
      await intendCompleted(app.database, key, intended('d'))
      await sentAnnotations(app.database, key, 50)
      expect(await checkRunOf(app.database, key)).toMatchObject({
        run: 99,
        status: 'completed',
        annotationsPlanned: 120,
        annotationsSent: 50,
        sent: false,
      })
      await completedRun(app.database, key, 99, 'd')
      expect(await checkRunOf(app.database, key)).toMatchObject({ sent: true, conclusion: 'failure' })
    })

    test('of which something else is meant by now was not sent', async () => {
      await intendCompleted(app.database, key, intended('first'))
      await intendCompleted(app.database, key, intended('second'))
      await completedRun(app.database, key, 99, 'first')
      expect(await checkRunOf(app.database, key)).toMatchObject({ digest: 'second', sent: false })
    })

    test.each(['neutral', 'skipped', 'stale', ''])('never concludes as %j', async (conclusion) => {
      const refused = intendCompleted(app.database, key, { ...intended('d'), conclusion })
      await expect(refused).rejects.toThrow(/check_runs_conclusion_check/)
    })

    test('of another repository is not found by its number', async () => {
      await intendInProgress(app.database, key, 'v1')
      await startedRun(app.database, key, 99, true)
      expect(await checkRunById(app.database, 11, 99)).toBeNull()
    })
  })

  describe('a command', () => {
    const command = (comment: number) => ({
      comment,
      ...place(),
      author: { id: 2, login: 'author' },
      bodyDigest: 'd',
    })

    test('is kept once, and comes in the order in which it was written', async () => {
      expect(await keepCommand(app.database, command(8))).toBe(true)
      expect(await keepCommand(app.database, command(7))).toBe(true)
      expect(await keepCommand(app.database, command(8))).toBe(false)
      expect((await pendingCommands(app.database, 10, pull)).map(({ comment }) => comment)).toEqual([7, 8])
      expect(await commandsWithin(app.database, 10, pull, 60_000)).toBe(2)
    })

    test('that was settled does not come again, redelivered or not', async () => {
      await keepCommand(app.database, command(7))
      await settleCommand(app.database, 7, 'done', 'with \0 in it')
      expect(await keepCommand(app.database, command(7))).toBe(false)
      expect(await pendingCommands(app.database, 10, pull)).toEqual([])
    })

    test('that was broken off says how far it had come', async () => {
      await keepCommand(app.database, command(7))
      await carriedOut(app.database, 7, 2)
      await carriedOut(app.database, 7, 1)
      expect(await pendingCommands(app.database, 10, pull)).toMatchObject([{ carriedOut: 2, author: { id: 2 } }])
    })
  })

  describe('what is ignored', () => {
    const today = async (days: number): Promise<string> =>
      (
        await app.database.query<{ day: string }>(
          "SELECT to_char((clock_timestamp() AT TIME ZONE 'UTC')::date + $1::int, 'YYYY-MM-DD') AS day",
          [days],
        )
      )[0]?.day ?? ''
    test.each([
      ['for ever', null, 1],
      ['until today', 0, 1],
      ['until yesterday', -1, 0],
    ])('%s', async (_what, days, count) => {
      const until = days === null ? null : await today(days)
      await ignore(app.database, place(), { fingerprint: 'f', reason: 'known', until, user: dba, comment: 3 })
      expect(await ignoresOf(app.database, 10, pull)).toHaveLength(count)
      expect(await auditOf(app.database, 10, pull)).toMatchObject([{ what: 'ignored', user: dba }])
    })
  })

  test('a review is kept with whatever text it has', async () => {
    const at = (subject: string) => ({ installation: 1, repository: 10, subject })
    const review = { text: 'a\0b \ud800 \u{1f600}', list: [1, { deep: '\0' }] }
    const published = { head: 'h', base: 'b', target: 'main', migrations: 1, code: null, conclusion: 'failure', review }
    await publishedReview(app.database, at('pull/1'), published)
    await publishedReview(app.database, at('pull/2'), { ...published, conclusion: 'action_required' })
    expect((await reviewOf(app.database, 10, 'pull/1'))?.review).toEqual({
      text: 'a\u2400b \ufffd \u{1f600}',
      list: [1, { deep: '\u2400' }],
    })
    expect((await reviewsOfHead(app.database, 10, 'h')).map(({ subject }) => subject)).toEqual(['pull/1', 'pull/2'])
  })

  test('the comment is known until it is lost', async () => {
    await wroteStickyComment(app.database, place(), { comment: 1, digest: 'a' })
    await wroteStickyComment(app.database, place(), { comment: 1, digest: 'b' })
    expect(await stickyCommentOf(app.database, 10, pull)).toEqual({ comment: 1, digest: 'b' })
    await lostStickyComment(app.database, 10, pull)
    expect(await stickyCommentOf(app.database, 10, pull)).toBeNull()
  })

  test('a watermark stays where it was put', async () => {
    expect(await watermark(app.database, 'x')).toBeNull()
    await moveWatermark(app.database, 'x', '1')
    await moveWatermark(app.database, 'x', '2')
    expect(await watermark(app.database, 'x')).toBe('2')
  })
})
