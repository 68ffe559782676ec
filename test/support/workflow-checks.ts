import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'

/** The Action under test, as workflows name it. */
export const ACTION = 'dba-bot/dba-bot'

/** The branch that follows the newest release of this major version. */
export const MAJOR_BRANCH = `v${(JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version.split('.')[0]}`

/** The inputs that `action.yml` declares. */
export const INPUTS = ['github-token', 'database-url', 'config', 'sandbox', 'native', 'comment', 'sarif-file']

/** What a job that reviews may be granted at most. */
const GRANTS: Readonly<Record<string, string>> = { contents: 'read', checks: 'write', 'pull-requests': 'write' }

export interface Step {
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly 'continue-on-error'?: unknown
}

export interface Job {
  readonly if?: string
  readonly needs?: unknown
  readonly strategy?: unknown
  readonly 'continue-on-error'?: unknown
  readonly 'runs-on'?: string
  readonly permissions?: unknown
  readonly services?: Readonly<Record<string, { readonly options?: string; readonly ports?: readonly string[] }>>
  readonly steps?: readonly Step[]
}

export interface Workflow {
  readonly on: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

/** A workflow, or what its YAML lacks. */
export function workflowIn(text: string): Workflow {
  const document = parseDocument(text, { version: '1.2', schema: 'core', stringKeys: true, prettyErrors: false })
  const [wrong] = [...document.errors, ...document.warnings]
  if (wrong !== undefined) throw wrong
  return document.toJS() as Workflow
}

/** What is wrong with a workflow that reviews pull requests by the Action; empty when it may be shown to people. */
export function wrongInReview(text: string): readonly string[] {
  const workflow = workflowIn(text)
  const jobs = Object.values(workflow.jobs)
  return [
    ...wrongTriggers(workflow),
    ...(isEmpty(workflow.permissions) ? [] : ['the workflow as a whole is granted something']),
    ...jobs.flatMap(wrongJob),
    ...jobs.flatMap(({ services }) => Object.values(services ?? {}).flatMap(wrongService)),
    ...wrongPins(text),
    ...interpolatedRuns(workflow),
  ]
}

function wrongTriggers({ on }: Workflow): readonly string[] {
  const names = Object.keys(on)
  const strange = names.filter((name) => name !== 'pull_request' && name !== 'merge_group')
  const lacking = ['pull_request', 'merge_group'].filter((name) => !names.includes(name))
  const filters = Object.entries(on).flatMap(([name, filter]) =>
    Object.keys(filter ?? {})
      .filter((key) => key !== 'types')
      .map((key) => `${name} is filtered by ${key}, so that a required check would wait for ever`),
  )
  const types = (on['pull_request']?.['types'] ?? []) as readonly string[]
  const unseen = ['opened', 'synchronize', 'reopened', 'edited'].filter((type) => !types.includes(type))
  return [
    ...strange.map((name) => `it is triggered by ${name}`),
    ...lacking.map((name) => `it is not triggered by ${name}`),
    ...filters,
    ...unseen.map((type) => `a pull request that is ${type} is not looked at`),
  ]
}

function wrongJob(job: Job): readonly string[] {
  const { steps = [] } = job
  const at = steps.findIndex(({ uses }) => uses?.startsWith(`${ACTION}@`))
  if (at < 0) return ['a job does not review']
  const step = steps[at] as Step
  const uploads = steps.some(({ uses }) => uses?.startsWith('github/codeql-action/upload-sarif@'))
  const most: Readonly<Record<string, string>> = uploads ? { ...GRANTS, 'security-events': 'write' } : GRANTS
  const granted = Object.entries((job.permissions ?? { everything: 'by default' }) as Record<string, string>)
  const checkout = steps.slice(0, at).find(({ uses }) => uses?.startsWith('actions/checkout@'))?.with ?? {}
  const conditions = [job.if, step.if].filter((condition) => condition !== undefined)
  return [
    ...granted
      .filter(([scope, access]) => most[scope] !== access)
      .map(([scope, access]) => `a job is granted ${scope}: ${access}`),
    ...conditions.map(() => 'the review has a condition, and what is skipped counts as passed'),
    ...(job.needs === undefined ? [] : ['the review waits for another job, with which it is skipped']),
    ...(job.strategy === undefined ? [] : ['the review is a matrix, whose runs write one comment']),
    ...(job['continue-on-error'] || step['continue-on-error'] ? ['a failed review does not fail the job'] : []),
    ...(job['runs-on'] === 'ubuntu-latest' ? [] : ['service containers need Linux']),
    ...(checkout['fetch-depth'] === 0 ? [] : ['the checkout may lack the merge base']),
    ...(checkout['persist-credentials'] === false ? [] : ['the checkout leaves its token on disk']),
    ...Object.keys(step.with ?? {})
      .filter((input) => !INPUTS.includes(input))
      .map((input) => `the Action has no input ${input}`),
    ...(step.with?.['github-token'] === '${{ github.token }}' ? [] : ['the Action is not given the token of the job']),
  ]
}

function wrongService({
  options = '',
  ports = [],
}: {
  options?: string
  ports?: readonly string[]
}): readonly string[] {
  return [
    ...(/--health-interval 1s\b/.test(options) ? [] : ['a service is asked too rarely whether it is ready']),
    ...ports
      .filter((port) => !port.startsWith('127.0.0.1:'))
      .map((port) => `a service listens to others than the job: ${port}`),
  ]
}

/** Each `uses:` of a text: a full commit with the version that it is, ours apart. */
export function wrongPins(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => /(^|[\s-])uses:/.test(line))
  return lines
    .filter((line) => !/\buses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))
    .filter((line) => !line.endsWith(`uses: ${ACTION}@${MAJOR_BRANCH}`))
    .map((line) => `not pinned to a commit with its version: ${line.trim()}`)
}

/** Nothing is put into a script by the template language: what looks harmless today is read from somewhere else tomorrow. */
export function interpolatedRuns({ jobs }: Workflow): readonly string[] {
  return Object.values(jobs)
    .flatMap(({ steps = [] }) => steps)
    .filter(({ run = '' }) => run.includes('${{'))
    .map(({ run = '' }) => `a script is put together by the template language: ${run.trim()}`)
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
