import { failedStep, saidBy } from '../model/evidence.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'down-fails',
    code: 'E7',
    family: 'rollback',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    proven: true,
    summary: 'The down script was run on the migrated schema and failed',
    why:
      'Down scripts are rarely run before the night on which they are needed. This one was, right after its up, with rows in the ' +
      'tables, and PostgreSQL refused it. Most often an object is named otherwise than in up, is dropped before what depends on it, or ' +
      'cannot take back the rows that are there now.',
    instead: 'Undo the statements of up one by one, in the reverse order, and rehearse the pair.',
    messages: { fails: 'Down fails: {{message}}' },
  },
  check: {
    evidence(rehearsal, { migration, told }) {
      if (rehearsal.verdict !== 'down-fails') return
      const { error } = failedStep(rehearsal, 'down') ?? { error: null }
      const { script } = migration.down
      const last = script.kind === 'script' ? script.statements.at(-1)?.span : undefined
      const at = error?.at ?? last ?? startOf(migration.revision.downPath ?? migration.revision.path)
      if (told(at, ['failure', 'transaction'])) return
      return { message: 'fails', at, data: { message: error === null ? (rehearsal.reason ?? '') : saidBy(error) } }
    },
  },
})
