import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Octokit } from '@octokit/rest'
import type { FakeGitHub } from '../support/github/fake.js'
import type { FakeRepository } from '../support/github/state/repository.js'
import type { FakePull } from '../support/github/state/pull.js'
import { changesOf, filesOf } from '../support/github/state/files.js'
import { asApp, asInstallation, startFake } from './world.js'

let github: FakeGitHub
let repository: FakeRepository
let pull: FakePull
let octokit: Octokit
let at: { owner: string; repo: string }

beforeEach(async () => {
  github = await startFake()
  repository = github.repository('acme/shop', {
    files: filesOf('fixtures/pulls/harmful/base'),
    roles: { ann: 'write', dora: 'maintain', tom: 'triage', carl: { name: 'dba', base: 'write' } },
  })
  pull = repository.openPull({
    by: 'ann',
    files: changesOf('fixtures/pulls/harmful/base', 'fixtures/pulls/harmful/head'),
    title: 'Clean up orders',
  })
  octokit = await asInstallation(github, repository)
  at = { owner: 'acme', repo: 'shop' }
})

afterEach(async () => {
  const { mistakes } = github
  await github.stop()
  expect(mistakes).toEqual([])
})

test('everything that is read of a pull request is as GitHub describes it', async () => {
  const number = { ...at, pull_number: pull.number }
  const [read, listed, files, commits, ofCommit] = await Promise.all([
    octokit.rest.pulls.get(number),
    octokit.rest.pulls.list(at),
    octokit.rest.pulls.listFiles(number),
    octokit.rest.pulls.listCommits(number),
    octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: pull.sha }),
  ])
  expect(read.data).toMatchObject({
    number: 1,
    state: 'open',
    head: { sha: pull.sha },
    base: { sha: repository.tip() },
  })
  expect(read.data.changed_files).toBe(files.data.length)
  expect(listed.data.map(({ number: id }) => id)).toEqual([1])
  expect(ofCommit.data.map(({ number: id }) => id)).toEqual([1])
  expect(commits.data.map(({ sha, author }) => [sha, author?.login])).toEqual([[pull.sha, 'ann']])
  expect(github.violations).toEqual([])
})

test('who may do what, in the words of GitHub', async () => {
  const words = async (username: string) => {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...at, username })
    return [data.permission, data.role_name]
  }
  github.user('eve')
  expect(await words('ann')).toEqual(['write', 'write'])
  expect(await words('dora')).toEqual(['write', 'maintain'])
  expect(await words('tom')).toEqual(['read', 'triage'])
  expect(await words('carl')).toEqual(['write', 'dba'])
  expect(await words('eve')).toEqual(['none', 'none'])
})

test('the App sees itself, its installations and its repositories', async () => {
  const app = asApp(github)
  expect((await app.rest.apps.getAuthenticated()).data?.slug).toBe('dba-bot')
  expect((await app.rest.apps.listInstallations()).data.map(({ account }) => account?.id)).toEqual([
    repository.owner.id,
  ])
  expect((await app.rest.apps.getRepoInstallation(at)).data.id).toBe(github.installation('acme').id)
  expect((await app.rest.apps.listWebhookDeliveries()).data.map(({ event }) => event)).toContain('pull_request')
  const { data } = await octokit.rest.apps.listReposAccessibleToInstallation()
  expect(data.repositories.map(({ full_name }) => full_name)).toEqual(['acme/shop'])
  expect(github.violations).toEqual([])
})
