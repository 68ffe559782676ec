import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Container, ContainerInspectInfo } from 'dockerode'
import { ownerHere } from '../../src/sandbox/docker-container.js'
import { runInside } from '../../src/sandbox/docker-program.js'
import { docker } from '../../src/sandbox/docker.js'
import type { Sandbox } from '../../src/sandbox/sandbox.js'
import { opened } from '../sandbox/opened.js'
import { engine, leftovers, PLACE } from './engine.js'
import { imageOf } from './image.js'

const image = await imageOf(18)
let sandbox: Sandbox
let container: Container
let info: ContainerInspectInfo

beforeAll(async () => {
  ;({ sandbox } = await opened(docker({ ...PLACE, image })))
  // One container, and no volume though the image declares one.
  const names = await leftovers()
  expect(names).toHaveLength(1)
  container = engine.getContainer(names[0] ?? '')
  info = await container.inspect()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const inside = async (script: string): Promise<string> =>
  (await runInside(container, ['sh', '-c', script])).toString().trim()

test('it bears labels by which it is found, and goes away with its end', async () => {
  expect(info.Config.Labels).toEqual({
    'dba-bot': 'sandbox',
    'dba-bot.owner': await ownerHere(),
    'dba-bot.created': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  })
  expect(info.HostConfig.AutoRemove).toBe(true)
})

test('every process of it is without privileges, and without a way to any', async () => {
  const words = /^(?:Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):/
  const status = await inside('for each in /proc/[0-9]*; do cat $each/status 2>/dev/null; done')
  const lines = new Set(status.split('\n').filter((line) => words.test(line)))
  expect([...lines].map((line) => line.replace(/\s+/g, ' ')).sort()).toEqual([
    'CapBnd: 0000000000000000',
    'CapEff: 0000000000000000',
    'NoNewPrivs: 1',
    'Seccomp: 2',
    'Uid: 999 999 999 999',
  ])
})

test('it has no network', async () => {
  const devices = (await inside('cat /proc/net/dev')).split('\n').slice(2)
  expect(devices.map((line) => line.trim().split(':')[0])).toEqual(['lo'])
  expect(await inside('cat /proc/net/tcp /proc/net/tcp6')).not.toMatch(/:1538 /)
})

test.each(['/', '/etc', '/usr/bin', '/usr/lib/postgresql', '/var/lib', '/var/lib/postgresql', '/dev', '/dev/shm'])(
  'nothing can be written to %s',
  async (folder) => {
    await expect(inside(`echo x > ${folder}/written`)).rejects.toThrow(/Read-only|denied|nonexistent/)
  },
)

test('what it can write to is memory, and limited', async () => {
  const mounts = (await inside('cat /proc/self/mounts')).split('\n').map((line) => line.split(' '))
  const writable = mounts.filter(([device, , , options = '']) => device === 'tmpfs' && /\bnoexec\b/.test(options))
  const sizes = writable.flatMap(([, path, , options = '']) => {
    const [, size] = /\brw\b.*\bsize=(\w+)/.exec(options) ?? []
    return size === undefined ? [] : [`${path} ${size}`]
  })
  expect(sizes.sort()).toEqual(['/dba-bot 1048576k', '/run 16384k', '/tmp 65536k', '/var/lib/postgresql 1024k'])
})

test('memory, processor time and processes are limited, and there is no swap', () => {
  const { Memory: memory, MemorySwap: swap, CpuPeriod: period, CpuQuota: quota, PidsLimit: processes } = info.HostConfig
  expect(memory).toBe(2908 * 2 ** 20)
  expect(swap).toBe(memory)
  expect((quota ?? 0) / (period ?? 1)).toBe(1)
  expect(processes).toBe(64)
})

test('it cannot fill the machine with processes', async () => {
  const many = 'i=0; while [ $i -lt 200 ]; do timeout 5 cat </dev/zero >/dev/null & i=$((i+1)); done'
  await expect(inside(many)).rejects.toThrow(/fork/)
})
