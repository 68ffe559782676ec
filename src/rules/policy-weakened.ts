import { rule } from './rule.js'

/**
 * What a finding about the policy says of itself. It is found by comparing policies, not by reading migrations, and is not among the
 * rules that a policy may name: a policy must not say that it may be weakened.
 */
export default rule({
  meta: {
    id: 'policy-weakened',
    code: 'A29',
    family: 'environment',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The policy asks for less than before',
    why:
      'The policy of the base branch judges this pull request, whatever its head says; once merged, the new one judges all that ' +
      'come after it. A check that is turned off, an approver who is added or a rehearsal that is not required any more lets ' +
      'through what somebody had decided to stop.',
    instead:
      'Keep the change of the policy apart from migrations, and have it agreed to by those whom the present policy names.',
    messages: {
      weaker: '{{key}} asks for less: {{before}} becomes {{after}}',
    },
  },
  check: {},
})
