import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { setTimeout } from 'node:timers/promises'
import { stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import type { FileChanges } from '../support/github/index.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { DROP, expectNoViolation, scene, SHOP, type Scene } from './scene.js'

/** Adds a column and nothing else. */
const ADD: FileChanges = {
  'migrations/000002_add_age.up.sql': "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN age integer;\n",
  'migrations/000002_add_age.down.sql': "SET lock_timeout = '2s';\nALTER TABLE users DROP COLUMN age;\n",
}

await withPostgres(18, (programs) => {
  let at: Stage
  let app: AppProcess
  beforeAll(async () => {
    at = await stage(programs)
    app = await at.start()
  }, 60_000)
  afterAll(() => at.stop())
  const open = (files?: FileChanges): Scene => scene(at, app, files)

  test('T5: a commit that is green for an unprotected branch is not for the one where it does harm', async () => {
    const { repository, runs, judged, judgedAnew } = open()
    repository.branch('landing')
    repository.commit(DROP, { branch: 'landing' })
    const harmless = repository.openPull({
      base: 'landing',
      head: 'change',
      files: { 'main.go': 'package main // 2\n' },
    })
    expect((await judged(harmless)).conclusion).toBe('success')

    const opened = Date.now()
    const harmful = repository.openPull({ base: 'main', head: 'change' })
    expect(harmful.sha).toBe(harmless.sha)
    expect((await judged(harmful, 1)).conclusion).toBe('action_required')
    const [first, ...later] = runs(harmful)
    expect(first?.conclusion).toBe('success')
    expect(later.flatMap(({ history }) => history.map(({ conclusion }) => conclusion))).not.toContain('success')
    expect((later[0]?.history[0]?.at ?? Infinity) - opened).toBeLessThan(5_000)

    // Whichever is looked at again, the worst is what is shown.
    harmless.edit({ body: 'Nothing to see here.' })
    await setTimeout(3_000)
    expect((await judged(harmless)).conclusion).toBe('action_required')
    expect((await judgedAnew(harmless, () => repository.rerunSuite(harmless.sha))).conclusion).toBe('action_required')
    const [, ...since] = runs(harmful)
    expect(since.flatMap(({ history }) => history.map(({ conclusion }) => conclusion))).not.toContain('success')
    expect((await judgedAnew(harmless, () => harmful.close())).conclusion).toBe('success')
    expect((await judgedAnew(harmful, () => harmful.reopen())).conclusion).toBe('action_required')
  }, 120_000)

  test('T6: another base is another question: a new check run at once, and what was agreed to is over', async () => {
    const { repository, runs, judged, judgedAnew, said, code } = open()
    repository.branch('release')
    const pull = repository.openPull({ by: 'ann', files: DROP })
    await judged(pull)
    expect(await said(pull, 'dora', `/dba approve ${code(pull)}`)).toEqual(['eyes', '+1'])
    expect((await judged(pull)).conclusion).toBe('success')

    const moved = Date.now()
    expect((await judgedAnew(pull, () => pull.retarget('release'))).conclusion).toBe('action_required')
    const [begun] = runs(pull).at(-1)?.history ?? []
    expect(begun?.status).toBe('in_progress')
    expect((begun?.at ?? Infinity) - moved).toBeLessThan(5_000)
    expect(repository.mergeable(pull)).toBe(false)
    // Back where it was: the agreement stays over.
    expect((await judgedAnew(pull, () => pull.retarget('main'))).conclusion).toBe('action_required')
  }, 120_000)

  describe('T16: whatever becomes of a pull request', () => {
    test('T16: a draft is judged, and again when it is none, and none again', async () => {
      const { repository, judged } = open()
      const pull = repository.openPull({ by: 'ann', files: DROP, draft: true })
      expect((await judged(pull)).conclusion).toBe('action_required')
      pull.readyForReview()
      await setTimeout(2_000)
      expect((await judged(pull)).conclusion).toBe('action_required')
      pull.convertToDraft()
      await setTimeout(2_000)
      expect((await judged(pull)).conclusion).toBe('action_required')
    }, 60_000)

    test('T16: closed and opened again, no agreement of before counts', async () => {
      const { repository, judged, judgedAnew, said, code } = open()
      const pull = repository.openPull({ by: 'ann', files: DROP })
      await judged(pull)
      await said(pull, 'dora', `/dba approve ${code(pull)}`)
      expect((await judged(pull)).conclusion).toBe('success')
      pull.close()
      await setTimeout(2_000)
      await at.github.quiet()
      expect((await judgedAnew(pull, () => pull.reopen())).conclusion).toBe('action_required')
    }, 60_000)

    test('T16: a fork that went away while it was read leaves no green check', async () => {
      const { repository, judged } = open()
      const fork = repository.fork({ by: 'eve' })
      const hold = at.github.fault({
        route: 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
        hold: 'before',
        times: 1,
      })
      const pull = repository.openPull({ by: 'eve', from: fork, files: DROP })
      await hold.reached
      fork.delete()
      hold.release()
      expect((await judged(pull)).conclusion).toBe('action_required')
    }, 60_000)
  })

  describe('T38: a group of a merge queue', () => {
    test('T38: that cannot be read is a failing check on the commit of the group', async () => {
      const { repository, judged } = open()
      const pull = repository.openPull({ by: 'ann', files: ADD })
      expect((await judged(pull)).conclusion).toBe('success')
      const other = repository.openPull({
        by: 'carl',
        files: { 'migrations/000003_x.up.sql': 'ALTER TABL users;\n', 'migrations/000003_x.down.sql': 'SELECT 1;\n' },
      })
      expect((await judged(other)).conclusion).toBe('failure')
      expect((await judged({ sha: repository.mergeGroup([pull]).headSha })).conclusion).toBe('success')
      expect((await judged({ sha: repository.mergeGroup([pull, other]).headSha })).conclusion).toBe('failure')
    }, 60_000)

    test('T38: that destroys data is not let through by an agreement to something else', async () => {
      const users = 'CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text, more text);\n'
      const { repository, judged, said, code } = open({ ...SHOP, 'migrations/000001_users.up.sql': users })
      const pull = repository.openPull({ by: 'ann', files: DROP })
      await judged(pull)
      await said(pull, 'dora', `/dba approve ${code(pull)}`)
      expect((await judged(pull)).conclusion).toBe('success')
      const other = repository.openPull({
        by: 'carl',
        files: {
          'migrations/000003_drop_more.up.sql': "SET lock_timeout = '2s';\nALTER TABLE users DROP COLUMN more;\n",
          'migrations/000003_drop_more.down.sql': "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN more text;\n",
        },
      })
      expect((await judged(other)).conclusion).toBe('action_required')
      expect((await judged({ sha: repository.mergeGroup([pull]).headSha })).conclusion).toBe('success')
      expect((await judged({ sha: repository.mergeGroup([pull, other]).headSha })).conclusion).not.toBe('success')
    }, 60_000)
  })

  test('nothing was asked of GitHub that it does not describe', () => expectNoViolation(at))
})
