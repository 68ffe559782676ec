import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'unused-suppression',
    code: 'L3',
    family: 'reading',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A comment allows a finding that is not there',
    why:
      'The statement was changed, or the comment stands in the wrong place. The next ' +
      'person who edits the line would be allowed something that nobody has looked at.',
    instead: 'Remove the comment, or put it on the statement, or on the line above, with the exact name of the rule.',
    messages: { unused: 'This comment allows {{rules}}, which finds nothing here' },
  },
  check: {
    suppression({ at, unused }) {
      return unused.length === 0 ? undefined : { message: 'unused', at, data: { rules: unused.join(', ') } }
    },
  },
})
