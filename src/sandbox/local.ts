import { createHash, randomBytes } from 'node:crypto'
import { lstat, readdir } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { runnable } from '../source/runnable.js'
import { serverAccount, type Account } from './account.js'
import { NO_BASELINE } from './baseline-file.js'
import { chooseBinaries, findBinaries, type Binaries } from './binaries.js'
import { destroyCluster, type ClusterPlan } from './cluster.js'
import { openSandbox } from './engine.js'
import { defaultCache } from './pglite.js'
import { processesNaming } from './process-table.js'
import type { SandboxProvider } from './sandbox.js'

/** Where the server comes from and where its clusters live. */
export interface LocalOptions {
  /** Folders to look in first. */
  readonly folders?: readonly string[]
  /** The PATH of the environment. */
  readonly path?: string
  /** Where seeds are cached; a folder of the user's under the system's temporary one by default. */
  readonly cache?: string
  /** Where clusters live while they live; the system's temporary folder by default. */
  readonly temporary?: string
  /** The most memory that one process of the server may take. */
  readonly megabytes?: number
  readonly onProgress?: (text: string) => void
}

const MEGABYTES = 1500
const GRACE_MILLISECONDS = 2500
/** What PostgreSQL and the systems it runs on allow for the path of a socket. */
const LONGEST_SOCKET = 103

/** A throw-away cluster from the PostgreSQL programs of this machine, with nothing but a socket that only it knows. */
export function local(options: LocalOptions = {}): SandboxProvider {
  const onProgress = options.onProgress ?? (() => undefined)
  return {
    id: 'local',
    async open(wish, signal) {
      const temporary = options.temporary ?? tmpdir()
      const account = await serverAccount()
      if (account !== null && 'unavailable' in account) return account
      const binaries = chooseBinaries(await serversHere(options, account), wish.postgres)
      if (binaries === null) return { unavailable: 'no PostgreSQL server was found on this machine' }
      if (binaries.major !== wish.postgres) {
        onProgress(`PostgreSQL ${wish.postgres} is not here; rehearsing on ${binaries.version}`)
      }
      await removeStale(temporary, account)
      const name = `${prefix()}${randomBytes(6).toString('hex')}`
      const boot: ClusterPlan = {
        binaries,
        account,
        directory: join(temporary, name),
        cache: options.cache ?? defaultCache(),
        baseline: wish.baseline ?? NO_BASELINE,
        megabytes: options.megabytes ?? MEGABYTES,
      }
      if (join(boot.directory, '.s.PGSQL.5432').length > LONGEST_SOCKET) {
        return { unavailable: `the path of the temporary folder is too long for a socket: ${temporary}` }
      }
      const program = {
        module: runnable(import.meta.url, './local-child.js'),
        // By this a directory is known to be in use.
        argument: name,
        boot,
        graceMilliseconds: GRACE_MILLISECONDS,
        after: () => destroyCluster(boot.directory),
      }
      return openSandbox('local', true, program, onProgress, signal)
    },
  }
}

/** The servers that a local sandbox could run, newest first. */
export async function serversHere(
  { folders = [], path = '' }: Pick<LocalOptions, 'folders' | 'path'>,
  account: Account | null,
): Promise<readonly Binaries[]> {
  return findBinaries(folders, path, account)
}

/** Temporary folders can be shared between machines and containers, whose processes cannot be seen from here. */
function prefix(): string {
  return `dba-local-${createHash('sha256').update(hostname()).digest('hex').slice(0, 6)}-`
}

/** Removes what runs left behind that were killed together with the process that looks after their cluster. */
async function removeStale(temporary: string, account: Account | null): Promise<void> {
  const names = (await readdir(temporary).catch(() => [])).filter((name) => name.startsWith(prefix()))
  if (names.length === 0) return
  const keepers = (await processesNaming(prefix())).filter(({ command }) => command.includes('local-child'))
  const owners = [process.getuid?.(), account?.uid]
  for (const name of names) {
    if (keepers.some(({ command }) => command.includes(name))) continue
    const directory = join(temporary, name)
    const found = await lstat(directory).catch(() => null)
    if (found?.isDirectory() && owners.includes(found.uid)) await destroyCluster(directory)
  }
}
