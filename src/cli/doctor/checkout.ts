import { detectProjects } from '../../frameworks/index.js'
import { fileSet } from '../../model/file-set.js'
import type { OpenSnapshot } from '../../model/open-snapshot.js'
import type { Settings } from '../../model/settings.js'
import { CONFIG_PATH, policyOn } from '../../review/policy.js'
import { prepareReview } from '../../review/prepare.js'
import { isProblem, type Io, type Problem } from '../io.js'
import { openCheckout } from '../prepare.js'
import { noMigrations, sandboxOf } from '../review.js'
import { note, right, wrong, type Finding } from './finding.js'

/** What is to be said of this clone: its policy, its migrations, and where they can be rehearsed. */
export async function checkoutFindings(io: Io): Promise<readonly Finding[] | Problem> {
  io.progress('Reading the repository')
  const checkout = await openCheckout({}, io)
  if (isProblem(checkout)) return checkout
  const { snapshot, base } = checkout
  const policy = await policyHere(snapshot, base)
  if (policy.settings === null) return policy.findings
  return [
    ...policy.findings,
    ...(await migrationFindings(snapshot, policy.settings)),
    ...(await sandboxFindings(policy.settings, io)),
  ]
}

/** The policy as the working tree has it, which is to hold once it is merged, and as the base has it, which holds now. */
async function policyHere(
  { head, policy }: OpenSnapshot,
  base: string,
): Promise<{ readonly findings: readonly Finding[]; readonly settings: Settings | null }> {
  const [here, there] = [await policyOn(head), await policyOn(policy)]
  const findings: Finding[] = []
  if ('problem' in here) findings.push(wrong(`The policy here is not valid. ${here.problem}`, `correct ${CONFIG_PATH}`))
  else if (!head.has(CONFIG_PATH))
    findings.push(right(`There is no policy ${CONFIG_PATH} here; the built-in one holds`))
  else findings.push(right(`The policy ${CONFIG_PATH} here is valid`))
  if ('problem' in there && !('problem' in here)) {
    findings.push(wrong(`The policy on ${base} is not valid`, 'merge this one; until then no review passes'))
  }
  if (head.has(CONFIG_PATH) && !policy.has(CONFIG_PATH)) {
    findings.push(note(`${base} has no policy yet: this one holds once it is merged`))
  }
  return { findings, settings: 'problem' in here ? null : here.settings }
}

async function migrationFindings(snapshot: OpenSnapshot, settings: Settings): Promise<readonly Finding[]> {
  const { head, pull } = await prepareReview(snapshot, settings)
  const projects = detectProjects(fileSet(head), settings.migrations)
  if (projects.length === 0) {
    return [wrong(noMigrations({ pull }).problem, 'without migrations every pull request passes')]
  }
  return projects.map(({ conventions, root }) =>
    right(`Migrations of ${conventions.tool} in ${root === '' ? '.' : root}`),
  )
}

/** Starts the sandbox that a rehearsal would start: that it is there is proven by nothing less. */
async function sandboxFindings(settings: Settings, io: Io): Promise<readonly Finding[]> {
  const { rehearsal, postgres } = settings
  const lacking = (why: string): readonly Finding[] => [
    rehearsal.required
      ? wrong(`Migrations cannot be rehearsed here: ${why}`, 'the policy requires it, so that no review passes')
      : note(`Migrations cannot be rehearsed here, which the policy does not require: ${why}`),
  ]
  io.progress('Starting a sandbox')
  const databaseUrl = io.environment['DBA_DATABASE_URL']
  const provider = sandboxOf(settings, databaseUrl ? { databaseUrl } : {}, io)
  if (provider === null) return lacking('the policy says `sandbox: none`')
  const opened = await provider.open({ postgres }, io.signal)
  if ('unavailable' in opened) return lacking(opened.unavailable)
  await opened[Symbol.asyncDispose]()
  const { version } = opened.can
  const says = `Migrations are rehearsed on PostgreSQL ${version} (${opened.provider})`
  const isTarget = Number.parseInt(version, 10) === postgres
  return [right(says), ...(isTarget ? [] : [note(`The policy is for PostgreSQL ${postgres}, which is not here`)])]
}
