import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { serverAccount } from '../../dist/sandbox/account.js'
import { canContain } from '../../dist/native/launch.js'

const run = promisify(execFile)
const REQUIREMENTS = fileURLToPath(new URL('./requirements.txt', import.meta.url))
/** The newest first, since applications use its syntax. */
const INTERPRETERS = ['python3.13', 'python3.12', 'python3', '/usr/bin/python3', '/usr/local/bin/python3']

/**
 * What real Alembic is run with: the Python of a virtual environment that is made once and kept, and the account that runs
 * it, which is another one than root; null for this user's own. The variables are all that its environment has beside the
 * necessary. Throws, with the reason, where there is none.
 */
export async function realAlembic(variables = {}) {
  if (!(await canContain())) throw new Error('this machine cannot cut a program off from the network (`unshare -n`)')
  const account = await serverAccount()
  if (account !== null && 'unavailable' in account) throw new Error(account.unavailable)
  return { python: await virtualEnvironment(account), account, variables }
}

async function virtualEnvironment(account) {
  const cache = join(tmpdir(), `dba-eval-alembic-${userInfo().username.replace(/\W/g, '_')}`)
  await mkdir(cache, { recursive: true })
  if ((await stat(cache)).uid !== process.getuid()) throw new Error(`${cache} belongs to somebody else`)
  // The other account reads it and nobody else writes it.
  await chmod(cache, 0o755)
  const key = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
  const home = join(cache, key.slice(0, 16))
  if (await succeeds(as(account, [join(home, 'bin', 'python'), '-c', 'import alembic'])))
    return join(home, 'bin', 'python')
  const base = await interpreter(account)
  process.stderr.write('installing Alembic into a virtual environment, once\n')
  // Its programs hold the path at which they were made, so it stays there, and the name leads to it once it is whole.
  const draft = await mkdtemp(join(cache, 'made-'))
  try {
    await chmod(draft, 0o755)
    await run(base, ['-m', 'venv', draft])
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--only-binary', ':all:', '-r', REQUIREMENTS]
    await run(join(draft, 'bin', 'python'), pip, { maxBuffer: 1 << 26 })
    await rm(home, { recursive: true, force: true })
    await symlink(basename(draft), home)
    return join(home, 'bin', 'python')
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/** A Python that the account may run: root's own may lie where nobody else looks. */
async function interpreter(account) {
  for (const python of INTERPRETERS)
    if (await succeeds(as(account, [python, '-c', 'import venv, ensurepip']))) return python
  throw new Error(`none of ${INTERPRETERS.join(', ')} has venv and can be run by the account that runs Alembic`)
}

/** A command as the account runs it, without a way to gain rights. */
export function as(account, words) {
  if (account === null) return words
  return ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--no-new-privs', ...words]
}

function succeeds([program, ...args]) {
  return run(program, args, { cwd: '/' }).then(
    () => true,
    () => false,
  )
}
