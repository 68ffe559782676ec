import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { providerOf } from '../../src/sandbox/choose.js'
import { never } from '../sandbox/opened.js'
import { dba } from '../support/dba.js'
import { scratch, type Scratch } from '../support/scratch.js'
import { leftovers, PLACE } from './engine.js'
import { imageOf } from './image.js'

const image = await imageOf(18)
let repository: Scratch
beforeAll(() => {
  repository = scratch()
  repository.write('go.mod', 'module example.com/x\n')
  repository.write('migrations/000001_users.up.sql', 'CREATE TABLE users (id bigint PRIMARY KEY);\n')
  repository.write('migrations/000001_users.down.sql', 'DROP TABLE users;\n')
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'start')
  repository.write('migrations/000002_name.up.sql', 'ALTER TABLE users ADD COLUMN name text;\n')
  repository.write('migrations/000002_name.down.sql', 'ALTER TABLE users DROP COLUMN name;\n')
})
afterAll(() => repository.dispose())

/** What the command line says of its one rehearsal, with an environment. */
async function rehearsed(environment: Readonly<Record<string, string>>): Promise<unknown> {
  const args = ['rehearse', '--sandbox', 'docker', '--format', 'json']
  const { out } = await dba(repository.folder, args, environment)
  const { rehearsals } = JSON.parse(out) as { rehearsals: Record<string, unknown>[] }
  return rehearsals.map(({ sandbox, postgres, verdict, reason }) => ({ sandbox, postgres, verdict, reason }))
}

test('the command line rehearses on the engine and in the image that the environment names', async () => {
  expect(await rehearsed({ DOCKER_HOST: PLACE.host ?? '', DBA_DOCKER_IMAGE: image })).toEqual([
    { sandbox: 'docker', postgres: '18.4', verdict: 'reversible', reason: null },
  ])
  expect(await leftovers()).toEqual([])
})

test('an image that is not there is no rehearsal', async () => {
  expect(await rehearsed({ DOCKER_HOST: PLACE.host ?? '', DBA_DOCKER_IMAGE: 'dba-bot-test-nothing' })).toEqual([
    {
      sandbox: null,
      postgres: null,
      verdict: 'not-run',
      reason: expect.stringContaining('the image dba-bot-test-nothing is not there; docker pull'),
    },
  ])
})

test.each([
  ['a target that is nowhere else is in a container', 17, 'docker', 'looking for a Docker engine'],
  ['a target that PGlite has is not', 18, 'pglite', null],
])('of all that is there, %s', async (_name, postgres, expected, why) => {
  const said: string[] = []
  const provider = providerOf('auto', { docker: { ...PLACE, image }, onProgress: (text) => said.push(text) })
  const sandbox = await provider?.open({ postgres }, never)
  if (sandbox === undefined || 'unavailable' in sandbox) throw new Error(sandbox?.unavailable)
  expect(sandbox.provider).toBe(expected)
  expect(said.filter((text) => text.includes('Docker'))).toEqual(why === null ? [] : [expect.stringContaining(why)])
  await sandbox[Symbol.asyncDispose]()
})
