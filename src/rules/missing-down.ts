import { beginOf, canChange, isRead, labelOf, operationsOf } from '../model/migration.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'missing-down',
    code: 'E1',
    family: 'rollback',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A migration has no down script, although the tool expects one',
    why:
      'When the release has to be taken back there is no way back for the schema but a restore. It is found out at the worst ' +
      'moment, and a tool that is asked to go down past such a migration stops or, worse, takes it for undone. Tools without down ' +
      'scripts, repeatable migrations and migrations that do nothing are not meant.',
    instead:
      'Write the inverse of what up does. Where there is none, say so in a down script that fails with the reason.',
    messages: {
      missing: 'Migration {{path}} has no down script: {{tool}} cannot take it back',
    },
  },
  check: {
    migration({ revision, up, down }, { conventions }) {
      if (down.kind !== 'absent' || conventions.downs !== 'expected' || revision.repeatable) return
      const idle = isRead(up) && !operationsOf(up).some(canChange)
      if (idle || up.kind === 'absent') return
      return { message: 'missing', at: beginOf(revision), data: { path: labelOf(revision), tool: conventions.tool } }
    },
  },
})
