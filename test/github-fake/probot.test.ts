import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createNodeMiddleware, Probot } from 'probot'
import { openSample, type FakeGitHub } from '../support/github/index.js'
import { APP_ID, PRIVATE_KEY, SECRET, startFake } from './world.js'

let github: FakeGitHub
let server: Server

beforeEach(async () => {
  github = await startFake()
})

afterEach(async () => {
  const { mistakes, violations } = github
  await github.stop()
  await new Promise((resolve) => server.close(resolve))
  expect([mistakes, violations]).toEqual([[], []])
})

test('a real App hears of a pull request, takes its button press, and answers', async () => {
  const probot = new Probot({
    appId: APP_ID,
    privateKey: PRIVATE_KEY,
    secret: SECRET,
    baseUrl: github.url,
    logLevel: 'fatal',
  })
  const middleware = await createNodeMiddleware(
    (app) => {
      app.on('pull_request.opened', async (context) => {
        const { head, number } = context.payload.pull_request
        const actions = [{ label: 'Re-run', description: 'Review again', identifier: 'rerun' }]
        const run = { name: 'dba', head_sha: head.sha, conclusion: 'failure' as const, actions }
        await context.octokit.rest.checks.create(context.repo(run))
        await context.octokit.rest.issues.createComment(context.issue({ body: `Looked at #${number}` }))
      })
      app.on('check_run.requested_action', async (context) => {
        const { id } = context.payload.check_run
        await context.octokit.rest.checks.update(context.repo({ check_run_id: id, conclusion: 'success' as const }))
      })
    },
    { probot, webhooksPath: '/webhook' },
  )
  server = createServer((request, response) => void middleware(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  github.webhooksTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`)

  const { repository, pull } = openSample(github, 'harmful')
  await github.until('the comment is there', () => repository.comments(pull).length === 1)
  expect(repository.comments(pull)[0]).toMatchObject({ body: 'Looked at #1', author: { login: 'dba-bot[bot]' } })
  expect(repository.mergeable(pull)).toBe(false)
  const [run] = repository.checkRuns(pull.sha, 'dba')
  if (!run) throw new Error('there is no check run')
  repository.pressButton(run, 'rerun')
  await github.until('the check is green', () => repository.mergeable(pull))
  await github.quiet({ milliseconds: 50 })
  expect(github.webhooks.log.map(({ statusCode }) => statusCode)).not.toContain(0)
})
