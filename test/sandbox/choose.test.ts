import { describe, expect, test } from '@jest/globals'
import { providerOf } from '../../src/sandbox/choose.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { never } from './opened.js'

test('none is nowhere', () => {
  expect(providerOf('none')).toBeNull()
})

test.each(['service', 'auto'] as const)('%s with a URL is that server or none', async (choice) => {
  const opened = await providerOf(choice, { databaseUrl: 'postgres://a:b@127.0.0.1:1/c' })?.open(
    { postgres: 18 },
    never,
  )
  expect(opened).toEqual({ unavailable: expect.stringContaining('not marked as one to throw away') })
})

test('a service without a URL says what is missing', async () => {
  expect(await providerOf('service')?.open({ postgres: 18 }, never)).toEqual({
    unavailable: 'no database URL was given for the service',
  })
})

test('docker without an engine says where it looked', async () => {
  const nowhere = { docker: { host: 'unix:///nowhere/docker.sock' } }
  expect(await providerOf('docker', nowhere)?.open({ postgres: 18 }, never)).toEqual({
    unavailable: 'there is no Docker engine at /nowhere/docker.sock',
  })
})

test.each([
  ['ssh://somebody@example.com', 'only unix://, npipe:// and tcp:// can'],
  ['example.com:2375', 'only unix://, npipe:// and tcp:// can'],
  ['tcp://127.0.0.1:1', 'no Docker engine answers at tcp://127.0.0.1:1: connect ECONNREFUSED'],
])('docker at %s says why not', async (host, reason) => {
  expect(await providerOf('docker', { docker: { host } })?.open({ postgres: 18 }, never)).toEqual({
    unavailable: expect.stringContaining(reason),
  })
})

test('docker over TLS without its keys says so', async () => {
  const place = { host: 'tcp://127.0.0.1:1', certificates: '/nowhere' }
  expect(await providerOf('docker', { docker: place })?.open({ postgres: 18 }, never)).toEqual({
    unavailable: expect.stringContaining('/nowhere/ca.pem'),
  })
})

await withPostgres(18, (folder) => {
  describe('on a machine with PostgreSQL 18', () => {
    test.each([
      ['auto', 18, 'local', 'rehearsing on PostgreSQL 18.4 of this machine'],
      ['auto', 99, 'pglite', 'there is no Docker engine at /nowhere; rehearsing on PGlite'],
      ['local', 99, 'local', 'PostgreSQL 99 is not here; rehearsing on'],
      ['pglite', 18, 'pglite', undefined],
    ] as const)('%s for PostgreSQL %i is %s', async (choice, postgres, expected, why) => {
      const said: string[] = []
      const provider = providerOf(choice, {
        folders: [folder],
        docker: { host: 'unix:///nowhere' },
        onProgress: (text) => said.push(text),
      })
      const opened = await provider?.open({ postgres }, never)
      if (opened === undefined || 'unavailable' in opened) throw new Error(opened?.unavailable)
      expect(opened.provider).toBe(expected)
      if (why !== undefined) expect(said).toContainEqual(expect.stringContaining(why))
      await opened[Symbol.asyncDispose]()
    })
  })
})
