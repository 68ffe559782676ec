import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { setTimeout } from 'node:timers/promises'
import { until } from '../support/app-database.js'
import { stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import type { FakePull } from '../support/github/index.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { contents, DROP, expectNoViolation, scene, type Scene } from './scene.js'

/** Longer than a delivery takes to be taken up: what does not happen within it does not happen. */
const LONG_ENOUGH = 4_000
const PERMISSION = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission'

await withPostgres(18, (programs) => {
  let at: Stage
  let app: AppProcess
  beforeAll(async () => {
    at = await stage(programs)
    app = await at.start()
  }, 60_000)
  afterAll(() => at.stop())

  /** A pull request that waits for agreement. */
  async function waiting(): Promise<Scene & { readonly pull: FakePull }> {
    const played = scene(at, app)
    const pull = played.repository.openPull({ by: 'ann', files: DROP })
    expect((await played.judged(pull)).conclusion).toBe('action_required')
    return { ...played, pull }
  }
  async function nothingHappens(played: Scene & { readonly pull: FakePull }): Promise<void> {
    const { pull, runs, replies } = played
    const before = [runs(pull).length, replies(pull).length]
    await setTimeout(LONG_ENOUGH)
    await at.github.quiet()
    expect([runs(pull).length, replies(pull).length]).toEqual(before)
    expect(runs(pull).at(-1)?.conclusion).toBe('action_required')
  }

  test('T11: an agreement that is looked at while another text is pushed is none to that', async () => {
    const { pull, judged, code, repository } = await waiting()
    const hold = at.github.fault({ route: PERMISSION, hold: 'before', times: 1 })
    const comment = pull.comment('dora', `/dba approve ${code(pull)}`)
    await hold.reached
    pull.push({ 'migrations/000002_drop_note.up.sql': 'DROP TABLE users;\n' })
    hold.release()
    const run = await judged(pull)
    expect(['failure', 'action_required']).toContain(run.conclusion)
    expect(repository.mergeable(pull)).toBe(false)
    await until(() => contents(comment).length > 1)
    // And one that was written before the push and is read after it.
    const other = code(pull)
    pull.push({ 'migrations/000002_drop_note.up.sql': 'DROP TABLE users CASCADE;\n' })
    pull.comment('dora', `/dba approve ${other}`)
    await setTimeout(LONG_ENOUGH)
    expect(['failure', 'action_required']).toContain((await judged(pull)).conclusion)
  }, 60_000)

  test('T39: a head that was left and comes back is not agreed to any more', async () => {
    const { pull, judged, said, code, repository, runs } = await waiting()
    await said(pull, 'dora', `/dba approve ${code(pull)}`)
    const agreed = pull.sha
    expect((await judged(pull)).conclusion).toBe('success')
    pull.forcePush({ 'main.go': 'package main // 2\n' })
    expect((await judged(pull)).conclusion).toBe('success')
    const before = runs({ sha: agreed }).length
    pull.reset(agreed)
    expect(pull.sha).toBe(agreed)
    expect((await judged(pull, before)).conclusion).toBe('action_required')
    expect(repository.mergeable(pull)).toBe(false)
  }, 60_000)

  describe('T12: what was edited', () => {
    test('T12: into a command, by whom it is or by another, is none', async () => {
      const played = await waiting()
      const { pull, repository, code } = played
      const { conversation } = repository
      const [harmless, own] = [pull.comment('dora', 'Looks fine.'), pull.comment('dora', 'Hm.')]
      await setTimeout(1_100)
      conversation.edit(harmless, `/dba approve ${code(pull)}`, at.github.user('carl'))
      conversation.edit(own, `/dba approve ${code(pull)}`, at.github.user('dora'))
      await nothingHappens(played)
      expect([harmless, own].flatMap(contents)).toEqual([])
    }, 60_000)

    test('T12: between delivery and reading is passed over, and so is what was deleted', async () => {
      const played = await waiting()
      const { pull, repository, code } = played
      const { conversation } = repository
      const hold = at.github.fault({
        route: 'GET /repos/{owner}/{repo}/issues/comments/{comment_id}',
        hold: 'before',
        times: 1,
      })
      const edited = pull.comment('dora', '/dba approve 0123456789ab')
      const deleted = pull.comment('dora', `/dba approve ${code(pull)}`)
      await hold.reached
      conversation.edit(edited, `/dba approve ${code(pull)}`, at.github.user('ann'))
      conversation.delete(deleted, at.github.user('ann'))
      hold.release()
      await nothingHappens(played)
      expect(contents(edited)).not.toContain('+1')
    }, 60_000)
  })

  describe('T13: who may agree', () => {
    test('T13: is nobody while GitHub cannot say, and is asked again', async () => {
      const { pull, judged, code, runs } = await waiting()
      const fault = at.github.fault({ route: PERMISSION, before: 500 })
      const comment = pull.comment('dora', `/dba approve ${code(pull)}`)
      // Three times in one go, and again in the next one.
      await until(() => fault.hits > 3, 60_000)
      expect(runs(pull).at(-1)?.conclusion).not.toBe('success')
      expect(contents(comment)).toEqual(['eyes'])
      fault.remove()
      await until(() => contents(comment).includes('+1'), 60_000)
      expect((await judged(pull)).conclusion).toBe('success')
    }, 120_000)

    test('T13: is told by the role, not by the older word for it', async () => {
      const { pull, repository, judged, said, code } = await waiting()
      // GitHub's older `permission` says `write` for those who write, for maintainers and for a role made of theirs.
      repository.grant('max', { name: 'releaser', base: 'maintain' })
      for (const who of ['carl', 'tom', 'rob', 'max', 'stranger']) {
        expect([who, await said(pull, who, `/dba approve ${code(pull)}`)]).toEqual([who, ['eyes', 'confused']])
      }
      expect((await judged(pull)).conclusion).toBe('action_required')
      expect(await said(pull, 'dora', `/dba approve ${code(pull)}`)).toEqual(['eyes', '+1'])
      expect((await judged(pull)).conclusion).toBe('success')
    }, 60_000)

    test('T13: is asked anew each time: who lost the role agrees to nothing any more', async () => {
      const { pull, repository, judged, judgedAnew, said, code } = await waiting()
      await said(pull, 'dora', `/dba approve ${code(pull)}`)
      expect((await judged(pull)).conclusion).toBe('success')
      repository.grant('dora', 'write')
      const run = await judgedAnew(pull, () => repository.rerunSuite(pull.sha))
      expect(run.conclusion).toBe('action_required')
    }, 60_000)
  })

  test('T14: what looks like ours and is not is neither believed nor touched', async () => {
    const played = scene(at, app)
    const { repository, judged, replies, runs } = played
    repository.branch('change')
    const sha = repository.commit(DROP, { branch: 'change' })
    const forged = repository.foreignCheckRun('builder', sha, 'dba', {
      status: 'completed',
      conclusion: 'success',
      external_id: `v1:${repository.id}:${sha}`,
    })
    const pull = repository.openPull({ by: 'eve', head: 'change' })
    const marked = '<!-- dba:review -->\n**Pass**: nothing stands in the way'
    const comment = pull.comment('eve', marked)
    expect((await judged(pull)).conclusion).toBe('action_required')
    expect(forged.history).toHaveLength(1)
    expect(repository.mergeable(pull)).toBe(false)
    expect(comment.bodies).toEqual([marked])
    expect(replies(pull)).toHaveLength(1)
    // A later one neither.
    repository.foreignCheckRun('builder', sha, 'dba', { status: 'completed', conclusion: 'success' })
    pull.push({ 'main.go': 'package main // 2\n' })
    expect((await judged(pull)).conclusion).toBe('action_required')
    expect(replies(pull)).toHaveLength(1)
    expect(comment.bodies).toEqual([marked])
    expect(runs(pull)).toHaveLength(1)
  }, 60_000)

  test('T37: labels, the text of the pull request and its title agree to nothing', async () => {
    const played = await waiting()
    const { pull, repository, code, judged } = played
    at.github.webhooks.send({
      event: 'pull_request',
      action: 'labeled',
      installationId: at.github.installation('acme').id,
      repositoryId: repository.id,
      payload: {
        ...at.github.webhooks.log.findLast(
          ({ event, repositoryId }) => event === 'pull_request' && repositoryId === repository.id,
        )?.payload,
        action: 'labeled',
        label: { id: 1, name: 'dba:approved' },
      },
    })
    pull.edit({ title: `/dba approve ${code(pull)}` }, { by: 'dora' })
    await nothingHappens(played)
    pull.edit({ body: `/dba approve ${code(pull)}\n\nApproved-by: dora` }, { by: 'dora' })
    await setTimeout(LONG_ENOUGH)
    expect((await judged(pull)).conclusion).toBe('action_required')
  }, 60_000)

  test('nothing was asked of GitHub that it does not describe', () => expectNoViolation(at))
})
