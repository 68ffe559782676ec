import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { verify } from '@octokit/webhooks-methods'
import type { FakeGitHub, FakeRepository } from '../support/github/index.js'
import { asApp, SECRET, startFake } from './world.js'

interface Received {
  readonly event: string
  readonly guid: string
  readonly signature: string
  readonly text: string
  readonly body: Readonly<Record<string, unknown>> & { readonly action?: string }
}

let github: FakeGitHub
let repository: FakeRepository
let listener: Server
let received: Received[]
let answer: number

beforeEach(async () => {
  received = []
  answer = 202
  listener = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      received.push({
        event: String(request.headers['x-github-event']),
        guid: String(request.headers['x-github-delivery']),
        signature: String(request.headers['x-hub-signature-256']),
        text,
        body: JSON.parse(text) as Received['body'],
      })
      response.writeHead(answer).end('taken')
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  github = await startFake()
  github.webhooksTo(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/webhook`)
  repository = github.repository('acme/shop', { files: { 'a.sql': 'select 1;\n' } })
})

afterEach(async () => {
  const { mistakes } = github
  await github.stop()
  await new Promise((resolve) => listener.close(resolve))
  expect(mistakes).toEqual([])
})

const examples = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@octokit/webhooks-examples'), 'utf8'),
) as readonly { readonly name: string; readonly examples: readonly object[] }[]

/** A body that GitHub has sent for this event, of this action where there is one. */
function exampleOf(event: string, action: string | undefined): unknown {
  const known = examples.find(({ name }) => name === event)?.examples ?? []
  return known.find((example) => 'action' in example && example.action === action) ?? known[0]
}

const names = () => received.map(({ event, body }) => (body.action ? `${event}.${body.action}` : event))
const settled = () => github.webhooks.settled()

test('each is signed with the secret, over the bytes that were sent', async () => {
  repository.openPull()
  await settled()
  expect(received.length).toBeGreaterThan(0)
  for (const { text, signature } of received) {
    expect(await verify(SECRET, text, signature)).toBe(true)
    expect(await verify(SECRET, `${text} `, signature)).toBe(false)
  }
})

describe('what happens is told as GitHub tells it', () => {
  test.each<[string, (repository: FakeRepository) => void, readonly string[]]>([
    [
      'opened',
      (r) => void r.openPull({ files: { 'b.sql': '' } }),
      ['push', 'check_suite.requested', 'pull_request.opened'],
    ],
    [
      'pushed',
      (r) => void r.openPull().push({ 'b.sql': '' }),
      ['pull_request.opened', 'push', 'check_suite.requested', 'pull_request.synchronize'],
    ],
    [
      'retargeted',
      (r) => (r.branch('next'), r.openPull().retarget('next')),
      ['pull_request.opened', 'pull_request.edited'],
    ],
    ['closed', (r) => r.openPull().close(), ['pull_request.opened', 'pull_request.closed']],
    [
      'reopened',
      (r) => pullOf(r, (pull) => (pull.close(), pull.reopen())),
      ['pull_request.opened', 'pull_request.closed', 'pull_request.reopened'],
    ],
    [
      'draft',
      (r) => pullOf(r, (pull) => (pull.convertToDraft(), pull.readyForReview())),
      ['pull_request.opened', 'pull_request.converted_to_draft', 'pull_request.ready_for_review'],
    ],
    [
      'merged',
      (r) => void r.openPull({ files: { 'b.sql': '' } }).merge(),
      ['push', 'check_suite.requested', 'pull_request.opened', 'push', 'check_suite.requested', 'pull_request.closed'],
    ],
    ['commented', (r) => void r.openPull().comment('ann', 'Hello'), ['pull_request.opened', 'issue_comment.created']],
    [
      'queued',
      (r) => void r.mergeGroup([r.openPull()]),
      ['pull_request.opened', 'check_suite.requested', 'merge_group.checks_requested'],
    ],
    [
      'pressed',
      (r) => r.pressButton(r.checks.create(github.app, r.tip(), 'dba', { conclusion: 'failure' }), 'rerun'),
      ['check_run.created', 'check_run.completed', 'check_run.requested_action'],
    ],
    ['rerun', (r) => r.rerunSuite(r.tip()), ['check_suite.rerequested']],
  ])('%s', async (_, act, expected) => {
    act(repository)
    await settled()
    expect(names()).toEqual(expected)
    for (const { event, body, text } of received) {
      expect(text).not.toMatch(/Codertocat|Octocoders|octo-|Hello-World/)
      expect(unlike(exampleOf(event, body.action), body)).toEqual([])
      expect(body).toMatchObject({
        installation: { id: github.installation('acme').id },
        repository: { id: repository.id },
      })
    }
  })

  const pullOf = (r: FakeRepository, act: (pull: ReturnType<FakeRepository['openPull']>) => void) => act(r.openPull())

  test('only to an App that is installed there', async () => {
    github.repository('other/shop').openPull()
    github.uninstall('other')
    await settled()
    received = []
    github.repository('other/shop').openPull()
    github.suspend('acme')
    await settled()
    repository.openPull()
    await settled()
    expect(names()).toEqual(['installation.suspend'])
  })
})

test('a merge group is judged on a commit of its own, and lands as that commit', async () => {
  const [one, two] = ['b.sql', 'c.sql'].map((path) => repository.openPull({ files: { [path]: '' } }))
  if (!one || !two) throw new Error('both are opened')
  const group = repository.mergeGroup([one, two])
  const paths = [...repository.objects.files(group.commit.tree).keys()]
  expect([paths, repository.mergeable(group)]).toEqual([['a.sql', 'b.sql', 'c.sql'], false])
  repository.checks.create(github.app, group.headSha, 'dba', { conclusion: 'success' })
  expect([repository.mergeable(group), repository.mergeable(one)]).toEqual([true, false])
  await settled()
  received = []
  repository.mergeGroupInto(group)
  await settled()
  expect(names()).toEqual([
    'push',
    'check_suite.requested',
    'pull_request.closed',
    'pull_request.closed',
    'merge_group.destroyed',
  ])
  expect([repository.tip(), one.merged, two.mergeCommit]).toEqual([group.headSha, true, group.headSha])
})

test('an installation, and the choice of its repositories', async () => {
  const other = github.repository('acme/billing')
  github.select('acme', [repository])
  other.openPull()
  github.select('acme', [repository, other])
  github.uninstall('acme')
  repository.openPull()
  github.reinstall('acme')
  await settled()
  expect(names()).toEqual([
    'installation_repositories.removed',
    'installation_repositories.added',
    'installation.deleted',
    'installation.created',
  ])
  for (const { event, body } of received) expect(unlike(exampleOf(event, body.action), body)).toEqual([])
})

test('a fork is none of the App’s business, a pull request from it is', async () => {
  const fork = repository.fork({ by: 'eve' })
  repository.openPull({ by: 'eve', from: fork, files: { 'b.sql': '' } }).push({ 'c.sql': '' })
  await settled()
  expect(names()).toEqual(['pull_request.opened', 'pull_request.synchronize'])
  expect(received.map(({ body }) => (body.repository as { id: number }).id)).toEqual([repository.id, repository.id])
})

describe('webhooks go astray', () => {
  test('lost ones are in the log, and come when they are asked for', async () => {
    github.webhooks.behave({ lose: ({ event }) => event === 'pull_request' })
    repository.openPull()
    await settled()
    expect(names()).toEqual([])
    const app = asApp(github)
    const [delivery] = (await app.rest.apps.listWebhookDeliveries()).data
    expect(delivery).toMatchObject({ event: 'pull_request', action: 'opened', status_code: 0, redelivery: false })
    await app.rest.apps.redeliverWebhookDelivery({ delivery_id: delivery?.id ?? 0 })
    await settled()
    expect(received.map(({ guid }) => guid)).toEqual([delivery?.guid])
    const log = (await app.rest.apps.listWebhookDeliveries()).data
    expect(log.map(({ status_code, redelivery, guid }) => [status_code, redelivery, guid])).toEqual([
      [202, true, delivery?.guid],
      [0, false, delivery?.guid],
    ])
    expect(github.violations).toEqual([])
  })

  test('copies have one guid', async () => {
    github.webhooks.behave({ copies: 3 })
    repository.openPull()
    await settled()
    expect(received).toHaveLength(3)
    expect(new Set(received.map(({ guid }) => guid)).size).toBe(1)
  })

  test('they come in the order that a seed decides', async () => {
    const order = async (seed: number): Promise<readonly string[]> => {
      received = []
      github.webhooks.pause()
      github.webhooks.behave({ shuffle: seed })
      const pull = github.repository(`acme/shop-${seed}`).openPull()
      for (let index = 0; index < 6; index++) pull.comment('ann', `${index}`)
      github.webhooks.resume()
      await settled()
      return received.map(({ body }) => (body.comment as { body: string } | undefined)?.body ?? 'opened')
    }
    const first = await order(7)
    expect(await order(7)).toEqual(first)
    expect([...first].sort()).toEqual(['0', '1', '2', '3', '4', '5', 'opened'])
    expect(first).not.toEqual(['opened', '0', '1', '2', '3', '4', '5'])
    expect(first).not.toEqual(await order(8))
  })

  test('an answer that is no success, and one that comes too late, are failures in the log', async () => {
    answer = 503
    repository.openPull()
    await settled()
    expect(github.webhooks.log.at(-1)).toMatchObject({ statusCode: 503, answer: 'taken' })
    listener.removeAllListeners('request')
    github.webhooks.behave({ timeout: 50 })
    repository.openPull()
    await settled()
    expect(github.webhooks.log.at(-1)).toMatchObject({ statusCode: 0, status: 'timed out' })
    listener.closeAllConnections()
  })

  test('the log is read page by page', async () => {
    const pull = repository.openPull()
    for (let index = 0; index < 24; index++) pull.comment('ann', `${index}`)
    await settled()
    const guids: string[] = []
    let pages = 0
    for await (const { data } of asApp(github).paginate.iterator('GET /app/hook/deliveries', { per_page: 10 })) {
      guids.push(...data.map(({ guid }) => guid))
      pages++
    }
    expect([pages, new Set(guids).size]).toEqual([3, 25])
    github.advance(3 * 86_400_000)
    expect((await asApp(github).rest.apps.listWebhookDeliveries()).data).toEqual([])
    expect(github.violations).toEqual([])
  })
})

/** Where a body is of another shape than one that GitHub has sent: fields it lacks, values of another kind. */
function unlike(example: unknown, body: unknown, path = ''): readonly string[] {
  if (example === null || body === null || path.endsWith('.permissions') || EITHER.has(path)) return []
  if (body === undefined) return OPTIONAL.has(path) ? [] : [`${path} is missing`]
  if (typeof example !== typeof body || Array.isArray(example) !== Array.isArray(body))
    return [`${path} is another kind`]
  if (Array.isArray(example) && Array.isArray(body)) {
    return example.length > 0 && body.length > 0 ? unlike(example[0], body[0], `${path}[]`) : []
  }
  if (typeof example !== 'object') return []
  return Object.entries(example as object).flatMap(([key, value]) =>
    unlike(value, (body as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`),
  )
}

/** What depends on the owner, the plan, or on what was configured. */
const OPTIONAL = new Set(['organization', 'enterprise', 'installation', 'reason', 'changes', 'check_run.deployment'])
/** Times that GitHub has sent as words and as numbers. */
const EITHER = new Set(['installation.created_at', 'installation.updated_at'])
