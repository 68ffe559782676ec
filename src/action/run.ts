import { openApi, type Api } from '../github/api.js'
import { GitHubError } from '../github/errors.js'
import { pullsWithHead } from '../github/pulls.js'
import type { Verdict } from '../model/review.js'
import { publishedRedactor, redactor, type Redactor } from '../report/redact.js'
import { openComparison } from './comparison.js'
import { readEvent, type Occasion, type Repository, type Subject } from './event.js'
import { readInputs, secretsOf, type Inputs } from './inputs.js'
import { look } from './look.js'
import { meansOf } from './means.js'
import { report, type Reported } from './report.js'
import { isProblem, type Problem, type Runner } from './runner.js'

/** How the step ends: everything but a pass fails it, so that it can be a required check. */
export const EXIT = { pass: 0, stop: 1 } as const

/** Reviews what the workflow was started for; returns the exit code. */
export async function runAction(runner: Runner): Promise<number> {
  const inputs = readInputs(runner)
  if (isProblem(inputs)) return fail(inputs.problem, runner)
  const secrets = secretsOf(inputs.token, inputs.databaseUrl)
  const hide = redactor(secrets)
  const hidden: Runner = {
    ...runner,
    say: (line) => runner.say(hide(line)),
    remark: (remark) => runner.remark({ ...remark, message: hide(remark.message) }),
  }
  try {
    const occasion = await readEvent(runner)
    if (isProblem(occasion)) return fail(occasion.problem, hidden)
    return await reviewAll(occasion, inputs, publishedRedactor(secrets), hidden)
  } catch (error) {
    if (runner.signal.aborted) return fail('The run was called off before the review was there.', hidden)
    return fail(`The review could not be made: ${error instanceof Error ? error.message : String(error)}`, hidden)
  }
}

function fail(problem: string, runner: Pick<Runner, 'remark'>): number {
  runner.remark({ level: 'failure', message: problem })
  return EXIT.stop
}

async function reviewAll(occasion: Occasion, inputs: Inputs, hide: Redactor, runner: Runner): Promise<number> {
  const { repository } = occasion
  const api = inputs.token === null ? null : apiOf(repository, inputs.token, hide, runner)
  const subjects = await subjectsOf(occasion, api)
  if (isProblem(subjects)) return fail(subjects.problem, runner)
  if ('why' in subjects) {
    runner.remark({ level: 'notice', message: `There is nothing to review: ${subjects.why}` })
    return EXIT.pass
  }
  let worst: (Reported & { readonly verdict: Verdict }) | null = null
  let incomplete = false
  for (const subject of subjects) {
    runner.say(`Reviewing ${subject.number === null ? 'the merge group' : `#${subject.number}`} at ${subject.head}`)
    const opened = await openComparison(subject, { repository, api, runner })
    if (isProblem(opened)) return fail(opened.problem, runner)
    const found = await look(opened, inputs, repository.owner, runner.today, (settings) =>
      meansOf(settings, inputs, subject, runner),
    )
    const told = await report(found, { api, sarifFile: inputs.sarifFile, hide, share: subjects.length }, runner)
    if (told.missing !== null) runner.remark({ level: 'failure', message: told.missing })
    incomplete ||= told.missing !== null
    const { verdict } = found.review
    if (worst === null || weight(verdict) > weight(worst.verdict)) worst = { ...told, verdict }
  }
  if (worst === null) return EXIT.stop
  runner.output('verdict', worst.verdict)
  runner.output('findings', String(worst.findings))
  runner.output('report', worst.report)
  return worst.verdict === 'pass' && !incomplete ? EXIT.pass : EXIT.stop
}

const WEIGHT: readonly Verdict[] = ['pass', 'approval', 'block']

function weight(verdict: Verdict): number {
  return WEIGHT.indexOf(verdict)
}

/** What there is to review: of a push, the open pull requests whose head it became. */
async function subjectsOf(
  occasion: Occasion,
  api: Api | null,
): Promise<readonly Subject[] | { readonly why: string } | Problem> {
  if (occasion.kind === 'nothing') return occasion
  if (occasion.kind === 'change') return [occasion.subject]
  const { head, branch, repository } = occasion
  if (api === null) {
    return { problem: 'On push, the input github-token is needed to find the pull requests of the branch.' }
  }
  try {
    const { items, complete } = await pullsWithHead(api, head)
    const own = items.filter((pull) => pull.head.repositoryId === repository.id && pull.head.ref === branch)
    if (complete !== true) return { problem: `The open pull requests are not all known: ${complete.incomplete}.` }
    if (own.length === 0) return { why: `No open pull request has ${branch} as its head.` }
    return own.map(({ number, base }) => ({ number, target: base.ref, base: base.sha, head }))
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return { problem: `The pull requests of ${branch} could not be found: ${error.message}.` }
  }
}

/** What goes out to GitHub has nothing in it that nobody may read. */
function apiOf(repository: Repository, token: string, hide: Redactor, { environment, line, signal }: Runner): Api {
  const baseUrl = (environment['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/+$/, '')
  const source = { get: async () => token, renew: async () => token }
  return openApi(repository, { connection: { baseUrl, ...line, hide }, token: source, signal })
}
