import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'suppression-malformed-or-too-wide',
    code: 'L5',
    family: 'reading',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A comment that should allow a finding is written so that it allows none',
    why:
      'The rule does not exist, none is named, or all are meant at once. Whoever wrote it believes that the finding is dealt with. ' +
      'A comment that allowed whatever there is would also allow what nobody has seen yet.',
    instead:
      'Write `dba:allow RULE reason` on or above the line, with the exact name of each rule, at most five in one comment.',
    messages: {
      unheard: '`{{written}}` is not heeded: a finding is allowed by `dba:allow RULE reason`',
      nameless: 'This comment names no rule, so that it allows nothing',
      unknown: 'This comment allows {{written}}, and there is no such rule',
      meant: 'This comment allows {{written}}, and there is no such rule; {{meant}} may be meant',
      wide: 'This comment would allow {{written}} at once, and is not heeded',
    },
  },
  check: {
    suppression({ at, fault }) {
      if (fault === null) return
      const written = 'written' in fault ? fault.written : ''
      const [meant] = fault.kind === 'unknown' ? fault.meant : []
      if (meant !== undefined) return { message: 'meant', at, data: { written, meant } }
      return { message: fault.kind, at, data: { written } }
    },
  },
})
