import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Account } from './account.js'
import { recall, shelve, type Shelf } from './baseline-file.js'
import type { Binaries } from './binaries.js'
import { ownDirectory } from './own-directory.js'
import { processesNaming, type RunningProcess } from './process-table.js'
import { hardening, INITDB, LIMITED, LOCALES, settingsOf, singleUser, singleUserInput } from './recipe.js'
import type { Baseline, BaselineWish } from './sandbox.js'
import { readSeed, SECRET_LENGTH, sha256, writeSeed, type Seed } from './seed-file.js'

/** What a cluster is made of. Everything of it lies in one directory, whose name its processes bear. */
export interface ClusterPlan {
  readonly binaries: Binaries
  /** Whom it runs as; null for whom we run as. */
  readonly account: Account | null
  readonly directory: string
  /** Where the seed and kept states are cached. */
  readonly cache: string
  /** The kept state to begin with, when it is there. */
  readonly baseline: BaselineWish
  /** The most memory that one of its processes may take. */
  readonly megabytes: number
}

/** A server that has been started; `ended` resolves when it is gone, with what it said last. */
export interface Cluster {
  readonly secret: string
  /** The kept state that it began with. */
  readonly baseline: Baseline | null
  readonly ended: Promise<string>
}

const PATH = '/usr/local/bin:/usr/bin:/bin'

/** Starts a new cluster; it answers on the socket in its directory soon after. */
export async function startCluster(plan: ClusterPlan, onProgress: (text: string) => void): Promise<Cluster> {
  const { directory, account, binaries, megabytes } = plan
  await ownedDirectory(directory, account)
  const [kept] = await Promise.all([recall(shelfOf(plan), plan.baseline), spread(directory)])
  const { secret, tarball } = kept ?? (await seed(plan, onProgress))
  // What goes through the pipe is small, and unpacked as it comes.
  const unpack = kept === null ? '-xf' : '-xzf'
  const data = dataOf(directory)
  await ownedDirectory(data, account)
  await run('tar', [unpack, '-', '-C', data], account, tarball)
  const settings = settingsOf({ name: basename(directory), sockets: directory, major: binaries.major })
  const server = spawn(
    '/bin/sh',
    ['-c', LIMITED, join(binaries.folder, 'postgres'), String(megabytes * 1024), '-D', data, ...settings],
    { env: {}, cwd: directory, detached: true, stdio: ['ignore', 'ignore', 'pipe'], ...account },
  )
  let said = ''
  server.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)))
  const ended = new Promise<string>((resolve) => {
    server.once('error', (error) => resolve(error.message))
    server.once('exit', () => resolve(said.trim().split('\n').at(-1) ?? ''))
  })
  return { secret, baseline: kept?.baseline ?? null, ended }
}

/**
 * Keeps the state of a cluster that has just been checkpointed and that nobody writes to: its files are what a server that
 * is killed at this moment would leave, with nothing to recover. They have been read when this is done; until `shelved` is,
 * they are compressed and written.
 */
export async function keepCluster(
  plan: ClusterPlan,
  secret: string,
  baseline: Baseline,
  hint: string | null,
): Promise<{ readonly shelved: Promise<void> }> {
  const leave = ['postmaster.pid', 'postmaster.opts', 'pg_dynshmem/*'].map((name) => `--exclude=./${name}`)
  const data = dataOf(plan.directory)
  const tarball = await run('tar', ['-cf', '-', '-C', data, ...leave, '.'], plan.account).catch(() => null)
  const shelved = tarball === null ? Promise.resolve() : shelve(shelfOf(plan), baseline, hint, { secret, tarball })
  return { shelved }
}

function shelfOf({ cache, binaries }: ClusterPlan): Shelf {
  return { cache, recipe: `postgresql-${binaries.version}-${recipeOf(binaries)}` }
}

/** Ends every process of a cluster and removes its directory, whatever state they are in. */
export async function destroyCluster(directory: string): Promise<void> {
  const word = basename(directory)
  const ours = async (): Promise<readonly RunningProcess[]> =>
    (await processesNaming(word)).filter(({ command }) => PROGRAM.test(command))
  let left = await ours()
  const main = Number(
    (await readFile(join(dataOf(directory), 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0],
  )
  if (left.some(({ pid }) => pid === main)) {
    // An immediate shutdown ends its children in the middle of anything, and gives shared memory back.
    signal(main, 'SIGQUIT')
    for (let tries = 0; left.length > 0 && tries < 50; tries++) {
      await setTimeout(10)
      left = await ours()
    }
  }
  for (let tries = 0; left.length > 0 && tries < 200; tries++) {
    for (const { pid } of left) signal(pid, 'SIGKILL')
    await setTimeout(10)
    left = await ours()
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
}

/** The programs that a cluster consists of, or is made with. */
const PROGRAM = /^(?:\S*\/)?(?:postgres:?|initdb|tar)(?:\s|$)/

function signal(pid: number, name: 'SIGQUIT' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It is gone.
  }
}

/** The data directory of a cluster. Its name is another one every time: by that ext4 chooses a place for it. */
function dataOf(directory: string): string {
  return join(directory, `data-${basename(directory)}`)
}

/**
 * Has ext4 put the folders of a directory elsewhere on the disk: where many files have been deleted within the last minute,
 * such as those of another cluster, it looks at each of them whenever one is created.
 * https://man7.org/linux/man-pages/man1/chattr.1.html
 * https://github.com/torvalds/linux/blob/master/fs/ext4/ialloc.c
 */
async function spread(directory: string): Promise<void> {
  if (process.platform === 'linux') await run('chattr', ['+T', directory], null).catch(() => undefined)
}

async function ownedDirectory(path: string, account: Account | null): Promise<void> {
  await mkdir(path, { mode: 0o700 })
  if (account !== null) await chown(path, account.uid, account.gid)
}

/** The seed of this version from the cache, or a new one that is put there. */
async function seed(plan: ClusterPlan, onProgress: (text: string) => void): Promise<Seed> {
  const { binaries, cache } = plan
  const file = join(cache, `postgresql-${binaries.version}-${recipeOf(binaries)}.seed`)
  const trusted = await ownDirectory(cache)
  const cached = trusted ? await readSeed(file) : null
  if (cached !== null) return cached
  onProgress('preparing the sandbox; this happens once for a version of PostgreSQL')
  const built = await plant(plan)
  if (trusted) await writeSeed(file, built)
  return built
}

function recipeOf(binaries: Binaries): string {
  const recipe = JSON.stringify([INITDB, LOCALES, hardening('', binaries.major), binaries])
  return sha256(Buffer.from(recipe)).slice(0, 16)
}

async function plant({ binaries, account, directory }: ClusterPlan): Promise<Seed> {
  const secret = randomBytes(SECRET_LENGTH / 2).toString('hex')
  const data = join(directory, 'seed')
  const initdb = (locale: string): Promise<unknown> =>
    run(join(binaries.folder, 'initdb'), [...INITDB, `--locale=${locale}`, '-D', data], account)
  const [first, second] = LOCALES
  await initdb(first ?? 'C').catch(() => initdb(second ?? 'C'))
  const statements = singleUserInput(hardening(sha256(Buffer.from(secret)), binaries.major))
  await run(join(binaries.folder, 'postgres'), singleUser(data), account, statements)
  const tarball = await run('tar', ['-cf', '-', '-C', data, '.'], account)
  await rm(data, { recursive: true })
  return { secret, tarball }
}

/** Runs a program to its end and returns what it printed. */
async function run(
  file: string,
  args: readonly string[],
  account: Account | null,
  input?: Uint8Array,
): Promise<Buffer> {
  const child = spawn(file, args, { env: { PATH }, cwd: '/', ...account })
  const output: Buffer[] = []
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const code = await new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (exit, by) => resolve(exit ?? by ?? 'an unknown signal'))
  })
  if (code === 0) return Buffer.concat(output)
  const why = complaint.trim().split('\n').at(-1)
  throw new Error(`${basename(file)} ended with ${code}${why ? `: ${why}` : ''}`)
}
