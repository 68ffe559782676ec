import { execFile, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import type { FakeGitHub, FakePull, FakeRepository } from '../support/github/index.js'
import { node24 } from '../support/node24.js'

const run = promisify(execFile)

/** The Action as a release holds it: `action.yml` and the bundle, with nothing of the repository around it. */
export interface Packed {
  readonly folder: string
  /** What `action.yml` starts. */
  readonly main: string
  /** What the making of it said. */
  readonly said: string
  readonly node: string
  dispose(): void
}

export async function pack(): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), 'dba-action-'))
  const { runs } = parse(readFileSync('action.yml', 'utf8')) as { runs: { using: string; main: string } }
  cpSync('action.yml', join(folder, 'action.yml'))
  const { stdout } = await run(process.execPath, ['scripts/package.mjs', join(folder, 'dist-action')])
  return {
    folder,
    main: join(folder, runs.main),
    said: stdout,
    node: await node24(),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** What a step came to. */
export interface Step {
  readonly code: number | null
  readonly log: string
  readonly errors: string
  /** What the log tells the runner, such as `error`, with what goes with it. */
  readonly commands: readonly { readonly name: string; readonly properties: string; readonly message: string }[]
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** The report that the output names; null without one. */
  readonly report: Record<string, unknown> | null
  /** Wall-clock time, and what of a processor it took, which does not depend on what else the machine does. */
  readonly milliseconds: number
  readonly processor: number
  /** Where the job's files lie. */
  readonly home: string
}

export interface Started {
  readonly event: { readonly name: string; readonly payload: unknown }
  readonly workspace: string
  readonly github: FakeGitHub
  readonly inputs?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
}

/** Says at its end on a pipe of its own how much of a processor the process took, with its threads. */
const METER = `data:text/javascript,${encodeURIComponent(`
  import { isMainThread } from 'node:worker_threads'
  import { writeSync } from 'node:fs'
  if (isMainThread) process.on('exit', () => {
    const { user, system } = process.cpuUsage()
    writeSync(3, String((user + system) / 1000))
  })`)}`

/** Starts the step as the runner does: inputs and files by the environment, which holds nothing else. */
export async function step(packed: Packed, started: Started): Promise<Step> {
  const home = mkdtempSync(join(tmpdir(), 'dba-job-'))
  const file = (name: string, text = ''): string => {
    writeFileSync(join(home, name), text)
    return join(home, name)
  }
  const inputs = Object.entries(started.inputs ?? {}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  mkdirSync(join(home, 'temp'))
  const [output, summary] = [file('output'), file('summary')]
  const begun = performance.now()
  const child = spawn(packed.node, [`--import=${METER}`, packed.main], {
    cwd: started.workspace,
    env: {
      // The runner has git.
      PATH: process.env['PATH'] ?? '',
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: started.github.url,
      GITHUB_EVENT_NAME: started.event.name,
      GITHUB_EVENT_PATH: file('event.json', JSON.stringify(started.event.payload)),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_WORKSPACE: started.workspace,
      RUNNER_TEMP: join(home, 'temp'),
      ...Object.fromEntries(inputs),
      ...started.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let used = ''
  child.stdio[3]?.on('data', (chunk: Buffer) => (used += chunk.toString()))
  const texts = { log: '', errors: '' }
  child.stdout?.on('data', (chunk: Buffer) => (texts.log += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (texts.errors += chunk.toString()))
  const code = await new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done))
  const milliseconds = performance.now() - begun
  const outputs = outputsIn(readFileSync(output, 'utf8'))
  const path = outputs['report']
  return {
    ...texts,
    code,
    commands: commandsIn(texts.log),
    outputs,
    summary: readFileSync(summary, 'utf8'),
    report: path === undefined ? null : (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>),
    milliseconds,
    processor: Number(used),
    home,
  }
}

/** As the runner reads them: `name<<delimiter`, lines, `delimiter`. */
function outputsIn(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/^([^\n<]+)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm)]
  return Object.fromEntries(found.map(([, name, , value]) => [name, value]))
}

/** As the runner finds them: at the beginning of a line, after white space, `::name properties::message`. */
function commandsIn(log: string): Step['commands'] {
  return log.split('\n').flatMap((line) => {
    const [, name, properties = '', message = ''] =
      /^\s*::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [{ name, properties, message }]
  })
}

/** The newest event of a kind that the repository told of. */
export function eventOf(github: FakeGitHub, name: string, action: string | null = null): Started['event'] {
  const found = github.webhooks.log.findLast(
    ({ event, action: kind }) => event === name && (action === null || kind === action),
  )
  if (found === undefined) throw new Error(`there was no ${name} ${action ?? ''}`)
  return { name, payload: found.payload }
}

/** A token as a workflow has it, with these permissions and no others. */
export function tokenFor(
  github: FakeGitHub,
  repository: FakeRepository,
  permissions: Readonly<Record<string, 'read' | 'write'>>,
): string {
  const installation = github.installation(repository.owner.login)
  return github.tokens.mint(installation, { permissions, repositories: new Set([repository.id]) }).token
}

export const WRITES = { checks: 'write', contents: 'read', issues: 'write', pull_requests: 'write' } as const
/** What a fork's workflow has at most. */
export const READS = { checks: 'read', contents: 'read', issues: 'read', pull_requests: 'read' } as const

/**
 * What actions/checkout leaves: with `depth` 0 the whole history with the merge commit that GitHub makes of a pull request checked
 * out, with 1 that commit alone. Without a pull request the tip of a branch.
 */
export async function checkout(
  repository: FakeRepository,
  { pull, branch, depth }: { readonly pull?: FakePull; readonly branch?: string; readonly depth: 0 | 1 },
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dba-checkout-'))
  const bare = join(folder, 'origin')
  repository.writeTo(bare)
  const git = (at: string, ...args: readonly string[]) => run('git', ['-C', at, ...IDENTITY, ...args])
  let ref = `refs/heads/${branch ?? repository.defaultBranch}`
  if (pull !== undefined) {
    ref = `refs/pull/${pull.number}/merge`
    const tree = await git(bare, 'merge-tree', '--write-tree', pull.base.sha, pull.sha)
    const parents = ['-p', repository.tip(pull.base.ref), '-p', pull.sha]
    const merged = await git(bare, 'commit-tree', tree.stdout.trim(), ...parents, '-m', 'Merge')
    await git(bare, 'update-ref', ref, merged.stdout.trim())
  }
  const work = join(folder, 'work')
  await run('git', ['init', '-q', work])
  await git(work, 'remote', 'add', 'origin', `file://${bare}`)
  const heads = depth === 0 ? ['+refs/heads/*:refs/remotes/origin/*'] : []
  const limit = depth === 0 ? [] : ['--depth=1']
  await git(work, 'fetch', '-q', '--no-tags', ...limit, 'origin', ...heads, `+${ref}:refs/remotes/here`)
  await git(work, 'checkout', '-q', '--detach', 'refs/remotes/here')
  return work
}

const IDENTITY = ['-c', 'user.name=GitHub', '-c', 'user.email=noreply@example.com', '-c', 'commit.gpgsign=false']
