import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { reasonOf } from './answerer.js'

/** Where a Docker engine is, as the door knows it. */
export interface EnginePlace {
  /** As `DOCKER_HOST` has it; the machine's own engine when not said. */
  readonly host?: string | undefined
  /** The folder of `ca.pem`, `cert.pem` and `key.pem`, for an engine that is reached over TLS. */
  readonly certificates?: string | undefined
}

/** An engine that answers, and the time by its own clock. */
export interface Engine {
  readonly docker: Docker
  readonly now: Date
}

const OWN = process.platform === 'win32' ? 'npipe:////./pipe/docker_engine' : 'unix:///var/run/docker.sock'
const ANSWER_MILLISECONDS = 5000

/** Connects to an engine that can confine a container; says why there is none otherwise. */
export async function reachEngine({
  host = OWN,
  certificates,
}: EnginePlace): Promise<Engine | { readonly unavailable: string }> {
  try {
    const address = addressOf(host, certificates !== undefined)
    if (address === null) {
      return { unavailable: `the Docker engine at ${host} cannot be used: only unix://, npipe:// and tcp:// can` }
    }
    const Client = await loadClient()
    const options = { ...NOTHING_ASSUMED, ...address, ...(await keysOf(certificates)) }
    // Only for this request: a session may be silent for longer.
    const info = (await new Client({ ...options, timeout: ANSWER_MILLISECONDS }).info()) as Capabilities
    const lacking = LIMITS.filter(([limit]) => info[limit] === false).map(([, word]) => word)
    if (info.OSType !== 'linux') return { unavailable: `the Docker engine at ${host} runs no Linux containers` }
    if (lacking.length > 0) return { unavailable: `the Docker engine at ${host} cannot limit ${lacking.join(' and ')}` }
    return { docker: new Client(options), now: new Date(info.SystemTime) }
  } catch (error) {
    return { unavailable: unreached(host, error) }
  }
}

/** Loads what speaks to engines, which takes long enough that nobody should wait for it who rehearses elsewhere. */
export async function loadClient(): Promise<typeof Docker> {
  return (await import('dockerode')).default
}

/** The path of an engine's socket; null for an engine that is reached otherwise. */
export function socketOf({ host = OWN }: EnginePlace): string | null {
  return /^unix:\/\/(.+)$/.exec(host)?.[1] ?? null
}

/** The client would fill in from the environment what is not said. */
const NOTHING_ASSUMED = {
  ...{ host: undefined, port: undefined, socketPath: undefined, protocol: undefined },
  ...{ ca: undefined, cert: undefined, key: undefined, timeout: undefined, pathPrefix: undefined },
}

/** What an engine says of itself: https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System/operation/SystemInfo */
interface Capabilities {
  readonly OSType: string
  readonly SystemTime: string
  readonly MemoryLimit?: boolean
  readonly PidsLimit?: boolean
  readonly CpuCfsQuota?: boolean
}

const LIMITS = [
  ['MemoryLimit', 'memory'],
  ['PidsLimit', 'the number of processes'],
  ['CpuCfsQuota', 'processor time'],
] as const

function addressOf(host: string, encrypted: boolean): Docker.DockerOptions | null {
  const [, scheme, rest = ''] = /^(unix|npipe|tcp):\/\/(.+)$/.exec(host) ?? []
  if (scheme === undefined) return null
  if (scheme !== 'tcp') return { socketPath: rest }
  if (!URL.canParse(`http://${rest}`)) return null
  const { hostname, port } = new URL(`http://${rest}`)
  const protocol = encrypted ? 'https' : 'http'
  return { host: hostname, port: port === '' ? (encrypted ? 2376 : 2375) : Number(port), protocol }
}

async function keysOf(folder: string | undefined): Promise<Docker.DockerOptions> {
  if (folder === undefined) return {}
  const read = (name: string): Promise<Buffer> => readFile(join(folder, `${name}.pem`))
  // One after the other: of several that are missing, it is always the first that is named.
  return { ca: await read('ca'), cert: await read('cert'), key: await read('key') }
}

function unreached(host: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EACCES' || code === 'EPERM') return `this user may not use the Docker engine at ${host}`
  return `no Docker engine answers at ${host}: ${reasonOf(error).replace(/\s+/g, ' ').trim()}`
}
