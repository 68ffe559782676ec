import type { Queryable, Database } from './database.js'
import type { Button, Effect, Person, Place } from './events.js'
import { install, remove, removeRepository, sawRepository, suspend } from './installations.js'
import type { Lane } from './lanes.js'
import { forgetGroup, keepGroup } from './stores/merge-groups.js'
import { pressButton } from './stores/buttons.js'
import { keepPusher } from './stores/pushers.js'
import { keepCommand } from './stores/commands.js'
import { subjectsWithHead, unwant, want } from './subjects.js'

/** Notes in the database what an event makes necessary; the same again does no harm. */
export async function act(database: Database, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) await perform(database, effect)
}

async function perform(database: Database, effect: Effect): Promise<void> {
  switch (effect.kind) {
    case 'want':
      return want(database, effect.subject, { lane: effect.lane, ...(effect.atOnce ? { gather: 0 } : {}) })
    case 'rerequest':
      return press(database, effect, 'rerun', effect.user)
    case 'want-base':
      return wantAll(database, await subjectsInto(database, effect), effect, 'reconcile')
    case 'group':
      await keepGroup(database, effect)
      return want(database, { ...placeOf(effect), subject: `group/${effect.head}` }, { lane: 'event', gather: 0 })
    case 'group-gone':
      await forgetGroup(database, effect.repository, effect.head)
      return unwant(database, effect.repository, `group/${effect.head}`)
    case 'command': {
      const { pull, comment, author, digest } = effect
      await keepCommand(database, { ...placeOf(effect), pull, comment, author, bodyDigest: digest })
      return want(database, { ...placeOf(effect), subject: `pull/${pull}` }, { lane: 'command' })
    }
    case 'button':
      return press(database, effect, effect.button, effect.user)
    case 'pushed':
      return keepPusher(database, effect)
    case 'installed':
      return install(database, effect.installation, effect.account)
    case 'suspended':
      return suspend(database, effect.installation, true)
    case 'resumed':
      return suspend(database, effect.installation, false)
    case 'removed':
      return remove(database, effect.installation)
    case 'repository':
      return sawRepository(database, { ...effect, id: effect.repository })
    case 'repository-gone':
      return removeRepository(database, effect.installation, effect.repository)
  }
}

/** A button was pressed on the check run of a commit: whoever has it as its head is meant. */
async function press(
  database: Queryable,
  place: Place & { readonly head: string },
  button: Button,
  user: Person,
): Promise<void> {
  const found = await subjectsWithHead(database, place.repository, place.head)
  const subjects = found.map(({ subject }) => subject)
  for (const subject of subjects) await pressButton(database, { ...placeOf(place), subject, button, user })
  await wantAll(database, subjects, place, button === 'rerun' ? 'rerequest' : 'command')
}

async function wantAll(database: Queryable, subjects: readonly string[], place: Place, lane: Lane): Promise<void> {
  for (const subject of subjects) await want(database, { ...placeOf(place), subject }, { lane })
}

function placeOf({ installation, repository }: Place): Place {
  return { installation, repository }
}

/** More at once are left to the loops that look for what is outdated. */
const MOST_INTO = 200

/** The open pull requests into a branch of which something was published: all, or those with migrations. */
async function subjectsInto(
  database: Queryable,
  { repository, branch, all }: Extract<Effect, { kind: 'want-base' }>,
): Promise<readonly string[]> {
  const rows = await database.query<{ subject: string }>(
    `SELECT subject FROM dba.reviews WHERE repository_id = $1 AND target = $2 AND ($3 OR migrations > 0)
     ORDER BY published_at DESC LIMIT $4`,
    [repository, branch, all, MOST_INTO],
  )
  return rows.map(({ subject }) => subject)
}
