// Runs the tests that need a Docker engine, on one that is reachable or on one that is started for them, and counts them.
//   --where-possible  without an engine says so, and that is no failure
//   --install         may install an engine with apt-get; so may CI=true
// Other arguments go to jest.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const START_SECONDS = 20
const inCi = process.env['CI'] === 'true'
const given = process.argv.slice(2)
const forJest = given.filter((each) => each !== '--where-possible' && each !== '--install')

const folder = mkdtempSync(join(tmpdir(), 'dba-docker-test-'))
let daemon = null
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => void stop().finally(() => process.exit(code)))
}
try {
  process.exitCode = await main()
} finally {
  await stop()
}

async function main() {
  const engine = await findEngine()
  if ('missing' in engine) {
    console.log(`docker: not run: no engine (${engine.missing})`)
    return given.includes('--where-possible') ? 0 : 1
  }
  const built = run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])
  if (built !== 0) return built
  const report = join(folder, 'jest.json')
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
  const options = ['-c', 'jest.docker.config.js', '--maxWorkers=1', '--json', '--outputFile', report, ...forJest]
  const status = run([...jest, ...options], { ...process.env, DBA_TEST_DOCKER_HOST: engine.host })
  await removeImages(engine.host)
  if (!existsSync(report)) return status || 1
  const seen = JSON.parse(readFileSync(report, 'utf8'))
  const failed = seen.numFailedTests + seen.numRuntimeErrorTestSuites
  console.log(`docker: ${seen.numPassedTests} passed, ${failed} failed`)
  return status || (failed > 0 || seen.numPassedTests === 0 ? 1 : 0)
}

function run(args, env = process.env) {
  return spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1
}

/** The engine of the environment, else one of our own; or why there is none. */
async function findEngine() {
  const own = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock'
  if (await answers(own)) return { host: own }
  if (process.platform !== 'linux') return { missing: `nothing answers at ${own}` }
  if (process.getuid() !== 0) return { missing: `nothing answers at ${own}, and only root can start one` }
  if (!installed() && (inCi || given.includes('--install')) && existsSync('/usr/bin/apt-get')) {
    const quietly = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }
    spawnSync('apt-get', ['update', '-qq'], quietly)
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'docker.io'], quietly)
    if (await answers(own)) return { host: own }
  }
  if (!installed()) return { missing: `nothing answers at ${own}, and dockerd is not installed` }
  for (const driver of [[], ['--storage-driver=vfs']]) {
    const host = await startDaemon(driver)
    if (host !== null) return { host }
  }
  const said = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').at(-1)
  return { missing: `dockerd does not start: ${said}` }
}

function installed() {
  return spawnSync('dockerd', ['--version'], { stdio: 'ignore' }).status === 0
}

/** Starts an engine with nothing but a socket, everything of it in one folder; null where it does not come up. */
async function startDaemon(driver) {
  const socket = join(folder, 'docker.sock')
  const places = [
    '--data-root',
    join(folder, 'data'),
    '--exec-root',
    join(folder, 'exec'),
    '--pidfile',
    join(folder, 'pid'),
  ]
  const alone = ['--iptables=false', '--bridge=none', '--host', `unix://${socket}`]
  const shell = ['-c', 'log=$1; shift; exec "$@" >>"$log" 2>&1', 'sh', join(folder, 'log'), 'dockerd']
  daemon = spawn('sh', [...shell, ...places, ...alone, ...driver], { stdio: 'ignore', detached: true })
  for (let left = START_SECONDS * 10; left > 0 && daemon.exitCode === null; left--) {
    if (await answers(`unix://${socket}`)) return `unix://${socket}`
    await setTimeout(100)
  }
  await stopDaemon()
  return null
}

/** Whether an engine answers there. */
async function answers(host) {
  const [, path] = /^unix:\/\/(.+)$/.exec(host) ?? []
  const tcp = path === undefined ? new URL(host.replace(/^tcp/, 'http')) : null
  return new Promise((resolve) => {
    const socket = path === undefined ? createConnection(Number(tcp.port), tcp.hostname) : createConnection(path)
    socket.setTimeout(2000, () => socket.destroy())
    socket.once('connect', () => socket.end('GET /_ping HTTP/1.0\r\n\r\n'))
    socket.once('data', (chunk) => resolve(chunk.toString('latin1').startsWith('HTTP/1.0 200')))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}

/** Images that the tests made are of no use to anybody else. */
async function removeImages(host) {
  const { reachEngine } = await import('../dist/sandbox/docker-engine.js')
  const engine = await reachEngine({ host })
  if ('unavailable' in engine) return
  const images = await engine.docker.listImages({ filters: { reference: ['dba-bot-test-postgres'] } })
  for (const { Id: id } of images) await engine.docker.getImage(id).remove({ force: true })
}

async function stop() {
  await stopDaemon()
  const mounts = existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8').split('\n') : []
  const left = mounts.map((line) => line.split(' ')[1] ?? '').filter((path) => path.startsWith(`${folder}/`))
  for (const path of left) spawnSync('umount', ['-l', path], { stdio: 'ignore' })
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function stopDaemon() {
  if (daemon === null || daemon.exitCode !== null || daemon.signalCode !== null) return
  const ended = new Promise((resolve) => daemon.once('exit', resolve))
  daemon.kill('SIGTERM')
  await Promise.race([ended, setTimeout(20_000, undefined, { ref: false })])
  daemon.kill('SIGKILL')
}
