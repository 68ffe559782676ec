import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'syntax-error',
    code: 'F34',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A script does not parse',
    why: 'PostgreSQL reads the statement with the same grammar and stops at the same place. What stands before it may have run by then.',
    instead: 'Correct the statement.',
    messages: { syntax: 'The {{direction}} script does not parse: {{reason}}' },
  },
  check: {
    script(script, { direction }) {
      if (script.kind !== 'refused' || script.cause !== 'syntax') return
      return { message: 'syntax', at: script.at, data: { direction, reason: script.reason.replace(/\.$/, '') } }
    },
  },
})
