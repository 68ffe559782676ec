import { accountJson, nodeId } from './json/names.js'
import { installationJson } from './routes/apps.js'
import { covers, type Installation } from './state/installations.js'
import type { World } from './state/world.js'

/** The body of a webhook about an installation. */
export function installationBody(
  world: World,
  action: string,
  installation: Installation,
): Readonly<Record<string, unknown>> {
  const repositories = [...world.repositories.values()]
    .filter((repository) => covers(installation, repository))
    .map(({ id, name, fullName, private: hidden }) => ({
      id,
      node_id: nodeId('R', id),
      name,
      full_name: fullName,
      private: hidden,
    }))
  return {
    action,
    installation: installationJson(world, installation),
    repositories,
    requester: null,
    sender: accountJson(world, installation.account),
  }
}
