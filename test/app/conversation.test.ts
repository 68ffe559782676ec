import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { openDatabase } from '../../src/server/database.js'
import { until } from '../support/app-database.js'
import { stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import { changesOf, filesOf, type FakePull, type FakeRepository, type FileChanges } from '../support/github/index.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { DROP, scene, SHOP, type Scene } from './scene.js'

/** What is rehearsed as well: here the conversation is about all that there is to say. */
const REHEARSED = Object.fromEntries(Object.entries(SHOP).filter(([path]) => path !== '.github/dba.yml'))

await withPostgres(18, (programs) => {
  let at: Stage
  let app: AppProcess
  let repository: FakeRepository
  let judged: Scene['judged']
  let replies: Scene['replies']
  let codeOf: Scene['code']
  let said: Scene['said']

  beforeAll(async () => {
    at = await stage(programs)
    // Where PostgreSQL's programs are, for quicker rehearsals.
    app = await at.start({ PATH: programs })
  }, 60_000)
  afterAll(() => at.stop())
  const open = (files: FileChanges): void => {
    ;({ repository, judged, replies, code: codeOf, said } = scene(at, app, files))
  }
  beforeEach(() => open(REHEARSED))

  describe('a harmful pull request', () => {
    test('is blocked with remarks, a comment and annotations, and green once it is put right', async () => {
      open(filesOf('fixtures/pulls/harmful/base'))
      const pull = repository.openPull({
        by: 'ann',
        files: changesOf('fixtures/pulls/harmful/base', 'fixtures/pulls/harmful/head'),
      })
      const run = await judged(pull)
      expect(run.conclusion).toBe('failure')
      expect(run.output.title).toMatch(/^Blocked: 3 findings to fix; a maintainer must agree/)
      expect(run.output.annotations.map(({ annotation_level: level, path }) => `${level} ${path}`)).toContain(
        'failure migrations/000002_orders.up.sql',
      )
      expect(replies(pull)).toHaveLength(1)
      expect(replies(pull)[0]).toMatch(/edited-applied-migration/)
      const remarks = repository.reviewComments(pull)
      expect(remarks.length).toBeGreaterThan(0)
      expect(repository.mergeable(pull)).toBe(false)

      pull.push(changesOf('fixtures/pulls/harmful/head', 'fixtures/pulls/harmful/base'))
      expect((await judged(pull)).conclusion).toBe('success')
      expect(replies(pull)).toHaveLength(1)
      expect(replies(pull)[0]).toMatch(/No migration|Pass/)
      expect(repository.mergeable(pull)).toBe(true)
    }, 120_000)
  })

  test('a pull request without migrations is green within a moment, and nobody is written to', async () => {
    await at.github.quiet({ milliseconds: 1_000 })
    const begun = performance.now()
    const before = at.github.requests.length
    const pull = repository.openPull({ by: 'ann', files: { 'main.go': 'package main // 2\n' } })
    expect((await judged(pull)).conclusion).toBe('success')
    expect(performance.now() - begun).toBeLessThan(15_000)
    expect(repository.comments(pull)).toEqual([])
    expect(at.github.requests.length - before).toBeLessThanOrEqual(9)
  }, 60_000)

  describe('what destroys data', () => {
    test('waits for somebody who may agree, to exactly the text that was shown', async () => {
      const pull = repository.openPull({ by: 'ann', files: DROP })
      const run = await judged(pull)
      expect(run.conclusion).toBe('action_required')
      const code = codeOf(pull)
      expect(code).toMatch(/^[0-9a-f]{12}$/)

      expect(await said(pull, 'ann', `/dba approve ${code}`)).toEqual(['eyes', 'confused'])
      expect(await said(pull, 'tom', `/dba approve ${code}`)).toEqual(['eyes', 'confused'])
      expect(await said(pull, 'dora', '/dba approve 0123456789ab')).toEqual(['eyes', 'confused'])
      expect(repository.checkRuns(pull.sha).at(-1)?.conclusion).toBe('action_required')

      expect(await said(pull, 'dora', `/dba approve ${code}`)).toEqual(['eyes', '+1'])
      const agreed = await judged(pull)
      expect(agreed.conclusion).toBe('success')
      expect(agreed.output.text).toMatch(new RegExp(`dora agreed to .*${code}`))
      const kept = openDatabase({ url: at.databaseUrl, name: 'test' })
      expect(await kept.query('SELECT login, role FROM dba.approvals WHERE code = $1', [code])).toEqual([
        { login: 'dora', role: 'maintain' },
      ])
      await kept.close()

      pull.push({ 'migrations/000002_drop_note.up.sql': 'ALTER TABLE users DROP COLUMN email;\n' })
      expect((await judged(pull)).conclusion).not.toBe('success')
      const other = codeOf(pull)
      expect(other).not.toBe(code)
      expect(await said(pull, 'dora', `/dba approve ${code}`)).toEqual(['eyes', 'confused'])

      pull.push(DROP)
      expect((await judged(pull)).conclusion).toBe('action_required')
    }, 180_000)

    test('is held again when the agreement is taken back', async () => {
      const pull = repository.openPull({ by: 'ann', files: DROP })
      await judged(pull)
      await said(pull, 'dora', `/dba approve ${codeOf(pull)}`)
      expect((await judged(pull)).conclusion).toBe('success')
      expect(await said(pull, 'carl', '/dba revoke')).toEqual(['eyes', '+1'])
      expect((await judged(pull)).conclusion).toBe('action_required')
    }, 120_000)
  })

  test('an agreement that is delivered after it was taken back is none', async () => {
    const pull = repository.openPull({ by: 'ann', files: DROP })
    await judged(pull)
    const code = codeOf(pull)
    const url = `${app.url}/api/github/webhooks`
    at.github.webhooksTo(url, { lose: ({ event }) => event === 'issue_comment' })
    const agreement = pull.comment('dora', `/dba approve ${code}`)
    at.github.webhooksTo(url)
    expect(await said(pull, 'dora', '/dba revoke')).toEqual(['eyes', 'confused'])
    const lost = at.github.webhooks.log.findLast(
      ({ event, payload }) => event === 'issue_comment' && JSON.stringify(payload).includes(`approve ${code}`),
    )
    if (lost === undefined) throw new Error('it was not lost')
    at.github.webhooks.redeliver(lost)
    await until(() => agreement.reactions.some(({ content }) => content === 'confused'), 60_000)
    expect((await judged(pull)).conclusion).toBe('action_required')
  }, 120_000)

  test('a question is answered once, in words', async () => {
    const pull = repository.openPull({ by: 'ann', files: DROP })
    await judged(pull)
    expect(await said(pull, 'tom', 'What does it do?\n\n/dba explain')).toEqual(['eyes', '+1'])
    expect(replies(pull).at(-1)).toMatch(/ACCESS EXCLUSIVE/)
    expect(await said(pull, 'tom', '/dba explian')).toEqual(['eyes', 'confused'])
    expect(replies(pull).at(-1)).toMatch(/explain/)
    const quoted = pull.comment('tom', '> /dba explain')
    await at.github.quiet({ milliseconds: 1_500 })
    expect(quoted.reactions).toEqual([])
  }, 120_000)

  test('two pull requests that take one version are told so, both, until one is closed', async () => {
    const take = (name: string): Record<string, string> => ({
      [`migrations/000002_${name}.up.sql`]: `CREATE TABLE ${name} (id bigint PRIMARY KEY);\n`,
      [`migrations/000002_${name}.down.sql`]: `DROP TABLE ${name};\n`,
    })
    const first = repository.openPull({ by: 'ann', files: take('carts') })
    await judged(first)
    const second = repository.openPull({ by: 'carl', files: take('baskets') })
    await judged(second)
    const shown = (pull: FakePull): string => repository.checkRuns(pull.sha, 'dba').at(-1)?.output.text ?? ''
    await until(() => [first, second].every((pull) => shown(pull).includes('both take the version 2')), 30_000)
    expect(shown(first)).toContain(`#${second.number}`)
    // Nobody goes on telling the other.
    await at.github.quiet({ milliseconds: 2_500 })
    second.close()
    await until(() => !shown(first).includes('both take the version'), 30_000)
  }, 120_000)

  test('a policy that became stricter after the pull request was opened counts at the next look', async () => {
    const index = {
      'migrations/000002_index.up.sql': "SET lock_timeout = '2s';\nCREATE INDEX users_note_idx ON users (note);\n",
      'migrations/000002_index.down.sql': "SET lock_timeout = '2s';\nDROP INDEX users_note_idx;\n",
    }
    const pull = repository.openPull({ by: 'ann', files: index })
    expect((await judged(pull)).conclusion).toBe('success')
    repository.commit({ '.github/dba.yml': 'rules: { create-index-non-concurrently: error }\n' })
    await until(() => repository.checkRuns(pull.sha, 'dba').at(-1)?.conclusion !== 'success', 60_000)
    expect((await judged(pull)).conclusion).toBe('failure')
  }, 120_000)

  test('a policy that names the team of another organisation is not valid, and nothing passes under it', async () => {
    repository.commit({ '.github/dba.yml': 'approval: { data: ["@elsewhere/dba"] }\n' })
    const pull = repository.openPull({ by: 'ann', files: { 'main.go': 'package main // 3\n' } })
    const run = await judged(pull)
    expect(run.conclusion).toBe('failure')
    expect(run.output.text).toMatch(/@elsewhere\/dba|elsewhere/)
  }, 60_000)

  test('the buttons of the check run: explain, ask for agreement, review again', async () => {
    const pull = repository.openPull({ by: 'ann', files: DROP })
    const run = await judged(pull)
    const before = replies(pull).length
    repository.pressButton(run, 'explain')
    await until(() => replies(pull).length === before + 1, 30_000)
    expect(replies(pull).at(-1)).toMatch(/ACCESS EXCLUSIVE/)
    repository.pressButton(run, 'approval')
    await until(() => replies(pull).length === before + 2, 30_000)
    expect(replies(pull).at(-1)).toMatch(/whoever has the role maintain.*`\/dba approve [0-9a-f]{12}`/)
    const runs = repository.checkRuns(pull.sha, 'dba').length
    repository.rerun(run)
    await until(() => repository.checkRuns(pull.sha, 'dba').length > runs, 30_000)
    expect((await judged(pull)).conclusion).toBe('action_required')
  }, 120_000)

  test('a fork whose repository was deleted is judged all the same', async () => {
    const fork = repository.fork({ by: 'eve' })
    const pull = repository.openPull({ by: 'eve', from: fork, files: DROP })
    fork.delete()
    expect((await judged(pull)).conclusion).toBe('action_required')
  }, 60_000)

  test('a group of a merge queue is judged by what its pull requests have', async () => {
    const pull = repository.openPull({ by: 'ann', files: DROP })
    await judged(pull)
    await said(pull, 'dora', `/dba approve ${codeOf(pull)}`)
    await judged(pull)
    const other = repository.openPull({
      by: 'carl',
      files: { 'migrations/000002_clash.up.sql': 'SELECT 1;\n', 'migrations/000002_clash.down.sql': 'SELECT 1;\n' },
    })
    await judged(other)
    expect((await judged({ sha: repository.mergeGroup([pull]).headSha })).conclusion).toBe('success')
    expect((await judged({ sha: repository.mergeGroup([pull, other]).headSha })).conclusion).toBe('failure')
  }, 120_000)

  test('nothing was asked of GitHub that it does not describe', () => {
    expect(at.github.violations).toEqual([])
    expect(at.github.mistakes).toEqual([])
  })
})
