import { accountJson, nodeId } from './json/names.js'
import { installationJson } from './routes/apps.js'
import { covers, type Installation } from './state/installations.js'
import type { FakeRepository } from './state/repository.js'
import type { World } from './state/world.js'

type Body = Readonly<Record<string, unknown>>

/** The body of a webhook about an installation. */
export function installationBody(world: World, action: string, installation: Installation): Body {
  const repositories = world.repositories.all().filter((repository) => covers(installation, repository))
  return {
    action,
    installation: installationJson(world, installation),
    repositories: repositories.map(named),
    requester: null,
    sender: accountJson(world, installation.account),
  }
}

/** The body of a webhook about the choice of repositories of an installation. */
export function selectionBody(
  world: World,
  action: 'added' | 'removed',
  installation: Installation,
  repositories: readonly FakeRepository[],
): Body {
  return {
    action,
    installation: installationJson(world, installation),
    repository_selection: 'selected',
    repositories_added: action === 'added' ? repositories.map(named) : [],
    repositories_removed: action === 'removed' ? repositories.map(named) : [],
    requester: null,
    sender: accountJson(world, installation.account),
  }
}

const named = ({ id, name, fullName, private: hidden }: FakeRepository): Body => ({
  id,
  node_id: nodeId('R', id),
  name,
  full_name: fullName,
  private: hidden,
})
