import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'suppression-without-reason',
    code: 'L4',
    family: 'reading',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A comment allows a finding and does not say why',
    why:
      'Without a reason nobody can tell later whether the exception was thought about or only in the way, so it does not count: the ' +
      'finding stays as it is.',
    instead: 'Say in the comment, after the name of the rule, why it is safe here.',
    messages: { reasonless: 'This comment allows {{rules}} without a reason, and is not heeded until it has one' },
  },
  check: {
    suppression({ at, rules, reason, used }) {
      // One that allows nothing should go, not be explained.
      if (reason !== null || !used) return
      return { message: 'reasonless', at, data: { rules: rules.join(', ') } }
    },
  },
})
