import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Api } from '../../src/github/api.js'
import { replyOnce } from '../../src/github/comments.js'
import { react } from '../../src/github/reactions.js'
import { stickComment, type Stuck } from '../../src/github/sticky-comment.js'
import { COMMENT_MARK } from '../../src/report/comment.js'
import type { FakePull, FakeRepository, FaultPlan } from '../support/github/index.js'
import { APP_ID, openWorld, pullOf, type World } from './world.js'

const CREATE = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'

let world: World
beforeAll(async () => void (world = await openWorld(1_500)))
afterAll(() => world.end())

const found = `${COMMENT_MARK}\n## ❌ Blocked\n`
const clean = `${COMMENT_MARK}\n## ✅ Pass\n`

interface Scene {
  readonly repository: FakeRepository
  readonly pull: FakePull
  readonly api: Api
  stick(body: string, changes?: { known?: number | null; whenMissing?: 'create' | 'skip' }): Promise<Stuck>
  ours(): readonly string[]
}
function scene(): Scene {
  const repository = world.repository({ files: { 'm/1.sql': 'SELECT 1;\n' } })
  const pull = pullOf(repository)
  const api = world.api(repository)
  return {
    repository,
    pull,
    api,
    stick: (body, { known = null, whenMissing = 'create' } = {}) =>
      stickComment(api, { pull: pull.number, writer: APP_ID, known, body, whenMissing }),
    ours: () =>
      repository
        .comments(pull)
        .filter(({ app }) => app?.id === APP_ID)
        .map(({ body }) => body),
  }
}

test('it is made, left alone, edited and cleared: one comment throughout', async () => {
  const { stick, ours } = scene()
  const { id, did } = await stick(found)
  expect(did).toBe('created')
  expect(await stick(found, { known: id })).toEqual({ id, did: 'untouched' })
  expect(await stick(`${found}more\n`, { known: id })).toEqual({ id, did: 'edited' })
  expect(await stick(clean, { known: id, whenMissing: 'skip' })).toEqual({ id, did: 'edited' })
  expect(ours()).toEqual([clean])
})

test('known by its id it takes two requests, and one when nothing changed', async () => {
  const { stick } = scene()
  const { id } = await stick(found)
  world.asked()
  await stick(found, { known: id })
  expect(world.asked()).toEqual(['GET /issues/comments/{comment_id}'])
  await stick(clean, { known: id })
  expect(world.asked()).toEqual(['GET /issues/comments/{comment_id}', 'PATCH /issues/comments/{comment_id}'])
})

test('nothing is said where nothing was said before', async () => {
  const { stick, ours } = scene()
  expect(await stick(clean, { whenMissing: 'skip' })).toEqual({ id: null, did: 'nothing' })
  expect(ours()).toEqual([])
})

test('it is found again when its id was lost, through all pages', async () => {
  const { stick, ours, repository, pull } = scene()
  for (let i = 0; i < 120; i++) pull.comment('mallory', `talk ${i}`)
  const { id } = await stick(found)
  expect(await stick(clean)).toEqual({ id, did: 'edited' })
  expect(ours()).toEqual([clean])
  expect(repository.comments(pull)).toHaveLength(121)
})

test('T14: another’s comment with our mark is neither taken for ours nor touched', async () => {
  const { stick, ours, repository, pull } = scene()
  const forged = `${COMMENT_MARK}\n## ✅ Pass\n`
  const { id: forgedId } = pull.comment('mallory', forged)
  const { id, did } = await stick(found, { known: forgedId })
  expect(did).toBe('created')
  expect(id).not.toBe(forgedId)
  expect(ours()).toEqual([found])
  expect(repository.comments(pull)[0]?.body).toBe(forged)
  expect(await stick(found)).toEqual({ id, did: 'untouched' })
})

test('one that somebody deleted is made anew, also when it goes a moment before it is edited', async () => {
  const { stick, ours, repository, pull } = scene()
  const first = await stick(found)
  repository.conversation.delete(repository.comments(pull)[0] as never, world.github.user('ann'))
  const second = await stick(found, { known: first.id })
  expect(second.did).toBe('created')
  expect(ours()).toEqual([found])
})

test('what somebody with write access made of it is set right', async () => {
  const { stick, ours, repository, pull } = scene()
  const { id } = await stick(found)
  repository.conversation.edit(repository.comments(pull)[0] as never, '## ✅ Approved', world.github.user('mallory'))
  expect(await stick(found, { known: id })).toEqual({ id, did: 'edited' })
  expect(ours()).toEqual([found])
})

describe('it is made once', () => {
  test.each<[string, FaultPlan]>([
    ['502 after it was done', { route: CREATE, after: 502, times: 1 }],
    ['502 before it was done', { route: CREATE, before: 502, times: 1 }],
    ['no answer, after it was done', { route: CREATE, hang: 'after', times: 1 }],
    ['a connection that is cut after it was done', { route: CREATE, cut: 'after', times: 1 }],
    ['HTML', { route: CREATE, garbage: 'html', times: 1 }],
    ['half an answer', { route: CREATE, garbage: 'half', times: 1 }],
    ['JSON of another shape', { route: CREATE, garbage: 'other', times: 1 }],
  ])('although GitHub answers with %s', async (_, plan) => {
    const { stick, ours } = scene()
    const fault = world.github.fault(plan)
    const { id } = await stick(found)
    expect(fault.hits).toBe(1)
    fault.remove()
    expect(ours()).toEqual([found])
    expect(await stick(found, { known: id })).toEqual({ id, did: 'untouched' })
  })
})

test('an answer to a comment is given once, however often it is asked for', async () => {
  const { api, pull, ours } = scene()
  const mark = '<!-- dba:reply 77 -->'
  const reply = () => replyOnce(api, pull.number, APP_ID, mark, 'No.')
  pull.comment('mallory', `${mark} I was here`)
  const fault = world.github.fault({ route: CREATE, after: 502, times: 1 })
  const first = await reply()
  fault.remove()
  expect((await reply()).id).toBe(first.id)
  expect(ours()).toEqual([`${mark}\nNo.`])
})

test('a reaction is given once, and a comment that is gone is passed over', async () => {
  const { api, pull, repository } = scene()
  const { id } = pull.comment('ann', '/dba help')
  await react(api, id, 'eyes')
  await react(api, id, 'eyes')
  await react(api, id, '+1')
  const reactions = repository.comments(pull)[0]?.reactions.map(({ content }) => content)
  expect(reactions).toEqual(['eyes', '+1'])
  await react(api, id + 1_000_000, 'eyes')
})
