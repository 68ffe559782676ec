import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { test } from '@jest/globals'

/** What is installed, and nothing newer. */
const PACKAGES = ['alembic==1.20.1', 'SQLAlchemy==2.1.9', 'psycopg[binary]==3.3.9']

const run = promisify(execFile)

/** Packages that add operations and types. */
export const ADD_ONS = [
  ...['alembic_utils==0.8.8', 'alembic-postgresql-enum==1.11.0', 'GeoAlchemy2==0.20.0', 'pgvector==0.5.1'],
  ...['SQLAlchemy-Utils==0.43.0', 'sqlmodel==0.0.50'],
]

/** Declares tests that need Alembic itself; where it cannot be had, says so aloud. */
export async function withAlembic(
  declare: (programs: string) => void | Promise<void>,
  more: readonly string[] = [],
): Promise<void> {
  const found = await alembicPrograms([...PACKAGES, ...more])
  if ('folder' in found) return declare(found.folder)
  process.stderr.write(`Alembic itself is not tested: ${found.missing}\n`)
  test.skip(`Alembic: ${found.missing}`, () => undefined)
}

/** The folder with `alembic` of a virtual environment, made once and kept; or why there is none. */
async function alembicPrograms(
  packages: readonly string[],
): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const cache = join(tmpdir(), `dba-test-alembic-${userInfo().username.replace(/\W/g, '_')}`)
  await mkdir(cache, { recursive: true, mode: 0o700 })
  if ((await stat(cache)).uid !== process.getuid?.()) return { missing: `${cache} belongs to somebody else` }
  const home = join(cache, packages.join('-').replace(/[^\w.]+/g, '-'))
  const folder = join(home, 'bin')
  if (await exists(join(folder, 'alembic'))) return { folder }
  // Its programs hold the path at which they were made, so it stays there, and the name leads to it once it is whole.
  const draft = await mkdtemp(join(cache, 'made-'))
  try {
    await run('python3', ['-m', 'venv', draft])
    await run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--no-input', ...packages])
    await symlink(basename(draft), home)
    return { folder }
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Another test process may have been faster.
    if (await exists(join(folder, 'alembic'))) return { folder }
    return { missing: error instanceof Error ? error.message : String(error) }
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
