import { changesRows } from '../model/bulk.js'
import { failedStep, saidBy } from '../model/evidence.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'dml-dry-run-fails',
    code: 'F40',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    proven: true,
    summary: 'A statement that changes rows was run and failed',
    why:
      'It failed whatever rows were in the tables, so that no data of production can save it: a column or a type that is not as the ' +
      'statement takes it to be, or values that break a rule by themselves. The release stops at this line.',
    instead: 'Correct the statement, and run it on a copy of the schema before the release.',
    messages: { fails: 'This change of rows fails: {{message}}' },
  },
  check: {
    evidence(rehearsal, { statements, told }) {
      if (rehearsal.verdict !== 'up-fails') return
      const step = failedStep(rehearsal, 'up')
      const found = statements.find((each) => each.step === step && changesRows(each.statement.operations))
      if (found === undefined || !step?.error || told(step.error.at, ['failure', 'transaction'])) return
      return { message: 'fails', at: step.error.at, data: { message: saidBy(step.error) } }
    },
  },
})
