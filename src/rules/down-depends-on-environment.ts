import { environmentOf } from '../model/block.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'down-depends-on-environment',
    code: 'E17',
    family: 'rollback',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'Whether a DO block changes the schema hangs on the server, its settings, the time or rows',
    why:
      'The same migration then gives different schemas in test, in production and tomorrow, and a rehearsal proves nothing about ' +
      'the server where the other branch runs. Rollbacks suffer first: down takes the branch of the day on which it runs, not of the ' +
      'day on which up ran. A block that asks for the server’s address or start time behaves otherwise in a copy than in production.',
    instead:
      'Write the change so that it is the same everywhere. What differs by design (roles, extensions, partitions of the month) ' +
      'belongs into the deployment, not into a migration. "Only if it is missing" is IF NOT EXISTS.',
    messages: {
      server: 'Whether this block changes the schema hangs on {{what}}(), which tells production from any copy of it',
      setting: 'Whether this block changes the schema hangs on {{what}}, which differs from server to server',
      time: 'Whether this block changes the schema hangs on {{what}}, so that it does otherwise on another day',
      data: 'Whether this block changes the schema hangs on the rows of {{what}}, which differ from server to server',
    },
  },
  check: {
    do(block) {
      const environment = environmentOf(block)
      if (environment === null) return
      const { kind, what } = environment
      return { message: kind, at: block.span, data: { what }, ...(kind === 'server' ? { weight: 'error' } : {}) }
    },
  },
})
