import { notFound, Refusal, type Json } from '../http/answer.js'
import type { Call, Routes } from '../http/call.js'
import { accountJson, nodeId, organizationJson, repositoryJson, repositoryUrl } from '../json/names.js'
import { commitJson } from '../json/git.js'
import type { Account, BaseRole, Role, Team } from '../state/people.js'
import type { FakeRepository } from '../state/repository.js'
import type { World } from '../state/world.js'

const REPO = '/repos/{owner}/{repo}'

/** A repository, who may do what in it, and what its branches ask for. */
export const repositories: Routes = {
  [`GET ${REPO}`]: {
    needs: ['metadata:read'],
    handle: ({ world, repository }) => ({
      status: 200,
      body: { ...repositoryJson(world, repository), network_count: 0, subscribers_count: 0 },
    }),
  },
  'GET /users/{username}': {
    handle: ({ world, params }) => {
      const account = world.people.find(params.username ?? '')
      if (!account) throw notFound()
      return {
        status: 200,
        body: { ...accountJson(world, account), ...NOTHING_SAID, created_at: AGES_AGO, updated_at: AGES_AGO },
      }
    },
  },
  [`GET ${REPO}/collaborators/{username}`]: {
    needs: ['metadata:read'],
    handle: (call) => {
      if (!roleOf(call.repository, call.world.people.find(call.param('username')))) throw notFound()
      return { status: 204 }
    },
  },
  [`GET ${REPO}/collaborators/{username}/permission`]: {
    needs: ['metadata:read'],
    handle: (call) => ({ status: 200, body: permissionJson(call) }),
  },
  'GET /orgs/{org}/teams/{team_slug}': {
    needs: ['members:read'],
    handle: (call) => ({ status: 200, body: teamJson(call.world, teamOf(call)) }),
  },
  'GET /orgs/{org}/teams/{team_slug}/members': {
    needs: ['members:read'],
    handle: (call) => {
      const members = [...teamOf(call).members].filter(([, state]) => state === 'active')
      const accounts = members.map(([id]) => call.world.people.byId(id)).filter((account) => account !== undefined)
      return call.page(accounts, (account) => accountJson(call.world, account))
    },
  },
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}': {
    needs: ['members:read'],
    handle: (call) => {
      const { org, slug, members } = teamOf(call)
      const account = call.world.people.find(call.param('username'))
      const state = account && members.get(account.id)
      if (!state) throw notFound()
      const url = `${call.world.url}/orgs/${org}/teams/${slug}/memberships/${account.login}`
      return { status: 200, body: { url, role: 'member', state } }
    },
  },
  [`GET ${REPO}/branches/{branch}`]: {
    needs: ['contents:read'],
    handle: (call) => ({ status: 200, body: branchJson(call) }),
  },
  [`GET ${REPO}/branches/{branch}/protection`]: {
    needs: ['administration:read'],
    handle: (call) => {
      const required = requiredOn(call, 'protection')
      if (required.length === 0) throw new Refusal(404, 'Branch not protected')
      return { status: 200, body: protectionJson(call, required) }
    },
  },
  [`GET ${REPO}/rules/branches/{branch}`]: {
    needs: ['metadata:read'],
    handle: (call) => {
      const required = requiredOn(call, 'ruleset')
      const queued = call.repository.mergeQueues.has(call.param('branch'))
      const rules = [...(required.length > 0 ? [checksRule(required)] : []), ...(queued ? [QUEUE_RULE] : [])]
      return call.page(rules, (rule) => ruleJson(call, rule))
    },
  },
}

const AGES_AGO = '2020-01-01T00:00:00Z'
const NOTHING_SAID = {
  name: null,
  company: null,
  blog: null,
  location: null,
  email: null,
  hireable: null,
  bio: null,
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
}

/** The field `permission` knows four words; what is between them is said by the nearest below. */
const LEGACY: Readonly<Record<BaseRole, string>> = {
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
}

function roleOf(repository: FakeRepository, account: Account | undefined): Role | undefined {
  if (!account) return undefined
  if (account.id === repository.owner.id) return { name: 'admin', base: 'admin' }
  return repository.roles.get(account.id)
}

function permissionJson(call: Call): Json {
  const { world, repository } = call
  const login = call.param('username')
  const account = world.people.find(login)
  if (!account) throw new Refusal(404, `${login} is not a user`)
  const role = roleOf(repository, account)
  const nobody = repository.private ? 'none' : 'read'
  const base = role?.base ?? 'read'
  const name = role?.name ?? nobody
  return {
    permission: role ? LEGACY[base] : nobody,
    role_name: name,
    user: {
      ...accountJson(world, account),
      permissions: {
        admin: base === 'admin',
        maintain: ['admin', 'maintain'].includes(base),
        push: ['admin', 'maintain', 'write'].includes(base),
        triage: base !== 'read',
        pull: name !== 'none',
      },
      role_name: name,
    },
  }
}

function teamOf(call: Call): Team {
  const own = call.token.installation.account.login.toLowerCase() === call.param('org').toLowerCase()
  const team = own ? call.world.people.findTeam(call.param('org'), call.param('team_slug')) : undefined
  if (!team) throw notFound()
  return team
}

function teamJson(world: World, { id, org, slug, members }: Team): Json {
  const url = `${world.url}/organizations/1/team/${id}`
  const organization = world.people.organization(org)
  return {
    id,
    node_id: nodeId('T', id),
    url,
    html_url: `https://github.com/orgs/${org}/teams/${slug}`,
    name: slug,
    slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    type: 'organization',
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
    members_count: members.size,
    repos_count: 0,
    created_at: AGES_AGO,
    updated_at: AGES_AGO,
    organization: {
      ...organizationJson(world, organization),
      html_url: `https://github.com/${org}`,
      has_organization_projects: true,
      has_repository_projects: true,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      type: 'Organization',
      created_at: AGES_AGO,
      updated_at: AGES_AGO,
      archived_at: null,
    },
  }
}

const requiredOn = (call: Call, by: 'protection' | 'ruleset'): FakeRepository['requiredChecks'] =>
  call.repository.requiredChecks.filter(
    (required) => required.branch === call.param('branch') && (required.by ?? by) === by,
  )

function branchJson(call: Call): Json {
  const { world, repository } = call
  const name = call.param('branch')
  const commit = repository.objects.commit(repository.branches.get(name) ?? '')
  if (!commit) throw new Refusal(404, 'Branch not found')
  const url = `${repositoryUrl(world, repository)}/branches/${name}`
  const required = requiredOn(call, 'protection')
  return {
    name,
    commit: commitJson(world, repository, commit),
    _links: { self: url, html: `https://github.com/${repository.fullName}/tree/${name}` },
    protected: required.length > 0,
    protection: {
      enabled: required.length > 0,
      required_status_checks: {
        enforcement_level: required.length > 0 ? 'non_admins' : 'off',
        contexts: required.map(({ context }) => context),
        checks: required.map(({ context, appId }) => ({ context, app_id: appId })),
      },
    },
    protection_url: `${url}/protection`,
  }
}

function protectionJson(call: Call, required: FakeRepository['requiredChecks']): Json {
  const url = `${repositoryUrl(call.world, call.repository)}/branches/${call.param('branch')}/protection`
  return {
    url,
    required_status_checks: {
      url: `${url}/required_status_checks`,
      strict: false,
      contexts: required.map(({ context }) => context),
      contexts_url: `${url}/required_status_checks/contexts`,
      checks: required.map(({ context, appId }) => ({ context, app_id: appId })),
    },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: true },
  }
}

interface Rule {
  readonly type: string
  readonly parameters: Json
}

function ruleJson({ repository }: Call, rule: Rule): Json {
  return {
    ...rule,
    ruleset_source_type: 'Repository',
    ruleset_source: repository.fullName,
    ruleset_id: repository.id,
  }
}

function checksRule(required: FakeRepository['requiredChecks']): Rule {
  return {
    type: 'required_status_checks',
    parameters: {
      strict_required_status_checks_policy: false,
      do_not_enforce_on_create: false,
      required_status_checks: required.map(({ context, appId }) => ({
        context,
        ...(appId === null ? {} : { integration_id: appId }),
      })),
    },
  }
}

const QUEUE_RULE: Rule = {
  type: 'merge_queue',
  parameters: {
    check_response_timeout_minutes: 60,
    grouping_strategy: 'ALLGREEN',
    max_entries_to_build: 5,
    max_entries_to_merge: 5,
    merge_method: 'MERGE',
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 5,
  },
}
