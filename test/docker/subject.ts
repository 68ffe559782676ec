import { describe, expect, test } from '@jest/globals'
import { docker } from '../../src/sandbox/docker.js'
import { contract } from '../sandbox/contract.js'
import { OF_A_SERVER } from '../sandbox/local-subject.js'
import type { Major } from '../support/postgres-binaries.js'
import { leftovers, PLACE } from './engine.js'
import { imageOf } from './image.js'

/** The contract for a container of a version, and that nothing of it stays. */
export async function dockerContract(major: Major): Promise<void> {
  const image = await imageOf(major)
  describe(`docker ${major}`, () => {
    contract({
      id: 'docker',
      provider: () => docker({ ...PLACE, image }),
      postgres: major,
      secondSession: true,
      program: 'docker-child',
      otherwise: OF_A_SERVER,
    })

    test('nothing is left', async () => {
      expect(await leftovers()).toEqual([])
    })
  })
}
