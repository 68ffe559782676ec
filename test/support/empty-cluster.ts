import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, chmod, chown, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import type { Account } from '../../src/sandbox/account.js'
import { ownCache } from './own-cache.js'

const run = promisify(execFile)

/** Of the superuser `boss`. */
export const PASSWORD = 'very secret/ß'

const INITDB = ['--no-sync', '-A', 'scram-sha-256', '-U', 'boss', '-E', 'UTF8', '--locale=C', '--wal-segsize=1']

/**
 * The data directory of a new cluster, below a home that belongs to the account. What initdb makes is made once for these
 * programs and kept: to unpack it takes a tenth of the time.
 */
export async function emptyCluster(programs: string, home: string, account: Account | null): Promise<string> {
  const tarball = await packed(programs, account)
  await spread(home)
  const data = dataOf(home)
  await mkdir(data, { mode: 0o700 })
  if (account !== null) await chown(data, account.uid, account.gid)
  await run('tar', ['-xf', tarball, '-C', data], { ...account })
  return data
}

async function packed(programs: string, account: Account | null): Promise<string> {
  const cache = await ownCache()
  if ('missing' in cache) throw new Error(cache.missing)
  const name = createHash('sha256')
    .update([programs, account?.uid ?? '', ...INITDB].join('\n'))
    .digest('hex')
  const kept = join(cache.folder, `cluster-${name.slice(0, 16)}.tar`)
  if (await exists(kept)) return kept
  const draft = await mkdtemp(join(cache.folder, 'cluster-'))
  try {
    const secret = join(draft, 'password')
    await writeFile(secret, PASSWORD)
    if (account !== null) for (const path of [draft, secret]) await chown(path, account.uid, account.gid)
    await spread(draft)
    const [data, tarball] = [dataOf(draft), join(draft, 'tar')]
    const as = { env: {}, cwd: '/', ...account }
    await run(join(programs, 'initdb'), [...INITDB, '--pwfile', secret, '-D', data], as)
    await run('tar', ['-cf', tarball, '-C', data, '.'])
    await chmod(tarball, 0o644)
    // Another test process may have been faster: it is the same.
    await rename(tarball, kept)
    return kept
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Its name is another one every time: by that ext4 chooses a place for it. */
function dataOf(home: string): string {
  return join(home, `data-${basename(home)}`)
}

/** Has ext4 put the folders elsewhere on the disk than where others were just deleted, which makes it slow. */
async function spread(folder: string): Promise<void> {
  if (process.platform === 'linux') await run('chattr', ['+T', folder]).catch(() => undefined)
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
