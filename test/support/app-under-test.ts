import { spawn, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { FakeGitHub, type FakeOptions } from './github/index.js'
import { startServer, type TestServer } from './postgres-server.js'
import { until } from './app-database.js'

export const APP_ID = 4_294_967_301
export const SECRET = 'a secret of more than thirty-two bytes as it should be'
export const PRIVATE_KEY = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey

/** A process of the App, as it is deployed. */
export interface AppProcess {
  readonly port: number
  readonly url: string
  readonly child: ChildProcess
  /** What it logged, line by line. */
  readonly lines: readonly string[]
  /** Ends it by a signal; returns its exit code, or null when the signal ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

/** A GitHub, a PostgreSQL, and processes of the App between them. */
export interface Stage {
  readonly github: FakeGitHub
  readonly postgres: TestServer
  readonly databaseUrl: string
  /** What is undefined is not in its environment. A process that takes webhooks gets those of the GitHub from now on. */
  start(environment?: Readonly<Record<string, string | undefined>>): Promise<AppProcess>
  stop(): Promise<void>
}

/** `settings` are those of PostgreSQL, beside the usual ones. */
export async function stage(
  programs: string,
  options: Partial<FakeOptions> = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const github = await FakeGitHub.start({
    app: { id: APP_ID, privateKey: PRIVATE_KEY, webhookSecret: SECRET },
    ...options,
  })
  const postgres = await startServer(programs, settings)
  const databaseUrl = postgres.url()
  const running = new Set<AppProcess>()
  return {
    github,
    postgres,
    databaseUrl,
    async start(environment = {}) {
      const app = await startApp({
        DATABASE_URL: databaseUrl,
        GITHUB_API_URL: github.url,
        APP_ID: String(APP_ID),
        PRIVATE_KEY,
        WEBHOOK_SECRET: SECRET,
        PORT: '0',
        HOST: '127.0.0.1',
        ...environment,
      })
      running.add(app)
      if (['all', 'intake'].includes(environment['DBA_ROLE'] ?? 'all'))
        github.webhooksTo(`${app.url}/api/github/webhooks`)
      return app
    },
    async stop() {
      await Promise.all([...running].map((app) => app.end('SIGKILL')))
      await github.stop()
      await postgres.stop()
    },
  }
}

async function startApp(environment: Readonly<Record<string, string | undefined>>): Promise<AppProcess> {
  const child = spawn(process.execPath, ['--disable-proto=delete', resolve('bin/dba-app.js')], {
    // Nothing of this machine's but where PostgreSQL's programs may be: the App says where it rehearses.
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  let over = false
  void exited.then(() => (over = true))
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line))
  const portIn = (): number | undefined => {
    for (const line of lines) {
      const port = /"message":"serving","port":(\d+)/.exec(line)?.[1]
      if (port !== undefined) return Number(port)
    }
    return undefined
  }
  await until(() => over || portIn() !== undefined, 60_000)
  const port = portIn()
  if (port === undefined) throw new Error(`the App did not start:\n${lines.join('\n')}`)
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    child,
    lines,
    async end(signal = 'SIGTERM') {
      if (!over) child.kill(signal)
      return (await exited)[0]
    },
  }
}
