import { canChange, isRead, operationsOf, type Script } from '../model/migration.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

/** How many objects a message names. */
const NAMED = 6

export default rule({
  meta: {
    id: 'down-does-not-cover-up',
    code: 'E4',
    family: 'rollback',
    weight: 'error',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'Part of what up changes is still there after down',
    why:
      'A rollback that runs without an error and leaves half of the change behind is noticed when the migration is applied again ' +
      'and fails on what exists. The usual leftovers are enum types, columns of a second table, defaults and indexes. It is ' +
      'computed from the statements of both scripts; where one of them runs text that cannot be read, only a rehearsal can tell.',
    instead: 'Undo every change of up in down, in the reverse order.',
    messages: {
      remains: 'After the down script of {{path}} the schema is not what it was before up: {{residue}}',
    },
  },
  check: {
    migration({ revision, up, down }, { residue, afterDown }) {
      if (residue.length === 0 || afterDown === null || !isPlain(up) || !isPlain(down)) return
      const first = operationsOf(down).find(canChange)
      if (first === undefined) return
      const more = residue.length > NAMED ? `; and ${residue.length - NAMED} more` : ''
      const named = residue.slice(0, NAMED).join('; ') + more
      return { message: 'remains', at: first.span, data: { path: revision.path, residue: named } }
    },
  },
})

/** Whether every statement was read, and none runs what cannot be. */
function isPlain(script: Script): boolean {
  return isRead(script) && !operationsOf(script).some(isOpaque)
}

function isOpaque(operation: Operation): boolean {
  if (operation.kind === 'do') return operation.dynamic || operation.unread > 0
  return operation.kind === 'call' || operation.kind === 'unmodelled'
}
