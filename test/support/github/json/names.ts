import { clientId } from '../state/installations.js'
import type { Account } from '../state/people.js'
import { timestamp, type App, type World } from '../state/world.js'
import type { FakeRepository } from '../state/repository.js'
import type { Json } from '../http/answer.js'

export const HTML = 'https://github.com'

/** An opaque id as GraphQL knows things by: what it is, and its number. */
export const nodeId = (kind: string, id: number | string): string =>
  `${kind}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`

export function accountJson(world: World, account: Account): Json {
  const { id, login, type } = world.people.shown(account)
  const url = `${world.url}/users/${encodeURIComponent(login)}`
  return {
    login,
    id,
    node_id: nodeId('U', id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: type === 'Bot' ? `${HTML}/apps/${login.replace('[bot]', '')}` : `${HTML}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  }
}

export function organizationJson(world: World, { id, login }: Account): Json {
  const url = `${world.url}/orgs/${login}`
  return {
    login,
    id,
    node_id: nodeId('O', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    description: null,
  }
}

export function appJson(world: World, app: App): Json {
  const own = app === world.app
  return {
    id: app.id,
    client_id: clientId(app.id),
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: accountJson(world, app.owner),
    name: app.name,
    description: '',
    external_url: `${HTML}/${app.slug}`,
    html_url: `${HTML}/apps/${app.slug}`,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    permissions: own ? world.appPermissions : { checks: 'write', metadata: 'read' },
    events: own ? world.appEvents : [],
  }
}

/** How close somebody is to a repository, in the words that comments carry. */
export function associationOf(repository: FakeRepository, account: Account): string {
  if (account.id === repository.owner.id) return 'OWNER'
  return repository.roles.has(account.id) ? 'COLLABORATOR' : 'NONE'
}

const TEMPLATES: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
}

const addresses = new Map<string, Json>()

/** The many addresses of a repository. They are made once: it is in almost every answer. */
function addressesOf(url: string): Json {
  const known = addresses.get(url)
  if (known) return known
  const made = Object.fromEntries(Object.entries(TEMPLATES).map(([name, path]) => [name, `${url}${path}`]))
  addresses.set(url, made)
  return made
}

export const repositoryUrl = (world: World, repository: FakeRepository): string =>
  `${world.url}/repos/${repository.fullName}`

export function repositoryJson(world: World, repository: FakeRepository): Json {
  const url = repositoryUrl(world, repository)
  const html = `${HTML}/${repository.fullName}`
  const at = timestamp(world.now())
  const open = repository.conversation.open
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: accountJson(world, repository.owner),
    html_url: html,
    description: null,
    fork: repository.parent !== null,
    url,
    ...addressesOf(url),
    created_at: repository.createdAt,
    updated_at: at,
    pushed_at: at,
    git_url: `git://github.com/${repository.fullName}.git`,
    ssh_url: `git@github.com:${repository.fullName}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  }
}
