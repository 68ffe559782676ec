import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Api } from '../../src/github/api.js'
import {
  type CheckRun,
  completeCheck,
  makeCheck,
  endCheck,
  findCheck,
  isVanished,
  startCheck,
} from '../../src/github/checks.js'
import type { Annotation, CheckRunPayload } from '../../src/report/check-run.js'
import type { FakePull, FakeRepository, FaultPlan } from '../support/github/index.js'
import { APP_ID, AT, openWorld, pullOf, type World } from './world.js'

const CREATE = 'POST /repos/{owner}/{repo}/check-runs'
const UPDATE = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}'

let world: World
beforeAll(async () => void (world = await openWorld(1_500)))
afterAll(() => world.end())

interface Scene {
  readonly repository: FakeRepository
  readonly pull: FakePull
  readonly api: Api
  start(): Promise<CheckRun>
}
function scene(): Scene {
  const repository = world.repository({ files: { 'm/1.sql': 'SELECT 1;\n' } })
  const pull = pullOf(repository)
  const api = world.api(repository)
  const start = (): Promise<CheckRun> =>
    startCheck(api, {
      sha: pull.sha,
      maker: APP_ID,
      externalId: 'v1:1',
      startedAt: AT,
      title: 'Looking',
      summary: 'The review is under way.',
    })
  return { repository, pull, api, start }
}

function payload(count: number, changes: Partial<CheckRunPayload> = {}): CheckRunPayload {
  const annotations = Array.from({ length: count }, (_, i): Annotation => ({
    path: 'm/2.sql',
    startLine: i + 1,
    endLine: i + 1,
    startColumn: i % 2 === 0 ? 1 : null,
    endColumn: i % 2 === 0 ? 5 : null,
    level: 'warning',
    title: 'drop-column',
    message: `finding ${i}`,
  }))
  return { title: 'Blocked', summary: 'Why', text: 'All of it', annotations, conclusion: 'failure', ...changes }
}
const replaced = { title: 'Replaced', summary: 'Another took its place.' }
const asked = { maker: APP_ID, completedAt: AT, replaced }
const lines = (repository: FakeRepository, pull: FakePull): readonly (readonly number[])[] =>
  repository.checkRuns(pull.sha, 'dba').map(({ output }) => output.annotations.map(({ start_line }) => start_line))
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1)

describe('a run is started', () => {
  test('once, in progress, and adopted afterwards', async () => {
    const { repository, pull, start } = scene()
    const run = await start()
    expect(await start()).toEqual(run)
    const runs = repository.checkRuns(pull.sha, 'dba')
    expect(runs).toHaveLength(1)
    expect(runs[0]).toMatchObject({ status: 'in_progress', externalId: 'v1:1', output: { title: 'Looking' } })
  })

  test.each<[string, FaultPlan]>([
    ['502 after it was done', { route: CREATE, after: 502, times: 1 }],
    ['502 before it was done', { route: CREATE, before: 502, times: 1 }],
    ['a connection that is cut after it was done', { route: CREATE, cut: 'after', times: 1 }],
    ['no answer, after it was done', { route: CREATE, hang: 'after', times: 1 }],
    ['half an answer', { route: CREATE, garbage: 'half', times: 1 }],
    ['HTML', { route: CREATE, garbage: 'html', times: 1 }],
  ])('once, although GitHub answers with %s', async (_, plan) => {
    const { repository, pull, start } = scene()
    const fault = world.github.fault(plan)
    const run = await start()
    expect(fault.hits).toBe(1)
    fault.remove()
    expect(repository.checkRuns(pull.sha, 'dba').map(({ id }) => id)).toEqual([run.id])
  })

  test('and not at all where GitHub keeps failing before it is done; the next attempt makes one', async () => {
    const { repository, pull, start } = scene()
    const fault = world.github.fault({ route: CREATE, before: 503 })
    await expect(start()).rejects.toMatchObject({ kind: 'transient' })
    fault.remove()
    await start()
    expect(repository.checkRuns(pull.sha, 'dba')).toHaveLength(1)
  })

  test('anew where the newest of ours is completed: what was concluded stays', async () => {
    const { repository, pull, api, start } = scene()
    const first = await completeCheck(api, await start(), payload(1), asked)
    const second = await start()
    expect(second.id).toBeGreaterThan(first.id)
    expect(await findCheck(api, pull.sha, APP_ID)).toMatchObject({ id: second.id, status: 'in_progress' })
    expect(repository.checkRuns(pull.sha, 'dba').map(({ conclusion }) => conclusion)).toEqual(['failure', null])
  })

  test('T14: a run of the same name by another App is never taken for ours', async () => {
    const { repository, pull, api, start } = scene()
    repository.foreignCheckRun('forger', pull.sha, 'dba', { status: 'completed', conclusion: 'success' })
    expect(await findCheck(api, pull.sha, APP_ID)).toBeNull()
    const run = await start()
    expect(repository.checkRuns(pull.sha, 'dba')).toHaveLength(2)
    expect(await findCheck(api, pull.sha, APP_ID)).toMatchObject({ id: run.id })
  })

  test('R30: a commit that is gone is told apart', async () => {
    const { api } = scene()
    const failure = await startCheck(api, {
      sha: 'f'.repeat(40),
      maker: APP_ID,
      externalId: '',
      startedAt: AT,
      title: 'x',
      summary: 'x',
    }).catch((error: unknown) => error)
    expect(isVanished(failure)).toBe(true)
  })
})

describe('a run is completed', () => {
  test.each([
    [0, 1],
    [1, 1],
    [50, 1],
    [51, 2],
    [200, 4],
  ])('with %i annotations, in %i requests', async (count, requests) => {
    const { repository, pull, api, start } = scene()
    const run = await start()
    world.asked()
    await completeCheck(api, run, payload(count), asked)
    expect(world.asked()).toEqual(Array(requests).fill('PATCH /check-runs/{check_run_id}'))
    expect(lines(repository, pull)).toEqual([upTo(count)])
    const [made] = repository.checkRuns(pull.sha, 'dba')
    expect(made).toMatchObject({ status: 'completed', conclusion: 'failure' })
    expect(made?.actions.map(({ identifier }) => identifier)).toEqual(['rerun', 'explain', 'approval'])
    // It was never concluded before its last annotation was there.
    expect(made?.history.filter(({ status }) => status === 'completed')).toHaveLength(1)
  })

  test.each<[string, FaultPlan]>([
    ['502 after the first batch was taken', { route: UPDATE, after: 502, times: 1 }],
    ['502 before the first batch was taken', { route: UPDATE, before: 502, times: 1 }],
    ['502 after the last batch was taken', { route: UPDATE, after: 502, skip: 2, times: 1 }],
    ['502 before the last batch was taken', { route: UPDATE, before: 502, skip: 2, times: 1 }],
    ['no answer, after the second batch was taken', { route: UPDATE, hang: 'after', skip: 1, times: 1 }],
    ['half an answer to every batch', { route: UPDATE, garbage: 'half' }],
    ['502 after each batch', { route: UPDATE, after: 502 }],
  ])('with each annotation once, although GitHub answers with %s', async (_, plan) => {
    const { repository, pull, api, start } = scene()
    const run = await start()
    const fault = world.github.fault(plan)
    await completeCheck(api, run, payload(120), asked)
    expect(fault.hits).toBeGreaterThan(0)
    fault.remove()
    expect(lines(repository, pull)).toEqual([upTo(120)])
    expect(repository.checkRuns(pull.sha, 'dba')[0]).toMatchObject({ status: 'completed', conclusion: 'failure' })
  })

  test('R1: what an attempt that was killed had sent is not sent again', async () => {
    const { repository, pull, api, start } = scene()
    const fault = world.github.fault({ route: UPDATE, before: 503, skip: 1 })
    await expect(completeCheck(api, await start(), payload(120), asked)).rejects.toMatchObject({ kind: 'transient' })
    fault.remove()
    expect(lines(repository, pull)).toEqual([upTo(50)])
    await completeCheck(api, await start(), payload(120), asked)
    expect(lines(repository, pull)).toEqual([upTo(120)])
  })

  test('annotations of another review give way to a new run', async () => {
    const { repository, pull, api, start } = scene()
    const fault = world.github.fault({ route: UPDATE, before: 503, skip: 1 })
    await expect(completeCheck(api, await start(), payload(120), asked)).rejects.toMatchObject({ kind: 'transient' })
    fault.remove()
    const other = payload(2)
    const changed = other.annotations.map((annotation) => ({ ...annotation, message: `another ${annotation.message}` }))
    await completeCheck(api, await start(), { ...other, annotations: changed }, asked)
    const runs = repository.checkRuns(pull.sha, 'dba')
    expect(runs.map(({ conclusion }) => conclusion)).toEqual(['cancelled', 'failure'])
    expect(runs[0]?.output).toMatchObject(replaced)
    expect(runs[1]?.output.annotations.map(({ message }) => message)).toEqual([
      'another finding 0',
      'another finding 1',
    ])
  })
})

describe('a run is completed as it is made', () => {
  const conclude = ({ api, pull }: Scene, count: number): Promise<CheckRun> =>
    makeCheck(api, { sha: pull.sha, maker: APP_ID, externalId: 'v1:1', startedAt: AT, replaced }, payload(count))

  test('with one request after the look for another', async () => {
    const here = scene()
    await here.api.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: here.pull.number })
    world.asked()
    expect(await conclude(here, 3)).toMatchObject({ status: 'completed', annotations: 3 })
    expect(world.asked()).toEqual(['GET /commits/{ref}/check-runs', 'POST /check-runs'])
    const [made] = here.repository.checkRuns(here.pull.sha, 'dba')
    expect(made).toMatchObject({ status: 'completed', conclusion: 'failure', output: { text: 'All of it' } })
    expect(made?.actions).toHaveLength(3)
    expect(lines(here.repository, here.pull)).toEqual([upTo(3)])
  })

  test('or by another way where there are more annotations, or a run is open', async () => {
    const many = scene()
    await conclude(many, 120)
    expect(lines(many.repository, many.pull)).toEqual([upTo(120)])
    const open = scene()
    const { id } = await open.start()
    expect(await conclude(open, 2)).toMatchObject({ id, status: 'completed' })
    expect(lines(open.repository, open.pull)).toEqual([upTo(2)])
  })

  test('and anew where the newest is completed', async () => {
    const here = scene()
    const first = await conclude(here, 1)
    expect((await conclude(here, 1)).id).toBeGreaterThan(first.id)
  })

  test.each<[string, FaultPlan]>([
    ['502 after it was done', { route: CREATE, after: 502, times: 1 }],
    ['502 before it was done', { route: CREATE, before: 502, times: 1 }],
    ['half an answer', { route: CREATE, garbage: 'half', times: 1 }],
  ])('once, although GitHub answers with %s', async (_, plan) => {
    const here = scene()
    const fault = world.github.fault(plan)
    await conclude(here, 7)
    fault.remove()
    expect(lines(here.repository, here.pull)).toEqual([upTo(7)])
  })
})

test('a run is ended without a review', async () => {
  const { repository, pull, api, start } = scene()
  await endCheck(api, await start(), { conclusion: 'cancelled', title: 'Superseded', summary: 'x' }, asked)
  expect(repository.checkRuns(pull.sha, 'dba')[0]).toMatchObject({ status: 'completed', conclusion: 'cancelled' })
  await endCheck(api, await start(), { conclusion: 'failure', title: 'Came to nothing', summary: 'x' }, asked)
  expect(repository.checkRuns(pull.sha, 'dba')[1]).toMatchObject({ status: 'completed', conclusion: 'failure' })
})
