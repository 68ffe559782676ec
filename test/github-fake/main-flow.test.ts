import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Octokit } from '@octokit/rest'
import { openSample, type FakeGitHub, type FakePull, type FakeRepository } from '../support/github/index.js'
import { asApp, asInstallation, refusal, startFake } from './world.js'

let github: FakeGitHub
let repository: FakeRepository
let pull: FakePull
let octokit: Octokit
let at: { owner: string; repo: string }

beforeEach(async () => {
  github = await startFake()
  const roles = { ann: 'write', dora: 'maintain', tom: 'triage', carl: { name: 'dba', base: 'write' } } as const
  ;({ repository, pull } = openSample(github, 'harmful', { repository: 'acme/shop', roles }))
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

test('who is in a team: those who have accepted', async () => {
  const team = github.team('acme/dba', ['carl', 'dora'])
  team.members.set(github.user('tom').id, 'pending')
  const asked = { org: 'acme', team_slug: 'dba' }
  const state = async (username: string) =>
    (await octokit.rest.teams.getMembershipForUserInOrg({ ...asked, username })).data.state
  expect([await state('carl'), await state('tom')]).toEqual(['active', 'pending'])
  expect(await refusal(state('ann'))).toMatchObject({ status: 404 })
  const { data } = await octokit.rest.teams.listMembersInOrg(asked)
  expect(data.map(({ login }) => login)).toEqual(['carl', 'dora'])
  expect((await octokit.rest.teams.getByName(asked)).data.members_count).toBe(3)
  expect(await refusal(octokit.rest.teams.getByName({ ...asked, team_slug: 'nobody' }))).toMatchObject({ status: 404 })
})

test('accounts are known by their number: one may be renamed, another take its login, a third be gone', async () => {
  const [first] = [pull.comment('ann', 'one'), pull.comment('tom', 'two')]
  github.people.rename('ann', 'anna')
  github.people.delete('tom')
  const other = github.user('ann')
  const { data } = await octokit.rest.issues.listComments({ ...at, issue_number: pull.number })
  expect(data.map(({ user }) => [user?.login, user?.id])).toEqual([
    ['anna', first?.author.id],
    ['ghost', 10_137],
  ])
  expect(other.id).not.toBe(first?.author.id)
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
