import type { Api } from '../github/api.js'
import { committersOf } from '../github/committers.js'
import { isMember, roleOf } from '../github/people.js'
import type { WholePull } from '../github/pulls.js'
import type { ApprovalPolicy } from '../model/settings.js'
import type { Account, Standing } from '../review/consent-right.js'

/**
 * Finds out what decides whether somebody may agree to a pull request. When GitHub cannot say this throws: nobody is let in by
 * a hiccup. A list that may be short is `unknown`.
 */
export async function standingOf(
  api: Api,
  pull: WholePull,
  actor: Account,
  viaApp: boolean,
  { policy, pushers }: { readonly policy: ApprovalPolicy; readonly pushers: readonly number[] },
): Promise<Standing> {
  // Commits by nobody whom GitHub knows are pushed by somebody whom it does.
  const committers = await committersOf(api, pull)
  return {
    actor,
    viaApp,
    author: pull.author ?? 'unknown',
    committers: committers.complete === true ? [...committers.ids] : 'unknown',
    pushers,
    requester: null,
    role: await roleIn(api, actor),
    teams: await teamsOf(api, actor, policy),
  }
}

async function roleIn(api: Api, actor: Account): Promise<string | null> {
  const role = await roleOf(api, actor)
  return role === 'none' ? null : role
}

/** Those of the policy's teams that somebody is in; GitHub is asked about no other. */
async function teamsOf(api: Api, actor: Account, { data, schema }: ApprovalPolicy): Promise<readonly string[]> {
  const teams = [...new Set([...data, ...schema])].filter((name) => name.includes('/'))
  const found: string[] = []
  for (const name of teams) {
    const [org = '', team = ''] = name.slice(1).split('/')
    if (await isMember(api, org, team, actor)) found.push(name)
  }
  return found
}
