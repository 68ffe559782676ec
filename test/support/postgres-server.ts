import { spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Client } from 'pg'
import { serverAccount } from '../../src/sandbox/account.js'
import { emptyCluster, PASSWORD } from './empty-cluster.js'

/** A server that listens on a port of this machine, as a service container does. */
export interface TestServer {
  /** The URL of a database of its superuser `boss`. */
  url(database?: string): string
  readonly password: string
  stop(): Promise<void>
  /** Ends it at once, as a crash would; it can be started again, with its data. */
  crash(): Promise<void>
  start(): Promise<void>
}

/** Starts a server with the programs of a folder, and settings beside the usual ones. */
export async function startServer(programs: string, more: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const account = await serverAccount()
  if (account !== null && 'unavailable' in account) throw new Error(account.unavailable)
  const home = mkdtempSync(join(tmpdir(), 'dba-service-test-'))
  chmodSync(home, 0o700)
  if (account !== null) chownSync(home, account.uid, account.gid)
  const as = { env: {}, cwd: '/', ...account }
  const data = await emptyCluster(programs, home, account)
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'fsync=off',
    ...Object.entries(more).map(([name, value]) => `${name}=${value}`),
  ]
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  const url = (database = 'postgres'): string =>
    `postgresql://boss:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`
  let end = async (): Promise<void> => undefined
  const start = async (): Promise<void> => {
    const server = spawn(join(programs, 'postgres'), args, { ...as, stdio: 'ignore' })
    const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
    end = async () => {
      server.kill('SIGQUIT')
      await ended
    }
    for (let tries = 400; tries > 0 && !(await lets(url())); tries--) await setTimeout(25)
  }
  await start()
  return {
    url,
    password: PASSWORD,
    start,
    crash: () => end(),
    stop: async () => {
      await end()
      rmSync(home, { recursive: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** Whether it lets in: it listens before it does. */
async function lets(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
