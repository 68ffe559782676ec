import { afterEach, describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { doctorVerb } from '../../src/cli/doctor.js'
import { isProblem, type Io } from '../../src/cli/io.js'
import { dba } from '../support/dba.js'
import { EVENTS, PERMISSIONS, type FakeGitHub, type FakeRepository } from '../support/github/index.js'
import { APP_ID, PRIVATE_KEY, SECRET, startFake } from '../github-fake/world.js'

/** What an App is started with where its makers did all as they should. */
interface Registered {
  readonly permissions?: typeof PERMISSIONS
  readonly events?: readonly string[]
}

interface Place {
  readonly github: FakeGitHub
  readonly repository: FakeRepository
}

const POLICY = '.github/dba.yml'
const ALL_RIGHT: readonly string[] = [
  '✓ The key is that of the App dba-bot (https://github.com/apps/dba-bot)',
  '✓ The App has the permissions that it needs',
  '✓ The App is told of the events that it needs',
  '✓ The webhook goes to https://dba.example.com/',
  '✓ The webhook is signed with a secret',
  '✓ The last delivery was answered',
  '✓ The App is installed on acme/shop',
  '✓ main requires `dba`, of this App',
  '✓ There is no policy .github/dba.yml on main of acme/shop; the built-in one holds',
  '✓ Whoever has the role maintain may agree',
]

let github: FakeGitHub | null = null
afterEach(async () => {
  if (github === null) return
  const { violations, mistakes } = github
  await github.stop()
  github = null
  expect([violations, mistakes]).toEqual([[], []])
})

/** A GitHub on which all is right, but for what a test changes. */
async function place(
  { permissions = PERMISSIONS, events = EVENTS }: Registered = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Place> {
  github = await startFake({ app: { id: APP_ID, privateKey: PRIVATE_KEY, webhookSecret: SECRET, permissions, events } })
  github.webhooks.settings = { url: 'https://dba.example.com/' }
  const repository = github.repository('acme/shop', { files: { 'README.md': 'A shop\n', ...files } })
  repository.requiredChecks.push({ branch: 'main', context: 'dba', appId: APP_ID })
  await delivered(github, 202)
  return { github, repository }
}

async function delivered({ webhooks }: FakeGitHub, code: number, status = 'OK'): Promise<void> {
  const facts = { event: 'pull_request', action: 'opened', installationId: null, repositoryId: null, payload: {} }
  const delivery = webhooks.send(facts)
  await webhooks.settled()
  delivery.statusCode = code
  delivery.status = status
}

const environmentOf = ({ url }: FakeGitHub): Readonly<Record<string, string>> => ({
  APP_ID: String(APP_ID),
  PRIVATE_KEY,
  GITHUB_API_URL: url,
})

async function doctor(
  app: string | true,
  environment: Io['environment'],
  cwd = tmpdir(),
): Promise<{ readonly code: number; readonly lines: readonly string[]; readonly problem: string }> {
  let out = ''
  const io: Io = {
    out: (text) => void (out += text),
    err: () => undefined,
    progress: () => undefined,
    color: false,
    width: 100,
    cwd,
    environment,
    today: '2026-01-15',
    signal: new AbortController().signal,
  }
  const result = await doctorVerb({ app }, io, {
    fetch: (url, options) => fetch(url, options),
    now: () => Date.now(),
    random: () => 0.5,
    sleep: async () => undefined,
  })
  const lines = out.split('\n').slice(0, -1)
  return isProblem(result) ? { code: 2, lines, problem: result.problem } : { code: result, lines, problem: '' }
}

const without = <Value>(record: Readonly<Record<string, Value>>, name: string): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).filter(([each]) => each !== name))

test('where all is right there is a line for each thing, and the exit code is 0', async () => {
  const { github } = await place()
  const { code, lines } = await doctor('acme/shop', environmentOf(github))
  expect(lines).toEqual(ALL_RIGHT)
  expect(code).toBe(0)
})

test('the App alone can be asked about', async () => {
  const { github } = await place()
  const { code, lines } = await doctor(true, environmentOf(github))
  expect(lines).toEqual(ALL_RIGHT.slice(0, 6))
  expect(code).toBe(0)
})

/** What is changed, the line that says so, and the exit code. */
interface Situation {
  readonly registered?: Registered
  readonly policy?: string
  readonly change?: (place: Place) => void | Promise<void>
  readonly says: RegExp
  readonly code: number
}

const team = (name: string): string => `approval: { data: ['${name}'] }\n`
const required =
  (...checks: FakeRepository['requiredChecks']) =>
  ({ repository }: Place): void => {
    repository.requiredChecks.splice(0, 1, ...checks)
  }

describe.each<[string, Readonly<Record<string, Situation>>]>([
  [
    'what the App may do and hears',
    {
      'no merge queues': {
        registered: { permissions: without(PERMISSIONS, 'merge_queues') },
        says: /^✗ The App may not read merge queues \(Without it GitHub does not say .*\): grant the permission `merge_queues: read`/,
        code: 1,
      },
      'checks can only be read': {
        registered: { permissions: { ...PERMISSIONS, checks: 'read' } },
        says: /^✗ The App may not write checks \(The required check itself\): grant .*`checks: write`/,
        code: 1,
      },
      'no members, and no team is named': {
        registered: { permissions: without(PERMISSIONS, 'members') },
        says: /^– The App may not read members .*needed only where the policy names a team$/,
        code: 0,
      },
      'more than it needs': {
        registered: { permissions: { ...PERMISSIONS, administration: 'write' } },
        says: /^– The App may do more than it needs, which can be taken away: administration: write$/,
        code: 0,
      },
      'comments are not told': {
        registered: { events: EVENTS.filter((event) => event !== 'issue_comment') },
        says: /^✗ The App is not told of issue_comment \(commands: .*\): subscribe to the event `issue_comment`/,
        code: 1,
      },
      'an owner who has not accepted a permission': {
        change: ({ github }) => void (github.installation('acme').permissions = without(PERMISSIONS, 'merge_queues')),
        says: /^✗ The installation does not grant `merge_queues: read` .*: its owner has to accept the new permissions at https/,
        code: 1,
      },
    },
  ],
  [
    'the webhook',
    {
      'is nowhere': {
        change: ({ github }) => void (github.webhooks.settings = { url: undefined }),
        says: /^✗ The App has no webhook: activate it/,
        code: 1,
      },
      'has no TLS': {
        change: ({ github }) => void (github.webhooks.settings = { url: 'http://dba.example.com/' }),
        says: /^✗ The webhook goes to http:\/\/dba\.example\.com\/ without TLS: give it an https:\/\/ address/,
        code: 1,
      },
      'does not verify the certificate': {
        change: ({ github }) => void (github.webhooks.settings = { url: 'https://a/', insecure_ssl: '1' }),
        says: /^✗ GitHub does not verify the certificate/,
        code: 1,
      },
      'has no secret': {
        change: ({ github }) => void (github.webhooks.settings = { url: 'https://a/', secret: '' }),
        says: /^✗ The webhook has no secret: set one of at least 32 characters/,
        code: 1,
      },
      'sends forms': {
        change: ({ github }) => void (github.webhooks.settings = { url: 'https://a/', content_type: 'form' }),
        says: /^✗ The webhook sends forms/,
        code: 1,
      },
      'is refused for its signature': {
        change: ({ github }) => delivered(github, 401, 'Invalid HTTP Response: 401'),
        says: /^✗ 1 of the last 2 deliveries failed \(401\), the newest pull_request at 20.*Z: the secret in WEBHOOK_SECRET is not/,
        code: 1,
      },
      'reaches nobody': {
        change: ({ github }) => delivered(github, 0, 'failed to connect to host'),
        says: /^✗ 1 of the last 2 deliveries failed \(failed to connect to host\).*: look whether the name resolves/,
        code: 1,
      },
      'meets a database that is down': {
        change: ({ github }) => delivered(github, 503, 'Invalid HTTP Response: 503'),
        says: /^✗ .*\(503\).*\/readyz says which$/,
        code: 1,
      },
      'failed, and works again': {
        change: async ({ github }) => {
          await delivered(github, 503, 'Invalid HTTP Response: 503')
          await delivered(github, 202)
        },
        says: /^– 1 of the last 3 deliveries failed \(503\).*; the App asks for those itself$/,
        code: 0,
      },
      'failed, and was redelivered': {
        change: async ({ github }) => {
          await delivered(github, 503, 'Invalid HTTP Response: 503')
          const [, lost] = github.webhooks.log
          if (lost === undefined) throw new Error('nothing was delivered')
          const again = github.webhooks.redeliver(lost)
          await github.webhooks.settled()
          again.statusCode = 202
        },
        says: /^✓ The last 2 deliveries were answered$/,
        code: 0,
      },
      'was never used': {
        change: ({ github }) => void (github.webhooks.log.length = 0),
        says: /^– Nothing was delivered in the last three days, .*not known: open a pull request/,
        code: 2,
      },
    },
  ],
  [
    'the installation',
    {
      'is elsewhere': {
        change: ({ github }) => github.select('acme', [github.repository('acme/other')]),
        says: /^✗ The App is not installed on acme\/shop: install it there, from https:\/\/github\.com\/apps\/dba-bot$/,
        code: 1,
      },
      'was taken away': {
        change: ({ github }) => github.uninstall('acme'),
        says: /^✗ The App is not installed on acme\/shop/,
        code: 1,
      },
      'is suspended': {
        change: ({ github }) => github.suspend('acme'),
        says: /^✗ The installation on acme\/shop is suspended: its owner has to unsuspend it at https/,
        code: 1,
      },
    },
  ],
  [
    'T14: the required check',
    {
      'is not required': {
        change: required(),
        says: /^✗ main does not require `dba`.*: add `dba`, with this App as its source/,
        code: 1,
      },
      'is another': {
        change: required({ branch: 'main', context: 'build', appId: APP_ID }),
        says: /^✗ main does not require `dba`/,
        code: 1,
      },
      'is on another branch': {
        change: required({ branch: 'release', context: 'dba', appId: APP_ID }),
        says: /^✗ main does not require `dba`/,
        code: 1,
      },
      'any source, by protection': {
        change: required({ branch: 'main', context: 'dba', appId: null, by: 'protection' }),
        says: /^✗ main requires `dba` from any source, .*: choose this App as its source/,
        code: 1,
      },
      'any source, by a ruleset': {
        change: required({ branch: 'main', context: 'dba', appId: null, by: 'ruleset' }),
        says: /^✗ main requires `dba` from any source/,
        code: 1,
      },
      'another App’s': {
        change: required({ branch: 'main', context: 'dba', appId: 15_368, by: 'ruleset' }),
        says: new RegExp(
          `^✗ main expects \`dba\` from another App, number 15368: choose this App, number ${APP_ID}, as`,
        ),
        code: 1,
      },
      'ours, by a ruleset alone': {
        change: required({ branch: 'main', context: 'dba', appId: APP_ID, by: 'ruleset' }),
        says: /^✓ main requires `dba`, of this App$/,
        code: 0,
      },
      'ours by one, and any by the other': {
        change: required(
          { branch: 'main', context: 'dba', appId: null, by: 'protection' },
          { branch: 'main', context: 'dba', appId: APP_ID, by: 'ruleset' },
        ),
        says: /^✓ main requires `dba`, of this App$/,
        code: 0,
      },
      'ours by one, and another App’s by the other': {
        change: required(
          { branch: 'main', context: 'dba', appId: 15_368, by: 'protection' },
          { branch: 'main', context: 'dba', appId: APP_ID, by: 'ruleset' },
        ),
        says: /^✗ main expects `dba` from another App, number 15368/,
        code: 1,
      },
      'with a merge queue': {
        change: ({ repository }) => void repository.mergeQueues.add('main'),
        says: /^✓ The merge queue of main can ask the App$/,
        code: 0,
      },
      'with a merge queue that the App hears nothing of': {
        registered: { permissions: without(PERMISSIONS, 'merge_queues') },
        change: ({ repository }) => void repository.mergeQueues.add('main'),
        says: /^✗ main has a merge queue, which would wait for `dba` for ever: give the App the permission `merge_queues: read`/,
        code: 1,
      },
    },
  ],
  [
    'the policy',
    {
      'is valid': {
        policy: 'postgres: 16\n',
        says: /^✓ The policy \.github\/dba\.yml on main of acme\/shop is valid$/,
        code: 0,
      },
      'is not valid': {
        policy: 'postgres: 16\nrulez: {}\n',
        says: /^✗ The policy on main of acme\/shop cannot be used\. .*dba\.yml:2: .*rulez.*until then no pull request passes$/,
        code: 1,
      },
      'names a user who is not there': {
        policy: team('@nobody-at-all'),
        says: /^✗ Nobody is called @nobody-at-all/,
        code: 1,
      },
      'names a user without access': {
        policy: team('@ivy'),
        change: ({ github }) => void github.user('ivy'),
        says: /^✗ @ivy, whom the policy names, has no access to the repository/,
        code: 1,
      },
      'names a user': {
        policy: team('@dora'),
        change: ({ repository }) => repository.grant('dora', 'write'),
        says: /^✓ @dora may agree$/,
        code: 0,
      },
      'names an organisation': { policy: team('@acme'), says: /^✗ @acme is no person, so cannot agree/, code: 1 },
      'names a team': {
        policy: team('@acme/dba'),
        change: ({ github }) => void github.team('acme/dba', ['ann', 'bo']),
        says: /^✓ The 2 members of @acme\/dba may agree$/,
        code: 0,
      },
      'names a team that is not there': {
        policy: team('@acme/dba'),
        says: /^✗ The team @acme\/dba, which the policy names, is not there: correct its name/,
        code: 1,
      },
      'names a team of nobody': {
        policy: team('@acme/dba'),
        change: ({ github }) => void github.team('acme/dba'),
        says: /^✗ The team @acme\/dba, which the policy names, has no members/,
        code: 1,
      },
      'names a team of others': {
        policy: team('@other/dba'),
        says: /^✗ @other\/dba is a team of another organisation than acme/,
        code: 1,
      },
      'names a team that the App may not see': {
        registered: { permissions: without(PERMISSIONS, 'members') },
        policy: team('@acme/dba'),
        says: /^✗ The policy names the team @acme\/dba, but the App may not read its members/,
        code: 1,
      },
      'names a role of the organisation’s own': {
        policy: team('role:dba'),
        says: /^– Whether the organisation has the role dba is not to be seen from here/,
        code: 0,
      },
    },
  ],
  [
    'what GitHub does not answer is not right',
    {
      'the App': {
        change: ({ github }) => void github.fault({ route: 'GET /app', before: 502 }),
        says: /^– The App could not be looked at: GET \/app: 502/,
        code: 2,
      },
      deliveries: {
        change: ({ github }) => void github.fault({ route: 'GET /app/hook/deliveries', before: 502 }),
        says: /^– The deliveries could not be looked at: .*502/,
        code: 2,
      },
      rules: {
        change: ({ github }) =>
          void github.fault({ route: 'GET /repos/{owner}/{repo}/rules/branches/{branch}', before: 403 }),
        says: /^– The rules of main could not be looked at: .*403/,
        code: 2,
      },
      'the branch': {
        change: ({ github }) =>
          void github.fault({ route: 'GET /repos/{owner}/{repo}/branches/{branch}', garbage: 'html' }),
        says: /^– The repository acme\/shop could not be looked at/,
        code: 2,
      },
      'a team, while something else is wrong': {
        policy: team('@acme/dba'),
        change: ({ github, repository }) => {
          github.fault({ route: 'GET /orgs/{org}/teams/{team_slug}', before: 500 })
          repository.requiredChecks.length = 0
        },
        says: /^– The approver @acme\/dba could not be looked at: .*500/,
        code: 1,
      },
    },
  ],
])('%s', (_, situations) => {
  test.each(Object.entries(situations))('%s', async (_, { registered, policy, change, says, code }) => {
    const at = await place(registered, policy === undefined ? {} : { [POLICY]: policy })
    await change?.(at)
    const seen = await doctor('acme/shop', environmentOf(at.github))
    expect(seen.lines).toContainEqual(expect.stringMatching(says))
    expect([seen.code, seen.lines.join('\n')]).toEqual([code, seen.lines.join('\n')])
  })
})

describe('who the App is', () => {
  const other = (): Promise<Place> => place()

  test('a key of another App', async () => {
    const { github } = await other()
    const { code, lines } = await doctor(true, { ...environmentOf(github), APP_ID: '7' })
    expect(lines).toEqual([
      expect.stringMatching(
        /^✗ .* does not accept the key for the App 7 \(.*\): APP_ID and PRIVATE_KEY have to be of one App/,
      ),
    ])
    expect(code).toBe(1)
  })

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['nothing', {}, /^Who the App is is not known: run this where its \.env is/],
    ['no key', { APP_ID: '7' }, /^PRIVATE_KEY must be the App's private key in PEM form/],
    ['no number', { PRIVATE_KEY }, /^APP_ID must be the number of the App/],
    ['a name for a number', { APP_ID: 'dba-bot', PRIVATE_KEY }, /^APP_ID must be the number/],
    ['half a key', { APP_ID: '7', PRIVATE_KEY: PRIVATE_KEY.slice(0, 300) }, /^PRIVATE_KEY must be .* whole/],
    ['a file that is not there', { APP_ID: '7', PRIVATE_KEY_PATH: 'nowhere.pem' }, /^PRIVATE_KEY_PATH must be a file/],
  ])('%s is said to be given', async (_, environment, says) => {
    const { code, lines, problem } = await doctor('acme/shop', environment)
    expect(problem).toMatch(says)
    expect([code, lines]).toEqual([2, []])
  })

  test('what is no repository', async () => {
    const { problem } = await doctor('shop', {})
    expect(problem).toBe('shop is no repository: name one as OWNER/NAME.')
  })

  test('is read from .env, as the App itself reads it, and the key from its file', async () => {
    const { github } = await other()
    const folder = mkdtempSync(join(tmpdir(), 'dba-doctor-'))
    writeFileSync(
      join(folder, '.env'),
      `APP_ID=${APP_ID}\nPRIVATE_KEY_PATH=key.pem\nGITHUB_API_URL=http://nowhere.test\n`,
    )
    writeFileSync(join(folder, 'key.pem'), PRIVATE_KEY)
    const { code, out, err } = await dba(folder, ['doctor', '--app', 'acme/shop'], { GITHUB_API_URL: github.url })
    rmSync(folder, { recursive: true })
    expect(err).toBe('')
    expect(out).toBe(`${ALL_RIGHT.join('\n')}\n`)
    expect(code).toBe(0)
  })
})

test('what GitHub says of itself steers no terminal', async () => {
  const { github } = await place({}, { [POLICY]: 'approval: { data: ["role:\u202eabd"] }\n' })
  const { lines } = await doctor('acme/shop', environmentOf(github))
  expect(lines.join('\n')).not.toMatch(/\u202e/)
})
