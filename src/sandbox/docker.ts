import { randomBytes } from 'node:crypto'
import { access } from 'node:fs/promises'
import { runnable } from '../source/runnable.js'
import { NO_BASELINE } from './baseline-file.js'
import type { DockerBoot } from './docker-boot.js'
import { ownerHere, prefixOf, removeContainer } from './docker-container.js'
import { loadClient, reachEngine, socketOf, type EnginePlace } from './docker-engine.js'
import { openSandbox } from './engine.js'
import { defaultCache } from './pglite.js'
import type { SandboxProvider } from './sandbox.js'

/** Which engine runs the container, and of what. */
export interface DockerOptions extends EnginePlace {
  /** The image; the official one of the target's major when not said. */
  readonly image?: string | undefined
  /** Where seeds are cached; a folder of the user's under the system's temporary one by default. */
  readonly cache?: string
  /** The most memory that one process of the server may take; the container has that much and somewhat more. */
  readonly megabytes?: number
  readonly onProgress?: (text: string) => void
}

const MEGABYTES = 1500
const GRACE_MILLISECONDS = 2500

/**
 * A container of its own for a review, on any engine that answers, also one of another machine: it has no network and
 * no disk, may do nothing that takes a privilege, is limited in memory, processor time and processes, and ends with
 * the process that looks after it. Its PostgreSQL is spoken to through the engine. An image is never fetched. Limits:
 * Linux containers; images with what the official ones for Debian have, which those for Alpine lack.
 */
export function docker(options: DockerOptions = {}): SandboxProvider {
  const { host, certificates } = options
  const place: EnginePlace = { host, certificates }
  return {
    id: 'docker',
    async open({ postgres, baseline }, signal) {
      const socket = socketOf(place)
      if (socket !== null && !(await isThere(socket))) return { unavailable: `there is no Docker engine at ${socket}` }
      const owner = await ownerHere()
      const name = `${prefixOf(owner)}${randomBytes(6).toString('hex')}`
      const boot: DockerBoot = {
        place,
        image: options.image ?? imageOf(postgres),
        name,
        owner,
        cache: options.cache ?? defaultCache(),
        baseline: baseline ?? NO_BASELINE,
        megabytes: options.megabytes ?? MEGABYTES,
      }
      const program = {
        module: runnable(import.meta.url, './docker-child.js'),
        // By this a container is known to be in use.
        argument: name,
        boot,
        graceMilliseconds: GRACE_MILLISECONDS,
        after: () => clear(place, name),
      }
      const opened = await openSandbox('docker', true, program, options.onProgress ?? (() => undefined), signal)
      // Needed at the end; until then others do the work. Why it does not load is said when it is needed.
      loadClient().catch(() => undefined)
      return opened
    },
  }
}

/** The official image of a major version. */
export function imageOf(major: number): string {
  return `postgres:${major}`
}

/** What the process that looks after a container leaves when it is killed. */
async function clear(place: EnginePlace, name: string): Promise<void> {
  const engine = await reachEngine(place)
  // What an engine that is gone cannot remove ends by itself, and is removed at the next start.
  if ('docker' in engine) await removeContainer(engine, name).catch(() => undefined)
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
