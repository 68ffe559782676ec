import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../model/settings.js'
import { serverAccount } from './account.js'
import { docker, type DockerOptions } from './docker.js'
import { local, serversHere } from './local.js'
import { pglite, PGLITE_MAJOR } from './pglite.js'
import type { SandboxProvider } from './sandbox.js'
import { service } from './service.js'

/** What the door knows of where migrations can be rehearsed. */
export interface Surroundings {
  /** A server that was named for it. */
  readonly databaseUrl?: string | undefined
  /** Whether the environment says that this server may be thrown away. */
  readonly disposable?: boolean
  /** The PATH of the environment, on which PostgreSQL's programs may be. */
  readonly path?: string | undefined
  /** Other folders in which they may be. */
  readonly folders?: readonly string[]
  /** A Docker engine, and the image to run there. */
  readonly docker?: Pick<DockerOptions, 'host' | 'certificates' | 'image'>
  readonly onProgress?: (text: string) => void
}

/** What an environment says of where migrations can be rehearsed, in the words of PostgreSQL's and Docker's own clients. */
export function surroundingsIn(
  environment: Readonly<Record<string, string | undefined>>,
  databaseUrl: string | undefined,
): Surroundings {
  return {
    databaseUrl,
    disposable: environment['DBA_DISPOSABLE'] === '1',
    path: environment['PATH'],
    docker: engineOf(environment),
  }
}

/** The Docker engine as its own client takes it from the environment, and the image to run there. */
function engineOf(environment: Readonly<Record<string, string | undefined>>): NonNullable<Surroundings['docker']> {
  const encrypted = (environment['DOCKER_TLS_VERIFY'] ?? '') !== ''
  return {
    host: environment['DOCKER_HOST'] || undefined,
    certificates: encrypted ? (environment['DOCKER_CERT_PATH'] ?? join(homedir(), '.docker')) : undefined,
    image: environment['DBA_DOCKER_IMAGE'] || undefined,
  }
}

/** Where the settings want migrations rehearsed; null for nowhere. */
export function providerOf(
  choice: Settings['rehearsal']['sandbox'],
  surroundings: Surroundings = {},
): SandboxProvider | null {
  switch (choice) {
    case 'none':
      return null
    case 'auto':
      return automatic(surroundings)
    case 'pglite':
      return pglite(pick(surroundings))
    case 'local':
      return local(pick(surroundings))
    case 'service':
      return named(surroundings)
    case 'docker':
      return contained(surroundings)
  }
}

/** The server that was named, else the target's own major from this machine or in a container, else PGlite. */
function automatic(surroundings: Surroundings): SandboxProvider {
  if (surroundings.databaseUrl !== undefined) return named(surroundings)
  return {
    id: 'pglite',
    async open(wish, signal) {
      const { onProgress, ...places } = pick(surroundings)
      const account = await serverAccount()
      const usable = account === null || !('unavailable' in account)
      const found = usable ? await serversHere(places, account) : []
      const own = found.find(({ major }) => major === wish.postgres)
      if (own === undefined && wish.postgres === PGLITE_MAJOR) return pglite({ onProgress }).open(wish, signal)
      onProgress(
        own === undefined
          ? `PostgreSQL ${wish.postgres} is not on this machine; looking for a Docker engine`
          : `rehearsing on PostgreSQL ${own.version} of this machine`,
      )
      const real = own === undefined ? contained(surroundings) : local({ ...places, onProgress })
      const opened = await real.open(wish, signal)
      if (!('unavailable' in opened) || signal.aborted) return opened
      onProgress(`${opened.unavailable}; rehearsing on PGlite`)
      return pglite({ onProgress }).open(wish, signal)
    },
  }
}

function named({ databaseUrl, disposable = false, onProgress = silent }: Surroundings): SandboxProvider {
  if (databaseUrl !== undefined) return service({ url: databaseUrl, disposable, onProgress })
  return { id: 'service', open: async () => ({ unavailable: 'no database URL was given for the service' }) }
}

function contained({ docker: engine, onProgress = silent }: Surroundings): SandboxProvider {
  return docker({ ...engine, onProgress })
}

function pick({ path = '', folders = [], onProgress = silent }: Surroundings): {
  readonly path: string
  readonly folders: readonly string[]
  readonly onProgress: (text: string) => void
} {
  return { path, folders, onProgress }
}

function silent(): void {
  // Nobody wants to know.
}
