import { describe } from '@jest/globals'
import { local } from '../../src/sandbox/local.js'
import { withPostgres, type Major } from '../support/postgres-binaries.js'
import { contract } from './contract.js'

/** Where a server differs from PGlite: it has more backends than one, and a deeper stack. */
export const OF_A_SERVER = {
  'ending its own backend': 'lost',
  'JSON 100,000 deep': 'failed 54001',
  '1,000 selects in each other': 'done SELECT 1',
}

/** The contract for a local server of a version. */
export function localContract(major: Major): Promise<void> {
  return withPostgres(major, (folder) => {
    describe(`local ${major}`, () => {
      contract({
        id: 'local',
        provider: () => local({ folders: [folder] }),
        postgres: major,
        secondSession: true,
        program: 'local-child',
        otherwise: OF_A_SERVER,
      })
    })
  })
}
