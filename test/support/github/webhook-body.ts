import { accountJson, nodeId, organizationJson, repositoryJson } from './json/names.js'
import type { Installation } from './state/installations.js'
import type { Happening, World } from './state/world.js'

type Body = Readonly<Record<string, unknown>>

/** The body of a webhook: what happened, where, and by whom. Tests hold it against what GitHub has really sent. */
export function webhookBody(world: World, happening: Happening, installation: Installation): Body {
  const { event, action, repository, parts, sender } = happening
  const json = repositoryJson(world, repository)
  const { owner } = repository
  return {
    ...(action === null ? {} : { action }),
    ...parts,
    repository: { ...json, custom_properties: {}, ...(event === 'push' ? pushed(world, repository) : {}) },
    ...(owner.type === 'Organization' ? { organization: organizationJson(world, owner) } : {}),
    sender: accountJson(world, sender),
    installation: { id: installation.id, node_id: nodeId('GI', installation.id) },
  }
}

/** Pushes have a form of their own, older than the others. */
function pushed(world: World, { owner, defaultBranch, createdAt }: Happening['repository']): Body {
  return {
    owner: { ...accountJson(world, owner), name: owner.login, email: null },
    created_at: seconds(createdAt),
    pushed_at: seconds(createdAt),
    stargazers: 0,
    master_branch: defaultBranch,
  }
}

const seconds = (timestamp: string): number => Date.parse(timestamp) / 1000
