import type { Settings } from '../model/settings.js'
import { serverAccount } from './account.js'
import type { Surroundings } from './choose.js'
import { serversHere } from './local.js'

/** Which sandbox of those that a choice allows lets another program in: a service or a local server; null where none does. */
export async function roomFor(
  choice: Settings['rehearsal']['sandbox'],
  { databaseUrl, path = '' }: Pick<Surroundings, 'databaseUrl' | 'path'>,
): Promise<'service' | 'local' | null> {
  if (choice === 'service' || choice === 'local') return choice
  if (choice !== 'auto') return null
  if (databaseUrl !== undefined) return 'service'
  const account = await serverAccount()
  const usable = account === null || !('unavailable' in account)
  return usable && (await serversHere({ path }, account)).length > 0 ? 'local' : null
}
