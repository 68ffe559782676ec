import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { memoryCache } from '../../src/github/cache.js'
import { completeCheck, makeCheck, startCheck } from '../../src/github/checks.js'
import { keepReview } from '../../src/github/inline-review.js'
import { readPull, tipOf } from '../../src/github/pulls.js'
import { openSnapshot } from '../../src/github/snapshot.js'
import { stickComment } from '../../src/github/sticky-comment.js'
import type { OpenSnapshot } from '../../src/model/open-snapshot.js'
import type { CheckRunPayload } from '../../src/report/check-run.js'
import { COMMENT_MARK } from '../../src/report/comment.js'
import { findingMark } from '../../src/report/inline.js'
import { policyOn } from '../../src/review/policy.js'
import { prepareReview } from '../../src/review/prepare.js'
import { touchesMigrations } from '../../src/review/touched.js'
import type { FakePull, FakeRepository } from '../support/github/index.js'
import { changesOf } from '../support/github/index.js'
import { APP_ID, AT, openWorld, type World } from './world.js'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.end())

const BASE = 'fixtures/pulls/harmful/base'
const files = changesOf(BASE, BASE)
const payload: CheckRunPayload = { title: 'x', summary: 'x', text: 'x', annotations: [], conclusion: 'failure' }
const marked = '0011223344556677'

async function open(repository: FakeRepository, pull: FakePull): Promise<OpenSnapshot> {
  const api = world.api(repository)
  const { number, head, base, commits } = await readPull(api, pull.number)
  const asked = { number, head: head.sha, base: (await tipOf(api, base.ref)) ?? base.sha, commits }
  const snapshot = await openSnapshot(api, asked, memoryCache())
  if ('problem' in snapshot) throw new Error(snapshot.problem)
  return snapshot
}
const replaced = { title: 'x', summary: 'x' }
const runOf = (pull: FakePull) => ({ sha: pull.sha, maker: APP_ID, externalId: 'v1', startedAt: AT })

test('a pull request that changes no migration takes 8 requests, the token and the look at its base included', async () => {
  const repository = world.repository({ files })
  const pull = repository.openPull({ files: { 'README.md': 'better' } })
  world.asked()
  const snapshot = await open(repository, pull)
  const policy = await policyOn(snapshot.policy)
  if ('problem' in policy) throw new Error(policy.problem)
  expect(await touchesMigrations(snapshot, policy.settings)).toBe(false)
  await makeCheck(world.api(repository), { ...runOf(pull), replaced }, payload)
  const asked = world.asked()
  expect(asked).toHaveLength(8)
})

test('one that changes some takes at most 15, its comment and its remarks included', async () => {
  const repository = world.repository({ files })
  const pull = repository.openPull({ files: changesOf(BASE, 'fixtures/pulls/harmful/head') })
  const api = world.api(repository)
  world.asked()
  const snapshot = await open(repository, pull)
  const policy = await policyOn(snapshot.policy)
  if ('problem' in policy) throw new Error(policy.problem)
  expect(await touchesMigrations(snapshot, policy.settings)).toBe(true)
  const run = await startCheck(api, { ...runOf(pull), title: 'x', summary: 'x' })
  const { head } = await prepareReview(snapshot, policy.settings)
  const path = pull.changes().find(({ status }) => status === 'added')?.path ?? ''
  expect(head.get(path)).toMatchObject({ text: expect.any(String) })
  await completeCheck(api, run, payload, { maker: APP_ID, completedAt: AT, replaced })
  await stickComment(api, {
    pull: pull.number,
    writer: APP_ID,
    known: null,
    body: `${COMMENT_MARK}\nx`,
    whenMissing: 'create',
  })
  const body = `${findingMark(marked)}\nx`
  const remark = { path, startLine: null, line: 1, side: 'RIGHT' as const, body, fingerprint: marked }
  await keepReview(api, { pull: pull.number, head: pull.sha, wanted: [remark], words: 'x', begun: false })
  expect(pull.reviewComments).toHaveLength(1)
  const asked = world.asked()
  expect(asked.length).toBeLessThanOrEqual(15)
})
