import { failedStep, saidBy } from '../model/evidence.js'
import { startOf } from '../source/span.js'
import { changesRows } from '../model/bulk.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'up-fails',
    code: 'F46',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    proven: true,
    summary: 'The migration was run on the schema of its history and failed',
    why:
      'The history before it was replayed, the tables got rows, and PostgreSQL refused a statement, with the rows and without them. It ' +
      'will refuse it in production as well, at the moment of the release: a transaction is rolled back then, and what ran outside ' +
      'of one stays behind half-way.',
    instead:
      'Correct the statement. Where the history that is on the base branch is not what production has run, say so there.',
    messages: { fails: 'Up fails: {{message}}' },
  },
  check: {
    evidence(rehearsal, { migration, statements, told }) {
      if (rehearsal.verdict !== 'up-fails') return
      const step = failedStep(rehearsal, 'up')
      if (statements.some((each) => each.step === step && changesRows(each.statement.operations))) return
      const { script } = migration.up
      const last = script.kind === 'script' ? script.statements.at(-1)?.span : undefined
      const at = step?.error?.at ?? last ?? startOf(migration.revision.path)
      if (told(at, ['failure', 'transaction'])) return
      return { message: 'fails', at, data: { message: step?.error ? saidBy(step.error) : (rehearsal.reason ?? '') } }
    },
  },
})
