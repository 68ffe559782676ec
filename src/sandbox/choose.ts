import type { Settings } from '../model/settings.js'
import { pglite, type PgliteOptions } from './pglite.js'
import type { SandboxProvider } from './sandbox.js'

/** Where the settings want migrations rehearsed; null for nowhere. */
export function providerOf(
  choice: Settings['rehearsal']['sandbox'],
  options: PgliteOptions = {},
): SandboxProvider | null {
  return choice === 'none' ? null : pglite(options)
}
