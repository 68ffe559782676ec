import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { runnable } from '../source/runnable.js'
import { openSandbox } from './engine.js'
import type { PgliteBoot } from './pglite-boot.js'
import { NO_BASELINE } from './baseline-file.js'
import type { SandboxProvider } from './sandbox.js'

/** How PGlite sandboxes are kept on this machine. */
export interface PgliteOptions {
  /** Where the template is cached; a folder of the user's under the system's temporary one by default. */
  readonly cache?: string
  /** The most memory that the child process may take. */
  readonly megabytes?: number
  readonly onProgress?: (text: string) => void
}

/** The version that PGlite is. */
export const PGLITE_MAJOR = 18

const MEGABYTES = 1500

/** PostgreSQL inside a child process of its own: no installation, no network, no files, one session. */
export function pglite(options: PgliteOptions = {}): SandboxProvider {
  return {
    id: 'pglite',
    open: (wish, signal) => {
      const boot: PgliteBoot = {
        cache: options.cache ?? defaultCache(),
        extensions: wish.extensions ?? null,
        baseline: wish.baseline ?? NO_BASELINE,
        megabytes: options.megabytes ?? MEGABYTES,
      }
      const module = runnable(import.meta.url, './pglite-child.js')
      return openSandbox('pglite', false, { module, boot }, options.onProgress ?? (() => undefined), signal)
    },
  }
}

/** The folder of the user's in which sandboxes keep what takes time to make. */
export function defaultCache(): string {
  return join(tmpdir(), `dba-bot-${userInfo().username.replace(/\W/g, '_')}`)
}
