import { meantBy } from '../commands/respond.js'
import { readComment } from '../github/comments.js'
import { react } from '../github/reactions.js'
import type { Effect } from './events.js'
import { repositoryOf } from './installations.js'
import { apiOf, type Workshop } from './workshop.js'

/**
 * Shows whoever wrote a command that it was seen, before anybody has the time to carry it out. Nothing depends on it: when it fails,
 * the one who carries the command out does it.
 */
export async function greet(effect: Extract<Effect, { kind: 'command' }>, shop: Workshop): Promise<void> {
  const { database, log } = shop
  const { installation, repository, comment } = effect
  try {
    const known = await repositoryOf(database, repository)
    if (known === null) return
    const api = apiOf({ ...known, installation }, shop)
    const written = await readComment(api, comment)
    if (written !== null && meantBy(written.body) !== null) await react(api, comment, 'eyes')
  } catch (error) {
    log.warn('a command could not be greeted', { comment, error })
  }
}
