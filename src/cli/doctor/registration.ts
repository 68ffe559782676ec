import type { Installed, Registration } from '../../github/registration.js'
import type { Manifest } from './manifest.js'
import { note, right, wrong, type Finding } from './finding.js'

/** What can be done without, as `app.yml` says of it. */
const OPTIONAL: ReadonlySet<string> = new Set(['members'])
const RANKS = ['read', 'write', 'admin']

/** Whether the App may do, and is told of, what the manifest names. */
export function registrationFindings(
  { permissions, events, page }: Registration,
  manifest: Manifest,
): readonly Finding[] {
  const lacking = permissionsLacking(permissions, manifest).map(({ name, access, why }): Finding => {
    const says = `The App may not ${access === 'read' ? 'read' : 'write'} ${words(name)} (${why})`
    if (OPTIONAL.has(name)) return note(`${says}; that is needed only where the policy names a team`)
    return wrong(
      says,
      `grant the permission \`${name}: ${access}\` in the App's settings, from ${page}, and accept it where it is installed`,
    )
  })
  const deaf = manifest.events
    .filter(({ name }) => !events.includes(name))
    .map(({ name, why }) =>
      wrong(
        `The App is not told of ${name} (${why})`,
        `subscribe to the event \`${name}\` in the App's settings, from ${page}`,
      ),
    )
  const whole = [
    ...(lacking.some(({ kind }) => kind === 'wrong') ? [] : [right('The App has the permissions that it needs')]),
    ...(deaf.length > 0 ? [] : [right('The App is told of the events that it needs')]),
  ]
  return [...whole, ...lacking, ...deaf, ...beyond(permissions, manifest)]
}

/** Whether the owner of an installation has accepted what the App asks for by now. */
export function grantFindings(
  installed: Installed,
  registration: Registration,
  manifest: Manifest,
): readonly Finding[] {
  const asked = manifest.permissions.filter(({ name, access }) => reaches(registration.permissions[name], access))
  const { page } = installed
  const lacking = permissionsLacking(installed.permissions, { ...manifest, permissions: asked }).map(
    ({ name, access, why }) =>
      OPTIONAL.has(name)
        ? note(
            `The installation does not grant \`${name}: ${access}\` (${why}); that is needed only where the policy names a team`,
          )
        : wrong(
            `The installation does not grant \`${name}: ${access}\` (${why})`,
            `its owner has to accept the new permissions at ${page}`,
          ),
  )
  return lacking
}

function permissionsLacking(granted: Registration['permissions'], { permissions }: Manifest): Manifest['permissions'] {
  return permissions.filter(({ name, access }) => !reaches(granted[name], access))
}

/** What nobody asked for is a risk without a use. */
function beyond(granted: Registration['permissions'], { permissions }: Manifest): readonly Finding[] {
  const more = Object.entries(granted).filter(([name, access]) => {
    const wanted = permissions.find((each) => each.name === name)?.access
    return wanted === undefined || !reaches(wanted, access)
  })
  if (more.length === 0) return []
  return [
    note(
      `The App may do more than it needs, which can be taken away: ${more.map(([name, access]) => `${name}: ${access}`).join(', ')}`,
    ),
  ]
}

function reaches(granted: string | undefined, wanted: string): boolean {
  return granted !== undefined && RANKS.indexOf(granted) >= RANKS.indexOf(wanted)
}

function words(name: string): string {
  return name.replaceAll('_', ' ')
}
