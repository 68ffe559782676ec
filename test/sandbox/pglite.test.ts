import { describe } from '@jest/globals'
import { pglite } from '../../src/sandbox/pglite.js'
import { contract } from './contract.js'

describe('pglite', () => {
  contract({ id: 'pglite', provider: pglite, postgres: 18, secondSession: false, program: 'pglite-child' })
})
