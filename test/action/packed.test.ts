import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { DROP, SHOP, UNREHEARSED } from '../app/scene.js'
import { startFake } from '../github-fake/world.js'
import type { FakeGitHub, FakePull, FakeRepository, FaultPlan, FileChanges } from '../support/github/index.js'
import { checkout, eventOf, pack, READS, step, tokenFor, WRITES, type Packed, type Step } from './packed.js'

let packed: Packed
let github: FakeGitHub
let repositories = 0

beforeAll(async () => {
  packed = await pack()
  process.stdout.write(packed.said)
  github = await startFake()
}, 120_000)
afterAll(async () => {
  packed?.dispose()
  await github?.stop()
  expect(github.violations).toEqual([])
  expect(github.mistakes).toEqual([])
})

/** Adds a column that may be NULL, and takes it away again: there is nothing to say against it. */
const CLEAN: FileChanges = {
  'migrations/000002_phone.up.sql': "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN phone text;\n",
  'migrations/000002_phone.down.sql': "SET lock_timeout = '2s';\nALTER TABLE users DROP COLUMN phone;\n",
}
/** Edits what was applied, and adds what cannot be undone. */
const HARMFUL: FileChanges = {
  'migrations/000001_users.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY);\n',
  ...DROP,
}
const ELSEWHERE: FileChanges = { 'main.go': 'package main // changed\n' }

/** A repository of its own for a test; each owner's workflows have their own permissions. */
function shop(permissions: Readonly<Record<string, 'read' | 'write'>> = WRITES, files = SHOP): FakeRepository {
  const owner = `acme-${++repositories}`
  const repository = github.repository(`${owner}/shop`, { files })
  github.installation(owner).permissions = permissions
  return repository
}

/** Runs the Action for the newest pull_request event, in a deep checkout, unless told otherwise. */
async function reviewed(
  repository: FakeRepository,
  pull: FakePull,
  {
    depth = 0,
    inputs = {},
    token = true,
    event = eventOf(github, 'pull_request'),
    workspace,
    environment = {},
  }: {
    depth?: 0 | 1
    inputs?: Readonly<Record<string, string>>
    token?: boolean
    event?: ReturnType<typeof eventOf>
    workspace?: string
    environment?: Readonly<Record<string, string>>
  } = {},
): Promise<Step> {
  const { permissions } = github.installation(repository.owner.login)
  const given = token ? { 'github-token': tokenFor(github, repository, permissions as typeof WRITES) } : {}
  const seen = await step(packed, {
    github,
    event,
    workspace: workspace ?? (await checkout(repository, { pull, depth })),
    inputs: { ...given, ...inputs },
    environment,
  })
  expect(seen.errors).toBe('')
  return seen
}

const say = (what: string, { milliseconds, processor }: Step): void =>
  void process.stdout.write(`${what}: ${milliseconds.toFixed(0)} ms, of a processor ${processor.toFixed(0)} ms\n`)
const runsOf = (repository: FakeRepository, sha: string) =>
  repository.checkRuns(sha).map(({ name, status, conclusion }) => ({ name, status, conclusion }))
const named = (seen: Step, name: string) => seen.commands.filter((command) => command.name === name)
const asked = (since: number) => github.requests.slice(since).map(({ route }) => route ?? '')

describe('the bundle', () => {
  const check = () => spawnSync(process.execPath, ['scripts/package.mjs', '--check', dirname(packed.main)])

  test('is what the sources give, byte for byte', () => {
    expect(String(check().stdout)).toContain('is what the sources give')
    const stranger = join(dirname(packed.main), 'chunk-x.js')
    writeFileSync(stranger, '')
    const told = check()
    rmSync(stranger)
    expect([told.status, String(told.stderr)]).toEqual([1, 'not what the sources give: chunk-x.js\n'])
  })

  test('holds nothing of the machine that made it', () => {
    const files = readdirSync(dirname(packed.main), { recursive: true, withFileTypes: true })
    const texts = files.filter((file) => file.isFile() && /\.(js|json|txt)$/.test(file.name))
    const here = texts.filter((file) => readFileSync(join(file.parentPath, file.name)).includes(process.cwd()))
    expect(texts.length).toBeGreaterThan(10)
    expect(here).toEqual([])
  })
})

describe('a pull request', () => {
  test('that harms is reported in all places, and fails', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: HARMFUL })
    const before = github.requests.length
    const seen = await reviewed(repository, pull)
    expect(seen.code).toBe(1)
    expect(seen.outputs).toMatchObject({ verdict: 'block', findings: '2' })
    expect(seen.report).toMatchObject({
      verdict: 'block',
      conclusion: 'failure',
      pull: { repository: repository.fullName, number: pull.number, head: pull.sha },
      findings: [{ rule: 'edited-applied-migration' }, { rule: 'drop-column' }],
    })
    expect(runsOf(repository, pull.sha)).toEqual([{ name: 'dba review', status: 'completed', conclusion: 'failure' }])
    expect(repository.comments(pull).map(({ body }) => body)).toEqual([expect.stringContaining('❌ Blocked')])
    expect(pull.reviewComments.length).toBeGreaterThan(0)
    expect(seen.summary).toContain('❌ Blocked')
    expect(seen.summary).not.toContain('Not published')
    // What the check run says on the lines is not said twice.
    expect(named(seen, 'error').map(({ properties }) => properties)).toEqual([''])
    expect(asked(before).filter((route) => /git\/(blobs|trees)|compare/.test(route))).toEqual([])
  })

  test('that is clean passes without a word', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: CLEAN })
    const seen = await reviewed(repository, pull)
    expect(seen.code).toBe(0)
    expect(seen.outputs).toMatchObject({ verdict: 'pass', findings: '0' })
    expect(runsOf(repository, pull.sha)).toEqual([{ name: 'dba review', status: 'completed', conclusion: 'success' }])
    expect(repository.comments(pull)).toEqual([])
    expect(named(seen, 'error')).toEqual([])
  })

  test('that destroys waits for agreement, which the Action cannot take', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: DROP })
    const seen = await reviewed(repository, pull)
    expect(seen.code).toBe(1)
    expect(seen.outputs).toMatchObject({ verdict: 'approval' })
    expect(seen.report).toMatchObject({ conclusion: 'action_required', approval: { code: null } })
    expect(named(seen, 'error').at(-1)?.message).toMatch(/must agree to 1 finding .*The Action takes no agreement/)
    expect(seen.summary).not.toContain('/dba approve')
  })

  test('that is pushed to again has its one comment edited', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: HARMFUL })
    await reviewed(repository, pull)
    pull.push({ 'migrations/000001_users.up.sql': SHOP['migrations/000001_users.up.sql'] ?? '' })
    const seen = await reviewed(repository, pull, { event: eventOf(github, 'pull_request', 'synchronize') })
    expect(seen.outputs['verdict']).toBe('approval')
    expect(repository.comments(pull).map(({ body }) => body)).toEqual([expect.stringContaining('✋ Needs approval')])
    expect(runsOf(repository, pull.sha)).toMatchObject([{ conclusion: 'action_required' }])
    const again = await reviewed(repository, pull)
    expect(again.outputs['verdict']).toBe('approval')
    expect(repository.comments(pull)).toHaveLength(1)
  })

  test('without migrations passes within two seconds', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: ELSEWHERE })
    const seen = await reviewed(repository, pull)
    expect(seen).toMatchObject({ code: 0, outputs: { verdict: 'pass', findings: '0' } })
    say('a review without migrations', seen)
    expect(seen.processor).toBeLessThan(2_000)
  })

  test('is reviewed at its head, not at the merge commit that is checked out', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: CLEAN })
    repository.commit({ 'README.md': 'the base goes on\n' })
    const seen = await reviewed(repository, pull)
    expect(seen.report).toMatchObject({ verdict: 'pass', pull: { head: pull.sha } })
  })

  test('is judged by the policy that its base has now', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: { ...DROP, '.github/dba.yml': 'rules: { drop-column: off }\n' } })
    const strict = `${UNREHEARSED['.github/dba.yml'] as string}rules: { drop-column: error }\n`
    repository.commit({ '.github/dba.yml': strict })
    const seen = await reviewed(repository, pull)
    expect(seen.report).toMatchObject({ verdict: 'block' })
    expect(seen.report?.['findings']).toContainEqual(
      expect.objectContaining({ rule: 'drop-column', severity: 'error' }),
    )
    expect(seen.report?.['findings']).toContainEqual(expect.objectContaining({ rule: 'policy-weakened' }))
    expect(JSON.stringify(seen.report?.['notes'])).toContain('this changes the policy')
  })

  test('that was closed is nothing to review', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: HARMFUL })
    pull.close()
    const seen = await reviewed(repository, pull)
    expect(seen).toMatchObject({ code: 0, outputs: {} })
    expect(named(seen, 'notice')).toHaveLength(1)
  })
})

describe('other events', () => {
  test('a merge group is judged against what it stands on', async () => {
    const repository = shop()
    const [one, two] = [repository.openPull({ files: CLEAN }), repository.openPull({ files: ELSEWHERE })]
    const group = repository.mergeGroup([one, two])
    const workspace = await checkout(repository, { branch: group.headRef, depth: 0 })
    const seen = await reviewed(repository, one, { workspace, event: eventOf(github, 'merge_group') })
    expect(seen.code).toBe(0)
    expect(seen.report).toMatchObject({ pull: { number: null, base: group.baseSha, head: group.headSha } })
    expect(runsOf(repository, group.headSha)).toMatchObject([{ name: 'dba review', conclusion: 'success' }])
  })

  test('a merge group in which two agree on the same version is stopped', async () => {
    const repository = shop()
    const other = Object.fromEntries(
      Object.entries(CLEAN).map(([path, text]) => [path.replace('phone', 'fax'), String(text).replace('phone', 'fax')]),
    )
    const group = repository.mergeGroup([repository.openPull({ files: CLEAN }), repository.openPull({ files: other })])
    const workspace = await checkout(repository, { branch: group.headRef, depth: 0 })
    const [pull] = group.pulls
    if (pull === undefined) throw new Error('unreachable')
    const seen = await reviewed(repository, pull, { workspace, event: eventOf(github, 'merge_group') })
    expect(seen).toMatchObject({ code: 1, outputs: { verdict: 'block' } })
  })

  test('a push to the head of an open pull request reviews that', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: ELSEWHERE })
    pull.push(HARMFUL)
    const seen = await reviewed(repository, pull, { event: eventOf(github, 'push') })
    expect(seen).toMatchObject({ code: 1, outputs: { verdict: 'block' } })
    expect(seen.report).toMatchObject({ pull: { number: pull.number } })
  })

  test('a push to another branch is nothing to review', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: HARMFUL })
    repository.commit(ELSEWHERE)
    const seen = await reviewed(repository, pull, { event: eventOf(github, 'push') })
    expect(seen).toMatchObject({ code: 0, outputs: {} })
  })

  test.each(['pull_request_target', 'workflow_dispatch'])('%s is refused', async (name) => {
    const repository = shop()
    const pull = repository.openPull({ files: CLEAN })
    const seen = await reviewed(repository, pull, { event: { ...eventOf(github, 'pull_request'), name } })
    expect(seen).toMatchObject({ code: 1, outputs: {} })
    expect(named(seen, 'error')[0]?.message).toContain(`The event ${name} says nothing of a change to review`)
  })
})

describe('what a token may not do is left out and said', () => {
  test('a fork, whose token only reads', async () => {
    const repository = shop(READS)
    const fork = repository.fork({ by: 'mallory' })
    const pull = repository.openPull({ by: 'mallory', from: fork, files: HARMFUL })
    const seen = await reviewed(repository, pull)
    expect(seen).toMatchObject({ code: 1, outputs: { verdict: 'block' } })
    expect([runsOf(repository, pull.sha), repository.comments(pull)]).toEqual([[], []])
    expect(seen.summary).toContain('### Not published')
    expect(seen.summary).toContain('It takes checks: write')
    expect(seen.summary).toContain('It takes pull-requests: write')
    const lines = named(seen, 'error').filter(({ properties }) => properties !== '')
    expect(lines[0]?.properties).toContain('file=migrations/000001_users.up.sql')
  })

  test('a clean fork passes all the same', async () => {
    const repository = shop(READS)
    const fork = repository.fork({ by: 'mallory' })
    const pull = repository.openPull({ by: 'mallory', from: fork, files: CLEAN })
    expect(await reviewed(repository, pull)).toMatchObject({ code: 0, outputs: { verdict: 'pass' } })
  })

  test('no token at all: the checkout is enough', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: HARMFUL })
    const before = github.requests.length
    const seen = await reviewed(repository, pull, { token: false })
    expect(seen).toMatchObject({ code: 1, outputs: { verdict: 'block' } })
    expect(asked(before)).toEqual([])
    say('from a cold start through every rule', seen)
    expect(seen.processor).toBeLessThan(1_500)
    expect(named(seen, 'warning').map(({ properties }) => properties)).toEqual([expect.stringContaining('drop-column')])
  })

  test('no more than ten remarks of a kind, the rest in the summary', async () => {
    const repository = shop(READS)
    const drops = Array.from({ length: 30 }, (_, i) => `ALTER TABLE wide DROP COLUMN c${i};\n`)
    repository.commit({
      'migrations/000002_wide.up.sql': `CREATE TABLE wide (${Array.from({ length: 30 }, (_, i) => `c${i} text`).join(', ')});\n`,
      'migrations/000002_wide.down.sql': 'DROP TABLE wide;\n',
    })
    const pull = repository.openPull({
      files: { 'migrations/000003_narrow.up.sql': `SET lock_timeout = '2s';\n${drops.join('')}` },
    })
    const seen = await reviewed(repository, pull)
    for (const kind of ['error', 'warning', 'notice']) expect(named(seen, kind).length).toBeLessThanOrEqual(10)
    expect(named(seen, 'warning').length).toBeGreaterThan(5)
    expect(seen.summary).toContain('### Further remarks')
    expect(Buffer.byteLength(seen.summary)).toBeLessThan(1 << 20)
  })

  const CREATE = 'POST /repos/{owner}/{repo}/check-runs'
  const COMMENT = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
  const failing: readonly (readonly [string, FaultPlan, RegExp])[] = [
    ['403', { before: 403 }, /403/],
    ['429', { limit: 'secondary', status: 429 }, /429/],
    ['502', { before: 502 }, /502/],
  ]
  test.each(failing)('%s on what is written', async (_, plan, said) => {
    const repository = shop()
    const pull = repository.openPull({ files: CLEAN })
    const faults = [CREATE, COMMENT].map((route) => github.fault({ ...plan, route }))
    const seen = await reviewed(repository, pull, { inputs: { comment: 'always' } })
    for (const fault of faults) fault.remove()
    expect(seen).toMatchObject({ code: 0, outputs: { verdict: 'pass' } })
    expect(seen.summary).toContain('### Not published')
    expect(seen.summary).toMatch(said)
  })

  test('one 502 is got over', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: CLEAN })
    const fault = github.fault({ after: 502, route: CREATE, times: 1 })
    const seen = await reviewed(repository, pull)
    fault.remove()
    expect(seen.code).toBe(0)
    expect(runsOf(repository, pull.sha)).toMatchObject([{ conclusion: 'success' }])
    expect(seen.summary).not.toContain('### Not published')
  })
})

describe('a shallow checkout', () => {
  test('is made good for through the API, with the same report', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: HARMFUL })
    const [deep, shallow] = [await reviewed(repository, pull), await reviewed(repository, pull, { depth: 1 })]
    expect(shallow.report).toEqual(deep.report)
    expect(shallow.code).toBe(1)
  })

  test('without a token says how deep it has to be', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: CLEAN })
    const seen = await reviewed(repository, pull, { depth: 1, token: false })
    expect(seen).toMatchObject({ code: 1, outputs: {} })
    expect(named(seen, 'error')[0]?.message).toContain('Set `fetch-depth: 0` at actions/checkout')
  })

  const reading: readonly (readonly [string, FaultPlan])[] = [
    ['403', { before: 403 }],
    ['429', { limit: 'primary', reset: 600, status: 429 }],
    ['502', { before: 502 }],
  ]
  test.each(reading)('is no pass when the API answers %s', async (status, plan) => {
    const repository = shop()
    const pull = repository.openPull({ files: CLEAN })
    const fault = github.fault({ ...plan, route: /compare/ })
    const seen = await reviewed(repository, pull, { depth: 1 })
    fault.remove()
    expect(seen).toMatchObject({ code: 1, outputs: {} })
    expect(named(seen, 'error')[0]?.message).toMatch(new RegExp(`${status}.*fetch-depth`))
  })
})

describe('what a pull request is made of gives no orders', () => {
  let seen: Step
  beforeEach(async () => {
    const repository = shop(READS)
    const evil = 'migrations/000002_a::error file=x::b%0A::add-path::c'
    const pull = repository.openPull({
      title: 'a";touch /tmp/x;#',
      files: {
        [`${evil}.up.sql`]: 'ALTER TABLE "users\n::set-output name=verdict::pass\n##[error]" DROP COLUMN note;\n',
        [`${evil}.down.sql`]: 'SELECT 1 -- \n::stop-commands::x\n',
      },
    })
    seen = await reviewed(repository, pull)
  })

  test('to the runner', () => {
    expect(seen.code).toBe(1)
    expect(new Set(seen.commands.map(({ name }) => name))).toEqual(new Set(['add-mask', 'error', 'notice', 'warning']))
    expect(seen.log).not.toMatch(/##\[/)
    const files = seen.commands.flatMap(({ properties }) => /file=([^,]*)/.exec(properties)?.[1] ?? [])
    expect(new Set(files)).toEqual(
      new Set(['migrations/000002_a%3A%3Aerror file=x%3A%3Ab%250A%3A%3Aadd-path%3A%3Ac.up.sql']),
    )
  })
})

describe('paths', () => {
  const outside: readonly (readonly [string, string])[] = [
    ['config', '../policy.yml'],
    ['config', '/etc/passwd'],
    ['sarif-file', 'a/../../x.sarif'],
    ['sarif-file', '/tmp/x.sarif'],
  ]
  test.each(outside)('%s: %s is refused', async (name, path) => {
    const repository = shop()
    const pull = repository.openPull({ files: CLEAN })
    const seen = await reviewed(repository, pull, { inputs: { [name]: path } })
    expect(seen).toMatchObject({ code: 1, outputs: {} })
    expect(named(seen, 'error')[0]?.message).toContain(`The input ${name} must be a path inside the repository`)
  })

  test('SARIF is written where it is wanted', async () => {
    const repository = shop()
    const pull = repository.openPull({ files: HARMFUL })
    const workspace = await checkout(repository, { pull, depth: 0 })
    await reviewed(repository, pull, { workspace, inputs: { 'sarif-file': 'out/dba.sarif' } })
    const sarif = JSON.parse(readFileSync(join(workspace, 'out/dba.sarif'), 'utf8')) as {
      version: string
      runs: { results: { ruleId: string }[] }[]
    }
    expect(sarif.version).toBe('2.1.0')
    expect(sarif.runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(['edited-applied-migration', 'drop-column'])
  })

  test.each(['dba.sarif', 'out/dba.sarif'])('SARIF is not written through a link: %s', async (path) => {
    const repository = shop()
    const pull = repository.openPull({ files: CLEAN })
    const workspace = await checkout(repository, { pull, depth: 0 })
    const elsewhere = join(workspace, '..', 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'dba.sarif'), 'mine')
    if (path.includes('/')) symlinkSync(elsewhere, join(workspace, 'out'))
    else symlinkSync(join(elsewhere, 'dba.sarif'), join(workspace, path))
    const seen = await reviewed(repository, pull, { workspace, inputs: { 'sarif-file': path } })
    expect(seen.code).toBe(1)
    expect(named(seen, 'error').at(-1)?.message).toContain('was not written')
    expect(readFileSync(join(elsewhere, 'dba.sarif'), 'utf8')).toBe('mine')
  })

  test('the policy is read where the workflow says, on the base branch', async () => {
    const files = {
      ...SHOP,
      'ops/dba.yml': `${UNREHEARSED['.github/dba.yml'] as string}rules: { drop-column: error }\n`,
    }
    const repository = shop(WRITES, files)
    const pull = repository.openPull({ files: { ...DROP, 'ops/dba.yml': 'rules: { drop-column: off }\n' } })
    const seen = await reviewed(repository, pull, { inputs: { config: 'ops/dba.yml' } })
    expect(seen.outputs['verdict']).toBe('block')
    const lost = await reviewed(repository, pull, { inputs: { config: 'ops/none.yml' } })
    expect(lost.outputs['verdict']).toBe('block')
    expect(named(lost, 'error').at(-1)?.message).toContain('which is not on the base branch')
  })
})

test('T26: no secret is in anything that the step leaves', async () => {
  const repository = shop(WRITES, { ...SHOP, '.github/dba.yml': 'rehearsal: { seconds: 5 }\n' })
  const pull = repository.openPull({ files: HARMFUL })
  const workspace = await checkout(repository, { pull, depth: 0 })
  symlinkSync('/proc/self/environ', join(workspace, 'migrations', '000009_environ.up.sql'))
  execFileSync('git', ['-C', workspace, 'config', 'http.extraheader', 'AUTHORIZATION: basic CANARY'])
  const url = 'postgres://someone:p%40ss-CANARY@127.0.0.1:1/shop?dba=disposable'
  const before = github.requests.length
  const seen = await reviewed(repository, pull, {
    workspace,
    inputs: { 'database-url': url, 'sarif-file': 'dba.sarif' },
    environment: { SOMETHING: 'CANARY' },
  })
  expect(seen.outputs['verdict']).toBe('block')
  expect(seen.report).toMatchObject({ rehearsals: [{ verdict: 'not-run' }, { verdict: 'not-run' }] })
  const sarif = readFileSync(join(workspace, 'dba.sarif'), 'utf8')
  const sent = github.requests.slice(before).map(({ body }) => JSON.stringify(body))
  const log = seen.log.replace(/^::add-mask::.*$/gm, '')
  const left = [log, seen.summary, JSON.stringify(seen.report), JSON.stringify(seen.outputs), sarif, ...sent].join('\n')
  const token = /^::add-mask::(ghs_\w+)$/m.exec(seen.log)?.[1] ?? 'none'
  for (const secret of ['CANARY', 'p@ss', 'p%40ss', token, Buffer.from('ss-CANARY').toString('base64').slice(1, -2)]) {
    expect(left.includes(secret)).toBe(false)
  }
  expect(seen.log).toContain('::add-mask::p@ss-CANARY')
})
