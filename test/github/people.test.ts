import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { committersOf } from '../../src/github/committers.js'
import { linkedIssues } from '../../src/github/linked-issues.js'
import { isMember, roleOf } from '../../src/github/people.js'
import { openPulls, pullsWithHead, readPull, tipOf } from '../../src/github/pulls.js'
import { openAppAuth } from '../../src/github/app-auth.js'
import { openApi } from '../../src/github/api.js'
import { APP_ID, PRIVATE_KEY } from '../github-fake/world.js'
import { openWorld, pullOf, type World } from './world.js'

const PERMISSION = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission'
const MEMBERSHIP = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}'

let world: World
beforeAll(async () => void (world = await openWorld(1_500)))
afterAll(() => world.end())

const person = (login: string): { id: number; login: string } => {
  const { id } = world.github.user(login)
  return { id, login }
}

describe('T13: a role is what GitHub says now, by the name of the role', () => {
  test.each([
    ['ada', 'admin', 'admin'],
    ['max', 'maintain', 'maintain'],
    ['wes', 'write', 'write'],
    ['tia', 'triage', 'triage'],
    ['rea', 'read', 'read'],
  ] as const)('%s', async (login, granted, role) => {
    const repository = world.repository({ roles: { [login]: granted } })
    expect(await roleOf(world.api(repository), person(login))).toBe(role)
  })

  test('a role of the organisation’s own has its own name, whatever is below it', async () => {
    const repository = world.repository({ roles: { cleo: { name: 'dba', base: 'write' } } })
    expect(await roleOf(world.api(repository), person('cleo'))).toBe('dba')
  })

  test.each([
    [404, 'none'],
    [403, 'none'],
  ])('%i is no role', async (status, role) => {
    const repository = world.repository({ roles: { ada: 'admin' } })
    const fault = world.github.fault({ route: PERMISSION, before: status })
    expect(await roleOf(world.api(repository), person('ada'))).toBe(role)
    fault.remove()
  })

  test.each<[string, Parameters<World['github']['fault']>[0], string]>([
    ['500', { before: 500 }, 'transient'],
    ['no answer', { hang: 'before' }, 'transient'],
    ['HTML', { garbage: 'html' }, 'garbled'],
    ['JSON of another shape', { garbage: 'other' }, 'garbled'],
    ['a limit that looks like a 403', { limit: 'secondary', retryAfter: 60 }, 'rate-limited'],
  ])('when GitHub cannot say, nobody is let in and nobody turned away: %s', async (_, plan, kind) => {
    const repository = world.repository({ roles: { ada: 'admin' } })
    const fault = world.github.fault({ ...plan, route: PERMISSION })
    await expect(roleOf(world.api(repository), person('ada'))).rejects.toMatchObject({ kind })
    fault.remove()
  })

  test('who was renamed has none under the old name, and neither has who took it', async () => {
    const repository = world.repository({ roles: { newcomer: 'admin' } })
    const before = { id: person('newcomer').id + 1, login: 'newcomer' }
    expect(await roleOf(world.api(repository), before)).toBe('none')
  })
})

describe('teams', () => {
  const withMembers = (name: string) => {
    const repository = world.repository()
    const { connection, github } = world
    const auth = openAppAuth({ appId: APP_ID, privateKey: PRIVATE_KEY }, connection)
    const token = auth.tokens({
      installation: github.installation('acme').id,
      repositoryId: repository.id,
      permissions: { metadata: 'read', members: 'read' },
    })
    github.team(`acme/${name}`, ['ann']).members.set(person('ivy').id, 'pending')
    return openApi({ id: repository.id, owner: 'acme', name: repository.name }, { connection, token })
  }

  test('an active member is one; who is invited, or not in it, is not; nor is anybody in a team that is not there', async () => {
    const api = withMembers('dba')
    expect(await isMember(api, 'acme', 'dba', person('ann'))).toBe(true)
    expect(await isMember(api, 'acme', 'dba', person('ivy'))).toBe(false)
    expect(await isMember(api, 'acme', 'dba', person('mallory'))).toBe(false)
    expect(await isMember(api, 'acme', 'nobody', person('ann'))).toBe(false)
  })

  test('when GitHub cannot say, this throws', async () => {
    const api = withMembers('dba')
    const fault = world.github.fault({ route: MEMBERSHIP, before: 502 })
    await expect(isMember(api, 'acme', 'dba', person('ann'))).rejects.toMatchObject({ kind: 'transient' })
    fault.remove()
  })
})

describe('pull requests', () => {
  test('one is read with what only it tells', async () => {
    const repository = world.repository()
    const pull = pullOf(repository)
    pull.push({ 'm/3.sql': 'x' })
    expect(await readPull(world.api(repository), pull.number)).toEqual({
      number: pull.number,
      state: 'open',
      draft: false,
      merged: false,
      author: { ...person('ann'), type: 'User' },
      head: { sha: pull.sha, ref: pull.head.ref, repositoryId: repository.id, fork: false },
      base: { sha: repository.tip(), ref: 'main' },
      updatedAt: expect.any(Date),
      title: pull.issue.title,
      changedFiles: 2,
      commits: 2,
    })
  })

  test('T16: its fork and its author may be gone', async () => {
    const repository = world.repository()
    const fork = repository.fork({ by: 'casper', name: `gone-${repository.name}` })
    const pull = repository.openPull({ by: 'casper', from: fork, files: { 'm/2.sql': 'x' }, draft: true })
    const opened = await readPull(world.api(repository), pull.number)
    expect(opened).toMatchObject({ draft: true, head: { repositoryId: fork.id, fork: true } })
    fork.delete()
    world.github.people.delete('casper')
    pull.close()
    const later = await readPull(world.api(repository), pull.number)
    expect(later).toMatchObject({
      state: 'closed',
      head: { repositoryId: null, fork: true },
      author: { login: 'ghost' },
    })
  })

  test('T8: its base branch is where that is now, not where it was at the last push', async () => {
    const repository = world.repository()
    repository.branch('release/1.0')
    const pull = repository.openPull({ base: 'release/1.0', files: { 'm/2.sql': 'x' } })
    const before = repository.tip('release/1.0')
    repository.commit({ '.github/dba.yml': 'stricter' }, { branch: 'release/1.0' })
    const api = world.api(repository)
    const { base } = await readPull(api, pull.number)
    expect(base).toEqual({ sha: before, ref: 'release/1.0' })
    expect(await tipOf(api, base.ref)).toBe(repository.tip('release/1.0'))
    expect(await tipOf(api, 'release')).toBeNull()
  })

  test('R28: one that was made a moment ago is asked for again', async () => {
    const repository = world.repository()
    const pull = pullOf(repository)
    const fault = world.github.fault({ route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}', before: 404, times: 2 })
    expect(await readPull(world.api(repository), pull.number)).toMatchObject({ number: pull.number })
    fault.remove()
  })

  test('T5: all that have one head are found, also from another branch and from a fork', async () => {
    const repository = world.repository()
    repository.branch('release')
    const first = pullOf(repository)
    const second = repository.openPull({ base: 'release', head: first.head.ref })
    const other = pullOf(repository, { 'm/5.sql': 'x' })
    const closed = repository.openPull({ base: 'release', head: first.head.ref })
    closed.close()
    const { items, complete } = await pullsWithHead(world.api(repository), first.sha)
    expect(complete).toBe(true)
    expect(items.map(({ number }) => number)).toEqual([first.number, second.number])
    expect((await openPulls(world.api(repository))).items).toHaveLength(3)
    expect(other.sha).not.toBe(first.sha)
  })
})

describe('T10: who had a hand in the commits', () => {
  test('authors, committers and co-authors, by number', async () => {
    const repository = world.repository()
    const pull = repository.openPull({ by: 'ann', files: { 'm/2.sql': 'x' } })
    const co = `Co-authored-by: Bo <${person('bo').id}+bo@users.noreply.github.com>`
    repository.commit({ 'm/3.sql': 'x' }, { branch: pull.head.ref, by: 'cy', message: `Change\n\n${co}` })
    const read = await readPull(world.api(repository), pull.number)
    const { ids, unknown, complete } = await committersOf(world.api(repository), read)
    expect([...ids].sort()).toEqual([person('ann').id, person('bo').id, person('cy').id].sort())
    expect({ unknown, complete }).toEqual({ unknown: 0, complete: true })
  })

  test('a list that is cut off, or is not as long as it should be, says so', async () => {
    const repository = world.repository()
    const pull = repository.openPull({ files: { 'm/2.sql': '0' } })
    for (let i = 1; i < 5; i++) pull.push({ 'm/2.sql': String(i) })
    const api = world.api(repository)
    const read = await readPull(api, pull.number)
    expect((await committersOf(api, read)).complete).toBe(true)
    expect((await committersOf(api, { ...read, commits: 6 })).complete).toEqual({
      incomplete: '5 of its 6 commits were listed',
    })
    expect((await committersOf(api, { ...read, commits: 251 })).complete).toEqual({
      incomplete: 'GitHub lists 250 of its 251 commits',
    })
  })
})

test('linked issues are counted', async () => {
  const repository = world.repository()
  const { number } = repository.openIssue({ title: 'Too many columns' })
  const linked = repository.openPull({ files: { 'm/2.sql': 'x' }, body: `Closes #${number}` })
  const alone = repository.openPull({ files: { 'm/3.sql': 'x' } })
  expect(await linkedIssues(world.api(repository), linked.number)).toBe(1)
  expect(await linkedIssues(world.api(repository), alone.number)).toBe(0)
})
