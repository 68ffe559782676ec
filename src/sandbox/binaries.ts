import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { Account } from './account.js'

/** A folder with the programs of a PostgreSQL server. */
export interface Binaries {
  readonly folder: string
  readonly version: string
  readonly major: number
}

/** Where Linux distributions and Homebrew put versions side by side. */
const PLACES: readonly (readonly [parent: string, pattern: RegExp])[] = [
  ['/usr/lib/postgresql', /^\d+$/],
  ['/usr', /^pgsql-\d+$/],
  ['/opt/homebrew/opt', /^postgresql@\d+$/],
  ['/usr/local/opt', /^postgresql@\d+$/],
]

/** The servers that the account can run, newest first: in the folders named, on the path, and in the usual places. */
export async function findBinaries(
  folders: readonly string[],
  path: string,
  account: Account | null,
): Promise<readonly Binaries[]> {
  const usual = await Promise.all(PLACES.map(([parent, pattern]) => versionsIn(parent, pattern)))
  const candidates = [...folders, ...usual.flat(), ...path.split(delimiter).filter((folder) => folder.startsWith('/'))]
  const found = await Promise.all([...new Set(candidates)].map((folder) => look(folder, account)))
  return found.filter((each) => each !== null).sort((a, b) => b.major - a.major)
}

/** The target's own major where it is there, else the newest. */
export function chooseBinaries(found: readonly Binaries[], major: number): Binaries | null {
  return found.find((each) => each.major === major) ?? found[0] ?? null
}

async function versionsIn(parent: string, pattern: RegExp): Promise<readonly string[]> {
  const names = await readdir(parent).catch(() => [])
  return names.filter((name) => pattern.test(name)).map((name) => join(parent, name, 'bin'))
}

/** What `postgres --version` says there; null where it does not run, or is older than what the sandbox knows. */
async function look(folder: string, account: Account | null): Promise<Binaries | null> {
  const names = await readdir(folder).catch((): string[] => [])
  if (!names.includes('postgres') || !names.includes('initdb')) return null
  try {
    const { stdout } = await promisify(execFile)(join(folder, 'postgres'), ['--version'], { env: {}, ...account })
    const [, version, major] = /PostgreSQL\) ((\d+)[.\w]*)/.exec(stdout) ?? []
    if (version === undefined || Number(major) < OLDEST) return null
    return { folder, version, major: Number(major) }
  } catch {
    return null
  }
}

const OLDEST = 15
