import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Probot, run } from 'probot'
import { startApp, type Outside, type RunningApp } from './server/app-process.js'
import { settingsFrom, type AppSettings } from './server/app-settings.js'
import { endOn } from './server/shutdown.js'
import { keepIn } from './server/env-file.js'
import { programVersion } from './source/program-version.js'
import { routed } from './server/events.js'

/** Runs the App until it is told to end; returns the exit code. Without credentials it serves Probot's set-up page. */
export async function main(): Promise<number> {
  loadEnvironment()
  const settings = settingsFrom(process.env, {
    version: programVersion(),
    readFile: (path) => readFileSync(resolve(path), 'utf8'),
  })
  if ('problem' in settings) {
    process.stderr.write(`dba-app: ${settings.problem}\n`)
    return 2
  }
  if ('unregistered' in settings) {
    if (process.env['NODE_ENV'] !== 'production') return setUp()
    process.stderr.write(`dba-app: ${UNREGISTERED}\n`)
    return 2
  }
  return new Promise((exit) => {
    start(settings, (down, log) => endOn(process, down, log, exit)).catch((error: unknown) => {
      process.stderr.write(`dba-app: ${error instanceof Error ? error.message : String(error)}\n`)
      exit(2)
    })
  })
}

/** Starts the App; it serves when this returns. */
export async function start(settings: AppSettings, onBegun: Outside['onBegun']): Promise<RunningApp> {
  return startApp(settings, {
    onBegun,
    now: () => new Date(),
    ticks: () => performance.now(),
    random: () => Math.random(),
    fetch: (url, options) => fetch(url, options),
    write: (line) => void process.stdout.write(line),
    router: (note) => {
      const { appId } = settings
      const probot = new Probot({
        appId,
        privateKey: settings.privateKey,
        secret: settings.secrets[0] ?? '',
        logLevel: 'fatal',
      })
      const outcomes = new Map<string, 'done' | 'ignored'>()
      const loaded = probot.load((events) => {
        events.onAny(async ({ id, name, payload }) => {
          const result = routed(name, payload, appId)
          outcomes.set(id, 'ignored' in result ? 'ignored' : 'done')
          if ('effects' in result) await note(result.effects)
        })
      })
      return async ({ id, name, payload }) => {
        await loaded
        try {
          await probot.receive({ id, name: name as 'push', payload: payload as never })
          return outcomes.get(id) ?? 'ignored'
        } finally {
          outcomes.delete(id)
        }
      }
    },
  })
}

/** `.env` of this folder, where the set-up page writes the credentials; what the environment says comes first. */
function loadEnvironment(): void {
  try {
    process.loadEnvFile('.env')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

const UNREGISTERED =
  'APP_ID, PRIVATE_KEY and WEBHOOK_SECRET must be set. Where NODE_ENV is not production, a page registers the App: see docs/app.md.'

/** Probot's page that registers the App from `app.yml`, and writes its credentials into `.env`. */
async function setUp(): Promise<number> {
  // A channel of smee.io is for development; a reviewer of migrations is reached directly.
  process.env['NO_SMEE_SETUP'] ??= 'true'
  const server = await run(() => undefined, {
    updateEnv: (variables) => {
      keepIn('.env', variables)
      return variables
    },
  })
  const page = `http://${server.host}:${server.port}`
  process.stdout.write(
    `There is no APP_ID. To register the App, open ${page} by the address at which GitHub will reach it, with TLS; then start again.\n`,
  )
  await new Promise<void>((done) => {
    process.once('SIGTERM', done)
    process.once('SIGINT', done)
  })
  await server.stop()
  return 0
}
