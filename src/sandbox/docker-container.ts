import { createHash } from 'node:crypto'
import { readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type Docker from 'dockerode'
import type { Container, ContainerCreateOptions, ImageInspectInfo } from 'dockerode'
import type { Engine } from './docker-engine.js'
import { processesNaming } from './process-table.js'

/** What a container is called, who looks after it, and what it may take. */
export interface ContainerPlan {
  readonly name: string
  readonly owner: string
  /** The most memory that one process of the server may take. */
  readonly megabytes: number
}

/** The only folder of a container that holds anything: in memory, and gone with it. */
export const PLACE = '/dba-bot'

const LABEL = 'dba-bot'
const MEGABYTE = 2 ** 20
const DATA_MEGABYTES = 1024
/** What the server needs besides: its other processes, and what passes data on. */
const SPARE_MEGABYTES = 384
const PROCESSES = 64
const CPU_PERIOD_MICROSECONDS = 100_000
/** A container ends by itself after this, wherever those are who should have ended it. */
const LIFETIME_SECONDS = 7200

/** Whose containers the caller may judge: those of processes that it can see, of its user, machine and container there. */
export async function ownerHere(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '')
  return createHash('sha256').update(`${hostname()} ${namespace} ${process.getuid?.()}`).digest('hex').slice(0, 6)
}

/** The part of a name that all containers of an owner have. */
export function prefixOf(owner: string): string {
  return `dba-docker-${owner}-`
}

/**
 * Starts a container in which nothing runs yet. It has no network and no privileges, can write only into memory, and
 * ends as soon as nobody holds its input any more: with it ends the first process, with that one every other.
 */
export async function startContainer(
  { docker, now }: Engine,
  image: ImageInspectInfo,
  plan: ContainerPlan,
  onEnd: () => void,
): Promise<Container> {
  const container = await docker.createContainer(confined(image, plan, now))
  const held = await container.attach({ stream: true, stdin: true, hijack: true })
  held.on('error', () => undefined)
  held.once('close', onEnd)
  held.resume()
  await container.start()
  return container
}

function confined(image: ImageInspectInfo, plan: ContainerPlan, now: Date): ContainerCreateOptions {
  const memory = (plan.megabytes + DATA_MEGABYTES + SPARE_MEGABYTES) * MEGABYTE
  // Where the image declares a volume the engine would make one, which takes disk and can outlive the container.
  const declared = Object.keys(image.Config.Volumes ?? {}).map((path) => inMemory(path, 1))
  return {
    name: plan.name,
    Image: image.Id,
    User: 'postgres',
    WorkingDir: '/',
    Hostname: 'sandbox',
    Entrypoint: ['timeout', String(LIFETIME_SECONDS), 'cat'],
    Cmd: [],
    Healthcheck: { Test: ['NONE'] },
    Labels: { [LABEL]: 'sandbox', [`${LABEL}.owner`]: plan.owner, [`${LABEL}.created`]: now.toISOString() },
    AttachStdin: true,
    OpenStdin: true,
    StdinOnce: true,
    NetworkDisabled: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'none',
      IpcMode: 'none',
      ReadonlyRootfs: true,
      Mounts: [inMemory(PLACE, DATA_MEGABYTES), inMemory('/tmp', 64), inMemory('/run', 16), ...declared],
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Privileged: false,
      Memory: memory,
      // Memory and swap together: no swap.
      MemorySwap: memory,
      CpuPeriod: CPU_PERIOD_MICROSECONDS,
      CpuQuota: CPU_PERIOD_MICROSECONDS,
      PidsLimit: PROCESSES,
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'none', Config: {} },
    },
  }
}

function inMemory(path: string, megabytes: number): Docker.MountSettings {
  const size = { SizeBytes: megabytes * MEGABYTE, Mode: 0o1777 }
  return { Type: 'tmpfs', Source: '', Target: path, TmpfsOptions: size }
}

/** Ends a container and removes it with all that it holds; resolves when the engine knows nothing of it any more. */
export async function removeContainer({ docker }: Pick<Engine, 'docker'>, name: string): Promise<void> {
  for (let tries = 0; tries < REMOVALS; tries++) {
    try {
      await docker.getContainer(name).remove({ force: true, v: true })
    } catch (error) {
      if (statusOf(error) === 404) return
      // It is being removed already.
      if (statusOf(error) !== 409) throw error
    }
    await setTimeout(20)
  }
  throw new Error(`the container ${name} does not go away`)
}

const REMOVALS = 200

/** Removes what runs left behind: containers of this owner that no process looks after, and any that is too old. */
export async function removeStale({ docker, now }: Engine, owner: string): Promise<void> {
  const found = await docker.listContainers({ all: true, filters: { label: [`${LABEL}=sandbox`] } })
  if (found.length === 0) return
  const keepers = (await processesNaming(prefixOf(owner))).filter(({ command }) => command.includes('docker-child'))
  for (const { Names: names, Labels: labels, Created: created } of found) {
    const name = names[0]?.replace(/^\//, '') ?? ''
    const abandoned = labels[`${LABEL}.owner`] === owner && !keepers.some(({ command }) => command.includes(name))
    const old = now.getTime() / 1000 - created > LIFETIME_SECONDS
    // Another review may be faster.
    if (abandoned || old) await removeContainer({ docker }, name).catch(() => undefined)
  }
}

/** The status that an engine answered with, of an error; null of any other. */
export function statusOf(error: unknown): number | null {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : null
}
