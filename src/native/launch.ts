import { execFile, spawn, type StdioOptions } from 'node:child_process'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Address } from '../sandbox/sandbox.js'
import { runnable } from '../source/runnable.js'
import { ARRIVED, type Errand } from './errand.js'

/** A command to run, and the sandbox that it may reach. */
export interface Launch {
  /** Given the folder in which the configuration will lie. */
  readonly command: (directory: string) => readonly string[]
  readonly folder: string
  readonly environment: Errand['environment']
  readonly config: Errand['config']
  /** null: it needs no database. */
  readonly sandbox: { readonly address: Address; readonly password: string } | null
  /** Whether to cut it off from everything else, as `canContain` says that one can. */
  readonly contained: boolean
}

/** How a command ended. `code` is null when it was ended from outside. */
export interface Ran {
  readonly code: number | null
  /** The end of what it printed, on either stream. */
  readonly output: string
  /** Whether anybody was let through to the sandbox. */
  readonly arrived: boolean
}

const MOST_OUTPUT = 64 * 1024
/** For what is still in the pipes. */
const LINGER_MILLISECONDS = 1000

/** Runs a command to its end. The signal ends it with all that it started. */
export async function launch(wish: Launch, signal: AbortSignal): Promise<Ran> {
  if (signal.aborted) return { code: null, output: '', arrived: false }
  const directory = await mkdtemp(join(tmpdir(), 'dba-native-'))
  const passage = wish.sandbox === null ? null : await openPassage(wish.sandbox.address, directory)
  try {
    const errand: Errand = {
      command: wish.command(directory),
      folder: wish.folder,
      environment: wish.environment,
      directory,
      config: wish.config,
      gate: wish.sandbox === null || passage === null ? null : gateOf(wish.sandbox, passage.socket),
    }
    const { code, output } = await execute(errand, wish.contained, signal)
    const secret = wish.sandbox?.password
    const arrived = await access(join(directory, ARRIVED)).then(
      () => true,
      () => false,
    )
    return { code, output: secret === undefined ? output : output.replaceAll(secret, '***'), arrived }
  } finally {
    passage?.close()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
}

function gateOf({ address, password }: NonNullable<Launch['sandbox']>, socket: string): Errand['gate'] {
  const { user, database } = address
  return { socket, user, database, password, asks: address.password === null }
}

async function execute(errand: Errand, contained: boolean, signal: AbortSignal): Promise<Pick<Ran, 'code' | 'output'>> {
  const node = [process.execPath, fileURLToPath(runnable(import.meta.url, './launcher.js'))]
  const [program = '', ...args] = contained ? [...containment(), ...node] : node
  // A group of its own, by which all that it starts is ended.
  const child = spawn(program, args, { env: { PATH: SYSTEM_PATH }, cwd: '/', detached: true, stdio: PIPES })
  let output: Buffer = Buffer.alloc(0)
  const hear = (chunk: Buffer): void => void (output = Buffer.concat([output, chunk]).subarray(-MOST_OUTPUT))
  for (const stream of child.stdio.slice(1)) stream?.on('data', hear)
  child.stdin?.on('error', () => undefined)
  child.stdin?.write(`${JSON.stringify(errand)}\n`)
  const kill = (): void => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It is gone.
    }
  }
  signal.addEventListener('abort', kill, { once: true })
  try {
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null))
      // What the tool left running would hold the streams open.
      child.once('exit', (exit) => {
        kill()
        resolve(signal.aborted ? null : exit)
      })
    })
    await Promise.race([closed, setTimeout(LINGER_MILLISECONDS, undefined, { ref: false })])
    return { code, output: output.toString('utf8') }
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

/** Those of the launcher itself, and the tool's. */
const PIPES: StdioOptions = ['pipe', 'pipe', 'pipe', 'pipe', 'pipe']
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * A network of its own with nothing but this process in it, and an empty folder where servers of this machine have
 * their sockets: https://man7.org/linux/man-pages/man7/namespaces.7.html
 */
const CUT_OFF = `ip link set lo up || exit 125
for folder in /run/postgresql /var/run/postgresql; do
  if [ -d "$folder" ]; then mount -t tmpfs none "$folder" || exit 125; fi
done
for socket in /tmp/.s.PGSQL.*; do
  if [ -S "$socket" ]; then mount --bind /dev/null "$socket" || exit 125; fi
done
exec "$@"`

/** What stands before a command that is cut off. For another user than root, only as root of a namespace is that allowed. */
function containment(): readonly string[] {
  return ['unshare', process.getuid?.() === 0 ? '-nm' : '-rnm', 'sh', '-c', CUT_OFF, 'sh']
}

/** Whether this machine lets a command be cut off from the network. */
export async function canContain(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const [program = '', ...args] = [...containment(), 'true']
  const tried = promisify(execFile)(program, args, { env: { PATH: SYSTEM_PATH }, cwd: '/', timeout: 10_000 })
  return tried.then(
    () => true,
    () => false,
  )
}

/** A socket that leads to the sandbox, also from where there is no network. */
async function openPassage(
  { host, port }: Address,
  directory: string,
): Promise<{ readonly socket: string; readonly close: () => void }> {
  if (host.startsWith('/')) return { socket: join(host, `.s.PGSQL.${port}`), close: () => undefined }
  const socket = join(directory, 'passage')
  const server = createServer((client) => {
    const upstream = connect(port, host)
    const close = (): void => {
      client.destroy()
      upstream.destroy()
    }
    for (const end of [client, upstream]) end.on('error', close).on('close', close)
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socket, resolve)
  })
  return { socket, close: () => void server.close() }
}
