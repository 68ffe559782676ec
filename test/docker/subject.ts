import { describe, expect, test } from '@jest/globals'
import { docker } from '../../src/sandbox/docker.js'
import { contract } from '../sandbox/contract.js'
import { OF_A_SERVER } from '../sandbox/local-subject.js'
import { leftovers, PLACE } from './engine.js'

/** The contract for a container of an image, and that nothing of it stays. */
export function dockerContract(image: string, postgres: number): void {
  describe(image, () => {
    contract({
      id: 'docker',
      provider: () => docker({ ...PLACE, image }),
      postgres,
      secondSession: true,
      program: 'docker-child',
      otherwise: OF_A_SERVER,
    })

    test('nothing is left', async () => {
      expect(await leftovers()).toEqual([])
    })
  })
}
