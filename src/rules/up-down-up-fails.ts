import { failedStep, saidBy } from '../model/evidence.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'up-down-up-fails',
    code: 'E9',
    family: 'rollback',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    proven: true,
    summary: 'After down the migration was run a second time and failed',
    why:
      'A release that was taken back is released again, the next day and with the bug fixed. Up then meets what its first run and the ' +
      'down left behind: here the schema looks as before, and the statement still fails the second time.',
    instead:
      'Let up depend on the schema alone, and not on how often it ran: no counters, no one-time checks. Undo in down what up did ' +
      'outside the schema.',
    messages: { fails: 'Up fails when it is run again after down: {{message}}' },
  },
  check: {
    evidence(rehearsal) {
      const { verdict, residue } = rehearsal
      const step = failedStep(rehearsal, 'reapply')
      // Where down leaves something behind, that is the cause, and has its own finding.
      if (verdict === 'not-run' || residue.length > 0) return
      if (!step?.error) return
      return { message: 'fails', at: step.error.at, data: { message: saidBy(step.error) } }
    },
  },
})
