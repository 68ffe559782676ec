import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'requires-newer-postgres',
    code: 'F35',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A script uses syntax that the target version of PostgreSQL does not have',
    why:
      'It parses on a newer server, the one on a developer’s machine perhaps, and fails on the one in production: virtual columns ' +
      'and NOT NULL … NOT VALID need 18, SET EXPRESSION 17.',
    instead:
      'Write it for the version in production, or raise the target version in the configuration once production is there.',
    messages: { version: 'The {{direction}} script is written for a newer PostgreSQL than the target: {{reason}}' },
  },
  check: {
    script(script, { direction }) {
      if (script.kind !== 'refused' || script.cause !== 'version') return
      return {
        message: 'version',
        at: script.at,
        data: { direction, reason: script.reason.replace(/\.$/, '') },
      }
    },
  },
})
