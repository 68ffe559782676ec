import { accountNamed, membersOf } from '../../github/approvers.js'
import type { Api } from '../../github/api.js'
import { roleOf } from '../../github/people.js'
import type { Side } from '../../model/open-snapshot.js'
import type { ApprovalPolicy } from '../../model/settings.js'
import { CONFIG_PATH, policyOn } from '../../review/policy.js'
import { look, note, right, unseen, wrong, type Finding } from './finding.js'

/** The policy of a branch. */
export interface OpenedPolicy {
  readonly side: Side
  readonly complete: true | { readonly incomplete: string }
}

/** Whether the policy is valid, and who may agree by it; null where nobody can be told. */
export async function policyFindings(
  { side, complete }: OpenedPolicy,
  where: string,
): Promise<{ readonly findings: readonly Finding[]; readonly approval: ApprovalPolicy | null }> {
  if (complete !== true && !side.has(CONFIG_PATH)) {
    const says = `Whether ${where} has a policy is not known, for its list of files is not complete: ${complete.incomplete}`
    return { findings: [unseen(says)], approval: null }
  }
  const policy = await policyOn(side)
  if ('problem' in policy) {
    const remedy = `correct ${CONFIG_PATH}; until then no pull request passes`
    return { findings: [wrong(`The policy on ${where} cannot be used. ${policy.problem}`, remedy)], approval: null }
  }
  const says = side.has(CONFIG_PATH)
    ? `The policy ${CONFIG_PATH} on ${where} is valid`
    : `There is no policy ${CONFIG_PATH} on ${where}; the built-in one holds`
  return { findings: [right(says)], approval: policy.settings.approval }
}

const BUILT_IN = ['role:write', 'role:maintain', 'role:admin']

/**
 * Whether those who may agree are there: people with access to the repository, teams of its organisation with members. `teams`
 * is the way to read teams, null where the installation does not grant it.
 */
export async function approverFindings(
  { data, schema }: ApprovalPolicy,
  api: Api,
  teams: Api | null,
): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const approver of new Set([...data, ...schema])) {
    found.push(...(await look(`The approver ${approver}`, () => approverFinding(approver, api, teams))))
  }
  return found
}

async function approverFinding(approver: string, api: Api, teams: Api | null): Promise<readonly Finding[]> {
  if (BUILT_IN.includes(approver)) return [right(`Whoever has the role ${approver.slice(5)} may agree`)]
  if (approver.startsWith('role:')) {
    return [
      note(
        `Whether the organisation has the role ${approver.slice(5)} is not to be seen from here; look in its settings`,
      ),
    ]
  }
  const [name = '', team] = approver.slice(1).split('/')
  return [team === undefined ? await userFinding(name, api) : await teamFinding(name, team, api, teams)]
}

async function userFinding(login: string, api: Api): Promise<Finding> {
  const account = await accountNamed(api, login)
  const remedy = `name somebody else under \`approval\` in ${CONFIG_PATH}`
  if (account === null) return wrong(`Nobody is called @${login}, whom the policy names as an approver`, remedy)
  if (account.type !== 'User') return wrong(`@${login} is no person, so cannot agree`, remedy)
  if ((await roleOf(api, account)) !== 'none') return right(`@${login} may agree`)
  return wrong(
    `@${login}, whom the policy names, has no access to the repository, so cannot agree`,
    `give it to them, or ${remedy}`,
  )
}

async function teamFinding(org: string, team: string, { repository }: Api, teams: Api | null): Promise<Finding> {
  const name = `@${org}/${team}`
  if (org !== repository.owner.toLowerCase()) {
    return wrong(
      `${name} is a team of another organisation than ${repository.owner}`,
      `name one of its own in ${CONFIG_PATH}`,
    )
  }
  if (teams === null) {
    return wrong(
      `The policy names the team ${name}, but the App may not read its members, so that none of them can agree`,
      'grant the permission `members: read`, or name users or roles',
    )
  }
  const members = await membersOf(teams, org, team)
  if (members === null)
    return wrong(`The team ${name}, which the policy names, is not there`, `correct its name in ${CONFIG_PATH}`)
  if (members === 0) return wrong(`The team ${name}, which the policy names, has no members`, 'add those who may agree')
  return right(`The ${members === 1 ? 'member' : `${members} members`} of ${name} may agree`)
}
