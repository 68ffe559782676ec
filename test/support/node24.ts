import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What is installed, and nothing newer: the major that `action.yml` names. */
const VERSION = '24.22.3'

const run = promisify(execFile)

/**
 * Node 24, on which GitHub's runner starts an Action: fetched once and kept. With 190 MB it is no dependency. Throws where it cannot
 * be had: what is not run on it is not tested.
 */
export async function node24(): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`
  const cache = join(tmpdir(), `dba-test-node-${userInfo().username.replace(/\W/g, '_')}`)
  await mkdir(cache, { recursive: true, mode: 0o700 })
  if ((await stat(cache)).uid !== process.getuid?.()) throw new Error(`${cache} belongs to somebody else`)
  const home = join(cache, `${name}-${VERSION}`)
  const program = join(home, 'node_modules', name, 'bin', 'node')
  if (await exists(program)) return program
  const draft = await mkdtemp(join(cache, 'draft-'))
  try {
    const wanted = `${name}@${VERSION}`
    await run('npm', ['install', '--prefix', draft, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', wanted])
    await rename(draft, home).catch(async (error: unknown) => {
      // Another test process may have been faster.
      if (!(await exists(program))) throw error
    })
    return program
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
