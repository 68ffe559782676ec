import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Account } from '../sandbox/account.js'
import type { Binaries } from '../sandbox/binaries.js'
import { processesNaming } from '../sandbox/process-table.js'

/** Where everything of the cluster lies. */
export interface ClusterPlace {
  /** Of the App's user: holds the password. */
  readonly folder: string
  /** Of the server's account: holds the data and the socket. */
  readonly home: string
  readonly data: string
}

/** Whom the server runs as; null for whom we run as. */
export type RunsAs = Account | null

export const SUPERUSER = 'dba'

/** The place in a folder, whose name may be relative to ours: the server and its tools are started elsewhere. */
export function placeOf(named: string): ClusterPlace {
  const folder = resolve(named)
  const home = join(folder, 'postgres')
  return { folder, home, data: join(home, 'data') }
}

/** What PostgreSQL and the systems it runs on allow for the path of a socket. */
const LONGEST_SOCKET = 103
const SOCKET = '.s.PGSQL.5432'

/** Makes the folders; throws with the reason when they cannot serve. */
export async function prepareFolders({ folder, home }: ClusterPlace, account: RunsAs): Promise<void> {
  if (Buffer.byteLength(join(home, SOCKET)) > LONGEST_SOCKET) {
    throw new Error(`the path of the data folder is too long for a socket: ${folder}`)
  }
  await mkdir(folder, { recursive: true, mode: 0o711 })
  const { uid, mode } = await stat(folder)
  if (process.getuid !== undefined && uid !== process.getuid()) throw new Error(`${folder} belongs to somebody else`)
  if ((mode & 0o022) !== 0) throw new Error(`others may write into ${folder}`)
  // The server's account has to get through to its own folder.
  if (account !== null) await chmod(folder, (mode & 0o777) | 0o011)
  await ownedFolder(home, account)
  // What is left of a creation that was broken off.
  for (const name of await readdir(home)) {
    if (name.startsWith('draft-')) await rm(join(home, name), { recursive: true, force: true })
  }
}

async function ownedFolder(path: string, account: RunsAs): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (account !== null) await chown(path, account.uid, account.gid)
}

/** The password of the cluster: the one that is there, or a new one. It is on disk when this returns. */
export async function passwordOf({ folder }: ClusterPlace): Promise<string> {
  const file = join(folder, 'password')
  const kept = await readFile(file, 'utf8').catch(() => null)
  if (kept !== null && kept.trim() !== '') return kept.trim()
  const password = randomBytes(24).toString('base64url')
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, `${password}\n`, { mode: 0o600, flush: true })
  await rename(draft, file)
  return password
}

/** The major version that has written the data; null when there are none. */
export async function majorOf({ data }: ClusterPlace): Promise<number | null> {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => null)
  return text === null ? null : Number.parseInt(text, 10)
}

/** Makes the data directory; it is there as a whole or not at all, whenever this is broken off. */
export async function createData(
  place: ClusterPlace,
  { folder: programs }: Binaries,
  account: RunsAs,
  password: string,
): Promise<void> {
  const draft = join(place.home, `draft-${randomBytes(6).toString('hex')}`)
  await ownedFolder(draft, account)
  const secret = join(draft, 'password')
  await writeFile(secret, password, { mode: 0o600 })
  if (account !== null) await chown(secret, account.uid, account.gid)
  const args = ['-A', 'scram-sha-256', '-U', SUPERUSER, `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C']
  await run(join(programs, 'initdb'), [...args, '-D', join(draft, 'data')], account)
  await rename(join(draft, 'data'), place.data)
  await rm(draft, { recursive: true, force: true })
}

/** A server that was started. It outlives us when we are killed: whoever comes next finds it and takes it over. */
export interface StartedServer {
  /** What it said last before it ended; null while it runs. */
  said(): string | null
}

export async function startServer(
  place: ClusterPlace,
  { folder: programs }: Binaries,
  account: RunsAs,
): Promise<StartedServer> {
  await removeForeignLocks(place)
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const args = ['-D', place.data, '-c', `unix_socket_directories=${place.home}`, ...settings]
  const server = spawn(join(programs, 'postgres'), args, {
    env: {},
    cwd: place.home,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...account,
  })
  let said = ''
  server.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
  server.unref()
  ;(server.stderr as unknown as { unref(): void }).unref()
  let ended: string | null = null
  server.once('error', (error) => (ended = error.message))
  server.once('exit', () => void lastLogged(place).then((logged) => (ended ??= logged ?? lastOf(said))))
  return { said: () => ended }
}

/** Nothing listens but the socket; what was committed survives a loss of power; the log turns over within a week. */
const SETTINGS: Readonly<Record<string, string | number>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '512MB',
  shared_buffers: '64MB',
  max_connections: 60,
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgres-%a.log',
  log_rotation_age: '1d',
  log_truncate_on_rotation: 'on',
  log_min_error_statement: 'panic',
}

/** Why it ended, from the newest of its logs: soon after its start it speaks only there. */
async function lastLogged({ data }: ClusterPlace): Promise<string | null> {
  const folder = join(data, 'log')
  const names = await readdir(folder).catch(() => [])
  const files = await Promise.all(
    names.map(async (name) => ({ file: join(folder, name), time: (await stat(join(folder, name))).mtimeMs })),
  )
  const [newest] = files.sort((a, b) => b.time - a.time)
  if (newest === undefined) return null
  const text = await readFile(newest.file, 'utf8').catch(() => '')
  return text.split('\n').findLast((line) => line.includes('FATAL') && !line.includes('starting up')) ?? null
}

function lastOf(said: string): string {
  const lines = said.trim().split('\n')
  return lines.find((line) => line.includes('FATAL')) ?? lines.at(-1) ?? ''
}

/**
 * A server that lost power leaves files with its process number, which any other process may bear after a restart, or a dead
 * one that nobody has asked after; the server would not start beside it. Only a number that is no server's is removed: the server
 * checks the rest itself.
 */
async function removeForeignLocks({ home, data }: ClusterPlace): Promise<void> {
  const servers = new Set((await processesNaming('postgres')).map(({ pid }) => pid))
  for (const file of [join(data, 'postmaster.pid'), join(home, `${SOCKET}.lock`)]) {
    const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10)
    if (Number.isInteger(pid) && !servers.has(pid)) await unlink(file).catch(() => undefined)
  }
}

/** The server of this data directory, if it runs where we can see it. */
export async function serverProcess({ data }: ClusterPlace): Promise<number | null> {
  const pid = Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => ''), 10)
  const ours = (await processesNaming(data)).find((process) => process.pid === pid)
  return ours === undefined ? null : pid
}

/** Ends the server: sessions are ended and everything is written, so that it need not recover when it starts again. */
export async function endServer(
  place: ClusterPlace,
  milliseconds: number,
  sleep: (ms: number) => Promise<unknown>,
): Promise<void> {
  const pid = await serverProcess(place)
  if (pid === null) return
  signal(pid, 'SIGINT')
  for (let waited = 0; (await serverProcess(place)) !== null; waited += 50) {
    if (waited > milliseconds) return signal(pid, 'SIGQUIT')
    await sleep(50)
  }
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It is gone.
  }
}

/** Runs a program to its end; throws with what it said. */
function run(file: string, args: readonly string[], account: RunsAs): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: {}, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], ...account })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`initdb ended with ${code}: ${lastOf(said)}`)),
    )
  })
}
